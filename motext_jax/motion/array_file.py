"""NumPy's array files (.npy, .npz) from strangers: a header's claims are checked before it is read.

No pickle is ever loaded. An array that its file cannot hold, or that would be larger than any
motion is, is refused before memory is taken.
"""

import io
import math
import os
import pathlib
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO

import numpy as np

from motext_jax.errors import InputError
from motext_jax.shown import quoted

# A compressed array may claim any size, so the file's own is no bound: at most three hours of AMASS
# at 120 fps, and of what takes much memory nothing that is packed as motion never is.
LARGEST = 2 << 30
SMALL = 64 << 20
MOST = 1 << 40
TIGHTEST = 100

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def map_array(path: str | os.PathLike) -> np.ndarray:
    """An .npy file as a read-only memory map: nothing is read until it is indexed.

    Raises:
      InputError: there is no such file, or it is not a whole .npy file of numbers.
    """
    try:
        with open(path, "rb") as file:
            _check_header(str(path), file, os.path.getsize(path))
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: not a readable npy array ({error})") from None


def read_array(path: str | os.PathLike) -> np.ndarray:
    """An .npy file in memory; errors as `map_array`."""
    return np.array(map_array(path))


def read_arrays(path: str | os.PathLike, names: Sequence[str]) -> dict[str, np.ndarray]:
    """The named arrays, as far as an .npz file holds them.

    Raises:
      InputError: there is no such file, it is no .npz file, or an array of it is damaged or too
        large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            held = {pathlib.PurePath(member).stem: member for member in archive.namelist()}
            return {
                name: _read_member(f"{path}, array {quoted(name)}", archive, held[name])
                for name in names
                if name in held
            }
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except zipfile.BadZipFile as error:
        raise InputError(f"{path}: not a whole npz archive ({error})") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None


def _read_member(where: str, archive: zipfile.ZipFile, member: str) -> np.ndarray:
    info = archive.getinfo(member)
    size = info.file_size
    if size > LARGEST or size > max(SMALL, TIGHTEST * info.compress_size):
        raise InputError(
            f"{where}: {info.compress_size:,} bytes that unpack to {size:,}; no motion is as large "
            f"as {LARGEST:,} bytes or packed as tightly as {TIGHTEST} to 1"
        )
    try:
        with archive.open(member) as file:
            _check_header(where, file, size)
        with archive.open(member) as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except (ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise InputError(f"{where}: not a readable npy array ({error})") from None


def _check_header(where: str, file: IO[bytes] | io.BufferedIOBase, size: int) -> None:
    """Raises InputError unless the bytes after the header are just what it claims."""
    try:
        version = np.lib.format.read_magic(file)
        shape, _, dtype = _HEADERS[version](file)
    # A header is a literal of Python's, and a strange one can raise nearly anything.
    except Exception as error:
        raise ValueError(f"{type(error).__name__} in its header") from None
    if dtype.hasobject:
        raise InputError(f"{where}: holds Python objects, which are not loaded; expected numbers")
    whole = all(type(size) is int and size >= 0 for size in shape)
    if not whole or dtype.kind not in "fiubSU" or not dtype.itemsize:
        raise InputError(f"{where}: shape {shape} of {dtype.str}; expected an array of numbers")
    # Python's integers: a product of absurd sizes must not wrap round to a modest one.
    claimed = math.prod(shape) * dtype.itemsize
    if 0 in shape and math.prod(size or 1 for size in shape) > MOST:
        raise InputError(f"{where}: shape {shape} of nothing; expected an array of numbers")
    found = size - file.tell()
    if claimed != found:
        raise InputError(
            f"{where}: the header claims {claimed:,} bytes, shape {shape}, and {found:,} are there"
        )
