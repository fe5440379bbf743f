"""A file's own skeleton: its sides and its hub, which motion files leave out."""

import re
from collections.abc import Mapping, Sequence

from motext_jax.motion.joint_tree import centre
from motext_jax.skeleton import Skeleton


def own_skeleton(
    name: str,
    joints: tuple[str, ...],
    parents: tuple[int, ...],
    body: Mapping[str, int] | None = None,
) -> Skeleton:
    """The skeleton of a recording.

    Args:
      name: the skeleton's name.
      joints: the joints' names.
      parents: each joint's parent.
      body: index of each smpl22 joint that is there; its sides are added to those that names tell,
        and its upper spine is the hub. Without it that is the joint around which no branch holds
        more than half of the joints.
    """
    body = body or {}
    pairs = dict(_left_right_pairs(joints))
    taken = {*pairs, *pairs.values()}
    for joint, left in body.items():
        right = body.get(joint.replace("left_", "right_"))
        if joint.startswith("left_") and right is not None and not {left, right} & taken:
            pairs[left] = right
    hub = body.get("spine3", body.get("spine2", centre(parents)))
    return Skeleton(name, joints, parents, tuple(pairs.items()), hub)


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
