"""The calibration of a model's cosines: which are likely, which are perhaps right."""

import dataclasses
import math
import pathlib
from typing import Any

from motext_jax.errors import InputError
from motext_jax.input_file import read_json
from motext_jax.whole_file import write_json

LIKELY, PERHAPS, NOTHING = "likely", "perhaps", "nothing like it here"


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Two cosines between a text and a motion, found on held-out data.

    Of the pairs of a held-out text and a held-out clip whose cosine is at least `likely`, the share
    `likely_right` is right; of those of at least `perhaps`, the share `perhaps_right`. A pair is
    right if the clip has the text, or the text's category; see `evaluation.calibrate`.

    Attributes:
      likely: a cosine from which on an answer is likely; above 1 where no pair is.
      perhaps: a cosine from which on it is perhaps right; at most `likely`.
      likely_right: share of right pairs, between 0 and 1.
      perhaps_right: as `likely_right`, of `perhaps`.
      step: the checkpoint's step.
      split: the split that it was found on.
      pairs: number of its pairs.
    """

    likely: float
    perhaps: float
    likely_right: float
    perhaps_right: float
    step: int
    split: str
    pairs: int

    def word(self, cosine: float) -> str:
        """likely, perhaps, or "nothing like it here", for a text's cosine with a motion."""
        if cosine >= self.likely:
            return LIKELY
        return PERHAPS if cosine >= self.perhaps else NOTHING

    def write(self, path: pathlib.Path) -> None:
        """Writes the JSON file."""
        write_json(dataclasses.asdict(self), path)

    @classmethod
    def read(cls, path: pathlib.Path) -> "Calibration":
        """Reads a JSON file.

        Raises:
          InputError: there is no such file, or it holds no calibration.
        """
        tree = read_json(path)
        fields = {field.name: field.type for field in dataclasses.fields(cls)}
        if not isinstance(tree, dict) or tree.keys() != fields.keys():
            raise InputError(f"{path}: not a calibration; expected {', '.join(fields)}")
        read = {name: _value(path, name, kind, tree[name]) for name, kind in fields.items()}
        if not -2 <= read["perhaps"] <= read["likely"] <= 2:
            raise InputError(f"{path}: expected -2 ≤ perhaps ≤ likely ≤ 2, for they are cosines")
        return cls(**read)


def _value(path: pathlib.Path, name: str, kind: Any, value: Any) -> Any:
    if kind is float and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if kind is not float and type(value) is kind:
        return value
    raise InputError(f"{path}: {name} is no {kind.__name__}")
