"""Pickles of plain values: BABEL's label files are pickles, and a pickle can run any program."""

import io
import os
import pickle
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy._core.multiarray import scalar

from motext_jax.errors import InputError
from motext_jax.input_file import read_bytes, reading
from motext_jax.shown import quoted, shown


def read_pickle(path: str | os.PathLike) -> Any:
    """Lists, tuples, dicts, strings, numbers, and NumPy's scalars, dtypes and arrays of a pickle.

    Raises:
      InputError: there is no such file, it is damaged, or it holds or calls anything else.
    """
    # Of bytes in memory no more can be read than there are, whatever length a pickle claims.
    content = io.BytesIO(read_bytes(path))
    with reading(path, "a whole pickle"):
        try:
            return _PlainUnpickler(content).load()
        except _RefusedError as error:
            raise InputError(f"{path}: {error}") from None


class _RefusedError(pickle.UnpicklingError):
    pass


# The one written in Python, because that in C takes memory for as many objects as a number in the
# pickle says: nine bytes can ask for gigabytes.
_Unpickler: Any = pickle._Unpickler  # type: ignore[attr-defined]


class _PlainUnpickler(_Unpickler):
    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = dict(_Unpickler.dispatch)

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module.replace("numpy._core", "numpy.core", 1), name]
        except KeyError:
            raise _RefusedError(
                f"the pickle calls {shown(f'{module}.{name}')}, which is not run; expected lists, "
                "tuples, dicts, strings, numbers and NumPy arrays alone"
            ) from None

    def persistent_load(self, pid: Any) -> Any:
        raise _RefusedError("the pickle refers to objects outside itself; expected none")

    def load_setitem(self) -> None:
        self._check_keys(self.stack[-2:-1])
        super().load_setitem()

    def load_setitems(self) -> None:
        self._check_keys(self.stack[::2])
        super().load_setitems()

    def load_dict(self) -> None:
        self._check_keys(self.stack[::2])
        super().load_dict()

    def load_build(self) -> None:
        made, state = self.stack[-2:]
        if isinstance(made, np.dtype):
            # NumPy believes any size and any flags, and crashes later.
            version, order, *rest = state
            reduced: Any = made.__reduce__()
            own_version, _, *own = reduced[2]
            if (version, rest) != (own_version, own) or order not in ("<", ">", "|", "="):
                raise _RefusedError(f"the pickle changes the type {made}; expected numbers")
        elif not isinstance(made, np.ndarray):
            raise _RefusedError(f"the pickle changes a {type(made).__name__}; expected none")
        super().load_build()

    def load_bytearray8(self) -> None:
        length = int.from_bytes(self.read(8), "little")
        # Not made before its content is read, as Python's own does.
        content = bytearray(self.read(length))
        if len(content) != length:
            raise _RefusedError(f"the pickle claims {length} bytes, and {len(content)} are there")
        self.append(content)

    def _check_keys(self, keys: list[Any]) -> None:
        """Refuses keys that hold others: to hash a tuple of pairs of pairs can take for ever."""
        for key in keys:
            if not isinstance(key, str | bytes | int | float | np.generic | None):
                raise _RefusedError(f"the pickle has a {type(key).__name__} for a key of a dict")

    def load_set(self) -> None:
        raise _RefusedError("the pickle holds a set; expected lists, tuples and dicts")

    dispatch[pickle.SETITEM[0]] = load_setitem
    dispatch[pickle.SETITEMS[0]] = load_setitems
    dispatch[pickle.DICT[0]] = load_dict
    dispatch[pickle.BUILD[0]] = load_build
    dispatch[pickle.BYTEARRAY8[0]] = load_bytearray8
    dispatch |= dict.fromkeys(
        (pickle.EMPTY_SET[0], pickle.ADDITEMS[0], pickle.FROZENSET[0]), load_set
    )


def _dtype(name: Any, align: bool = False, copy: bool = False) -> np.dtype:
    # Always a copy: a pickle sets the state of what it makes.
    dtype = np.dtype(np.dtype(name, align=align), copy=True)
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
