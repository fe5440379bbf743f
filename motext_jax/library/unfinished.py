"""Marks in a library's folder of the places whose files are not indexed to their end.

A library at an object store has none, so no search says it there.
"""

import pathlib
import re

from motext_jax.library.shards import making
from motext_jax.library.store import speaking

_MARK = re.compile(r"unfinished-([0-9]{1,10})-([0-9]{1,10})")


def mark(address: str, places: range) -> None:
    """Marks places, until `clear`; raises InputError where the folder cannot be written."""
    if places and "://" not in address:
        with speaking(address):
            (pathlib.Path(address) / f"unfinished-{places.start}-{places.stop}").touch()


def clear(address: str, places: range) -> None:
    """Takes places out of the marks, whichever shards they are of; errors as `mark`."""
    with speaking(address):
        if not _marks(address):
            return
        # Two at once would each leave the other's places in what is left of one mark.
        with making(address):
            for path, marked in _marks(address):
                before = range(marked.start, min(marked.stop, places.start))
                after = range(max(marked.start, places.stop), marked.stop)
                if marked not in (before, after):
                    mark(address, before)
                    mark(address, after)
                    path.unlink(missing_ok=True)


def is_unfinished(address: str) -> bool:
    """True where an indexer is at work, was stopped, or has not begun with its shard."""
    try:
        return bool(_marks(address))
    except OSError:
        return False


def _marks(address: str) -> list[tuple[pathlib.Path, range]]:
    """The marks with their places."""
    if "://" in address:
        return []
    names = [(path, _MARK.fullmatch(path.name)) for path in pathlib.Path(address).iterdir()]
    found = [(path, range(int(name[1]), int(name[2]))) for path, name in names if name]
    return [(path, places) for path, places in found if places]
