"""The calibration of a model's cosines: which answers are likely, and which perhaps right."""

import dataclasses
import math
import pathlib
from typing import Any

from motext_jax.errors import InputError
from motext_jax.input_file import read_json, reading
from motext_jax.whole_file import write_json

LIKELY, PERHAPS, NOTHING = "likely", "perhaps", "nothing like it here"


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Two cosines of a text with the nearest motion, found on held-out data.

    Of the answers whose cosine was at least `likely`, the share `likely_right` was right; of those
    of at least `perhaps`, the share `perhaps_right`. See `evaluation.calibrate` for which answers.

    Attributes:
      likely: a cosine from which on an answer is likely right; above 1 where none is.
      perhaps: a cosine from which on it is perhaps right; at most `likely`.
      likely_right: share of right answers from `likely` on, from 0 to 1.
      perhaps_right: share of right answers from `perhaps` on.
      step: the checkpoint's step.
      split: the split that it was found on.
      texts: number of the split's texts that were asked.
    """

    likely: float
    perhaps: float
    likely_right: float
    perhaps_right: float
    step: int
    split: str
    texts: int

    def word(self, cosine: float, sure: bool = True) -> str:
        """likely, perhaps, or "nothing like it here", for a text's cosine with a motion.

        Args:
          cosine: the cosine.
          sure: False for a text with words that the model never read, which is never likely.
        """
        if sure and cosine >= self.likely:
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
        kinds = {field.name: field.type for field in dataclasses.fields(cls)}
        if not isinstance(tree, dict) or tree.keys() != kinds.keys():
            raise InputError(f"{path}: not a calibration; it has {', '.join(kinds)}")
        # An integer may be larger than any float.
        with reading(path, "a calibration"):
            values = {name: _value(path, name, kind, tree[name]) for name, kind in kinds.items()}
        found = cls(**values)
        for name in ("likely_right", "perhaps_right"):
            if not 0 <= values[name] <= 1:
                raise InputError(f"{path}: {name} is {values[name]:g}; expected a share, 0 to 1")
        if not -2 <= found.perhaps <= found.likely <= 2:
            raise InputError(
                f"{path}: perhaps is {found.perhaps:g} and likely {found.likely:g}; expected "
                "cosines, the first at most the second"
            )
        return found


def _value(path: pathlib.Path, name: str, kind: Any, value: Any) -> Any:
    if kind is float and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if kind is not float and type(value) is kind:
        return value
    raise InputError(f"{path}: {name} is not {'a number' if kind is not str else 'a text'}")
