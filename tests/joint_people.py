"""People who move, as positions by joint, for the tests of arrays of joints."""

import numpy as np
from scipy.spatial.transform import Rotation

from motext_jax.motion import average_body
from motext_jax.skeleton import SMPL22

# Points that pose estimators and depth cameras have besides smpl22's joints: parent, offset in
# metres, y up, left at +x.
MORE = {
    "left_hand": ("left_wrist", (0.08, 0, 0)),
    "left_hand_tip": ("left_hand", (0.08, 0, 0)),
    "left_thumb": ("left_wrist", (0.06, 0, 0.04)),
    "left_heel": ("left_ankle", (0, -0.05, -0.05)),
    "left_small_toe": ("left_ankle", (0.05, -0.06, 0.11)),
    "left_eye": ("head", (0.03, 0.09, 0.1)),
    "left_ear": ("head", (0.07, 0.06, 0)),
    "nose": ("head", (0, 0.05, 0.12)),
    "head_top": ("head", (0, 0.18, 0)),
}


def person(frames=40, seed=0):
    """Someone who stands upright, moves every limb and walks along z: positions in metres."""
    rng = np.random.default_rng(seed)
    times = np.arange(frames) / 20
    bones = {
        joint: (SMPL22.joints[parent] if parent >= 0 else None, average_body.offset(joint))
        for joint, parent in zip(SMPL22.joints, SMPL22.parents, strict=True)
    }
    for joint, (parent, offset) in MORE.items():
        bones[joint] = (parent, np.array(offset, float))
        if joint.startswith("left"):
            other = parent.replace("left", "right"), np.array(offset) * [-1, 1, 1]
            bones[joint.replace("left", "right")] = other
    places, turns = {}, {}
    for joint, (parent, offset) in bones.items():
        size = 0.15 if joint in ("pelvis", "spine1", "spine2", "spine3") else 0.6
        swing = rng.normal(0, size, 3)
        angles = np.sin(3 * times + rng.uniform(0, 6))[:, None] * swing
        turn = Rotation.from_rotvec(angles)
        if parent is None:
            walk = np.stack([0 * times, 0.95 + 0 * times, 0.8 * times], axis=1)
            places[joint], turns[joint] = walk, turn
        else:
            places[joint] = places[parent] + turns[parent].apply(offset)
            turns[joint] = turns[parent] * turn
    return places


def array_of(places, joints):
    """Positions (frames, joints, 3) of joints by name; "a+b" is half way between two."""
    return np.stack(
        [np.mean([places[part] for part in joint.split("+")], axis=0) for joint in joints], axis=1
    )
