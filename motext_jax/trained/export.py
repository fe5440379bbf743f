"""A trained model written as one folder, to be handed over; see `exported` for what is in it."""

import dataclasses
import pathlib
import re
import shutil
from typing import Any

import jax
import numpy as np
from safetensors.numpy import save

from motext_jax.config.option import Option
from motext_jax.errors import InputError
from motext_jax.input_file import read_json
from motext_jax.text.tokenizer import copy_tokenizer
from motext_jax.trained import checksums
from motext_jax.trained.card import card
from motext_jax.trained.exported import FORMAT, name_of
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import read
from motext_jax.trained.places import (
    CALIBRATION,
    CHECKSUMS,
    CONFIG,
    HUB,
    READ,
    TOKENIZER,
    WEIGHTS,
    WORDS,
)
from motext_jax.trained.saved import Saved
from motext_jax.trained.stablehlo import PROGRAMS, programs
from motext_jax.trained.words import write_words
from motext_jax.whole_file import whole, write_json

CARD = "README.md"


def export(
    saved: Saved,
    folder: pathlib.Path,
    *,
    dtype: str = "float16",
    licence: str = "other",
    scores: tuple[tuple[str, Any], ...] = (),
) -> None:
    """Writes a model's folder, whole or not at all.

    Args:
      saved: the model.
      folder: the new folder; an older export there is replaced.
      dtype: `float16`, which has half the size and turns an embedding by less than a thousandth,
        or `float32`: of the arrays of two and more axes. Vectors, such as BatchNorm's statistics,
        are small and stay in float32.
      licence: the model card's, such as `apache-2.0`.
      scores: JSON of evaluations, each with its file's name, for the model card.

    Raises:
      InputError: something else stands there, or a weight is too large for float16.
    """
    check_free(folder)
    model = read(saved)
    manifest = without_places(saved.manifest)
    tensors = stored(model.variables, dtype)
    older = None
    try:
        with whole(folder) as place:
            place.mkdir()
            # `save_file` would keep it from all readers but its owner.
            (place / WEIGHTS).write_bytes(save(tensors))
            config = {"format": FORMAT, "step": saved.step, "model": manifest.to_json()}
            write_json(config, place / CONFIG)
            if (tokenizer := saved.tokenizer()) is not None:
                copy_tokenizer(tokenizer, place / TOKENIZER)
            if model.calibration is not None:
                model.calibration.write(place / CALIBRATION)
            if model.words is not None:
                write_words(sorted(model.words), place / WORDS)
            longest = model.tokenize.context_length
            towers = programs(manifest, tensors, model.variables, longest)
            for name, program in towers.items():
                (place / name).write_bytes(program)
            text = card(manifest, saved.step, licence, scores)
            (place / CARD).write_text(text, encoding="utf-8")
            write_json(_digests(place), place / CHECKSUMS)
            older = _set_aside(folder, place)
    except BaseException:
        if older is not None:
            older.rename(folder)
        raise
    if older is not None:
        shutil.rmtree(older)


def evaluations(workdir: pathlib.Path, step: int) -> tuple[tuple[str, Any], ...]:
    """The JSON files of a run's folder eval/ that are of a step, each with its name."""
    found = [(path.name, read_json(path)) for path in sorted((workdir / "eval").glob("*.json"))]
    return tuple(
        (name, tree) for name, tree in found if isinstance(tree, dict) and tree.get("step") == step
    )


def check_free(folder: pathlib.Path) -> None:
    """Raises InputError unless the folder is new, empty or an export and nothing else."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise InputError(f"--out={folder}: not a folder; choose another")
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    strange = sorted(set(names) - {*READ, CARD, *PROGRAMS, TOKENIZER})
    if strange or (names and not _is_ours(folder)):
        other = strange[0] if strange else names[0]
        raise InputError(
            f"--out={folder}: holds {other}, so it is no exported model alone; choose "
            "another folder"
        )


def _is_ours(folder: pathlib.Path) -> bool:
    """True for what `export` wrote; other models of the hub have files of the same names."""
    if not all((folder / name).is_file() for name in (WEIGHTS, CONFIG, CHECKSUMS)):
        return False
    tree = read_json(folder / CONFIG)
    return isinstance(tree, dict) and "model" in tree and type(tree.get("format")) is int


def stored(variables: Any, dtype: str) -> dict[str, np.ndarray]:
    """The arrays as they are written, by their names.

    Raises:
      InputError: a weight is too large for the dtype.
    """
    arrays = {}
    for path, leaf in jax.tree_util.tree_leaves_with_path(variables):
        array, name = np.asarray(leaf), name_of(path)
        with np.errstate(over="ignore"):
            small = array.astype(dtype if array.ndim > 1 else np.float32)
        if not np.isfinite(small).all():
            raise InputError(f"the weights {name} are too large for {dtype}; give --dtype=float32")
        arrays[name] = np.array(small, order="C")
    return arrays


def without_places(manifest: Manifest) -> Manifest:
    """The manifest without the folders of whoever trained it, and without what tells its clips."""
    config = _cleared(manifest.config)
    config = dataclasses.replace(config, data=dataclasses.replace(config.data, prepared=""))
    return dataclasses.replace(manifest, config=config, clips="")


def _cleared(section: Any) -> Any:
    """A section's copy without places; weights that are in a folder keep its last name alone."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(section):
        value, declared = getattr(section, field.name), field.metadata.get("option", Option())
        if dataclasses.is_dataclass(value):
            values[field.name] = _cleared(value)
        elif declared.place:
            values[field.name] = field.default
        elif declared.weights and not _is_on_hub(value):
            values[field.name] = pathlib.PurePath(value).name
    return dataclasses.replace(section, **values)


def _is_on_hub(weights: str) -> bool:
    """True for owner/name, unless it is a folder here."""
    named = re.fullmatch(rf"({HUB})?\w[\w.-]*/[\w.-]+", weights)
    return named is not None and not pathlib.Path(weights).exists()


def _digests(place: pathlib.Path) -> dict[str, str]:
    found = {}
    for path in sorted(place.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                found[path.relative_to(place).as_posix()] = checksums.of_file(file)
    return found


def _set_aside(folder: pathlib.Path, place: pathlib.Path) -> pathlib.Path | None:
    """Renames an older export, now that the new one is whole beside it."""
    if not folder.exists():
        return None
    return folder.rename(place.with_name(f"{place.name}-older"))
