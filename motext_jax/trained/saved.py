"""A saved model, whether a step of a run or an exported folder."""

import contextlib
import logging
import os
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from motext_jax.errors import InputError
from motext_jax.trained.calibration import Calibration
from motext_jax.trained.exported import ExportedFolder
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.places import CALIBRATION, TOKENIZER, WORDS, check_model, find, is_exported
from motext_jax.trained.words import read_words

if TYPE_CHECKING:
    from motext_jax.trained.checkpoints import Checkpoints


@runtime_checkable
class Saved(Protocol):
    """All that is read of a saved model.

    Attributes:
      step: the checkpoint's step.
      manifest: enough to build the model.
    """

    step: int
    manifest: Manifest

    def tokenizer(self) -> pathlib.Path | None:
        """The folder of the tokenizer's files, where there is one."""

    def calibration(self) -> Calibration | None:
        """The calibration of the model's cosines, where there is one."""

    def words(self) -> frozenset[str] | None:
        """The words of the training texts, where the run kept them."""

    def check_sizes(self) -> None:
        """Raises InputError where the manifest asks for more than the arrays can hold."""

    def digest(self) -> str:
        """The digest that its weights are compared with when they are read; empty where none is."""

    def shapes(self) -> dict[str, Any] | None:
        """The variables' shapes, where they are known without the model; else None."""

    def variables(self, like: dict[str, Any]) -> dict[str, Any]:
        """The variables, with the shapes and shardings of `like`."""


class RunStep:
    """A step of a run."""

    def __init__(self, workdir: pathlib.Path, checkpoints: "Checkpoints", step: str):
        self._workdir, self._checkpoints = workdir, checkpoints
        self.step = checkpoints.choose(step)
        self.manifest = checkpoints.manifest(self.step)

    def tokenizer(self) -> pathlib.Path | None:
        """The run's own tokenizer, once it is known to be the one that it began with."""
        self._checkpoints.check_tokenizer(self.step)
        folder = self._workdir / TOKENIZER
        return folder if folder.is_dir() else None

    def calibration(self) -> Calibration | None:
        """The calibration by `eval` of the validation split, unless it was for another step."""
        path = self._workdir / CALIBRATION
        try:
            found = Calibration.read(path) if path.is_file() else None
        except InputError as error:
            # The model is whole without it, and `eval` could not replace what stops it.
            split = self.manifest.config.data.validation_split
            logging.getLogger(__name__).warning(
                "%s; it is not used: eval --split=%s writes it anew", error, split
            )
            return None
        return found if found is not None and found.step == self.step else None

    def words(self) -> frozenset[str] | None:
        """The words that training wrote down."""
        path = self._workdir / WORDS
        return read_words(path) if path.is_file() else None

    def check_sizes(self) -> None:
        """Checks nothing: Orbax reads arrays by the shapes that they are expected to have."""

    def digest(self) -> str:
        """The checkpoint's digest of its arrays; empty in runs from before there was one."""
        return self._checkpoints.digest(self.step)

    def shapes(self) -> None:
        """None: the model says them."""

    def variables(self, like: dict[str, Any]) -> dict[str, Any]:
        """The checkpoint's variables."""
        return self._checkpoints.variables(self.step, like)


@contextlib.contextmanager
def open_saved(model: str | os.PathLike[str], step: str = "last") -> Iterator[Saved]:
    """Opens a model by its place; see `model.load` for arguments and errors."""
    if isinstance(model, str):
        check_model(model)
    place = find(model)
    if is_exported(place):
        if step != "last":
            raise InputError(f"--step={step}: {place} is an exported model, which has one step")
        yield ExportedFolder(place)
        return
    # Not above: an exported folder is read without Orbax, which takes long to import.
    from motext_jax.trained.checkpoints import Checkpoints

    with Checkpoints(place, read_only=True) as checkpoints:
        yield RunStep(place, checkpoints, step)
