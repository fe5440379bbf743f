"""Joint layouts of common data sets and pose estimators, and which of them an array follows.

Names are smpl22's where the joint is the same, so that layouts are matched like any file's joints.
"""

import dataclasses
import itertools
import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion import average_body
from motext_jax.motion.recording import sampled
from motext_jax.skeleton import KIT21, NTU25, SMPL22


@dataclasses.dataclass(frozen=True)
class Layout:
    """The joints of an array, in its order.

    Attributes:
      name: the data set, body model or program that has them.
      joints: names of the array's joints.
      tree: each joint's parent, by names; the root has none. Joints of `middles` may be parents.
      middles: joints that the array lacks, half way between two that it has.
      camera: whether a point at 0, 0, 0 is one that the camera did not see.
    """

    name: str
    joints: tuple[str, ...]
    tree: dict[str, str]
    middles: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    camera: bool = False

    @property
    def all_joints(self) -> tuple[str, ...]:
        """The array's joints, then the middles."""
        return (*self.joints, *self.middles)

    @property
    def parents(self) -> tuple[int, ...]:
        """The parent of each of `all_joints`, -1 for the root; in any order."""
        index = {joint: number for number, joint in enumerate(self.all_joints)}
        return tuple(
            index[self.tree[joint]] if joint in self.tree else -1 for joint in self.all_joints
        )

    def order(self, names: Sequence[str]) -> list[int]:
        """Where each of `joints` is among names that are the same but for case and punctuation."""
        index = {_plain(name): number for number, name in enumerate(names)}
        return [index[_plain(joint)] for joint in self.joints]

    def with_middles(self, positions: Float[np.ndarray, "t v 3"]) -> Float[np.ndarray, "t w 3"]:
        """Positions of `all_joints`; a middle is unknown where one of its ends is."""
        index = self.joints.index
        middles = [
            (positions[:, index(one)] + positions[:, index(other)]) / 2
            for one, other in self.middles.values()
        ]
        return np.concatenate([positions, *(middle[:, None] for middle in middles)], axis=1)


def _sides(**tree: str) -> dict[str, str]:
    """A tree by names, where `hip="pelvis"` stands for both sides and `_hip` is of the own side."""
    sides = {}
    for joint, parent in tree.items():
        for side in ("left", "right"):
            sides[f"{side}_{joint}"] = side + parent if parent.startswith("_") else parent
    return sides


def _tree(joints: Sequence[str], parents: Sequence[int]) -> dict[str, str]:
    return {
        joint: joints[parent] for joint, parent in zip(joints, parents, strict=True) if parent >= 0
    }


def _hand(side: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The 15 finger joints of SMPL+H and SMPL-X: their tree, and their order."""
    tree: dict[str, str] = {}
    for finger in ("index", "middle", "pinky", "ring", "thumb"):
        chain = [f"{side}_wrist", *(f"{side}_{finger}{knuckle}" for knuckle in (1, 2, 3))]
        tree |= {child: parent for parent, child in itertools.pairwise(chain)}
    return tree, tuple(tree)


_SMPL = _tree(SMPL22.joints, SMPL22.parents)
_LEFT_HAND, _LEFT_FINGERS = _hand("left")
_RIGHT_HAND, _RIGHT_FINGERS = _hand("right")
_HANDS = _LEFT_HAND | _RIGHT_HAND

# NTU's own last four; BABEL's 25 have the tips of thumb and index finger there.
_NTU25_JOINTS = (
    *NTU25.joints[:21],
    "left_hand_tip",
    "left_thumb",
    "right_hand_tip",
    "right_thumb",
)

_ARMS = _sides(elbow="_shoulder", wrist="_elbow")
_LEGS = _sides(hip="pelvis", knee="_hip", ankle="_knee")
# What cameras see of a head, around the middle of its ears.
_FACE = _sides(eye="head", ear="head") | {"nose": "head", "head": "neck"}
_HEAD = {"head": ("left_ear", "right_ear")}
_TRUNK = {"pelvis": ("left_hip", "right_hip"), "neck": ("left_shoulder", "right_shoulder")}
_SEEN = _ARMS | _LEGS | _FACE | _sides(shoulder="neck") | {"neck": "pelvis"}


def _limb(side: str, *joints: str) -> tuple[str, ...]:
    return tuple(f"{side}_{joint}" for joint in joints)


NTU25_LAYOUT = Layout(
    "NTU's 25 joints",
    _NTU25_JOINTS,
    _tree(NTU25.joints[:21], NTU25.parents[:21]) | _sides(hand_tip="_hand", thumb="_hand"),
    camera=True,
)

LAYOUTS = (
    Layout("SMPL's 22 joints", SMPL22.joints, _SMPL),
    Layout(
        "SMPL's 24 joints",
        (*SMPL22.joints, "left_hand", "right_hand"),
        _SMPL | _sides(hand="_wrist"),
    ),
    Layout(
        "SMPL+H's 52 joints", (*SMPL22.joints, *_LEFT_FINGERS, *_RIGHT_FINGERS), _SMPL | _HANDS
    ),
    Layout(
        "SMPL-X's 55 joints",
        (*SMPL22.joints, "jaw", "left_eye", "right_eye", *_LEFT_FINGERS, *_RIGHT_FINGERS),
        _SMPL | _HANDS | {"jaw": "head"} | _sides(eye="head"),
    ),
    Layout("KIT-ML's 21 joints", KIT21.joints, _tree(KIT21.joints, KIT21.parents)),
    NTU25_LAYOUT,
    Layout(
        "Kinect's 20 joints",
        (
            "pelvis", "spine1", "neck", "head",
            *_limb("left", "shoulder", "elbow", "wrist", "hand"),
            *_limb("right", "shoulder", "elbow", "wrist", "hand"),
            *_limb("left", "hip", "knee", "ankle", "foot"),
            *_limb("right", "hip", "knee", "ankle", "foot"),
        ),
        _ARMS | _LEGS | _sides(shoulder="neck", hand="_wrist", foot="_ankle")
        | {"spine1": "pelvis", "neck": "spine1", "head": "neck"},
        camera=True,
    ),
    Layout(
        "Human3.6M's 17 joints",
        (
            "pelvis",
            *_limb("right", "hip", "knee", "ankle"),
            *_limb("left", "hip", "knee", "ankle"),
            "spine2", "neck", "head", "head_top",
            *_limb("left", "shoulder", "elbow", "wrist"),
            *_limb("right", "shoulder", "elbow", "wrist"),
        ),
        _ARMS | _LEGS | _sides(shoulder="neck")
        | {"spine2": "pelvis", "neck": "spine2", "head": "neck", "head_top": "head"},
    ),
    Layout(
        "COCO's 17 joints",
        (
            "nose", "left_eye", "right_eye", "left_ear", "right_ear",
            *itertools.chain(*(
                (f"left_{joint}", f"right_{joint}")
                for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
            )),
        ),
        _SEEN,
        _TRUNK | _HEAD,
        camera=True,
    ),
    Layout(
        "OpenPose's 25 joints",
        (
            "nose", "neck",
            *_limb("right", "shoulder", "elbow", "wrist"),
            *_limb("left", "shoulder", "elbow", "wrist"),
            "pelvis",
            *_limb("right", "hip", "knee", "ankle"),
            *_limb("left", "hip", "knee", "ankle"),
            "right_eye", "left_eye", "right_ear", "left_ear",
            *_limb("left", "foot", "small_toe", "heel"),
            *_limb("right", "foot", "small_toe", "heel"),
        ),
        _SEEN | _sides(foot="_ankle", small_toe="_ankle", heel="_ankle"),
        _HEAD,
        camera=True,
    ),
    Layout(
        "MediaPipe's 33 joints",
        (
            "nose",
            *_limb("left", "eye_inner", "eye", "eye_outer"),
            *_limb("right", "eye_inner", "eye", "eye_outer"),
            *itertools.chain(*(
                (f"left_{joint}", f"right_{joint}")
                for joint in (
                    "ear", "mouth", "shoulder", "elbow", "wrist", "pinky", "index", "thumb",
                    "hip", "knee", "ankle", "heel", "foot",
                )
            )),
        ),
        _SEEN | _sides(eye_inner="head", eye_outer="head", mouth="head", pinky="_wrist")
        | _sides(index="_wrist", thumb="_wrist", heel="_ankle", foot="_ankle"),
        _TRUNK | _HEAD,
        camera=True,
    ),
    Layout(
        "Azure Kinect's 32 joints",
        (
            "pelvis", "spine1", "spine3", "neck",
            *_limb("left", "collar", "shoulder", "elbow", "wrist", "hand", "hand_tip", "thumb"),
            *_limb("right", "collar", "shoulder", "elbow", "wrist", "hand", "hand_tip", "thumb"),
            *_limb("left", "hip", "knee", "ankle", "foot"),
            *_limb("right", "hip", "knee", "ankle", "foot"),
            "head", "nose", "left_eye", "left_ear", "right_eye", "right_ear",
        ),
        _ARMS | _LEGS | _FACE | _sides(collar="spine3", shoulder="_collar", foot="_ankle")
        | _sides(hand="_wrist", hand_tip="_hand", thumb="_wrist")
        | {"spine1": "pelvis", "spine3": "spine1", "neck": "spine3"},
        camera=True,
    ),
)  # fmt: skip
"""Layouts that are known by their number of joints; of some numbers there are several."""

# Distances that nobody's motion changes much, in an average person.
_BONES = (
    *(
        (f"{side}_{one}", f"{side}_{other}")
        for side in ("left", "right")
        for one, other in (
            ("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"),
        )
    ),
    ("left_hip", "right_hip"),
    ("left_shoulder", "right_shoulder"),
)  # fmt: skip

# Depth cameras and pose estimators let a bone vary by a tenth to a fifth, and people's proportions
# differ by as much. A reading of another layout differs by more than one half on the average.
PLAUSIBLE = 0.35
CLEARLY = 1.5

SAMPLES = 200
"""Frames in which a body is looked at."""


def misfit(joints: Sequence[str], positions: Float[np.ndarray, "t v 3"]) -> float:
    """How far joints of these names are from being a person's; 0 for an average one's.

    The mean, over the bones of arms and legs and the widths of hips and shoulders, of the logarithm
    of the length against an average person's of the same size, and of the length's change over
    time. Position, direction and unit make no difference. Infinity for what has no size.

    Args:
      joints: the joints' names, among which are smpl22's limbs.
      positions: in any unit; NaN where a point is missing.
    """
    positions = sampled(positions, SAMPLES)
    expected = np.array([_average(one) - _average(other) for one, other in _BONES])
    ends = np.array([[joints.index(one), joints.index(other)] for one, other in _BONES])
    lengths = np.linalg.norm(positions[:, ends[:, 0]] - positions[:, ends[:, 1]], axis=-1)
    if np.isnan(lengths).all(axis=0).any():
        return np.inf
    usual = np.nanmedian(lengths, axis=0)
    if not (usual > 0).all():
        return np.inf
    relative = np.log(usual / np.linalg.norm(expected, axis=-1))
    change = np.nanmedian(np.abs(lengths - usual), axis=0) / usual
    return float(np.mean(np.abs(relative - np.median(relative))) + np.mean(change))


def layout_of(where: str, positions: Float[np.ndarray, "t v 3"]) -> Layout | None:
    """The layout that an array follows, told by its number of joints and by the body it gives.

    Args:
      where: the file, for the sentence.
      positions: in any unit; NaN where a point is missing.

    Returns:
      None where no layout has this number of joints.

    Raises:
      InputError: the array is no person in any layout of its number of joints, or in several.
    """
    candidates = [layout for layout in LAYOUTS if len(layout.joints) == positions.shape[1]]
    if not candidates:
        return None
    found = sorted(
        (misfit(layout.joints, without_unseen(positions, layout.camera)), number)
        for number, layout in enumerate(candidates)
    )
    best = found[0][0]
    if best > PLAUSIBLE or (len(found) > 1 and found[1][0] < CLEARLY * best):
        tried = " or ".join(layout.name for layout in candidates)
        raise InputError(
            f"{where}: {positions.shape[1]} joints, whose distances are not those of a person in "
            f"{tried}; name them in the order of the array, in an npz's array 'joint_names'"
        )
    return candidates[found[0][1]]


def named_layout(names: Sequence[str]) -> Layout | None:
    """The layout whose joints have just these names, in any order; None where there is none."""
    plain = {_plain(name) for name in names}
    for layout in LAYOUTS:
        if len(names) == len(layout.joints) and plain == set(map(_plain, layout.joints)):
            return layout
    return None


def without_unseen(
    positions: Float[np.ndarray, "t v 3"], camera: bool
) -> Float[np.ndarray, "t v 3"]:
    """NaN for points at exactly 0, 0, 0 that are no place, but a sign that there is none.

    Args:
      positions: in any unit.
      camera: whether a single joint there was not seen. Otherwise two joints have to be there at
        once, or all. A joint that always is there is the origin.
    """
    zero = (positions == 0).all(axis=-1)
    origin = zero.all(axis=0)
    # An origin is one joint; several that always are there were never seen.
    unseen = zero & ~origin if origin.sum() == 1 or not camera else zero
    if not camera:
        unseen &= (unseen.sum(axis=1) >= 2)[:, None]
    unseen |= zero.all(axis=1)[:, None]
    return np.where(unseen[..., None], np.nan, positions)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _average(joint: str) -> Float[np.ndarray, "3"]:
    """A joint of an average person, seen from the pelvis."""
    place = average_body.offset(joint)
    while joint in _SMPL:
        joint = _SMPL[joint]
        place = place + average_body.offset(joint)
    return place
