"""Marks in a library's folder of shards whose indexing has not come to its end.

An object store has none: nobody is told there.
"""

import pathlib
import re

from motext_jax.library.shards import Shard

_MARK = re.compile(r"unfinished-(\d+-of-\d+)")


def mark(address: str, shard: Shard) -> None:
    """Marks a shard, until `clear`."""
    if "://" not in address:
        path = pathlib.Path(address) / f"unfinished-{shard.number}-of-{shard.count}"
        path.touch()


def clear(address: str, shard: Shard) -> None:
    """Removes a shard's mark, and those of smaller shards that it contains."""
    for path, other in _marks(address):
        if shard.places.start <= other.places.start and other.places.stop <= shard.places.stop:
            path.unlink(missing_ok=True)


def is_unfinished(address: str) -> bool:
    """True where an indexer is at work, or was stopped."""
    return bool(_marks(address))


def _marks(address: str) -> list[tuple[pathlib.Path, Shard]]:
    """The marks with their shards."""
    if "://" in address:
        return []
    found = [(path, _MARK.fullmatch(path.name)) for path in pathlib.Path(address).iterdir()]
    return [(path, Shard.parse(name[1].replace("-of-", "/"))) for path, name in found if name]
