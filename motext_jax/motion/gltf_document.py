"""glTF 2.0 documents from strangers: the JSON, the buffers and the numbers that they hold.

Every claim (counts, offsets, strides) is compared with the bytes that are there before memory is
taken. The JSON is read as it stands: a library that turns it into objects believes it.
"""

import base64
import binascii
import json
import os
import pathlib
import struct
import urllib.parse
from typing import Any

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.input_file import read_bytes
from motext_jax.motion.bounds import LONGEST_NAME, TOO_LARGE
from motext_jax.shown import quoted, whole_text

MOST_VALUES = 1_000_000
"""The most values in a document's JSON; each takes up to some 300 bytes of memory."""

ENLARGED = 8
"""How often, at the most, the files' bytes are read as numbers; accessors may overlap."""

_TYPES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_UNSIGNED = {5121: "<u1", 5123: "<u2", 5125: "<u4"}
_COMPRESSED = ("EXT_meshopt_compression", "KHR_meshopt_compression")


class Entry:
    """An object of a document's JSON, and the sentences for faults in its fields."""

    def __init__(self, where: str, tree: dict[str, Any]):
        self.where, self.tree = where, tree

    def error(self, name: str, expected: str) -> InputError:
        """The error for a field, whose value is shown."""
        found = quoted(self.tree[name]) if name in self.tree else "nothing"
        return InputError(f"{self.where}.{name}: found {found}, expected {expected}")

    def text(self, name: str, default: str | None = None) -> str:
        """A text."""
        value = self.tree.get(name, default)
        if not isinstance(value, str):
            raise self.error(name, "a text")
        return whole_text(value)

    def name(self) -> str:
        """The object's name; empty where it has none."""
        name = self.text("name", "")
        if len(name) > LONGEST_NAME:
            raise self.error("name", f"at most {LONGEST_NAME:,} letters, not {len(name):,}")
        return name

    def whole(self, name: str, below: int, default: int | None = None) -> int:
        """A whole number from 0 to `below` - 1."""
        value = self.tree.get(name, default)
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int or not 0 <= value < below:
            raise self.error(name, f"a whole number from 0 to {below - 1:,}")
        return value

    def numbers(self, name: str, default: list[float]) -> Float[np.ndarray, "n"]:
        """As many finite numbers as the default has."""
        value = self.tree.get(name, default)
        if not isinstance(value, list) or len(value) != len(default):
            raise self.error(name, f"{len(default)} numbers")
        for number in value:
            if type(number) not in (int, float) or not abs(number) < TOO_LARGE:
                raise self.error(name, f"{len(default)} numbers below {TOO_LARGE:g}")
        return np.array(value, np.float64)

    def wholes(self, name: str, below: int) -> list[int]:
        """A list of different whole numbers from 0 to `below` - 1; empty where there is none."""
        value = self.tree.get(name, [])
        if not isinstance(value, list):
            raise self.error(name, "a list of whole numbers")
        for number in value:
            if type(number) is not int or not 0 <= number < below:
                raise self.error(name, f"whole numbers from 0 to {below - 1:,}")
        if len(set(value)) < len(value):
            raise self.error(name, "each number once")
        return value

    def entry(self, name: str) -> "Entry":
        """An object; an empty one where there is none."""
        value = self.tree.get(name, {})
        if not isinstance(value, dict):
            raise self.error(name, "an object")
        return Entry(f"{self.where}.{name}", value)

    def entries(self, name: str) -> "list[Entry]":
        """A list of objects; empty where there is none."""
        value = self.tree.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(name, "a list of objects")
        return [Entry(f"{self.where}.{name}[{index}]", item) for index, item in enumerate(value)]


class Document:
    """A glTF document: its JSON, and the numbers of its accessors.

    Attributes:
      root: the JSON's top.
      size: bytes of the file, and of the buffers beside it that were read so far.
    """

    def __init__(self, path: str | os.PathLike):
        """Reads the JSON; buffers are read when they are needed.

        Raises:
          InputError: the file is missing, is not glTF 2.0 or is damaged.
        """
        self._path = pathlib.Path(path)
        content = read_bytes(path)
        text, self._chunk = _chunks(path, content) if content[:4] == b"glTF" else (content, None)
        self.root = Entry(f"{path}: glTF", _parsed(path, text))
        asset = self.root.entry("asset")
        if not asset.text("version", "").startswith("2."):
            raise asset.error("version", "'2.0'")
        self.size = len(content)
        self._read = 0
        self._buffers: dict[int, bytes] = {}
        self._files: dict[str, bytes] = {}
        self._numbers: dict[int, np.ndarray] = {}
        self._times: dict[int, np.ndarray] = {}
        self._entries = {
            name: self.root.entries(name) for name in ("accessors", "bufferViews", "buffers")
        }

    def numbers(self, user: Entry, name: str, width: int) -> Float[np.ndarray, "n w"]:
        """The finite numbers of the accessor that a field names, one or more rows of `width`.

        Normalised integers come as fractions; others as they are.
        """
        index = user.whole(name, len(self._entries["accessors"]))
        if index not in self._numbers:
            self._numbers[index] = self._accessor(self._entries["accessors"][index])
        numbers = self._numbers[index]
        if numbers.shape[1] != width or not len(numbers):
            expected = f"an accessor of one or more rows of {width} numbers"
            raise user.error(name, f"{expected}, and not of shape {numbers.shape}")
        return numbers

    def times(self, user: Entry, name: str) -> Float[np.ndarray, "n"]:
        """The accessor that a field names as seconds in order; the same array for the same one."""
        index = user.whole(name, len(self._entries["accessors"]))
        if index not in self._times:
            times = self.numbers(user, name, 1)[:, 0].astype(np.float64)
            if not (np.diff(times) >= 0).all():
                raise user.error(name, "an accessor of times in order")
            self._times[index] = times
        return self._times[index]

    def files(self) -> tuple[pathlib.Path, ...]:
        """The files beside the document that hold its buffers."""
        buffers = [buffer for buffer in self._entries["buffers"] if "uri" in buffer.tree]
        places = [self._place(buffer) for buffer in buffers if not _in_place(buffer.text("uri"))]
        return tuple(dict.fromkeys(map(pathlib.Path, places)))

    def _accessor(self, accessor: Entry) -> Float[np.ndarray, "n w"]:
        kind, component = accessor.text("type"), accessor.whole("componentType", 1 << 16)
        if kind not in _TYPES:
            raise accessor.error("type", "SCALAR, VEC2, VEC3 or VEC4")
        if component not in _COMPONENTS:
            raise accessor.error("componentType", f"one of {', '.join(map(str, _COMPONENTS))}")
        dtype, width = np.dtype(_COMPONENTS[component]), _TYPES[kind]
        count = accessor.whole("count", 1 << 40)
        # Both are views, without memory of their own.
        if "bufferView" in accessor.tree:
            raw = self._elements(accessor, count, width, dtype)
        else:
            raw = np.broadcast_to(np.zeros((), dtype), (count, width))
        self._spend(accessor, raw)
        if "sparse" in accessor.tree:
            raw = self._replaced(accessor.entry("sparse"), raw)
        numbers = raw.astype(np.float32)
        if accessor.tree.get("normalized") is True and dtype.kind in "iu":
            numbers = np.maximum(numbers / np.iinfo(dtype).max, -1)
        if not np.isfinite(numbers).all() or not (np.abs(numbers) < TOO_LARGE).all():
            raise InputError(
                f"{accessor.where}: found NaN, infinity or a number of {TOO_LARGE:g} or more"
            )
        return numbers

    def _replaced(self, sparse: Entry, raw: np.ndarray) -> np.ndarray:
        """The elements, some of them replaced by the sparse ones."""
        count = sparse.whole("count", len(raw) + 1)
        indices, values = sparse.entry("indices"), sparse.entry("values")
        component = indices.whole("componentType", 1 << 16)
        if component not in _UNSIGNED:
            raise indices.error("componentType", f"one of {', '.join(map(str, _UNSIGNED))}")
        dtype = np.dtype(_UNSIGNED[component])
        rows = self._elements(indices, count, 1, dtype)[:, 0]
        if not (rows < len(raw)).all():
            raise indices.error("bufferView", f"indices below the accessor's count, {len(raw):,}")
        raw = raw.copy()
        raw[rows] = self._elements(values, count, raw.shape[1], raw.dtype)
        return raw

    def _elements(self, user: Entry, count: int, width: int, dtype: np.dtype) -> np.ndarray:
        """Rows of numbers as they lie in a buffer view; nothing is copied."""
        views = self._entries["bufferViews"]
        view = views[user.whole("bufferView", len(views))]
        if any(name in view.entry("extensions").tree for name in _COMPRESSED):
            raise InputError(
                f"{view.where}: compressed by Meshopt, which is not read; export the file without "
                "compression"
            )
        buffer = self._buffer(view)
        start = view.whole("byteOffset", len(buffer) + 1, 0)
        length = view.whole("byteLength", len(buffer) - start + 1)
        offset = user.whole("byteOffset", length + 1, 0)
        size = width * dtype.itemsize
        stride = view.whole("byteStride", 1 << 16, size) or size
        needed = offset + (count - 1) * stride + size if count else 0
        if needed > length or stride < size:
            raise InputError(
                f"{user.where}: {count:,} elements of {size} bytes, each {stride} after the one "
                f"before, from byte {offset:,} of {view.where}, which has {length:,}"
            )
        return np.ndarray((count, width), dtype, buffer, start + offset, (stride, dtype.itemsize))

    def _spend(self, accessor: Entry, raw: np.ndarray) -> None:
        """Counts the bytes that are turned into numbers, which overlapping accessors multiply."""
        self._read += raw.size * raw.itemsize
        most = ENLARGED * self.size + (1 << 20)
        if self._read > most:
            raise InputError(
                f"{accessor.where}: the accessors up to this one claim {self._read:,} bytes; "
                f"expected at most {most:,} in files of this size"
            )

    def _buffer(self, view: Entry) -> bytes:
        index = view.whole("buffer", len(self._entries["buffers"]))
        if index not in self._buffers:
            buffer = self._entries["buffers"][index]
            content = self._content(buffer)
            length = buffer.whole("byteLength", len(content) + 1)
            self._buffers[index] = content[:length]
        return self._buffers[index]

    def _content(self, buffer: Entry) -> bytes:
        if "uri" not in buffer.tree:
            if self._chunk is None:
                raise buffer.error("uri", "the place of its bytes, for there is no GLB chunk")
            return self._chunk
        uri = buffer.text("uri")
        if _in_place(uri):
            head, _, body = uri.partition(",")
            try:
                if not head.endswith(";base64"):
                    raise ValueError
                return base64.b64decode(body, validate=True)
            except (ValueError, binascii.Error):
                raise buffer.error("uri", "data in base64") from None
        place = self._place(buffer)
        if place not in self._files:
            self._files[place] = read_bytes(place)
            self.size += len(self._files[place])
        return self._files[place]

    def _place(self, buffer: Entry) -> str:
        """The path of a buffer's file."""
        name = urllib.parse.unquote(buffer.text("uri"))
        folder = os.path.realpath(self._path.parent)
        inside = not set(name) & set(":\\\0") and not os.path.isabs(name)
        # Also where a symbolic link leads.
        place = os.path.realpath(os.path.join(folder, name)) if inside else ""
        if not inside or ".." in name.split("/") or not place.startswith(folder.rstrip("/") + "/"):
            raise buffer.error("uri", "a file in the glTF file's own folder")
        return place


def _in_place(uri: str) -> bool:
    """True for a buffer whose bytes are in the document."""
    return uri.startswith("data:")


def _chunks(path: str | os.PathLike, content: bytes) -> tuple[bytes, bytes | None]:
    """The JSON and the binary chunk of a GLB container."""
    if len(content) < 12:
        raise InputError(f"{path}: {len(content)} bytes; expected GLB's header of 12")
    version, length = struct.unpack_from("<II", content, 4)
    if version != 2:
        raise InputError(f"{path}: GLB version {version}; expected 2")
    if length > len(content):
        raise InputError(f"{path}: the header claims {length:,} bytes, {len(content):,} are there")
    chunks: dict[bytes, bytes] = {}
    start = 12
    while start + 8 <= length and len(chunks) < 2:
        size, kind = struct.unpack_from("<I4s", content, start)
        start += 8
        if size > length - start:
            raise InputError(
                f"{path}: chunk {quoted(kind)} claims {size:,} bytes, {length - start:,} are there"
            )
        if kind in (b"JSON", b"BIN\0"):
            chunks.setdefault(kind, content[start : start + size])
        start += size
    if b"JSON" not in chunks:
        raise InputError(f"{path}: found no JSON chunk, which a GLB file begins with")
    return chunks[b"JSON"], chunks.get(b"BIN\0")


def _parsed(path: str | os.PathLike, text: bytes) -> dict[str, Any]:
    values = sum(map(text.count, (b",", b"[", b"{")))
    if values > MOST_VALUES:
        raise InputError(f"{path}: {values:,} values in its JSON; expected at most {MOST_VALUES:,}")
    try:
        tree = json.loads(text.decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError:
        raise InputError(f"{path}: its JSON is nested too deep to be glTF") from None
    except ValueError as error:
        raise InputError(
            f"{path}: not glTF, whose JSON is damaged ({quoted(str(error))})"
        ) from None
    if not isinstance(tree, dict):
        raise InputError(f"{path}: found {quoted(tree)}, expected a JSON object")
    return tree


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")
