"""NumPy's array files (.npy, .npz) from strangers: a header's claims are checked before it is read.

No pickle is ever loaded. An array that its file cannot hold, or that would be larger than any
motion is, is refused before memory is taken.
"""

import contextlib
import io
import math
import os
import pathlib
import sys
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO

import numpy as np

from motext_jax.errors import InputError
from motext_jax.input_file import open_file, reading
from motext_jax.shown import quoted

# A compressed array may claim any size, so the file's own is no bound: at most three hours of AMASS
# at 120 fps, and of what takes much memory nothing that is packed as motion never is.
LARGEST = 2 << 30
SMALL = 64 << 20
MOST = 1 << 40
TIGHTEST = 100

# NumPy's own; what other methods unpack with may ask for gigabytes at once.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class Pickled(InputError):
    """An array of Python objects."""


def map_array(path: str | os.PathLike) -> np.ndarray:
    """An .npy file as a read-only memory map: nothing is read until it is indexed.

    Raises:
      InputError: there is no such file, or it is not a whole .npy file of numbers.
    """
    with open_file(path) as file, reading(path, "a readable npy array"):
        _check_header(str(path), file, os.fstat(file.fileno()).st_size)
        return np.load(path, mmap_mode="r", allow_pickle=False)


def read_array(path: str | os.PathLike) -> np.ndarray:
    """An .npy file in memory; errors as `map_array`."""
    return np.array(map_array(path))


def array_names(path: str | os.PathLike) -> tuple[str, ...]:
    """The names of an .npz file's arrays, in its order; errors as `read_arrays`."""
    with _opened(path) as archive:
        return tuple(_members(archive))


def array_shapes(path: str | os.PathLike) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
    """The shape and type of an .npz file's arrays of numbers and texts, by their headers alone.

    Raises:
      InputError: there is no such file, or it is no .npz file.
    """
    found = {}
    with _opened(path) as archive:
        for name, member in _members(archive).items():
            where = f"{path}, array {quoted(name)}"
            # Another program's member, or one with Python's objects, is left alone.
            with (
                contextlib.suppress(InputError),
                _member(where, archive, member) as file,
            ):
                found[name] = _check_header(where, file, archive.getinfo(member).file_size)
    return found


def pickled_names(path: str | os.PathLike) -> list[str]:
    """The names of an .npz file's arrays of Python objects; errors as `array_shapes`."""
    found = []
    with _opened(path) as archive:
        for name, member in _members(archive).items():
            try:
                with _member(name, archive, member) as file:
                    _check_header(name, file, archive.getinfo(member).file_size)
            except Pickled:
                found.append(name)
            except InputError:
                continue
    return found


def read_arrays(path: str | os.PathLike, names: Sequence[str]) -> dict[str, np.ndarray]:
    """The named arrays, as far as an .npz file holds them.

    Raises:
      InputError: there is no such file, it is no .npz file, or an array of it is damaged or too
        large.
    """
    with _opened(path) as archive:
        held = _members(archive)
        return {
            name: _read_member(f"{path}, array {quoted(name)}", archive, held[name])
            for name in names
            if name in held
        }


def texts(where: str, array: np.ndarray) -> list[str]:
    """An array's elements as texts, be they str or bytes.

    Raises:
      InputError: they are numbers, or no letters.
    """
    if array.dtype.kind not in "SU":
        raise InputError(f"{where} is of type {type_name(array.dtype)}; expected texts")
    flat = np.ascontiguousarray(array).reshape(-1)
    _check_letters(where, flat)
    return [v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in flat.tolist()]


def type_name(dtype: np.dtype) -> str:
    """The type of an array's elements, for a sentence."""
    return "text" if dtype.kind in "SU" else dtype.name


@contextlib.contextmanager
def _opened(path: str | os.PathLike) -> Iterator[zipfile.ZipFile]:
    with (
        open_file(path) as file,
        reading(path, "a whole npz archive"),
        zipfile.ZipFile(file) as archive,
    ):
        yield archive


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    return {pathlib.PurePath(member).stem: member for member in archive.namelist()}


@contextlib.contextmanager
def _member(where: str, archive: zipfile.ZipFile, member: str) -> Iterator[IO[bytes]]:
    info = archive.getinfo(member)
    if info.compress_type not in _PACKED:
        raise InputError(f"{where}: packed by another method than NumPy's, which is deflate")
    with reading(where, "a readable npy array"), archive.open(member) as file:
        yield file


def _read_member(where: str, archive: zipfile.ZipFile, member: str) -> np.ndarray:
    info = archive.getinfo(member)
    size = info.file_size
    if size > LARGEST or size > max(SMALL, TIGHTEST * info.compress_size):
        raise InputError(
            f"{where}: {info.compress_size:,} bytes that unpack to {size:,}; no motion is as large "
            f"as {LARGEST:,} bytes or packed as tightly as {TIGHTEST} to 1"
        )
    with _member(where, archive, member) as file:
        _check_header(where, file, size)
    with _member(where, archive, member) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
    _check_letters(where, array)
    return array


def _check_letters(where: str, array: np.ndarray) -> None:
    """Raises InputError for a text of NumPy's, of any numbers, that Python fails at."""
    if array.dtype.kind == "U" and array.size:
        numbers = np.ascontiguousarray(array).reshape(-1)
        numbers = numbers.view(np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
        wrong = (numbers > sys.maxunicode) | (numbers >= 0xD800) & (numbers < 0xE000)
        if wrong.any():
            number = numbers[np.argmax(wrong)]
            raise InputError(f"{where}: holds {number:#x}, which is no letter of Unicode")


def _check_header(
    where: str, file: IO[bytes] | io.BufferedIOBase, size: int
) -> tuple[tuple[int, ...], np.dtype]:
    """The shape and type; raises InputError unless as many bytes follow as the header claims."""
    with warnings.catch_warnings():
        # A header is a literal of Python's, and a strange one makes the parser warn.
        warnings.simplefilter("ignore")
        version = np.lib.format.read_magic(file)
        if version not in _HEADERS:
            raise InputError(f"{where}: npy format {version}; expected (1, 0) or (2, 0)")
        try:
            shape, _, dtype = _HEADERS[version](file)
        except MemoryError:
            # Python's parser raises it for very many brackets.
            shape, dtype = (-1,), np.dtype(np.void)
    if dtype.hasobject:
        raise Pickled(
            f"{where}: is a pickle of Python objects, which is never loaded; expected plain numbers"
        )
    whole = all(type(size) is int and size >= 0 for size in shape)
    if not whole or dtype.kind not in "fiubSU" or not dtype.itemsize:
        raise InputError(
            f"{where}: shape {quoted(shape)} of {type_name(dtype)}; expected an array of numbers"
        )
    # Python's integers: a product of absurd sizes must not wrap round to a modest one.
    claimed = math.prod(shape) * dtype.itemsize
    if 0 in shape and math.prod(size or 1 for size in shape) > MOST:
        raise InputError(f"{where}: shape {quoted(shape)} of nothing; expected an array of numbers")
    found = size - file.tell()
    if claimed != found:
        raise InputError(
            f"{where}: the header claims {quoted(claimed)} bytes, shape {quoted(shape)}, and "
            f"{found} are there"
        )
    return shape, dtype
