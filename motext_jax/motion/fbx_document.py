"""Binary FBX files from strangers: a tree of named records, each with values.

Nobody publishes the format; it is read as the files of Blender, MotionBuilder and Maya have it. Of
the libraries for it one crashes the process on plain files, so it is read here: every claim (ends,
counts, compressed sizes) is compared with the bytes that are there. A record is read when it is
asked for, so meshes and pictures cost nothing.
"""

import os
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from jaxtyping import Shaped

from motext_jax.errors import InputError
from motext_jax.input_file import read_bytes
from motext_jax.motion.bounds import ROOM
from motext_jax.shown import quoted, shown

MAGIC = b"Kaydara FBX Binary  \0\x1a\0"

OLDEST = 7000
"""The first version whose objects have numbers, of 2010."""

_WIDE = 7500
"""The first version that counts in 64 bits."""

ENLARGED = 20
"""How often, at the most, a file's bytes are read as numbers; arrays are compressed."""

MOST_RECORDS = 1_000_000
"""The most records of a small file that are read; each takes some hundred bytes of memory."""

BYTES_PER_RECORD = 20
"""A larger file may have one more for each so many bytes."""

_NUMBERS = {b"C": "?", b"Y": "<h", b"I": "<i", b"F": "<f", b"D": "<d", b"L": "<q"}
_ARRAYS = {b"b": "?", b"i": "<i4", b"f": "<f4", b"d": "<f8", b"l": "<i8"}
_TEXTS = (b"S", b"R")

Value = bool | int | float | bytes | Shaped[np.ndarray, "n"]


class Record:
    """A record: its name, its values and the records within it.

    Attributes:
      name: the name.
      end: the byte behind it; 0 where there is none, as behind the last of its level.
    """

    def __init__(self, document: "Document", above: "Record | None", start: int, stop: int):
        """Reads the head of the record that begins at a byte; `stop` is where it must have ended.

        Raises:
          InputError: it claims more bytes than there are.
        """
        self._document, self._above, self._start = document, above, start
        self.end, self._count, length, letters = document.unpack(document.head, start)
        name = start + document.head.size
        self._values_at = name + letters
        self._records_at = self._values_at + length
        self.name = document.content[name : self._values_at].decode("utf-8", "replace")
        if self.end and not start < self._records_at <= self.end <= stop:
            raise self.error(f"an end at byte {self.end:,}, outside of what holds it")

    @property
    def records(self) -> "list[Record]":
        """The records within it."""
        return list(self._document.records(self, self._records_at, self.end))

    def fields(self) -> "dict[str, Record]":
        """The records within it by their names, which differ."""
        return {record.name: record for record in self.records}

    def named(self, name: str) -> "list[Record]":
        """The records of a name within it."""
        return [record for record in self.records if record.name == name]

    def child(self, name: str) -> "Record | None":
        """The first record of a name within it; None where there is none."""
        return next((record for record in self.records if record.name == name), None)

    @property
    def values(self) -> list[Value]:
        """Its values: numbers, texts as bytes, and arrays.

        Raises:
          InputError: one is of no known kind, is damaged, or is larger than the file justifies.
        """
        values: list[Value] = []
        at = self._values_at
        for _ in range(self._count):
            value, at = self._value(at)
            values.append(value)
        return values

    def text(self, place: int) -> str:
        """The value at a place, a text; without what a zero byte parts from it."""
        value = self._at(place)
        if not isinstance(value, bytes):
            raise self.error(f"no text as its value {place}")
        return value.split(b"\0")[0].decode("utf-8", "replace")

    def number(self, place: int) -> float:
        """The value at a place, a number."""
        value = self._at(place)
        if not isinstance(value, bool | int | float):
            raise self.error(f"no number as its value {place}")
        return value

    def whole(self, place: int) -> int:
        """The value at a place, a whole number."""
        value = self._at(place)
        if not isinstance(value, int):
            raise self.error(f"no whole number as its value {place}")
        return value

    def array(self, kinds: str) -> Shaped[np.ndarray, "n"]:
        """The first value, an array; `kinds` are the letters that NumPy has for its numbers."""
        value = self._at(0)
        if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds:
            raise self.error("no array of such numbers")
        return value

    def error(self, found: str) -> InputError:
        """The error for what was found in it."""
        return InputError(f"{self._path()} at byte {self._start:,} has {found}")

    def _path(self) -> str:
        above = f"{self._document.path}:" if self._above is None else self._above._path()
        return f"{above} {shown(self.name)}"

    def _at(self, place: int) -> Value:
        values = self.values
        if place >= len(values):
            raise self.error(f"{len(values)} values")
        return values[place]

    def _value(self, at: int) -> tuple[Value, int]:
        content, kind = self._document.content, self._document.content[at : at + 1]
        at += 1
        if kind in _NUMBERS:
            form = struct.Struct(_NUMBERS[kind])
            (number,) = self._document.unpack(form, at)
            end = at + form.size
            value: Value = number
        elif kind in _TEXTS:
            (length,) = self._document.unpack(_LENGTH, at)
            end = at + _LENGTH.size + length
            value = content[at + _LENGTH.size : end]
        elif kind in _ARRAYS:
            count, is_packed, length = self._document.unpack(_ARRAY, at)
            dtype = np.dtype(_ARRAYS[kind])
            size = count * dtype.itemsize
            end = at + _ARRAY.size + (length if is_packed else size)
            if end <= self._records_at:
                if not self._document.take(size):
                    raise self.error(f"arrays of {size:,} bytes and more, too many for the file")
                packed = content[at + _ARRAY.size : end]
                numbers = _unpacked(packed, size) if is_packed else packed
                if len(numbers) != size:
                    raise self.error(f"an array that claims {count:,} numbers and is damaged")
                value = np.frombuffer(numbers, dtype)
        else:
            raise self.error(f"a value of the kind {quoted(kind.decode('latin-1'))}")
        if end > self._records_at:
            raise self.error(f"a value that ends at byte {end:,}, outside of it")
        return value, end


class Document:
    """A binary FBX file's records.

    Attributes:
      path: the file.
      content: its bytes.
      version: a thousand times FBX's version, as 7400 for 7.4.
      head: the form of the numbers that a record begins with.
    """

    def __init__(self, path: str | os.PathLike):
        """Reads the file.

        Raises:
          InputError: it is missing, is no binary FBX, or is older than `OLDEST`.
        """
        self.path = str(path)
        self.content = read_bytes(path)
        if not self.content.startswith(MAGIC):
            text = self.content[:200].lstrip()
            if text.startswith(b";") and b"FBX" in text:
                raise InputError(f"{path}: FBX as text; save it as binary FBX")
            raise InputError(f"{path}: not FBX, which begins with {MAGIC[:18].decode()!r}")
        (self.version,) = self.unpack(_LENGTH, len(MAGIC))
        if self.version < OLDEST:
            raise InputError(
                f"{path}: FBX {self.version / 1000:.1f}; expected {OLDEST / 1000:.1f} or newer, as "
                "which any program of today saves it"
            )
        self.head = struct.Struct("<QQQB" if self.version >= _WIDE else "<IIIB")
        self._room = ROOM + ENLARGED * len(self.content)
        self._most = self._left = MOST_RECORDS + len(self.content) // BYTES_PER_RECORD

    def section(self, name: str) -> list[Record]:
        """The records within the first one of a name at the top."""
        record = self.top(name)
        return record.records if record else []

    def fields(self, name: str) -> dict[str, Record]:
        """The same, by their names."""
        record = self.top(name)
        return record.fields() if record else {}

    def top(self, name: str) -> Record | None:
        """The first record of a name at the top; None where there is none."""
        start = len(MAGIC) + _LENGTH.size
        top = self.records(None, start, len(self.content))
        return next((record for record in top if record.name == name), None)

    def records(self, above: Record | None, start: int, stop: int) -> Iterator[Record]:
        """The records between two bytes."""
        while start + self.head.size <= stop:
            self._left -= 1
            if self._left < 0:
                raise InputError(f"{self.path}: more than {self._most:,} records")
            record = Record(self, above, start, stop)
            if not record.end:
                return
            yield record
            start = record.end

    def unpack(self, form: struct.Struct, at: int) -> tuple:
        """Numbers at a byte."""
        if at + form.size > len(self.content):
            raise InputError(f"{self.path}: cut off at byte {len(self.content):,}")
        return form.unpack_from(self.content, at)

    def take(self, size: int) -> bool:
        """Counts the bytes of an array; False where all would take more than the file justifies."""
        self._room -= size
        return self._room >= 0


_LENGTH = struct.Struct("<I")
_ARRAY = struct.Struct("<III")


def _unpacked(packed: bytes, size: int) -> bytes:
    """Decompressed bytes, one more than `size` at the most; none where they are damaged."""
    try:
        return zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error:
        return b""
