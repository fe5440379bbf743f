"""The calibration of a model's scores: which answers are likely, and which perhaps right."""

import dataclasses
import math
import os
import pathlib
import shlex
from typing import Any

from motext_jax.errors import InputError
from motext_jax.input_file import read_json, reading
from motext_jax.trained.places import find, is_exported
from motext_jax.whole_file import write_json

WORDS = LIKELY, PERHAPS, UNLIKELY = "likely", "perhaps", "unlikely"
"""The words for an answer, the surest first."""

FEWEST_TEXTS = 20
"""The fewest texts that a calibration is believed of: the shares of fewer say little."""


class Outdated(InputError):
    """A calibration of an earlier version, which says nothing of scores."""


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Two bounds on the score of a text with its first answer, from held-out data.

    Of the answers with at least the score `likely`, the share `likely_right` was right; of the
    right answers, the share `right_found` had at least the score `perhaps`. See
    `library.calibrate` for which answers, and `library.sides` for scores.

    Attributes:
      likely: a score from which on an answer is likely right; above 1 where none is.
      perhaps: a score below which a right answer is rare; at most `likely`.
      likely_right: share of right answers from `likely` on, from 0 to 1.
      right_found: share of the right answers that are from `perhaps` on.
      step: the checkpoint's step.
      split: the split that it was found on.
      texts: number of the split's texts that were asked.
    """

    likely: float
    perhaps: float
    likely_right: float
    right_found: float
    step: int
    split: str
    texts: int

    @property
    def is_believed(self) -> bool:
        """True for one that was found on enough texts."""
        return self.texts >= FEWEST_TEXTS

    def word(self, score: float, sure: bool = True) -> str:
        """likely, perhaps or unlikely, for a text's score with a motion.

        Args:
          score: the score.
          sure: False for a text with a negation or with words that the model never read, which is
            never likely.
        """
        if sure and score >= self.likely:
            return LIKELY
        return PERHAPS if score >= self.perhaps else UNLIKELY

    def write(self, path: pathlib.Path) -> None:
        """Writes the JSON file."""
        write_json(dataclasses.asdict(self), path)

    @classmethod
    def read(cls, path: pathlib.Path) -> "Calibration":
        """Reads a JSON file.

        Raises:
          Outdated: it is one of cosines, from before answers were judged by their scores.
          InputError: there is no such file, or it holds no calibration.
        """
        tree = read_json(path)
        if isinstance(tree, dict) and "perhaps_right" in tree:
            raise Outdated(f"{path}: a calibration of an earlier version, of cosines")
        kinds = {field.name: field.type for field in dataclasses.fields(cls)}
        if not isinstance(tree, dict) or tree.keys() != kinds.keys():
            raise InputError(f"{path}: not a calibration; it has {', '.join(kinds)}")
        # An integer may be larger than any float.
        with reading(path, "a calibration"):
            values = {name: _value(path, name, kind, tree[name]) for name, kind in kinds.items()}
        found = cls(**values)
        for name in ("likely_right", "right_found"):
            if not 0 <= values[name] <= 1:
                raise InputError(f"{path}: {name} is {values[name]:g}; expected a share, 0 to 1")
        if not -2 <= found.perhaps <= found.likely <= 2:
            raise InputError(
                f"{path}: perhaps is {found.perhaps:g} and likely {found.likely:g}; expected "
                "scores, the first at most the second"
            )
        return found


def missing(model: str | os.PathLike[str], split: str, step: str = "last") -> str:
    """The sentence on answers without a word, with the way to a calibration.

    Args:
      model: the model's place; see `model.load`.
      split: the name of its validation split.
      step: the checkpoint that is asked, as of `model.load`.
    """
    command = ["python", "-m", "motext_jax.eval", f"--workdir={model}", f"--split={split}"]
    if step != "last":
        command.append(f"--step={step}")
    how = (
        "calibrate the run that it was exported from, and export that again"
        if is_exported(find(model))
        else f"this makes one: {shlex.join(command)}"
    )
    return (
        f"no answer is called {LIKELY} or {UNLIKELY}, for the model has no calibration of "
        f"{FEWEST_TEXTS} texts or more; {how}"
    )


def _value(path: pathlib.Path, name: str, kind: Any, value: Any) -> Any:
    if kind is float and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if kind is not float and type(value) is kind:
        return value
    raise InputError(f"{path}: {name} is not {'a number' if kind is not str else 'a text'}")
