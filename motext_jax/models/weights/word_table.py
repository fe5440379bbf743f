"""Tables of word vectors: one int8 row a token of a WordPiece vocabulary, with a scale a row.

A table is a folder of `word_table.safetensors` and the vocabulary's `tokenizer.json`.
"""

import os
import pathlib
import shlex
import shutil
from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Int8
from safetensors import safe_open
from safetensors.numpy import save_file

from motext_jax import input_file
from motext_jax.errors import InputError
from motext_jax.shown import quoted
from motext_jax.whole_file import whole

FILE = "word_table.safetensors"

_LEVELS = 127


def quantise(
    table: Float[np.ndarray, "v w"],
) -> tuple[Int8[np.ndarray, "v w"], Float[np.ndarray, "v"]]:
    """Rows as int8 and a float32 scale each: no value is off by more than half of its row's scale.

    A row's scale is its largest magnitude over 127; a row of zeros has the scale 0. A table that
    was read back gives the same numbers again.
    """
    scale = (np.abs(table).max(axis=1) / _LEVELS).astype(np.float32)
    rows = np.rint(table / np.where(scale > 0, scale, 1)[:, None])
    return np.clip(rows, -_LEVELS, _LEVELS).astype(np.int8), scale


def write_word_table(
    table: Float[np.ndarray, "v w"],
    tokenizer: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    about: Mapping[str, str],
) -> None:
    """Writes a table's folder, whole or not at all.

    Args:
      table: one row a token.
      tokenizer: the vocabulary's tokenizer.json.
      folder: an empty or a new folder.
      about: where the vectors come from, and their licence; kept in the file's header.

    Raises:
      InputError: something stands in the folder's place.
    """
    folder = pathlib.Path(folder)
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(f"{folder}: not an empty folder; choose a new one")
    rows, scale = quantise(table)
    with whole(folder) as place:
        place.mkdir()
        save_file({"rows": rows, "scale": scale}, place / FILE, metadata=dict(about))
        shutil.copyfile(tokenizer, place / "tokenizer.json")


def table_shape(folder: str | os.PathLike[str]) -> tuple[int, int]:
    """Rows and columns of a folder's table, from the file's header alone.

    Raises:
      InputError: there is no such file, or it is no table, or one of another vocabulary.
    """
    path = _path(folder)
    with input_file.reading(path, _KIND), safe_open(path, framework="np") as tensors:
        return _checked_shape(path, tensors)


def read_word_table(folder: str | os.PathLike[str]) -> Float[np.ndarray, "v w"]:
    """A folder's table in float32.

    Raises:
      InputError: as `table_shape`, or it holds NaN or infinity.
    """
    path = _path(folder)
    with input_file.reading(path, _KIND), safe_open(path, framework="np") as tensors:
        _checked_shape(path, tensors)
        rows, scale = tensors.get_tensor("rows"), tensors.get_tensor("scale")
    table = rows.astype(np.float32) * scale[:, None]
    if not np.isfinite(table).all():
        raise InputError(f"{path}: holds NaN or infinity; make or download it again")
    return table


_KIND = "a whole safetensors file of word vectors; make or download it again"


def _path(folder: str | os.PathLike[str]) -> pathlib.Path:
    path = pathlib.Path(folder).expanduser() / FILE
    if not path.exists():
        raise InputError(
            f"{path.parent} holds no {FILE}; make one with python launch/word_table.py "
            f"--out={shlex.quote(str(path.parent))}, or leave model.text.folder empty for the "
            "package's"
        )
    input_file.open_file(path).close()
    return path


def _checked_shape(path: pathlib.Path, tensors: safe_open) -> tuple[int, int]:
    """The table's shape; raises InputError unless its tensors and its vocabulary fit together."""
    found = {
        name: (part.get_dtype(), tuple(part.get_shape()))
        for name in tensors.keys()  # noqa: SIM118 (a safetensors file is no mapping)
        for part in [tensors.get_slice(name)]
    }
    kind, shape = found.get("rows", ("", ()))
    if kind != "I8" or len(shape) != 2 or found.get("scale") != ("F32", shape[:1]):
        raise InputError(
            f"{path}: holds {quoted(found)}; expected rows, I8 of two dimensions, and scale, F32 "
            "with a number for each row; make or download it again"
        )
    tokenizer = path.with_name("tokenizer.json")
    model = input_file.read_json(tokenizer)
    with input_file.reading(tokenizer, "a WordPiece tokenizer"):
        highest = max(model["model"]["vocab"].values())
    if highest != shape[0] - 1:
        raise InputError(
            f"{path}: {shape[0]} rows, and {tokenizer} numbers its tokens up to {quoted(highest)}; "
            "they must come from one folder"
        )
    return shape[0], shape[1]
