"""Forward kinematics: rotations and offsets of a joint tree to positions."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float


def forward_kinematics(
    rotations: Float[np.ndarray, "t v 3 3"],
    offsets: Float[np.ndarray, "*t v 3"],
    parents: Sequence[int],
) -> Float[np.ndarray, "t v 3"]:
    """Global joint positions.

    Args:
      rotations: each joint's rotation relative to its parent (column vectors: world = R @ local).
      offsets: each joint's position in its parent's frame, the same for all frames [v, 3] or one
        for each [t, v, 3]; the root's is its position in the world. Any unit of length.
      parents: each joint's parent, -1 for the root; a parent comes before its children.

    Returns:
      Positions in the offsets' unit.
    """
    frames, joints = rotations.shape[:2]
    offsets = np.broadcast_to(offsets, (frames, joints, 3))
    world = np.empty_like(rotations)
    positions = np.empty((frames, joints, 3), rotations.dtype)
    for joint, parent in enumerate(parents):
        if parent < 0:
            world[:, joint] = rotations[:, joint]
            positions[:, joint] = offsets[:, joint]
        else:
            world[:, joint] = world[:, parent] @ rotations[:, joint]
            turned = world[:, parent] @ offsets[:, joint, :, None]
            positions[:, joint] = positions[:, parent] + turned[..., 0]
    return positions


def axis_rotation(axis: int, angles: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n 3 3"]:
    """Rotation matrices about a coordinate axis (0: x, 1: y, 2: z); angles in radians."""
    cos, sin = np.cos(angles), np.sin(angles)
    one, zero = np.ones_like(cos), np.zeros_like(cos)
    rows = {
        0: [one, zero, zero, zero, cos, -sin, zero, sin, cos],
        1: [cos, zero, sin, zero, one, zero, -sin, zero, cos],
        2: [cos, -sin, zero, sin, cos, zero, zero, zero, one],
    }[axis]
    return np.stack(rows, axis=-1).reshape(*np.shape(angles), 3, 3)
