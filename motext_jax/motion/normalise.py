"""Normalisations of clips: where a clip begins, and which way its body faces there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.kinematics import axis_angle_rotations
from motext_jax.motion.motion import Joints, with_axes
from motext_jax.skeleton import Skeleton


def _none(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
    return clips


def centre(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
    """Moves each clip so that the first frame's root is above the origin; heights stay."""
    arrays: Any = clips.__array_namespace__()
    start = clips[..., :1, skeleton.root, None, :]
    return clips - with_axes(start, {skeleton.up: arrays.zeros_like(start[..., skeleton.up])})


def facing(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
    """Centred, and turned about the vertical so that the first frame's left points along +x.

    Left is the sum of left minus right over the pairs of joints at the trunk. With y up the body
    then faces +z, with z up it faces -y.
    """
    pairs = _trunk_pairs(skeleton)
    arrays: Any = clips.__array_namespace__()
    left: Any = sum(clips[..., 0, left, :] - clips[..., 0, right, :] for left, right in pairs)
    lateral = skeleton.lateral
    along = 3 - skeleton.up - lateral
    angles = arrays.arctan2(left[..., along], left[..., lateral])
    return turn(centre(clips, skeleton), -angles, skeleton)


def turn(
    clips: Float[Joints, "*n t v 3"],
    angles: Float[Joints, "*n"] | np.floating,
    skeleton: Skeleton,
) -> Float[Joints, "*n t v 3"]:
    """Turns each clip about the vertical through the origin, from the lateral axis to the other."""
    lateral = skeleton.lateral
    along = 3 - skeleton.up - lateral
    arrays: Any = clips.__array_namespace__()
    cos, sin = arrays.cos(angles)[..., None, None], arrays.sin(angles)[..., None, None]
    x, y = clips[..., lateral], clips[..., along]
    return with_axes(clips, {lateral: cos * x - sin * y, along: sin * x + cos * y})


def babel(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
    """BABEL's way: every frame relative to its own spine1, then two free rotations.

    The first lays frame 0's pelvis-to-spine1 vector on +z, the second its left-to-right-shoulder
    vector on +x, which tilts the first again; the release keeps that. Both apply to all frames.
    The person's right is then +x, up about +z, forward about +y. As in BABEL's action recognition
    preprocessing (Punnakkal et al. 2021).
    """
    names = ("pelvis", "spine1", "left_shoulder", "right_shoulder")
    missing = [name for name in names if name not in skeleton.joints]
    if missing:
        raise InputError(
            f"data.normalise=babel needs the joints {', '.join(names)}; {skeleton.name} lacks "
            f"{', '.join(missing)}"
        )
    pelvis, spine1, left, right = (skeleton.index(name) for name in names)
    clips = clips - clips[..., spine1, None, :]
    for start, end, axis in ((pelvis, spine1, [0, 0, 1.0]), (left, right, [1.0, 0, 0])):
        rotation = rotation_between(clips[..., 0, end, :] - clips[..., 0, start, :], axis)
        clips = clips @ rotation.swapaxes(-1, -2)[..., None, :, :].astype(clips.dtype)
    return clips


NORMALISATIONS: Mapping[str, Callable] = {
    "none": _none,
    "centre": centre,
    "facing": facing,
    "babel": babel,
}


def rotation_between(
    source: Float[Joints, "*n 3"], target: Sequence[float]
) -> Float[Joints, "*n 3 3"]:
    """The smallest rotation that lays each `source` on `target`'s direction (Rodrigues' formula).

    No rotation where the source is nothing, or lies along the target in either sense.
    """
    arrays: Any = source.__array_namespace__()
    norm = arrays.linalg.norm
    unit = source / arrays.maximum(norm(source, axis=-1, keepdims=True), 1e-6)
    goal = arrays.broadcast_to(np.asarray(target) / np.linalg.norm(target), unit.shape)
    axis = arrays.cross(unit, goal)
    sin = norm(axis, axis=-1, keepdims=True)
    axis = arrays.where(sin < 1e-6, 0.0, axis / arrays.maximum(sin, 1e-6))
    angle = arrays.arctan2(sin, arrays.sum(unit * goal, axis=-1, keepdims=True))
    return axis_angle_rotations(axis * angle)


def _trunk_pairs(skeleton: Skeleton) -> list[tuple[int, int]]:
    """The left/right pairs that hang directly from the trunk: hips, and collars or shoulders."""
    sided = {joint for pair in skeleton.left_right_pairs for joint in pair}
    pairs = [
        (left, right)
        for left, right in skeleton.left_right_pairs
        if skeleton.parents[left] not in sided
    ]
    if not pairs:
        raise InputError(
            f"data.normalise=facing needs left and right joints at the trunk, and {skeleton.name} "
            "has none; use data.normalise=centre"
        )
    return pairs
