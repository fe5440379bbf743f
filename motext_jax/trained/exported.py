"""A model's exported folder, read: the arrays, the config, the tokenizer, and their digests.

    config.json         the run's config, its skeleton, its categories; see `manifest`
    model.safetensors   the variables, each by its path in the tree
    checksums.json      the SHA-256 digest of every other file
    tokenizer/          where the text tower has one of its own
    calibration.json, words.txt     where the run has them
    README.md, encode_motion.stablehlo, encode_text.stablehlo    for others; never read here

The folder may be a stranger's: nothing in it names code, and what it says is checked before memory
is taken.
"""

import io
import logging
import os
import pathlib
from typing import Any

import jax
import numpy as np
from safetensors import safe_open

from motext_jax.config import settings, validate
from motext_jax.errors import InputError
from motext_jax.input_file import open_file, read_json, reading
from motext_jax.shown import quoted, shown
from motext_jax.text.tokenizer import TOKENIZER_FILES
from motext_jax.trained import checksums
from motext_jax.trained.calibration import Calibration, Outdated
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.places import (
    CALIBRATION,
    CHECKSUMS,
    CONFIG,
    STARTER_FOLDER,
    TOKENIZER,
    WEIGHTS,
    WORDS,
)
from motext_jax.trained.words import read_words

FORMAT = 1
"""The number of the format that this version writes."""

LARGEST_TEXT = 64 << 20
"""Bytes of the largest file besides the arrays; a large vocabulary's tokenizer has 20 MB."""

MOST = 10_000_000
"""The most of anything that a model's options count: channels, tokens, heads."""

MOST_JOINTS = 1_000
"""The most joints of a model's skeleton, whose graph has a number for every two."""

DEPTHS = ("layers", "blocks")
"""Options that count layers; each layer has arrays of its own."""


class ExportedFolder:
    """A model of an exported folder; see `saved.Saved`.

    Raises:
      InputError: from every method, the folder is damaged, or of a newer version.
    """

    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        self._digests = _digests(folder / CHECKSUMS)
        self._check(CONFIG)
        tree = read_json(folder / CONFIG)
        with reading(folder / CONFIG, "the config of an exported model"):
            if not isinstance(tree, dict) or tree.get("format") != FORMAT:
                found = quoted(tree.get("format")) if isinstance(tree, dict) else "none"
                raise InputError(
                    f"{folder / CONFIG}: the export has the format {found}; this version of "
                    f"motext_jax reads {FORMAT}"
                )
            self.step = int(tree["step"])
            self.manifest = Manifest.from_json(tree["model"])
            _check_manifest(folder / CONFIG, self.manifest)

    def tokenizer(self) -> pathlib.Path | None:
        """The folder of the tokenizer's files, where there is one; compared with its digests."""
        folder = self._folder / TOKENIZER
        # By the names that are read: the list of digests may lack one of them, or name any place.
        for name in (f"{TOKENIZER}/{file}" for file in TOKENIZER_FILES):
            if name in self._digests or (self._folder / name).exists():
                self._check(name)
        return folder if folder.is_dir() else None

    def calibration(self) -> Calibration | None:
        """The calibration of the model's cosines, where there is one."""
        if CALIBRATION not in self._digests:
            return None
        self._check(CALIBRATION)
        try:
            return Calibration.read(self._folder / CALIBRATION)
        except Outdated as error:
            logging.getLogger(__name__).warning(
                "%s; it is not used: calibrate the run again and export it", error
            )
            return None

    def words(self) -> frozenset[str] | None:
        """The words of the training texts, where the run kept them."""
        if WORDS not in self._digests:
            return None
        self._check(WORDS)
        return read_words(self._folder / WORDS)

    def check_sizes(self) -> None:
        """Raises InputError where the config asks for more than the arrays can hold."""
        with self._tensors() as tensors:
            number = len(list(tensors.keys()))
        counted = {f"model.{s.path}": s.value for s in settings(self.manifest.config.model)}
        if self.manifest.text is not None:
            counted |= {f"text.{name}": value for name, value in vars(self.manifest.text).items()}
        for name, value in counted.items():
            most = number if name.split(".")[-1] in DEPTHS else MOST
            if isinstance(value, int) and value > most:
                raise InputError(
                    f"{self._folder / CONFIG}: {name} is {value}; expected at most {most} of a "
                    f"model with {number} arrays"
                )

    def digest(self) -> str:
        """The digest of the file of the arrays."""
        return self._digests.get(WEIGHTS, "")

    def shapes(self) -> dict[str, Any] | None:
        """The variables' shapes as the starter's file has them; None for any other folder.

        Only the starter is known to fit its config: it comes with the package, whose tests compare
        them.
        """
        if self._folder != STARTER_FOLDER:
            return None
        tree: dict[str, Any] = {"batch_stats": {}}
        with self._tensors() as tensors:
            for name in tensors.keys():  # noqa: SIM118
                *path, last = name.split("/")
                branch = tree
                for part in path:
                    branch = branch.setdefault(part, {})
                shape = tuple(tensors.get_slice(name).get_shape())
                branch[last] = jax.ShapeDtypeStruct(shape, np.float32)
        return tree

    def variables(self, like: dict[str, Any]) -> dict[str, Any]:
        """The variables in float32, with the shapes and shardings of `like`."""
        self._check(WEIGHTS)
        path = self._folder / WEIGHTS
        flat, structure = jax.tree_util.tree_flatten_with_path(like)
        names = [name_of(where) for where, _ in flat]
        with self._tensors() as tensors:
            there = set(tensors.keys())
            if odd := sorted(there ^ set(names)):
                what = "lacks" if odd[0] in names else "has more:"
                raise InputError(f"{path}: {what} the array {quoted(odd[0])} by its {CONFIG}")
            leaves = [
                _array(path, tensors, name, leaf)
                for name, (_, leaf) in zip(names, flat, strict=True)
            ]
        return jax.tree_util.tree_unflatten(structure, leaves)

    def _tensors(self) -> Any:
        path = self._folder / WEIGHTS
        open_file(path).close()
        with reading(path, "a whole safetensors file"):
            return safe_open(path, framework="np")

    def _check(self, name: str) -> None:
        """Raises InputError unless a file is the one that was exported."""
        path = self._folder / name
        with open_file(path) as file, reading(path, "a file"):
            if name != WEIGHTS:
                _check_size(path, file)
            found = checksums.of_file(file)
        if found != self._digests.get(name):
            raise InputError(
                f"{path}: damaged, for it is not the file that was exported ({CHECKSUMS})"
            )


def _check_manifest(path: pathlib.Path, manifest: Manifest) -> None:
    """Raises InputError for a model that cannot be."""
    validate(manifest.config)
    joints = len(manifest.skeleton.joints)
    if joints > MOST_JOINTS:
        raise InputError(f"{path}: {joints:,} joints; expected at most {MOST_JOINTS:,}")
    # Its checkpoint, which may be on the hub, would be asked otherwise.
    if manifest.config.model.text is not None and manifest.text is None:
        raise InputError(f"{path}: the architecture of the text tower is missing")


def name_of(path: tuple[Any, ...]) -> str:
    """An array's name: its path in the tree of variables."""
    return jax.tree_util.keystr(path, simple=True, separator="/")


def _array(path: pathlib.Path, tensors: Any, name: str, like: jax.ShapeDtypeStruct) -> jax.Array:
    with reading(path, "a whole safetensors file"):
        part = tensors.get_slice(name)
        shape, dtype = tuple(part.get_shape()), part.get_dtype()
        if shape != like.shape:
            raise InputError(
                f"{path}: {shown(name)} has the shape {shape}; {CONFIG} implies {like.shape}"
            )
        if dtype not in ("F16", "F32"):
            raise InputError(f"{path}: {shown(name)} is of {dtype}; expected F16 or F32")
        array = tensors.get_tensor(name).astype(np.float32, copy=False)
    if not np.isfinite(array).all():
        raise InputError(f"{path}: {shown(name)} holds NaN or infinity")
    return jax.device_put(array.astype(like.dtype, copy=False), like.sharding)


def _check_size(path: pathlib.Path, file: io.BufferedReader) -> None:
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST_TEXT:
        raise InputError(f"{path}: {size:,} bytes; expected at most {LARGEST_TEXT:,}")


def _digests(path: pathlib.Path) -> dict[str, str]:
    with open_file(path) as file:
        _check_size(path, file)
    tree = read_json(path)
    if not isinstance(tree, dict) or not all(isinstance(value, str) for value in tree.values()):
        raise InputError(f"{path}: expected a JSON object of file names and digests")
    return tree
