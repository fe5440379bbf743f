"""The body in a skeleton: which of a file's joints are a person's, as smpl22 names them.

Its limbs are found first. Which joint of the trunk is the upper spine or the neck is then told by
proportions, whatever its name.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from motext_jax.errors import InputError
from motext_jax.motion.bone_tree import BoneTree
from motext_jax.motion.joint_names import ARM, LEG, smpl_names
from motext_jax.motion.limbs import LIMBS, Limb, Pair, limbs_by_names, limbs_by_pose, middle, trunk
from motext_jax.motion.recording import Recording

# How far up a trunk's joint is: its distance from the pelvis over that of the middle between the
# shoulders. The lowest and the highest that are believed, and the usual one.
_HEIGHTS = {
    "spine1": (0.10, 0.50, 0.25),
    "spine3": (0.50, 0.95, 0.68),
    "neck": (0.90, 1.32, 1.12),
    "head": (1.10, 1.75, 1.30),
}

NEEDED = tuple(
    f"{side}_{joint}" for side in ("left", "right") for limb in LIMBS.values() for joint in limb
)
"""The joints that every body has."""


BY_POSE = "tree and pose"


@dataclasses.dataclass(frozen=True)
class Body:
    """A person's joints in a skeleton.

    Attributes:
      joints: index of each smpl22 joint that the skeleton has; those of `NEEDED` are always there.
      told_by: names, given, or `BY_POSE`.
    """

    joints: Mapping[str, int]
    told_by: str


def find_body(recording: Recording, given: Mapping[str, str] | None = None) -> Body | None:
    """The person in a recording, or None if there is no such body.

    Args:
      recording: the skeleton and its frames.
      given: the smpl22 joint that a person says each of some joints is, by the joint's name; those
        that the skeleton lacks are no matter.

    Raises:
      InputError: joints are given, and the rest of the body is not found.
    """
    said = {joint: name for name, joint in (given or {}).items() if name in recording.joints}
    body = _find(recording)
    if not said:
        return body
    decided = {joint: recording.joints.index(name) for joint, name in said.items()}
    found = body.joints if body else {}
    # A joint that is given as one is no other.
    kept = {joint: index for joint, index in found.items() if index not in decided.values()}
    joints = {**kept, **decided}
    if missing := [joint for joint in NEEDED if joint not in joints]:
        raise InputError(
            f"{', '.join(said.values())} are given as {', '.join(said)}, and "
            f"no joint was found or is given as {', '.join(missing)}"
        )
    return Body(joints, "given")


def _find(recording: Recording) -> Body | None:
    if named := smpl_names(recording.joints):
        return Body(named, "names")
    tree = BoneTree(recording)
    found = limbs_by_names(tree)
    if found is not None:
        return Body(_joints(tree, found), "names")
    found = limbs_by_pose(tree)
    return Body(_joints(tree, found), BY_POSE) if found else None


def _joints(tree: BoneTree, pairs: dict[str, Pair]) -> dict[str, int]:
    """Every smpl22 joint that is there."""
    found: dict[str, int] = {}
    for kind, limbs in pairs.items():
        for side, limb in zip(("left", "right"), limbs, strict=True):
            for joint, index in zip(LIMBS[kind], limb.joints, strict=True):
                found[f"{side}_{joint}"] = index
    for side, leg, arm in zip(("left", "right"), pairs[LEG], pairs[ARM], strict=True):
        if (foot := _foot(tree, leg)) is not None:
            found[f"{side}_foot"] = foot
        # The last joint before the shoulder that is not the shoulder's own place.
        before = [joint for joint in arm.chain[: arm.at[0]] if tree.apart(joint, arm.joints[0])]
        if before:
            found[f"{side}_collar"] = before[-1]
    return found | _spine(tree, pairs)


def _foot(tree: BoneTree, leg: Limb) -> int | None:
    """The joint at the ball of the foot, or the tip of a foot without one."""
    after = [joint for joint in leg.chain[leg.at[2] + 1 :] if tree.apart(joint, leg.joints[2])]
    return after[0] if after else None


def _spine(tree: BoneTree, pairs: dict[str, Pair]) -> dict[str, int]:
    """Pelvis, spine, neck and head, told by their heights."""
    hips, shoulders = middle(tree, pairs[LEG], 0), middle(tree, pairs[ARM], 0)
    low, high = pairs[LEG][0].base, pairs[ARM][0].base
    # The joint above the hips, or one before it in the tree.
    pelvis = min(tree.ancestors(low), key=lambda j: tree.distance(j, hips))
    height = float(np.median(np.linalg.norm(shoulders - tree.positions[:, pelvis], axis=-1)))
    if not height > 0:
        return {"pelvis": pelvis}
    way = [joint for joint in tree.path(pelvis, high) if joint != pelvis]
    way += [joint for joint in _to_head(tree, high, pairs) if not tree.is_tip(joint)]
    at = {joint: tree.distance(joint, tree.positions[:, pelvis]) / height for joint in way}
    found = {"pelvis": pelvis}
    for name, (least, most, usual) in _HEIGHTS.items():
        fits = [j for j in way if least <= at[j] <= most and j not in found.values()]
        after = way.index(list(found.values())[-1]) if len(found) > 1 else -1
        fits = [j for j in fits if way.index(j) > after]
        if name == "spine3" and high in fits:
            # As smpl22's: the joint from which the collars hang.
            found[name] = high
        elif fits:
            found[name] = min(fits, key=lambda j: round(abs(at[j] - usual), 6))
    if {"spine1", "spine3"} <= found.keys():
        between = way[way.index(found["spine1"]) + 1 : way.index(found["spine3"])]
        between = [j for j in between if at[found["spine1"]] < at[j] < at[found["spine3"]]]
        if between:
            half = (at[found["spine1"]] + at[found["spine3"]]) / 2
            found["spine2"] = min(between, key=lambda j: abs(at[j] - half))
    return found


def _to_head(tree: BoneTree, start: int, pairs: dict[str, Pair]) -> list[int]:
    """The joints from the arms' base on to the head: what reaches farthest along the trunk."""
    up = trunk(tree, pairs[LEG], pairs[ARM])
    taken = {limb.chain[0] for limb in (*pairs[LEG], *pairs[ARM])}
    best: tuple[float, list[int]] = (0.0, [])
    for child in tree.children[start]:
        if child in taken or child in tree.ancestors(pairs[LEG][0].base):
            continue
        chain = tree.unpaired(tree.chain(child))
        rise = ((tree.positions[:, chain] - tree.positions[:, [start]]) * up[:, None]).sum(-1)
        highest = float(np.median(rise.max(axis=1)))
        if highest > best[0]:
            best = highest, chain
    return best[1]
