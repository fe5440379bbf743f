"""A motion: joint positions over time on a skeleton."""

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from jaxtyping import Float

from motext_jax.skeleton import Skeleton

if TYPE_CHECKING:
    from jaxtyping import Array

    Joints = TypeVar("Joints", np.ndarray, Array)
else:
    # Files are read without JAX, which takes longer to import than many of them to read.
    Joints = Any
"""numpy's arrays, or JAX's inside a compiled step: positions are turned and mirrored in both."""


@dataclasses.dataclass(frozen=True, eq=False)
class Motion:
    """Joint positions in metres, `fps` frames a second, in the order of `skeleton.joints`."""

    joints: Float[np.ndarray, "t v 3"]
    fps: float
    skeleton: Skeleton

    def __post_init__(self):
        expected = (len(self.skeleton.joints), 3)
        if self.joints.ndim != 3 or self.joints.shape[1:] != expected:
            raise ValueError(
                f"joints of shape {self.joints.shape}; {self.skeleton.name} needs (frames, "
                f"{expected[0]}, 3)"
            )
        if not self.fps > 0:
            raise ValueError(f"fps is {self.fps}; a frame rate is above 0")

    def __len__(self) -> int:
        return len(self.joints)

    @property
    def seconds(self) -> float:
        """The duration, in seconds."""
        return len(self) / self.fps

    def frames(self, start: float, end: float) -> range:
        """The frames from `start` to `end`, in seconds; an end of 0 means the last frame."""
        # Before the product, which could overflow.
        start, end = min(start, self.seconds), min(end, self.seconds)
        first = min(int(start * self.fps), len(self) - 1)
        last = min(round(end * self.fps), len(self)) if end > 0 else len(self)
        return range(first, max(last, first + 1))

    def part(self, frames: range) -> "Motion":
        """Consecutive frames as a motion."""
        return dataclasses.replace(self, joints=self.joints[frames.start : frames.stop])

    def mirrored(self) -> "Motion":
        """The motion as seen in a mirror."""
        return dataclasses.replace(self, joints=mirror(self.joints, self.skeleton))


def mirror(joints: Float[Joints, "*n v 3"], skeleton: Skeleton) -> Float[Joints, "*n v 3"]:
    """Negates the lateral axis and exchanges the left and right joints.

    `motion.normalise` lays the body's left/right direction on that axis, so this
    mirrors a normalised clip in the body's own median plane and it stays normalised.
    """
    flipped = joints[..., np.array(skeleton.mirror), :]
    return with_axes(flipped, {skeleton.lateral: -flipped[..., skeleton.lateral]})


def with_axes(
    joints: Float[Joints, "*n 3"], values: dict[int, Float[Joints, "*n"]]
) -> Float[Joints, "*n 3"]:
    """The same positions with other values along some axes; nothing is written in place."""
    arrays: Any = joints.__array_namespace__()
    return arrays.stack([values.get(axis, joints[..., axis]) for axis in range(3)], axis=-1)


def frames_at(motion: Motion, fps: float) -> int:
    """The number of frames of a motion at another frame rate."""
    # A rate such as 59.9999 must not lose its last frame to rounding.
    return int(np.floor((len(motion) - 1) * fps / motion.fps + 1e-3)) + 1


def resample(motion: Motion, fps: float) -> Motion:
    """The motion at another frame rate, positions interpolated linearly.

    Where the old rate is a multiple of the new one this selects frames, as BABEL does.
    """
    if motion.fps == fps:
        return motion
    last = len(motion) - 1
    at = np.minimum(np.arange(frames_at(motion, fps)) * motion.fps / fps, last)
    before = np.minimum(at.astype(int), max(last - 1, 0))
    after = np.minimum(before + 1, last)
    share = (at - before)[:, None, None]
    joints = motion.joints[before] * (1 - share) + motion.joints[after] * share
    return Motion(joints.astype(motion.joints.dtype), fps, motion.skeleton)
