"""People: the bone lengths of a drawn body."""

import dataclasses
import functools

import numpy as np
from jaxtyping import Float

from motext_jax.motion import average_body
from motext_jax.skeleton import SMPL22

LEFT, RIGHT = 0, 1
SIDES = ("left", "right")
OUTWARD = np.array([1.0, -1.0])
"""The sign of x that leads away from the body's middle, left and right."""

BALL_HEIGHT = 0.025
"""Height in metres of the ball of the foot (the joint `*_foot`) above the ground it stands on."""


@dataclasses.dataclass(frozen=True, eq=False)
class Body:
    """A person's bones; `offsets` holds each joint of smpl22 as seen from its parent, in metres."""

    offsets: Float[np.ndarray, "v 3"]

    def bone(self, joint: str) -> float:
        """The length of the bone that ends in a joint, in metres."""
        return float(self._lengths[SMPL22.index(joint)])

    @functools.cached_property
    def _lengths(self) -> Float[np.ndarray, "v"]:
        return np.linalg.norm(self.offsets, axis=1)

    @property
    def arm(self) -> float:
        """Shoulder to wrist, in metres."""
        return self.bone("left_elbow") + self.bone("left_wrist")

    @property
    def leg(self) -> float:
        """Hip to ankle, in metres."""
        return self.bone("left_knee") + self.bone("left_ankle")

    @property
    def midline(self) -> float:
        """The way from a shoulder to the body's middle, in arm lengths."""
        across = (
            self.offsets[SMPL22.index("left_collar")] + self.offsets[SMPL22.index("left_shoulder")]
        )
        return float(across[0]) / self.arm

    @property
    def standing(self) -> float:
        """The pelvis's height over the ground on straight legs, in metres."""
        hip, foot = (self.offsets[SMPL22.index(f"left_{joint}")] for joint in ("hip", "foot"))
        return BALL_HEIGHT - float(foot[1]) + self.leg - float(hip[1])


def draw_body(rng: np.random.Generator, heights: tuple[float, float] = (1.5, 2.0)) -> Body:
    """A person with legs, arms, shoulders and hips of their own proportions.

    Args:
      rng: the numbers come from this.
      heights: the least and the greatest height, in metres.
    """
    height = rng.uniform(*heights) / average_body.HEIGHT
    legs, arms = rng.uniform(0.93, 1.07, 2)
    shoulders, hips = rng.uniform(0.87, 1.14, 2)
    # Long legs come with a short trunk, so that the drawn height stays the height.
    trunk = 1 + (1 - legs) * 0.8
    stretch = {
        **dict.fromkeys(("spine1", "spine2", "spine3", "neck"), (1, trunk, 1)),
        **dict.fromkeys(("knee", "ankle"), (1, legs, 1)),
        **dict.fromkeys(("elbow", "wrist"), (arms, 1, 1)),
        **dict.fromkeys(("collar", "shoulder"), (shoulders, 1, 1)),
        "hip": (hips, 1, 1),
    }
    offsets = [
        average_body.offset(joint) * stretch.get(joint.rpartition("_")[2], 1) * height
        for joint in SMPL22.joints
    ]
    return Body(np.stack(offsets))
