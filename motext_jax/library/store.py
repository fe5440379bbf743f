"""The tables of a library in LanceDB: takes, windows, poses, and the facts.

    takes     a row a file: what it is, and the number of its take; of bad files the reason
    windows   a row a window: its take's number, its seconds, its embedding
    poses     a row a take: the small preview

A take is there when its row in `takes` names its number, which is written last, in one commit.
Windows and poses of a number that no row names are left from an indexer that was stopped, and
nobody reads them.
"""

import contextlib
import dataclasses
import datetime
import os
import pathlib
import random
import re
import shlex
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import lancedb
import numpy as np
import pyarrow
from jaxtyping import Float, Int

from motext_jax.errors import InputError
from motext_jax.library.facts import Facts
from motext_jax.library.nearest import candidates, keep_index
from motext_jax.library.query import Poses, Spoken
from motext_jax.library.rows import (
    Embedded,
    Row,
    poses_schema,
    takes_schema,
    windows_schema,
)
from motext_jax.shown import shown

TAKES, WINDOWS, POSES, FACTS = "takes", "windows", "poses", "facts"

KEPT = datetime.timedelta(hours=1)
"""How long the tables' older versions are kept for those who read them."""

BATCH = 10_000
"""Rows of windows that are read at a time. LanceDB reads several times as many ahead."""

PATIENCE = 600.0
"""Seconds for which a write is tried again while other indexers write."""

PAUSE = 2.0
"""The most seconds between two of these tries."""

_OTHERS = re.compile("too many concurrent writers|commit conflict", re.IGNORECASE)


class Store:
    """An opened library's tables.

    Attributes:
      address: the folder or the object store's address.
      facts: the library's facts.
    """

    def __init__(self, address: str, database: Any, facts: Facts):
        self.address, self.facts = address, facts
        with speaking(address):
            self._takes = _table(database, TAKES, takes_schema())
            self._windows = _table(database, WINDOWS, windows_schema(facts.dimensions))
            self._poses = _table(database, POSES, poses_schema())
        self._database = database

    @classmethod
    def find(cls, address: str | os.PathLike) -> "Store | None":
        """The library at an address; None where there is none yet.

        Raises:
          InputError: it cannot be reached, or it is damaged.
        """
        place = os.fspath(address)
        local = "://" not in place
        if local and not os.path.isdir(pathlib.Path(place) / f"{FACTS}.lance"):
            return None
        with speaking(place):
            database = lancedb.connect(place)
            try:
                table = database.open_table(FACTS)
            except ValueError:
                # There is none, or it was begun and its first commit never came.
                return None
            texts = table.to_arrow()["facts"].to_pylist()
        if len(texts) != 1:
            raise InputError(f"{place}: the library's facts are damaged ({len(texts)} rows)")
        return cls(place, database, Facts.from_json(texts[0], place))

    @classmethod
    def open(cls, address: str | os.PathLike) -> "Store":
        """The library at an address; errors as `find`, and if there is none."""
        found = cls.find(address)
        if found is None:
            raise InputError(
                f"{address}: there is no library; python -m motext_jax.index FOLDER "
                f"--library={shlex.quote(os.fspath(address))} makes one"
            )
        return found

    @classmethod
    def create(cls, address: str | os.PathLike, facts: Facts) -> "Store":
        """A new library; where another process was faster, its library."""
        place = os.fspath(address)
        with speaking(place):
            database = lancedb.connect(place)
            with contextlib.suppress(ValueError):
                # The table and its row are one commit.
                database.create_table(FACTS, pyarrow.table({"facts": [facts.to_json()]}))
        return cls.open(address)

    def set_facts(self, facts: Facts) -> None:
        """Writes the facts anew."""
        with speaking(self.address):
            update = self._database.open_table(FACTS).update
            _retried(lambda values: update(values=values), {"facts": facts.to_json()})
        self.facts = facts

    def version(self) -> int:
        """A number that changes with every commit."""
        with speaking(self.address):
            self._takes.checkout_latest()
            return int(self._takes.version)

    def rows(self) -> dict[str, Row]:
        """All files by their names, as of now."""
        with speaking(self.address):
            self._takes.checkout_latest()
            found = self._takes.to_arrow().to_pylist()
        rows: dict[str, Row] = {}
        for fields in found:
            spoken = tuple(Spoken(**one) for one in fields.pop("captions"))
            row = Row(**fields, captions=spoken)
            # Two indexers of one shard at an object store, which knows no locks: the later one.
            if row.file not in rows or row.take > rows[row.file].take:
                rows[row.file] = row
        return rows

    def add(
        self,
        embedded: Embedded,
        places: Int[np.ndarray, "n"],
        poses: Iterable[tuple[int, Poses]],
    ) -> None:
        """Adds windows and poses, which nobody sees until `commit` names their takes."""
        with speaking(self.address):
            if len(embedded):
                flat = np.ascontiguousarray(embedded.embeddings, np.float16).ravel()
                dimensions = self.facts.dimensions
                columns = {
                    "take": pyarrow.array(embedded.takes, pyarrow.int64()),
                    "place": pyarrow.array(places, pyarrow.int64()),
                    "start": pyarrow.array(embedded.starts, pyarrow.float64()),
                    "end": pyarrow.array(embedded.ends, pyarrow.float64()),
                    "embedding": pyarrow.FixedSizeListArray.from_arrays(flat, dimensions),
                }
                table = pyarrow.table(columns, schema=windows_schema(dimensions))
                _retried(self._windows.add, table)
            previews = [
                {
                    "take": take,
                    "fps": one.fps,
                    "start": one.start,
                    "joints": one.positions.shape[1],
                    "positions": np.ascontiguousarray(one.positions, "<i2").tobytes(),
                }
                for take, one in poses
            ]
            if previews:
                table = pyarrow.Table.from_pylist(previews, schema=poses_schema())
                _retried(self._poses.add, table)

    def commit(self, rows: Sequence[Row]) -> None:
        """Makes takes seen, all at once; a row of the same file is replaced."""
        if not rows:
            return
        with speaking(self.address):
            table = pyarrow.Table.from_pylist(list(map(dataclasses.asdict, rows)), takes_schema())
            merge = self._takes.merge_insert("file").when_matched_update_all()
            merge = merge.when_not_matched_insert_all()
            _retried(merge.execute, table)

    def forget(self, files: Sequence[str]) -> None:
        """Removes files; their windows and poses are left to `drop`."""
        with speaking(self.address):
            for part in _parts(files, 500):
                condition = f"file in ({', '.join(map(sql_text, part))})"
                _retried(self._takes.delete, condition)

    def drop(self, takes: Iterable[int]) -> None:
        """Removes the windows and poses of takes."""
        with speaking(self.address):
            for part in _parts(sorted(takes), 5_000):
                # Windows last: what is left behind is found by them.
                _retried(self._poses.delete, _among(part))
                _retried(self._windows.delete, _among(part))

    def settle(self, most: int, exact: int) -> None:
        """Rewrites tables of more than `most` pieces in fewer; keeps the index of vectors.

        Other indexers may be at work: what fails, for another has changed the same pieces, is done
        the next time.

        Args:
          most: pieces up to which a table stays as it is.
          exact: windows up to which there is no index.
        """
        for table in (self._takes, self._windows, self._poses):
            with contextlib.suppress(RuntimeError, OSError, ValueError):
                table.checkout_latest()
                if table.stats()["fragment_stats"]["num_fragments"] > most:
                    table.optimize(cleanup_older_than=KEPT)
        with contextlib.suppress(RuntimeError, OSError, ValueError):
            keep_index(self._windows, exact)

    def stored(self) -> tuple[Int[np.ndarray, "n"], Int[np.ndarray, "n"]]:
        """Number of the take and place of every window, also of those that nobody sees."""
        with speaking(self.address):
            self._windows.checkout_latest()
            found = self._windows.search().select(["take", "place"]).to_arrow()
        return found["take"].to_numpy(), found["place"].to_numpy()

    def windows(self, takes: Sequence[int] | None = None) -> Embedded:
        """All windows, or those of some takes."""
        parts = list(self.batches(takes)) if takes is None or len(takes) else []
        empty = np.zeros(0)
        none = Embedded(
            empty.astype(int), empty, empty, np.zeros((0, self.facts.dimensions), np.float16)
        )
        return Embedded(
            *(
                np.concatenate([getattr(part, field.name) for part in [none, *parts]])
                for field in dataclasses.fields(Embedded)
            )
        )

    def batches(self, takes: Sequence[int] | None = None) -> Iterator[Embedded]:
        """All windows, or those of some takes, at least one; a part after the other."""
        with speaking(self.address):
            self._windows.checkout_latest()
            asked = self._windows.search().select(["take", "start", "end", "embedding"])
            if takes is not None:
                asked = asked.where(_among(takes))
            yield from map(_embedded, asked.to_batches(BATCH))

    def nearest(
        self,
        vector: Float[np.ndarray, "d"],
        count: int,
        takes: Sequence[int] | None = None,
        without: Sequence[int] = (),
    ) -> Embedded:
        """About the windows nearest to a vector, by the index of vectors.

        Args:
          vector: the vector.
          count: the most windows; fewer are given only where there are no more.
          takes: numbers of the takes that they are of; None for any.
          without: numbers of takes that they are not of.
        """
        asked = [] if takes is None else [_among(takes)]
        asked += [f"not ({_among(without)})"] if len(without) else []
        columns, where = ["take", "start", "end", "embedding"], " and ".join(asked)
        with speaking(self.address):
            self._windows.checkout_latest()
            found = candidates(self._windows, vector, count, columns, where).combine_chunks()
        if not len(found):
            return self.windows([])
        return _embedded(found.to_batches()[0])

    def poses(self, take: int) -> Poses | None:
        """The preview of a take; None where it is gone."""
        return self.previews([take]).get(take)

    def previews(self, takes: Sequence[int]) -> dict[int, Poses]:
        """The previews of takes, without those that are gone."""
        if not len(takes):
            return {}
        with speaking(self.address):
            self._poses.checkout_latest()
            asked = self._poses.search().where(_among(takes))
            found = asked.to_arrow().to_pylist()
        return {
            one["take"]: Poses(
                np.frombuffer(one["positions"], "<i2")
                .astype(np.int16)
                .reshape(-1, one["joints"], 3),
                one["fps"],
                start=one["start"],
            )
            for one in found
        }


@contextlib.contextmanager
def speaking(address: str) -> Iterator[None]:
    """Turns what the tables' library raises into a sentence."""
    try:
        yield
    except (RuntimeError, OSError, ValueError) as error:
        said = shown(next(iter(str(error).splitlines()), ""), 300)
        raise InputError(f"{address}: the library cannot be read or written ({said})") from error


def _retried(write: Callable[[Any], object], what: Any) -> None:
    """Writes, again and again while other indexers are faster; LanceDB tries for half a minute."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            write(what)
            return
        except (RuntimeError, OSError) as error:
            if not _OTHERS.search(str(error)) or time.monotonic() > deadline:
                raise
        # By chance, else they would meet again.
        time.sleep(random.uniform(0, PAUSE))


def sql_text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _table(database: Any, name: str, schema: pyarrow.Schema) -> Any:
    """A table, made where there is none."""
    # To make one that another process has just made would overwrite it.
    with contextlib.suppress(ValueError):
        return database.open_table(name)
    return database.create_table(name, schema=schema, exist_ok=True)


def _among(takes: Iterable[int]) -> str:
    """The condition that a row is of one of some takes, at least one."""
    return f"take in ({', '.join(map(str, takes))})"


def _embedded(batch: Any) -> Embedded:
    takes, starts, ends = (
        batch.column(name).to_numpy(zero_copy_only=False) for name in ("take", "start", "end")
    )
    values = batch.column("embedding")
    flat = values.flatten().to_numpy(zero_copy_only=False)
    return Embedded(takes, starts, ends, flat.reshape(len(batch), values.type.list_size))


def _parts(values: Sequence, size: int) -> Iterator[Sequence]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
