"""A recording: what a motion capture file holds, in the file's own unit and axes."""

import dataclasses

import numpy as np
from jaxtyping import Float

END = " end"
"""The suffix that names the tip of a joint that has one."""


SAMPLED = 256
"""Frames that a body and its world are told from."""


@dataclasses.dataclass(frozen=True, eq=False)
class Recording:
    """Joint positions over time as a file has them, before anything is known of the body.

    Attributes:
      name: the skeleton's name, mostly the file's.
      joints: the joints' names, in the file's order.
      parents: each joint's parent, -1 for the root; a parent comes before its children.
      positions: in the file's unit and axes, float32.
      fps: frames a second; None where the file does not say.
      metres_per_unit: the unit of length that the format has, or that is usual; None where there
        is neither.
      up: the vertical axis that the format has, 0, 1 or 2; None where files differ.
      unseen: names of joints that are missing too often to be joints here; see `gaps.filled`.
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    positions: Float[np.ndarray, "t v 3"]
    fps: float | None = None
    metres_per_unit: float | None = None
    up: int | None = None
    unseen: tuple[str, ...] = ()


def sampled(
    positions: Float[np.ndarray, "t v 3"], most: int = SAMPLED
) -> Float[np.ndarray, "f v 3"]:
    """At most so many frames, spread over a recording, in float64."""
    frames = np.linspace(0, len(positions) - 1, min(len(positions), most)).astype(int)
    return positions[frames].astype(np.float64)
