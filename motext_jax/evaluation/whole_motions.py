"""Whole motions, of which a long one is cut into several clips."""

import dataclasses

import numpy as np
from jaxtyping import Float, Int

from motext_jax.data.clips import ClipSet


@dataclasses.dataclass(frozen=True, eq=False)
class WholeMotions:
    """The motions that clips were cut from.

    Attributes:
      numbers: each clip's motion.
      firsts: row of each motion's first clip.
      frames: frames of each clip before its repetition, its weight in a mean.
    """

    numbers: Int[np.ndarray, "n"]
    firsts: Int[np.ndarray, "m"]
    frames: Int[np.ndarray, "n"]

    def mean(self, values: Float[np.ndarray, "n k"]) -> Float[np.ndarray, "m k"]:
        """The mean of each motion's clips, each weighed by its frames."""
        sums = np.zeros((len(self.firsts), values.shape[1]))
        np.add.at(sums, self.numbers, values * self.frames[:, None])
        return sums / np.bincount(self.numbers, self.frames)[:, None]


def whole_motions(clips: ClipSet) -> WholeMotions:
    """The motions of clips: one for each file, segment, category and mirroring.

    A motion of several categories counts once for each, as its clips do.
    """
    same = clips.categories.tolist(), clips.mirrored.tolist()
    keys = list(zip(clips.files, clips.segments, *same, strict=True))
    number = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    numbers = np.array([number[key] for key in keys], int)
    return WholeMotions(numbers, np.unique(numbers, return_index=True)[1], clips.lengths)
