"""Files that were renamed or touched: what the library knows of their content is taken over."""

import collections
import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from motext_jax.errors import InputError
from motext_jax.library.folder import content_digest
from motext_jax.library.reading import Asked
from motext_jax.library.rows import Row
from motext_jax.library.store import Store

WINDOWS, TAKES = 32_768, 2_000
"""The most windows and takes that are in memory, and in one commit."""


def follow(
    store: Store, asked: Sequence[tuple[Asked, Row]], known: Mapping[str, Row], files: set[str]
) -> tuple[list[tuple[Asked, Row]], int]:
    """Takes over what is known of files' content, in commits of some takes each.

    Windows of the old names are left, for a later file may have had one of them.

    Args:
      store: the library.
      asked: the files that are new or changed, each with its row to be.
      known: the library's rows whose windows are whole.
      files: names of all files that are there.

    Returns:
      The files that must be read, and the number of the others.
    """
    contents = _Known(asked, known, files)
    rest: list[tuple[Asked, Row]] = []
    followed = 0
    batch: list[tuple[Asked, Row, Row]] = []
    for one, new in asked:
        old = contents.of(one, new)
        if old is None:
            rest.append((one, new))
            continue
        batch.append((one, old, new))
        if len(batch) >= TAKES or sum(row.windows for _, row, _ in batch) >= WINDOWS:
            followed += _commit(store, batch, rest)
            batch = []
    followed += _commit(store, batch, rest)
    return rest, followed


class _Known:
    """The library's knowledge of files, by their content."""

    def __init__(
        self, asked: Sequence[tuple[Asked, Row]], known: Mapping[str, Row], files: set[str]
    ):
        good = [row for row in known.values() if not row.reason]
        self._known = known
        self._sizes = {row.bytes for row in good}
        self._by_digest = {row.digest: row for row in good if row.digest}
        new = collections.Counter(row.stamp for _, row in asked)
        old = collections.Counter(row.stamp for row in known.values())
        self._moved = {
            row.stamp: row
            for row in good
            if row.file not in files and old[row.stamp] == new[row.stamp] == 1 and _is_fine(row)
        }

    def of(self, one: Asked, new: Row) -> Row | None:
        """The row of a file's content; None where it is new."""
        if new.stamp in self._moved:
            return self._moved[new.stamp]
        if new.bytes not in self._sizes:
            return None
        try:
            digest = content_digest(one.path, one.given, one.fps)
        except (OSError, InputError):
            return None
        own = self._known.get(new.file)
        return own if own and own.digest == digest else self._by_digest.get(digest)


def _is_fine(row: Row) -> bool:
    """True where a file's time is no whole second, as of one that this machine wrote.

    Such a time and the size, of one lost and one new name, are a rename, and the file need not be
    read. Archives and some file systems give whole seconds, the same to many files.
    """
    _, _, time = row.stamp.split(" ")[0].partition(":")
    return time.isdigit() and bool(int(time) % 1_000_000_000)


def _commit(
    store: Store, batch: Iterable[tuple[Asked, Row, Row]], rest: list[tuple[Asked, Row]]
) -> int:
    """Gives files the rows of their content, with windows and previews of their own.

    Those whose windows are gone meanwhile are added to `rest`. Returns the number of the others.
    """
    touched = [(old, new) for _, old, new in batch if old.file == new.file]
    moved = [(one, old, new) for one, old, new in batch if old.file != new.file]
    takes = sorted({old.take for _, old, _ in moved})
    found, previews = store.windows(takes), store.previews(takes)
    order = np.argsort(found.takes, kind="stable")
    found = found.select(order)
    rows = [_renewed(old, new, old.take) for old, new in touched]
    chosen, numbers, places, poses = [], [], [], []
    for one, old, new in moved:
        first, after = np.searchsorted(found.takes, [old.take, old.take + 1]).tolist()
        if after - first != old.windows or old.take not in previews:
            rest.append((one, new))
            continue
        chosen.append(np.arange(first, after))
        numbers.append(np.full(after - first, new.take))
        places.append(np.full(after - first, new.place))
        poses.append((new.take, previews[old.take]))
        rows.append(_renewed(old, new, new.take))
    if chosen:
        copied = found.select(np.concatenate(chosen))
        copied = dataclasses.replace(copied, takes=np.concatenate(numbers))
        store.add(copied, np.concatenate(places), poses)
    store.commit(rows)
    return len(rows)


def _renewed(old: Row, new: Row, take: int) -> Row:
    return dataclasses.replace(
        old, file=new.file, take=take, place=new.place, stamp=new.stamp, captions=new.captions
    )
