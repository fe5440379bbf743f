"""Retargeting: a motion on a file's own skeleton, brought to another one by the joints' names.

Positions are taken as they are: nobody's bones are stretched and no angles are solved for. What
another skeleton calls its joints is data, in `CONVENTIONS`.
"""

import dataclasses
import itertools
import re
from collections.abc import Sequence

import numpy as np

from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SMPL22, Skeleton

END = " end"
"""The suffix that names an End Site after the joint whose tip it is."""


def _convention(left: str, right: str, **names: str) -> dict[str, str]:
    """Names by joint; `knee="{}Shin"` stands for left_knee and right_knee, `{}` for the side."""
    convention = {}
    for joint, name in names.items():
        if "{}" in name:
            convention[f"left_{joint}"] = name.format(left)
            convention[f"right_{joint}"] = name.format(right)
        else:
            convention[joint] = name
    return convention


_MIXAMO = _convention(
    "Left",
    "Right",
    pelvis="Hips",
    spine1="Spine",
    spine2="Spine1",
    spine3="Spine2",
    neck="Neck",
    head="Head",
    collar="{}Shoulder",
    shoulder="{}Arm",
    elbow="{}ForeArm",
    wrist="{}Hand",
    hip="{}UpLeg",
    knee="{}Leg",
    ankle="{}Foot",
    foot="{}ToeBase",
)

_LAFAN1 = _MIXAMO | _convention("Left", "Right", foot="{}Toe")

# The conversions of the CMU motions for MotionBuilder, 3ds Max and Poser (B. Hahne, cgspeed.com).
_CMU_MOTIONBUILDER = _convention(
    "Left",
    "Right",
    pelvis="Hips",
    spine1="Spine",
    spine3="Spine1",
    neck="Neck1",
    head="Head",
    collar="{}Shoulder",
    shoulder="{}Arm",
    elbow="{}ForeArm",
    wrist="{}Hand",
    hip="{}UpLeg",
    knee="{}Leg",
    ankle="{}Foot",
    foot="{}ToeBase",
)

_CMU_3DS_MAX = _convention(
    "Left",
    "Right",
    pelvis="Hips",
    spine1="Chest",
    spine3="Chest2",
    neck="Neck",
    head="Head",
    collar="{}Collar",
    shoulder="{}Shoulder",
    elbow="{}Elbow",
    wrist="{}Wrist",
    hip="{}Hip",
    knee="{}Knee",
    ankle="{}Ankle",
    foot="{}Toe",
)

_CMU_POSER = _convention(
    "l",
    "r",
    pelvis="hip",
    spine1="abdomen",
    spine3="chest",
    neck="neck",
    head="head",
    collar="{}Collar",
    shoulder="{}Shldr",
    elbow="{}ForeArm",
    wrist="{}Hand",
    hip="{}Thigh",
    knee="{}Shin",
    ankle="{}Foot",
    foot="{}Foot" + END,
)

_BANDAI_NAMCO = _convention(
    "L",
    "R",
    pelvis="Hips",
    spine1="Spine",
    spine3="Chest",
    neck="Neck",
    head="Head",
    collar="Shoulder_{}",
    shoulder="UpperArm_{}",
    elbow="LowerArm_{}",
    wrist="Hand_{}",
    hip="UpperLeg_{}",
    knee="LowerLeg_{}",
    ankle="Foot_{}",
    foot="Toes_{}",
)

# The bones of ASF files; a joint is a bone's far end. The forearm is two bones, and the second,
# "wrist", only twists: the hand bends at its end, as in the table of joints of HDM05's reader.
_ACCLAIM = _convention(
    "l",
    "r",
    pelvis="root",
    spine1="lowerback",
    spine2="upperback",
    spine3="thorax",
    neck="lowerneck",
    head="upperneck",
    shoulder="{}clavicle",
    elbow="{}humerus",
    wrist="{}wrist",
    hip="{}hipjoint",
    knee="{}femur",
    ankle="{}tibia",
    foot="{}foot",
)

_SMPL = {joint: joint for joint in SMPL22.joints}

# Names of the SMPL add-on for Blender, such as L_Hip.
_SMPL_BLENDER = {
    joint: joint.replace("left_", "L_").replace("right_", "R_") for joint in SMPL22.joints
}

# Each is smpl22's joints in a convention's words. The same word is another joint in another
# convention (LeftShoulder is a collar or a shoulder), so a file is read by one of them.
CONVENTIONS = {
    "SMPL": _SMPL,
    "SMPL, Blender": _SMPL_BLENDER,
    "Mixamo": _MIXAMO,
    "LaFAN1": _LAFAN1,
    "CMU, MotionBuilder": _CMU_MOTIONBUILDER,
    "CMU, 3ds Max": _CMU_3DS_MAX,
    "CMU, Poser": _CMU_POSER,
    "Bandai Namco": _BANDAI_NAMCO,
    "CMU and HDM05, Acclaim": _ACCLAIM,
}

# Chains whose joints between the ends a file may lack.
_CHAINS = (
    ("pelvis", "spine1", "spine2", "spine3", "neck", "head"),
    ("spine3", "left_collar", "left_shoulder"),
    ("spine3", "right_collar", "right_shoulder"),
)


def retarget(motion: Motion, to: Skeleton = SMPL22) -> Motion:
    """The motion on another skeleton, joint by joint.

    Names are compared without their namespace ("mixamorig:"), letter case, spaces and punctuation.
    A spine joint, neck or collar that the file lacks is put on the straight line between its
    nearest neighbours on the chain, in even steps; Bandai Namco's spine2 is half way from Spine to
    Chest. No other joint is made up.

    Args:
      motion: motion on a skeleton that follows one of `CONVENTIONS`.
      to: a skeleton with smpl22's joint names and the same vertical axis.

    Raises:
      InputError: a joint has no counterpart.
    """
    placed = match_joints(motion.skeleton.joints)
    positions = {joint: motion.joints[:, index] for joint, index in placed.items()}
    for chain in _CHAINS:
        known = [step for step, joint in enumerate(chain) if joint in positions]
        for before, after in itertools.pairwise(known):
            start, end = positions[chain[before]], positions[chain[after]]
            for step in range(before + 1, after):
                share = (step - before) / (after - before)
                positions[chain[step]] = (1 - share) * start + share * end
    missing = [joint for joint in to.joints if joint not in positions]
    if missing:
        raise InputError(
            f"{motion.skeleton.name}: no joint was recognised as {', '.join(missing)} of "
            f"{to.name}; the file's own joints are {', '.join(motion.skeleton.joints)}"
        )
    joints = np.stack([positions[joint] for joint in to.joints], axis=1)
    return dataclasses.replace(motion, joints=joints, skeleton=to)


def match_joints(joints: Sequence[str]) -> dict[str, int]:
    """The index of each smpl22 joint among a file's joints, by the convention that places most.

    Of equals the convention with the fewest names that the file lacks, then the first.
    """
    found: dict[str, int] = {}
    for index, name in enumerate(joints):
        found.setdefault(_plain(name), index)
    placements = []
    for convention in CONVENTIONS.values():
        # Conversions of ASF files to BVH keep the bones' names, but for joints at the near ends.
        if convention is _ACCLAIM and any(name.endswith(END) for name in joints):
            continue
        placed = {
            joint: found[_plain(name)]
            for joint, name in convention.items()
            if _plain(name) in found
        }
        placements.append((len(placed), -len(convention), placed))
    return max(placements, key=lambda placement: placement[:2])[2]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.rsplit(":", 1)[-1].lower())
