"""A skeleton's tree: the lengths of its bones, the chains of its joints, and some of its poses."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.motion.kinematics import unit
from motext_jax.motion.recording import END, Recording, sampled

LONGEST_CHAIN = 16
"""Joints of a limb that are looked at, from the trunk."""

ALIKE = 0.12
"""The most by which two chains of a pair differ in length, as a share."""


class BoneTree:
    """A skeleton's tree and frames that are spread over its recording.

    Attributes:
      names: the joints' names.
      parents: each joint's parent, -1 for the root.
      children: each joint's children.
      positions: some of the frames.
      lengths: the median length of each joint's bone, from its parent.
      reach: the longest way from each joint outwards, along bones.
      size: the longest reach but the root's: that can be the place of the whole scene.
    """

    def __init__(self, recording: Recording):
        self.names, self.parents = recording.joints, recording.parents
        self.positions = sampled(recording.positions)
        self.children: list[list[int]] = [[] for _ in self.parents]
        self.lengths = np.zeros(len(self.parents))
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                self.children[parent].append(joint)
                bone = self.positions[:, joint] - self.positions[:, parent]
                self.lengths[joint] = np.median(np.linalg.norm(bone, axis=-1))
        self.reach = np.zeros(len(self.parents))
        for joint in range(len(self.parents) - 1, 0, -1):
            parent = self.parents[joint]
            way = self.lengths[joint] + self.reach[joint]
            self.reach[parent] = max(self.reach[parent], way)
        root = self.parents.index(-1)
        self.size = float(np.max(np.delete(self.reach, root), initial=0.0))

    def chain(self, start: int) -> tuple[int, ...]:
        """The joints from `start` along the longest way outwards."""
        joints = [start]
        while self.children[joints[-1]] and len(joints) < LONGEST_CHAIN:
            joints.append(
                max(self.children[joints[-1]], key=lambda c: self.lengths[c] + self.reach[c])
            )
        return tuple(joints)

    def unpaired(self, chain: Sequence[int]) -> list[int]:
        """A chain's beginning, up to where it parts into two alike, such as eyes."""
        for place, joint in enumerate(chain[1:], start=1):
            ways = [
                self.lengths[c] + self.reach[c]
                for c in self.children[chain[place - 1]]
                if c != joint
            ]
            own = self.lengths[joint] + self.reach[joint]
            if any(abs(way - own) <= ALIKE * own for way in ways):
                return list(chain[:place])
        return list(chain)

    def bends(self, chain: Sequence[int]) -> Float[np.ndarray, "c"]:
        """The most that a chain bends at each of its joints, in radians; none at its ends."""
        places = self.positions[:, list(chain)]
        bones = unit(np.diff(places, axis=1))
        cosines = (bones[:, :-1] * bones[:, 1:]).sum(-1)
        angles = np.arccos(np.clip(cosines, -1, 1)).max(axis=0)
        # A joint at another's place has no bone between.
        angles[(self.lengths[list(chain)][1:-1] == 0) | (self.lengths[list(chain)][2:] == 0)] = 0
        return np.pad(angles, (1, 1))

    def is_tip(self, joint: int) -> bool:
        return self.names[joint].endswith(END)

    def ancestors(self, joint: int) -> Iterator[int]:
        """The joint, its parent and so on up to the root."""
        while joint >= 0:
            yield joint
            joint = self.parents[joint]

    def path(self, start: int, end: int) -> list[int]:
        """The joints from one to another, both included."""
        up, down = list(self.ancestors(start)), list(self.ancestors(end))
        common = next(joint for joint in up if joint in down)
        return up[: up.index(common) + 1] + down[: down.index(common)][::-1]

    def distance(self, joint: int, place: Float[np.ndarray, "f 3"]) -> float:
        return float(np.median(np.linalg.norm(self.positions[:, joint] - place, axis=-1)))

    def apart(self, joint: int, other: int) -> bool:
        way = self.positions[:, joint] - self.positions[:, other]
        return float(np.median(np.linalg.norm(way, axis=-1))) > 1e-3 * self.size
