"""A person's legs and arms in a skeleton, told by words in names, or by the tree and the pose.

By the pose they are two pairs of equal chains, of which one hangs away from the other: the legs.
Which joint of a limb is the knee or the elbow is told by proportions, whatever its name.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.motion.bone_tree import ALIKE, BoneTree
from motext_jax.motion.joint_names import ARM, LEG, Label, joint_words, labels
from motext_jax.motion.kinematics import unit

LIMBS = {
    LEG: ("hip", "knee", "ankle"),
    ARM: ("shoulder", "elbow", "wrist"),
}
"""The joints at which a limb begins, bends and ends."""

# Shares of a limb's length, from its beginning to its end: the lower bone over the upper one, the
# way from the trunk's joint, and what follows, a foot or a hand.
_EXPECTED = {LEG: (1.05, 0.15, 0.25), ARM: (0.85, 0.40, 0.35)}

# How far people and the ways of placing joints differ in the first of these, as a logarithm.
_SPREAD = 0.2

NAMED, BRANCHING, STRAIGHT = 0.3, 0.25, 0.3
"""Differences in proportions that weigh as much as a joint's name, as the fingers that part at the
wrist, and as a knee or an elbow that never bends while another joint of the limb does."""

_STIFF = 0.05
"""The bend of a joint, in radians, that rounding and sensors make up."""

WORST_LIMB = 0.8
"""The most that a limb's proportions may differ from a person's, in logarithms and shares."""

AWAY = 0.3
"""Cosine between the legs and the way from the shoulders to the hips, the least of a person."""

MOST_CHAINS = 6
"""Chains from one joint that are looked at."""

LONG_LEGS = 1.1
"""A person's legs over the trunk and over the arms, at the least; those of adults are 1.5."""


@dataclasses.dataclass(frozen=True)
class Limb:
    """A chain of joints from the trunk outwards.

    Attributes:
      base: the trunk's joint that it hangs from.
      chain: its joints, the first of which hangs from `base`.
      at: places in `chain` of its beginning, its bend and its end.
      cost: how much its proportions differ from a person's.
    """

    base: int
    chain: tuple[int, ...]
    at: tuple[int, int, int]
    cost: float

    @property
    def joints(self) -> tuple[int, ...]:
        """Hip, knee and ankle, or shoulder, elbow and wrist."""
        return tuple(self.chain[place] for place in self.at)


Pair = tuple[Limb, Limb]


def limbs_by_names(tree: BoneTree) -> dict[str, Pair] | None:
    """Left and right legs and arms, told by words of the joints' names."""
    named = labels(tree.names)
    tops: dict[Label, int] = {}
    for label in itertools.product((LEG, ARM), ("left", "right")):
        # Handles for inverse kinematics and twisting bones have the limb's words as well.
        starts = [
            joint
            for joint, own in enumerate(named)
            if own == label and tree.parents[joint] >= 0 and named[tree.parents[joint]] != label
        ]
        if not starts:
            return None
        tops[label] = max(starts, key=lambda joint: tree.reach[joint])
    found: dict[Label, Limb] = {}
    for (kind, side), top in tops.items():
        twin = tops[kind, "left" if side == "right" else "right"]
        limb = _limb(tree, top, kind, twin)
        if limb is None:
            return None
        found[kind, side] = limb
    pairs = {kind: (found[kind, "left"], found[kind, "right"]) for kind in LIMBS}
    return pairs if _is_person(tree, pairs[LEG], pairs[ARM]) else None


def limbs_by_pose(tree: BoneTree) -> dict[str, Pair] | None:
    """Left and right legs and arms, told by the tree, the proportions and the pose."""
    best: tuple[float, dict[str, Pair]] | None = None
    legs, arms = (list(_equal_pairs(tree, kind)) for kind in (LEG, ARM))
    for leg_pair, arm_pair in itertools.product(legs, arms):
        base, other = leg_pair[0].base, arm_pair[0].base
        inside = set(tree.ancestors(other)) & {limb.chain[0] for limb in leg_pair}
        outside = set(tree.ancestors(base)) & {limb.chain[0] for limb in arm_pair}
        if base == other or inside or outside:
            continue
        away = _away(tree, leg_pair, arm_pair)
        if away < AWAY:
            continue
        sizes = [_length(tree, pair) for pair in (leg_pair, arm_pair)]
        cost = sum(limb.cost for limb in (*leg_pair, *arm_pair)) / 2
        score = away - cost - abs(np.log(sizes[0] / sizes[1] / 1.55)) + np.log(sizes[0] * sizes[1])
        if best is None or score > best[0]:
            best = score, {LEG: leg_pair, ARM: arm_pair}
    return _sided(tree, best[1]) if best else None


def _limb(tree: BoneTree, start: int, kind: str, twin: int | None = None) -> Limb | None:
    """The limb that begins at a joint, if its proportions are near enough to a person's.

    Args:
      start: the joint.
      kind: `LEG` or `ARM`.
      twin: the joint at which the limb of the other side begins; where one bends, both do.
    """
    chain = tree.chain(start)
    bends = tree.bends(chain)
    other = tree.chain(start if twin is None else twin)
    if len(other) == len(chain):
        bends = np.maximum(bends, tree.bends(other))
    ways = np.cumsum(tree.lengths[list(chain)])
    whole = tree.lengths[start] + tree.reach[start]
    names = [joint_words(tree.names[joint]) for joint in chain]
    joints = LIMBS[kind]
    inner = [place for place, joint in enumerate(chain) if not tree.is_tip(joint)]
    best: Limb | None = None
    for at in itertools.combinations(inner, 3):
        first, bend, last = ways[list(at)]
        upper, lower = bend - first, last - bend
        if upper <= 0 or lower <= 0:
            continue
        ratio, base, rest = _EXPECTED[kind]
        length = upper + lower
        cost = max(abs(np.log(lower / upper / ratio)) - _SPREAD, 0.0)
        cost += 0.5 * (abs(first / length - base) + abs((whole - last) / length - rest))
        # A bone in two parts, which twists, is straight where they meet.
        cost += STRAIGHT * bool(bends[at[1]] < _STIFF < bends.max() / 4)
        named = sum(joint == names[place] for joint, place in zip(joints, at, strict=True))
        cost -= NAMED * named
        # The fingers part at the wrist.
        cost -= BRANCHING * (kind == ARM and len(tree.children[chain[at[2]]]) > 1)
        limb = Limb(tree.parents[start], chain, at, round(float(cost), 6))
        # Of joints at one place the innermost pair: it turns the two bones.
        if best is None or (limb.cost, -at[0], at[2]) < (best.cost, -best.at[0], best.at[2]):
            best = limb
    return best if best and best.cost <= WORST_LIMB else None


def _is_person(tree: BoneTree, legs: Pair, arms: Pair) -> bool:
    """False for an animal whose legs are named arms and legs: it never stands up.

    A person who crawls has legs that are longer than the trunk and than the arms.
    """
    if _away(tree, legs, arms) >= AWAY:
        return True
    leg, arm = _length(tree, legs), _length(tree, arms)
    way = np.linalg.norm(middle(tree, arms, 0) - middle(tree, legs, 0), axis=-1)
    return leg > LONG_LEGS * float(np.median(way)) and leg > LONG_LEGS * arm


def _equal_pairs(tree: BoneTree, kind: str) -> Iterator[Pair]:
    """Chains of equal length from the same joint."""
    for children in tree.children:
        long = [c for c in children if tree.lengths[c] + tree.reach[c] > 0.2 * tree.size]
        # Skirts and hair are many chains from one joint; limbs are of the longest.
        long = sorted(long, key=lambda c: -tree.lengths[c] - tree.reach[c])[:MOST_CHAINS]
        for one, other in itertools.combinations(long, 2):
            first, second = _limb(tree, one, kind, other), _limb(tree, other, kind, one)
            if first is None or second is None:
                continue
            sizes = [_length(tree, (limb,)) for limb in (first, second)]
            if abs(sizes[0] - sizes[1]) <= ALIKE * max(sizes):
                yield first, second


def _length(tree: BoneTree, limbs: Sequence[Limb]) -> float:
    """The mean length, from hip to ankle or from shoulder to wrist."""
    return float(
        np.mean(
            [
                tree.lengths[list(limb.chain[limb.at[0] + 1 : limb.at[2] + 1])].sum()
                for limb in limbs
            ]
        )
    )


def middle(tree: BoneTree, limbs: Pair, place: int) -> Float[np.ndarray, "f 3"]:
    """The point between a pair's beginnings (0), bends (1) or ends (2)."""
    return tree.positions[:, [limb.joints[place] for limb in limbs]].mean(axis=1)


def trunk(tree: BoneTree, legs: Pair, arms: Pair) -> Float[np.ndarray, "f 3"]:
    """The direction from the hips to the shoulders."""
    return unit(middle(tree, arms, 0) - middle(tree, legs, 0))


def _away(tree: BoneTree, legs: Pair, arms: Pair) -> float:
    """Cosine between the legs and the way from the shoulders to the hips, in the median."""
    leg = unit(middle(tree, legs, 2) - middle(tree, legs, 0))
    return float(np.median(-(leg * trunk(tree, legs, arms)).sum(-1)))


def front_of_leg(leg: Float[np.ndarray, "f 4 3"]) -> Float[np.ndarray, "f 3"]:
    """The way that a foot points and a knee bends, in thighs.

    Args:
      leg: hip, knee, ankle and the foot's tip.
    """
    hip, knee, ankle, tip = np.moveaxis(leg, 1, 0)
    length = np.median(np.linalg.norm(knee - hip, axis=-1))
    return (2 * (tip - ankle) + knee - (hip + ankle) / 2) / np.maximum(length, 1e-9)


def _sided(tree: BoneTree, pairs: dict[str, Pair]) -> dict[str, Pair]:
    """The same pairs, left first: told by the feet and the knees, which show the front."""
    up = trunk(tree, pairs[LEG], pairs[ARM])
    front = np.zeros_like(up)
    for limb in pairs[LEG]:
        front += front_of_leg(tree.positions[:, [*limb.joints, limb.chain[-1]]])
    left = np.cross(up, front)
    sided = {}
    for kind, (one, other) in pairs.items():
        across = tree.positions[:, one.joints[0]] - tree.positions[:, other.joints[0]]
        sided[kind] = (one, other) if (across * left).sum() >= 0 else (other, one)
    return sided
