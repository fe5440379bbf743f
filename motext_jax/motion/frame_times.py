"""The frames of an animation, whose curves have keys at any times."""

import os

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError

FPS = 30.0
"""Frames a second where the keys are uneven, or fewer than `FEWEST_KEYS` a second."""

FEWEST_KEYS = 15.0
MOST_KEYS = 10_000.0

MOST_NODES = 1_000
"""The most joints with the nodes above them; a body with hair and clothes has some hundreds."""

MOST_POSES = 2_000_000
"""The most frames times nodes of a small file; a larger one may have as many as it has bytes."""

_EVEN = 0.05
"""The part of a frame by which a key may be off: times are in single precision."""


def check_nodes(path: str | os.PathLike, joints: int, nodes: int) -> None:
    """Raises InputError for more joints, with the nodes above them, than `MOST_NODES`."""
    if nodes > MOST_NODES:
        raise InputError(
            f"{path}: {joints:,} joints and {nodes - joints:,} nodes above them; expected at most "
            f"{MOST_NODES:,}"
        )


def frame_times(
    path: str | os.PathLike, keys: Float[np.ndarray, "n"], nodes: int, size: int
) -> tuple[Float[np.ndarray, "t"], float]:
    """The times of an animation's frames in seconds, and how many there are a second.

    Args:
      path: the file, for the sentence.
      keys: the times of the curves' keys, in any order.
      nodes: nodes that the animation moves.
      size: the file's bytes.

    Raises:
      InputError: there are more frames and nodes than a file of that size has.
    """
    keys = np.unique(keys)
    rate, fps = _rate(keys)
    count = (keys[-1] - keys[0]) * rate + _EVEN
    most = max(MOST_POSES, size)
    if not count * nodes < most:
        raise InputError(
            f"{path}: an animation of {keys[-1] - keys[0]:g} s, at {fps:g} frames a second, that "
            f"moves {nodes:,} nodes; expected at most {most // nodes:,} frames of a file this small"
        )
    return keys[0] + np.arange(int(count) + 1) / rate, fps


def _rate(keys: Float[np.ndarray, "n"]) -> tuple[float, float]:
    """Keys a second if all of them are at whole numbers of frames, else `FPS`; exact, and in words.

    Keys that all curves leave out, as exporters drop those that change nothing, are no matter. In
    words the rate is a whole number where that is as near to the keys.
    """
    keys = keys[np.diff(keys, prepend=-np.inf) > 1 / MOST_KEYS]
    gaps = np.diff(keys)
    if not len(gaps):
        return FPS, FPS
    # From key to key, so that an error in the rate does not add up.
    frame = np.mean(gaps[gaps < 1.5 * gaps.min()])
    frames = np.cumsum(np.rint(gaps / frame))
    seconds = keys[1:] - keys[0]
    rate = float(frames[-1] / seconds[-1])
    if np.abs(seconds * rate - frames).max() > _EVEN or not FEWEST_KEYS <= rate <= MOST_KEYS:
        return FPS, FPS
    whole = float(np.rint(rate))
    return rate, whole if np.abs(seconds * whole - frames).max() <= _EVEN else rate
