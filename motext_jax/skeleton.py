"""Skeletons: joints, the tree that joins them, left/right pairs, and the graph of a convolution."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError


@dataclasses.dataclass(frozen=True)
class Skeleton:
    """A named tree of joints.

    Attributes:
      name: "smpl22", "ntu25", or a file's own.
      joints: the joints' names, in the order of every array's joint axis.
      parents: each joint's parent in the kinematic tree; -1 for the root.
      left_right_pairs: (left, right) indices of joints that a mirror exchanges.
      hub: the joint that the graph convolution's edges point to ("inward"); for a body it is the
        upper spine and not the kinematic root.
      up: the vertical axis of the positions, 0, 1 or 2.
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    left_right_pairs: tuple[tuple[int, int], ...]
    hub: int
    up: int = 1

    def __post_init__(self):
        if len(self.parents) != len(self.joints):
            raise ValueError(f"{self.name}: {len(self.joints)} joints, {len(self.parents)} parents")
        if self.parents.count(-1) != 1:
            raise ValueError(
                f"{self.name}: a skeleton has one root, found {self.parents.count(-1)}"
            )
        if len(set(self.joints)) != len(self.joints):
            raise ValueError(f"{self.name}: two joints have the same name")
        numbers = range(len(self.joints))
        pairs = [joint for pair in self.left_right_pairs for joint in pair]
        if not all(joint in numbers for joint in (self.hub, *pairs)) or self.up not in range(3):
            raise ValueError(f"{self.name}: its hub, its pairs or its axis are out of range")
        if not _is_tree(self.parents):
            raise ValueError(f"{self.name}: its parents are no tree")

    @classmethod
    def from_dict(cls, tree: Mapping[str, Any]) -> "Skeleton":
        """The inverse of `dataclasses.asdict`, after a way through JSON.

        Raises:
          ValueError, KeyError or TypeError: the tree is no skeleton's.
        """
        tuples = {name: tuple(tree[name]) for name in ("joints", "parents")}
        pairs = tuple((left, right) for left, right in tree["left_right_pairs"])
        numbers = (*tuples["parents"], *(joint for pair in pairs for joint in pair), tree["hub"])
        if any(type(number) is not int for number in (*numbers, tree.get("up", 1))):
            raise TypeError("a skeleton's joints are told by whole numbers")
        if any(type(name) is not str for name in (*tuples["joints"], tree["name"])):
            raise TypeError("a skeleton's names are texts")
        return cls(**{**tree, **tuples, "left_right_pairs": pairs})

    def require_same(self, other: "Skeleton", file: str) -> None:
        """Raises InputError unless a file's skeleton is this one; their names may differ.

        Args:
          other: the skeleton of `file`.
          file: the file's name.
        """
        what = ""
        if self.joints != other.joints:
            what = (
                f"{len(other.joints)} joints that differ from the first motion's {len(self.joints)}"
            )
        elif self.parents != other.parents:
            what = "the first motion's joints in another tree"
        elif self.up != other.up:
            what = f"{'xyz'[other.up]} upwards, and the first motion {'xyz'[self.up]}"
        if what:
            raise InputError(f"{file} has {what}; clips need one skeleton")

    @property
    def root(self) -> int:
        """The kinematic root's index."""
        return self.parents.index(-1)

    def index(self, joint: str) -> int:
        """The index of a joint's name."""
        return self.joints.index(joint)

    @property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """(joint, parent) of every joint but the root."""
        return tuple((joint, parent) for joint, parent in enumerate(self.parents) if parent >= 0)

    @property
    def mirror(self) -> tuple[int, ...]:
        """The permutation of joints that exchanges left and right."""
        order = list(range(len(self.joints)))
        for left, right in self.left_right_pairs:
            order[left], order[right] = right, left
        return tuple(order)

    @property
    def lateral(self) -> int:
        """The horizontal axis of a normalised body's left and right, which a mirror negates."""
        return 1 if self.up == 0 else 0

    def adjacency(self) -> Float[np.ndarray, "3 v v"]:
        """Identity, inward and outward adjacency, the last two column-normalised.

        Inward holds A[near, far] = 1 for every bone, `near` being the end one step nearer to the
        hub; outward is its transpose. Each column is divided by its sum (A·D⁻¹); empty columns stay
        zero. As in the official CTR-GCN and 2s-AGCN (Chen et al. 2021; Shi et al. 2019).
        """
        inward = np.zeros((len(self.joints),) * 2)
        for joint, parent in enumerate(rerooted(self.parents, self.hub)):
            if parent >= 0:
                inward[parent, joint] = 1.0
        return np.stack([np.eye(len(self.joints)), _by_column(inward), _by_column(inward.T)])


def rerooted(parents: Sequence[int], root: int) -> tuple[int, ...]:
    """The same tree with another root: only the parents on the path between the two turn round."""
    turned = list(parents)
    joint, parent = root, -1
    while joint >= 0:
        above = parents[joint]
        turned[joint] = parent
        joint, parent = above, joint
    return tuple(turned)


def _is_tree(parents: Sequence[int]) -> bool:
    """True where every joint's way along its parents ends at -1."""
    ends = {-1}
    for joint in range(len(parents)):
        way = set()
        while joint not in ends:
            if joint in way or not 0 <= joint < len(parents):
                return False
            way.add(joint)
            joint = parents[joint]
        ends |= way
    return True


def _by_column(matrix: Float[np.ndarray, "v v"]) -> Float[np.ndarray, "v v"]:
    sums = matrix.sum(axis=0, keepdims=True)
    return np.divide(matrix, sums, out=np.zeros_like(matrix), where=sums > 0)


def _pairs(joints: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Left/right pairs of joints that are named `left_*` and `right_*`."""
    return tuple(
        (joints.index(name), joints.index(name.replace("left", "right", 1)))
        for name in joints
        if name.startswith("left_")
    )


_SMPL22_JOINTS = (
    ("pelvis", -1),
    ("left_hip", 0),
    ("right_hip", 0),
    ("spine1", 0),
    ("left_knee", 1),
    ("right_knee", 2),
    ("spine2", 3),
    ("left_ankle", 4),
    ("right_ankle", 5),
    ("spine3", 6),
    ("left_foot", 7),
    ("right_foot", 8),
    ("neck", 9),
    ("left_collar", 9),
    ("right_collar", 9),
    ("head", 12),
    ("left_shoulder", 13),
    ("right_shoulder", 14),
    ("left_elbow", 16),
    ("right_elbow", 17),
    ("left_wrist", 18),
    ("right_wrist", 19),
)

# BABEL's 25 joints in NTU RGB+D's order. At 21-24 BABEL holds thumb tip, index tip (mesh vertices),
# where NTU's own order is hand tip, thumb; the edges are NTU's.
_NTU25_JOINTS = (
    ("pelvis", -1),
    ("spine1", 0),
    ("neck", 20),
    ("head", 2),
    ("left_shoulder", 20),
    ("left_elbow", 4),
    ("left_wrist", 5),
    ("left_hand", 6),
    ("right_shoulder", 20),
    ("right_elbow", 8),
    ("right_wrist", 9),
    ("right_hand", 10),
    ("left_hip", 0),
    ("left_knee", 12),
    ("left_ankle", 13),
    ("left_foot", 14),
    ("right_hip", 0),
    ("right_knee", 16),
    ("right_ankle", 17),
    ("right_foot", 18),
    ("spine3", 1),
    ("left_thumb_tip", 22),
    ("left_index_tip", 7),
    ("right_thumb_tip", 24),
    ("right_index_tip", 11),
)

# KIT-ML's MMM skeleton in its own order: root, BP, BT, BLN, BUN, the arms, the legs (Terlemez et
# al. 2014; Plappert et al. 2016). The right side comes first: HumanML3D's code for KIT-ML takes 11
# and 16 for the right and the left hip, 5 and 8 for the shoulders, and in the published mean the
# feet of 11-15 point to +z at negative x.
_KIT21_JOINTS = (
    ("pelvis", -1),
    ("spine1", 0),
    ("spine2", 1),
    ("spine3", 2),
    ("neck", 3),
    ("right_shoulder", 3),
    ("right_elbow", 5),
    ("right_wrist", 6),
    ("left_shoulder", 3),
    ("left_elbow", 8),
    ("left_wrist", 9),
    ("right_hip", 0),
    ("right_knee", 11),
    ("right_ankle", 12),
    ("right_heel", 13),
    ("right_foot", 14),
    ("left_hip", 0),
    ("left_knee", 16),
    ("left_ankle", 17),
    ("left_heel", 18),
    ("left_foot", 19),
)


def _body(name: str, table: Sequence[tuple[str, int]], up: int) -> Skeleton:
    joints = tuple(joint for joint, _ in table)
    parents = tuple(parent for _, parent in table)
    return Skeleton(name, joints, parents, _pairs(joints), joints.index("spine3"), up)


SMPL22 = _body("smpl22", _SMPL22_JOINTS, up=1)
NTU25 = _body("ntu25", _NTU25_JOINTS, up=2)
# The paper's "21 joints", by our reading: BABEL's 25 without the four tips.
NTU21 = _body("ntu21", _NTU25_JOINTS[:21], up=2)
KIT21 = _body("kit21", _KIT21_JOINTS, up=1)

SKELETONS = {skeleton.name: skeleton for skeleton in (SMPL22, NTU25, NTU21, KIT21)}
