"""The rows of a library's tables, and their schemas."""

import dataclasses
import itertools
import secrets
import time
from typing import Any

import numpy as np
import pyarrow
from jaxtyping import Float, Int

from motext_jax.library.query import Spoken

_CHANCE, _QUARTER = 42, 10
"""Bits of a take's number that count from by chance, and bits of a time that it leaves out."""


@dataclasses.dataclass(frozen=True)
class Row:
    """A file of the library.

    Attributes:
      file: the name relative to the folder, with `/`.
      take: number of the take, by which windows and poses are found.
      place: the file's place among the shards; see `shards`.
      stamp: sizes and times of the file and those beside it, and what tables say of it.
      digest: digest of their content.
      bytes: their size.
      windows: number of its windows; 0 for a bad file.
      seconds: duration of the motion.
      offset: time of the motion's first frame, in seconds of the file.
      fps: the file's frames a second.
      skeleton: format and number of joints: "bvh of 31 joints".
      captions: the captions, for people.
      reason: a sentence on why the file could not be read; empty for a good one.
    """

    file: str
    take: int
    place: int
    stamp: str
    digest: str = ""
    bytes: int = 0
    windows: int = 0
    seconds: float = 0.0
    offset: float = 0.0
    fps: float = 0.0
    skeleton: str = ""
    captions: tuple[Spoken, ...] = ()
    reason: str = ""


@dataclasses.dataclass(frozen=True, eq=False)
class Embedded:
    """Windows of takes: a row each.

    Attributes:
      takes: number of each one's take.
      starts: its start, in seconds of the file.
      ends: its end.
      embeddings: its embedding, of unit length.
    """

    takes: Int[np.ndarray, "n"]
    starts: Float[np.ndarray, "n"]
    ends: Float[np.ndarray, "n"]
    embeddings: Float[np.ndarray, "n d"]

    def __len__(self) -> int:
        return len(self.takes)

    def select(self, rows: Any) -> "Embedded":
        """Some of the rows."""
        return Embedded(*(getattr(self, field.name)[rows] for field in dataclasses.fields(self)))


# One process counts up, so that its own never meet; another begins elsewhere.
_numbers = itertools.count(secrets.randbits(_CHANCE))


def new_take() -> int:
    """A number for a take that no other has: its quarter of an hour, and a count from by chance."""
    return (int(time.time()) >> _QUARTER << _CHANCE) | (next(_numbers) % (1 << _CHANCE))


def seconds_of(takes: Int[np.ndarray, "n"]) -> Int[np.ndarray, "n"]:
    """The time at which takes were given their numbers, in seconds, to a quarter of an hour."""
    return takes >> _CHANCE << _QUARTER


def takes_schema() -> Any:
    """The schema of takes: the fields of `Row`."""
    number, real, text = pyarrow.int64(), pyarrow.float64(), pyarrow.string()
    spoken = pyarrow.struct([("start", real), ("end", real), ("text", text)])
    kinds: dict[Any, Any] = {
        int: number,
        float: real,
        str: text,
        tuple[Spoken, ...]: pyarrow.list_(spoken),
    }
    return pyarrow.schema([(field.name, kinds[field.type]) for field in dataclasses.fields(Row)])


def windows_schema(dimensions: int) -> Any:
    """The schema of windows, with embeddings of that length."""
    return pyarrow.schema(
        [
            ("take", pyarrow.int64()),
            ("place", pyarrow.int64()),
            ("start", pyarrow.float64()),
            ("end", pyarrow.float64()),
            ("embedding", pyarrow.list_(pyarrow.float16(), dimensions)),
        ]
    )


def poses_schema() -> Any:
    """The schema of previews."""
    return pyarrow.schema(
        [
            ("take", pyarrow.int64()),
            ("fps", pyarrow.float64()),
            ("start", pyarrow.float64()),
            ("joints", pyarrow.int32()),
            ("positions", pyarrow.binary()),
        ]
    )
