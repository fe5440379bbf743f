"""How clips made from AMASS differ from BABEL's released ones."""

import dataclasses
from collections import Counter

import numpy as np

from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError

BLOCK = 256


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Two sets of clips, matched by their ids and categories.

    Attributes:
      counts: clips of each category, here and in the release, the most frequent there first.
      common: clips that both have.
      only_here: how many the release has not.
      only_released: how many are missing here.
      mean_error: over the common clips' joints, in metres.
      worst_error: the clip of the largest mean error, and it.
    """

    counts: dict[str, tuple[int, int]]
    common: int
    only_here: int
    only_released: int
    mean_error: float
    worst_error: tuple[str, float]


def compare(here: ClipSet, released: ClipSet) -> Comparison:
    """Compares two sets of clips of the same split.

    Raises:
      InputError: their skeletons differ.
    """
    if here.skeleton.joints != released.skeleton.joints:
        raise InputError(
            f"the clips are of {here.skeleton.name}, and the release of {released.skeleton.name}; "
            "compare with --data.skeleton=ntu21"
        )
    rows, other_rows = _by_key(here), _by_key(released)
    common = [key for key in rows if key in other_rows]
    errors = _errors(
        here, released, [rows[key] for key in common], [other_rows[key] for key in common]
    )
    worst = int(np.argmax(errors)) if len(common) else 0
    ours, theirs = (_counts(clips) for clips in (here, released))
    names = sorted(ours | theirs, key=lambda name: -theirs[name])
    return Comparison(
        {name: (ours[name], theirs[name]) for name in names},
        len(common),
        len(rows) - len(common),
        len(other_rows) - len(common),
        float(np.mean(errors)) if len(common) else float("nan"),
        (common[worst][0], float(errors[worst])) if len(common) else ("", float("nan")),
    )


def _by_key(clips: ClipSet) -> dict[tuple[str, str], int]:
    return {(name, clips.category(row)): row for row, name in enumerate(clips.ids)}


def _counts(clips: ClipSet) -> Counter[str]:
    return Counter(clips.category(row) for row in range(len(clips)))


def _errors(here: ClipSet, released: ClipSet, rows: list[int], other_rows: list[int]) -> np.ndarray:
    """Each pair's mean distance of joints."""
    errors = [
        np.linalg.norm(
            here.clips[np.array(rows[start : start + BLOCK])]
            - released.clips[np.array(other_rows[start : start + BLOCK])],
            axis=-1,
        ).mean(axis=(1, 2))
        for start in range(0, len(rows), BLOCK)
    ]
    return np.concatenate(errors) if errors else np.zeros(0)
