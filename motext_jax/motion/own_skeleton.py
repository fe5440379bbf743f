"""A skeleton's unit of length, its sides and its hub, which motion files leave out."""

import os
import pathlib
import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.retarget import match_joints
from motext_jax.skeleton import Skeleton

# In metres: metre, centimetre, millimetre, inch, and what the CMU motions are in, whose conversions
# to BVH keep their own 1/0.45 inch (mocap.cs.cmu.edu, FAQ).
UNITS = (1.0, 0.01, 0.001, 0.0254, 0.0254 / 0.45)

# Hip to knee to ankle, as a share of the height (Drillis and Contini 1966).
LEG_SHARE = 0.491
HEIGHTS = (1.2, 2.2)


def unit_by_legs(
    path: str | os.PathLike,
    joints: Sequence[str],
    positions: Float[np.ndarray, "v 3"],
    usual: float,
) -> float:
    """The metres of a unit in which a skeleton's left leg belongs to a person.

    Args:
      path: the file, for the sentence.
      joints: the joints' names.
      positions: one frame, in the unit.
      usual: metres a unit. It is tried before `UNITS`, and returned where no leg is found.

    Raises:
      InputError: the leg fits none.
    """
    placed = match_joints(joints)
    names = ["left_hip", "left_knee", "left_ankle"]
    if not placed.keys() >= set(names):
        return usual
    leg = positions[[placed[name] for name in names]]
    length = np.linalg.norm(np.diff(leg, axis=0), axis=-1).sum()
    for unit in (usual, *UNITS):
        if HEIGHTS[0] <= length * unit / LEG_SHARE <= HEIGHTS[1]:
            return unit
    raise InputError(
        f"{path}: found a leg of {length:g} units, expected that of a person of {HEIGHTS[0]} to "
        f"{HEIGHTS[1]} m in metres, cm, mm, inches or CMU's unit; else give metres_per_unit"
    )


def own_skeleton(
    path: str | os.PathLike, joints: tuple[str, ...], parents: tuple[int, ...]
) -> Skeleton:
    """A file's skeleton, with its name; pairs and hub are told by the joints' names and tree."""
    return Skeleton(
        name=pathlib.Path(path).name,
        joints=joints,
        parents=parents,
        left_right_pairs=_left_right_pairs(joints),
        hub=match_joints(joints).get("spine3", _centre(parents)),
    )


def _left_right_pairs(joints: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Joints whose names differ in one word or letter for the side: Left, or L where it stands out.

    "LeftLeg", "LThumb", "lShin", "L_Hip", "Hand_L", "Bip01 L Foot".
    """
    index = {name: joint for joint, name in enumerate(joints)}
    pairs: dict[int, int] = {}
    for name, left in index.items():
        for side in re.finditer(r"left|Left|LEFT|(?<![^\W_])[lL]|[lL](?![^\W_])", name):
            right = index.get(f"{name[: side.start()]}{_RIGHT[side[0]]}{name[side.end() :]}")
            if right is not None and not {left, right} & {*pairs, *pairs.values()}:
                pairs[left] = right
    return tuple(pairs.items())


_RIGHT = {"left": "right", "Left": "Right", "LEFT": "RIGHT", "l": "r", "L": "R"}


def _centre(parents: Sequence[int]) -> int:
    """The joint around which no branch holds more than half of the joints."""
    sizes = [1] * len(parents)
    for joint in range(len(parents) - 1, 0, -1):
        sizes[parents[joint]] += sizes[joint]
    # The branches that hold half or more are nested, so the last is the innermost.
    return max(joint for joint, size in enumerate(sizes) if 2 * size >= len(parents))
