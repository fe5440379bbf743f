"""Forward kinematics: rotations and offsets of a joint tree to positions."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from motext_jax.motion.motion import Joints

BLOCK = 512
"""Frames that are posed at once."""

BLOCK_NUMBERS = 400_000
"""Joints of all frames that are posed at once, at most."""


def forward_kinematics(
    rotations: Float[np.ndarray, "t v 3 3"],
    offsets: Float[np.ndarray, "*t v 3"],
    parents: Sequence[int],
) -> Float[np.ndarray, "t v 3"]:
    """Global joint positions.

    Args:
      rotations: each joint's rotation relative to its parent (column vectors: world = R @ local);
        those of joints without children move nothing.
      offsets: each joint's position in its parent's frame, the same for all frames [v, 3] or one
        for each [t, v, 3]; the root's is its position in the world. Any unit of length.
      parents: each joint's parent, -1 for the root; a parent comes before its children.

    Returns:
      Positions in the offsets' unit.
    """
    # Frames last: the sums then run along contiguous memory, several times faster than a product
    # of small matrices for each frame.
    rotations = rotations.transpose(1, 2, 3, 0)
    offsets = np.broadcast_to(offsets, (rotations.shape[-1], len(parents), 3)).transpose(1, 2, 0)
    inner = set(parents)
    world: dict[int, np.ndarray] = {}
    positions = np.empty(offsets.shape, rotations.dtype)
    for joint, parent in enumerate(parents):
        if parent < 0:
            world[joint] = rotations[joint]
            positions[joint] = offsets[joint]
            continue
        turned = np.einsum("ijt,jt->it", world[parent], offsets[joint])
        positions[joint] = positions[parent] + turned
        if joint in inner:
            world[joint] = np.einsum("ijt,jkt->ikt", world[parent], rotations[joint])
    return np.ascontiguousarray(positions.transpose(2, 0, 1))


def in_blocks(frames: Float[np.ndarray, "t c"], joints: int) -> Iterator[Float[np.ndarray, "b c"]]:
    """Frames a block at a time: it stays in the processor's cache, and takes little memory."""
    block = min(max(BLOCK_NUMBERS // joints, 1), BLOCK)
    yield from (frames[start : start + block] for start in range(0, len(frames), block))


def euler_rotations(
    axes: Sequence[int] | np.ndarray, angles: Float[np.ndarray, "k *n"]
) -> Float[np.ndarray, "*n 3 3"]:
    """R(axes[0], angles[0]) @ R(axes[1], angles[1]) @ ...: Euler angles of any order and number.

    Args:
      axes: 0 for x, 1 for y, 2 for z; the first is the outermost rotation.
      angles: one array for each axis, in radians.
    """
    cos, sin = np.cos(angles), np.sin(angles)
    rotation = np.zeros((3, 3, *cos.shape[1:]), cos.dtype)
    rotation[range(3), range(3)] = 1
    for number, (axis, c, s) in enumerate(zip(axes, cos, sin, strict=True)):
        one, other = (axis + 1) % 3, (axis + 2) % 3
        if not number:
            rotation[one, one] = rotation[other, other] = c
            rotation[other, one], rotation[one, other] = s, -s
            continue
        # A rotation about an axis, on the right, only turns the other two columns into each other.
        a, b = rotation[:, one], rotation[:, other]
        turned = a * c + b * s
        b *= c
        b -= a * s
        a[:] = turned
    return np.moveaxis(rotation, (0, 1), (-2, -1))


def axis_rotation(
    axis: int, angles: Float[np.ndarray, "*n"] | float
) -> Float[np.ndarray, "*n 3 3"]:
    """Rotation matrices about a coordinate axis (0: x, 1: y, 2: z); angles in radians."""
    return euler_rotations((axis,), np.asarray(angles)[None])


def axis_angle_rotations(vectors: Float[Joints, "*n 3"]) -> Float[Joints, "*n 3 3"]:
    """Rotation matrices of axis-angle vectors in radians (Rodrigues' formula)."""
    arrays: Any = vectors.__array_namespace__()
    angles = arrays.linalg.norm(vectors, axis=-1)[..., None, None]
    x, y, z = (vectors[..., axis] for axis in range(3))
    zero = arrays.zeros_like(x)
    rows = [[zero, -z, y], [z, zero, -x], [-y, x, zero]]
    cross = arrays.stack([arrays.stack(row, axis=-1) for row in rows], axis=-2)
    # sin(a)/a and (1 - cos(a))/a², which stay exact at 0.
    first = arrays.sinc(angles / np.pi)
    second = arrays.sinc(angles / (2 * np.pi)) ** 2 / 2
    return arrays.eye(3, dtype=vectors.dtype) + first * cross + second * (cross @ cross)


def unit(vectors: Float[np.ndarray, "*f 3"]) -> Float[np.ndarray, "*f 3"]:
    """The vectors' directions; nothing where there is none."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
