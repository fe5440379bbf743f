"""Retargeting: a motion on a file's own skeleton, brought to smpl22.

Positions are taken as they are: nobody's bones are stretched and no angles are solved for.
"""

import dataclasses
import itertools

import numpy as np
from jaxtyping import Float

from motext_jax.motion import average_body
from motext_jax.motion.body import Body
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SMPL22

# Chains whose joints between the ends a file may lack.
_CHAINS = (
    ("pelvis", "spine1", "spine2", "spine3", "neck", "head"),
    ("spine3", "left_collar", "left_shoulder"),
    ("spine3", "right_collar", "right_shoulder"),
)


def retarget(motion: Motion, body: Body) -> Motion:
    """The motion on smpl22, joint by joint.

    A spine joint, neck or collar that the file lacks is put on the straight line between its
    nearest neighbours on the chain, in even steps: Bandai Namco's spine2 is half way from Spine to
    Chest. A head, neck, or foot that it lacks is where the average body has it.

    Args:
      motion: a person's motion, y up.
      body: the person's joints in its skeleton.
    """
    positions = {joint: motion.joints[:, index] for joint, index in body.joints.items()}
    _add_head(positions)
    _add_feet(positions)
    for chain in _CHAINS:
        known = [step for step, joint in enumerate(chain) if joint in positions]
        for before, after in itertools.pairwise(known):
            start, end = positions[chain[before]], positions[chain[after]]
            for step in range(before + 1, after):
                share = (step - before) / (after - before)
                positions[chain[step]] = (1 - share) * start + share * end
    joints = np.stack([positions[joint] for joint in SMPL22.joints], axis=1)
    return dataclasses.replace(motion, joints=joints.astype(np.float32), skeleton=SMPL22)


def _add_head(positions: dict[str, Float[np.ndarray, "t 3"]]) -> None:
    """Puts a neck and a head that are missing on the way from the hips to the shoulders."""
    shoulders = (positions["left_shoulder"] + positions["right_shoulder"]) / 2
    hips = (positions["left_hip"] + positions["right_hip"]) / 2
    positions.setdefault("pelvis", hips)
    trunk = _heights("left_shoulder")
    for name in ("neck", "head"):
        if name not in positions:
            share = _heights(name) / trunk
            pelvis = positions["pelvis"]
            positions[name] = pelvis + share * (shoulders - pelvis)


def _heights(joint: str) -> float:
    """How far above its pelvis the average body has a joint of the trunk, in metres."""
    height = 0.0
    index = SMPL22.index(joint)
    while index > 0:
        height += average_body.offset(SMPL22.joints[index])[1]
        index = SMPL22.parents[index]
    return height


def _add_feet(positions: dict[str, Float[np.ndarray, "t 3"]]) -> None:
    """Puts feet that are missing before the ankles: across the shin, to the body's front."""
    across = positions["left_hip"] - positions["right_hip"]
    for side in ("left", "right"):
        if f"{side}_foot" in positions:
            continue
        shin = positions[f"{side}_knee"] - positions[f"{side}_ankle"]
        length = np.linalg.norm(shin, axis=-1, keepdims=True)
        up = shin / np.maximum(length, 1e-9)
        front = np.cross(across, up)
        front = front / np.maximum(np.linalg.norm(front, axis=-1, keepdims=True), 1e-9)
        foot = average_body.offset(f"{side}_foot") / np.linalg.norm(
            average_body.offset(f"{side}_ankle")
        )
        ankle = positions[f"{side}_ankle"]
        positions[f"{side}_foot"] = ankle + length * (foot[1] * up + foot[2] * front)
