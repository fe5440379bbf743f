"""Pickles of plain values: BABEL's label files are pickles, and a pickle can run any program."""

import os
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy._core.multiarray import scalar

from motext_jax.errors import InputError
from motext_jax.shown import quoted


def read_pickle(path: str | os.PathLike) -> Any:
    """Lists, tuples, dicts, strings, numbers, and NumPy's scalars, dtypes and arrays of a pickle.

    Raises:
      InputError: there is no such file, it is damaged, or it holds or calls anything else.
    """
    try:
        with open(path, "rb") as file:
            return _PlainUnpickler(file).load()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except _RefusedError as error:
        raise InputError(f"{path}: {error}") from None
    # A damaged pickle can raise nearly anything: it is a program for a small machine.
    except Exception as error:
        raise InputError(f"{path}: not a whole pickle ({error or type(error).__name__})") from None


class _RefusedError(pickle.UnpicklingError):
    pass


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module.replace("numpy._core", "numpy.core", 1), name]
        except KeyError:
            raise _RefusedError(
                f"the pickle calls {module}.{name}, which is not run; expected lists, tuples, "
                "dicts, strings, numbers and NumPy arrays alone"
            ) from None

    def persistent_load(self, pid: Any) -> Any:
        raise _RefusedError("the pickle refers to objects outside itself; expected none")


def _dtype(name: Any, align: bool = False, copy: bool = False) -> np.dtype:
    dtype = np.dtype(name, align=align, copy=copy)
    if dtype.hasobject:
        raise _RefusedError("the pickle holds an array of Python objects; expected numbers")
    return dtype


def _scalar(dtype: np.dtype, content: bytes) -> Any:
    if len(content) != dtype.itemsize:
        raise _RefusedError(f"the pickle holds {len(content)} bytes for a number of type {dtype}")
    return scalar(dtype, content)


def _empty_array(kind: Any, shape: Any, dtype: Any) -> np.ndarray:
    """An array to be filled from the pickle's own bytes; any other shape would be a claim."""
    if shape != (0,) or dtype not in (b"b", "b"):
        raise _RefusedError(f"the pickle makes an array of shape {shape} without its content")
    return np.empty((0,), np.int8)


def _from_buffer(
    content: bytes | bytearray, dtype: np.dtype, shape: tuple[int, ...], order: str
) -> np.ndarray:
    """Rebuilds an array that pickle's fifth protocol wrote."""
    return np.frombuffer(content, dtype).reshape(shape, order="F" if order == "F" else "C")


def _bytes(text: str, encoding: str) -> bytes:
    """Rebuilds a scalar's bytes that older pickle protocols wrote."""
    if encoding != "latin1":
        raise _RefusedError(f"the pickle encodes text as {quoted(encoding)}; expected latin1")
    return text.encode("latin1")


_ALLOWED: Mapping[tuple[str, str], Any] = {
    ("numpy", "dtype"): _dtype,
    # Named as an argument of _reconstruct, and nothing that a pickle could call itself.
    ("numpy", "ndarray"): None,
    ("numpy.core.multiarray", "scalar"): _scalar,
    ("numpy.core.multiarray", "_reconstruct"): _empty_array,
    ("numpy.core.numeric", "_frombuffer"): _from_buffer,
    ("_codecs", "encode"): _bytes,
}
