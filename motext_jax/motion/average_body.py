"""An average person's bones, for bodies that come without their own."""

import numpy as np
from jaxtyping import Float

HEIGHT = 1.7
"""The average person's height, in metres."""

# Offsets in metres, arms held out, facing +z with the left at +x, y up: each joint as seen from its
# parent, rounded from SMPL's average body (Loper et al. 2015); a left part stands for both sides.
OFFSETS = {
    "spine1": (0.0, 0.115, -0.01),
    "spine2": (0.0, 0.135, 0.01),
    "spine3": (0.0, 0.056, 0.0),
    "neck": (0.0, 0.205, -0.02),
    "head": (0.0, 0.085, 0.06),
    "hip": (0.068, -0.085, 0.0),
    "knee": (0.02, -0.385, 0.0),
    "ankle": (0.0, -0.41, 0.0),
    "foot": (0.0, -0.06, 0.125),
    "collar": (0.065, 0.115, -0.01),
    "shoulder": (0.11, 0.035, -0.005),
    "elbow": (0.26, 0.0, 0.0),
    "wrist": (0.25, 0.0, 0.0),
    "index1": (0.1, -0.01, 0.02),
}


def offset(joint: str) -> Float[np.ndarray, "3"]:
    """A joint's offset from its parent, in metres; zero for the pelvis."""
    side, _, part = joint.rpartition("_")
    mirrored = np.array([-1.0 if side == "right" else 1.0, 1.0, 1.0])
    return np.asarray(OFFSETS.get(part, (0.0, 0.0, 0.0))) * mirrored
