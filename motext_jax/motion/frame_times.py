"""The frames of an animation, whose curves have keys at any times."""

import dataclasses
import os

import numpy as np
from jaxtyping import Float, Int

from motext_jax.errors import InputError

FPS = 30.0
"""Frames a second where keys are uneven or fewer than `FEWEST_KEYS` a second, and a file does not
say."""

FEWEST_KEYS = 15.0
MOST_KEYS = 10_000.0

MOST_NODES = 1_000
"""The most joints with the nodes above them; a body with hair and clothes has some hundreds."""

MOST_POSES = 2_000_000
"""The most frames times nodes of a small file; a larger one may have as many as it has bytes."""

_EVEN = 0.05
"""The part of a frame by which a key may be off: times are in single precision."""


_AT_KEY = 1e-3
"""The share of the way between two keys that is no distance from a key."""


@dataclasses.dataclass(frozen=True, eq=False)
class Place:
    """Times as places between the keys of a curve.

    Attributes:
      before: the last key that is not later; the first for times before it.
      after: the next key; the last for times after it.
      share: the part of the way from the one to the other, below 1.
      gap: seconds from the one to the other.
    """

    before: Int[np.ndarray, "t"]
    after: Int[np.ndarray, "t"]
    share: Float[np.ndarray, "t"]
    gap: Float[np.ndarray, "t"]

    @classmethod
    def of(cls, times: Float[np.ndarray, "t"], keys: Float[np.ndarray, "n"]) -> "Place":
        """The places of times in seconds. What is nearly at a key is at it."""
        last = len(keys) - 1
        before = np.clip(np.searchsorted(keys, times, "right") - 1, 0, last)
        after = np.minimum(before + 1, last)
        gap = keys[after] - keys[before]
        share = np.clip((times - keys[before]) / np.where(gap > 0, gap, 1), 0, 1)
        before = np.where(share > 1 - _AT_KEY, after, before)
        share[(share < _AT_KEY) | (before == after)] = 0
        return cls(before, after, share.astype(np.float32), gap.astype(np.float32))


def check_nodes(path: str | os.PathLike, joints: int, nodes: int) -> None:
    """Raises InputError for more joints, with the nodes above them, than `MOST_NODES`."""
    if nodes > MOST_NODES:
        raise InputError(
            f"{path}: {joints:,} joints and {nodes - joints:,} nodes above them; expected at most "
            f"{MOST_NODES:,}"
        )


def frame_times(
    path: str | os.PathLike,
    keys: Float[np.ndarray, "n"],
    nodes: int,
    size: int,
    otherwise: float = FPS,
) -> tuple[Float[np.ndarray, "t"], float]:
    """The times of an animation's frames in seconds, and how many there are a second.

    Args:
      path: the file, for the sentence.
      keys: the times of the curves' keys, in any order.
      nodes: nodes that the animation moves.
      size: the file's bytes.
      otherwise: frames a second where the keys do not say.

    Raises:
      InputError: there are more frames and nodes than a file of that size has.
    """
    keys = np.unique(keys)
    rate, fps = _rate(keys, otherwise)
    count = (keys[-1] - keys[0]) * rate + _EVEN
    most = max(MOST_POSES, size)
    if not count * nodes < most:
        raise InputError(
            f"{path}: an animation of {keys[-1] - keys[0]:g} s, at {fps:g} frames a second, that "
            f"moves {nodes:,} nodes; expected at most {most // nodes:,} frames of a file this small"
        )
    return keys[0] + np.arange(int(count) + 1) / rate, fps


def _rate(keys: Float[np.ndarray, "n"], otherwise: float) -> tuple[float, float]:
    """Keys a second if all are at whole numbers of frames, else the other; exact, and in words.

    Keys that all curves leave out, as exporters drop those that change nothing, are no matter. In
    words the rate is a whole number where that is as near to the keys.
    """
    keys = keys[np.diff(keys, prepend=-np.inf) > 1 / MOST_KEYS]
    gaps = np.diff(keys)
    if not len(gaps):
        return otherwise, otherwise
    # From key to key, so that an error in the rate does not add up.
    frame = np.mean(gaps[gaps < 1.5 * gaps.min()])
    frames = np.cumsum(np.rint(gaps / frame))
    seconds = keys[1:] - keys[0]
    rate = float(frames[-1] / seconds[-1])
    if np.abs(seconds * rate - frames).max() > _EVEN or not FEWEST_KEYS <= rate <= MOST_KEYS:
        return otherwise, otherwise
    whole = float(np.rint(rate))
    return rate, whole if np.abs(seconds * whole - frames).max() <= _EVEN else rate
