"""Trees of joints for files that have positions and no tree."""

from collections.abc import Collection, Container, Sequence

import numpy as np
from jaxtyping import Float, Int

from motext_jax.motion.joint_names import plain_joints
from motext_jax.motion.recording import sampled
from motext_jax.skeleton import SMPL22

SAMPLES = 200
"""Frames that distances are compared in."""

# Of distances that change as little, the shorter is the bone. How little is told by the bones of
# the recording itself: next to nothing where they were computed, centimetres where a camera saw
# them. The second number is for bones that do not change at all.
SHORTNESS = (3.0, 1e-4)

Edge = tuple[int, int]


def tree_of(
    joints: Sequence[str],
    positions: Float[np.ndarray, "t v 3"],
    known: Sequence[Edge] = (),
    root: int | None = None,
) -> tuple[int, ...]:
    """A tree of all joints: what is known, what names tell, and the bones that change least.

    Args:
      joints: the joints' names. Those of smpl22, in any convention, are joined as smpl22's are.
      positions: in any unit.
      known: bones that are there, in any direction; names are then not asked.
      root: the root; None for the pelvis, or the middle of the tree where names tell none.

    Returns:
      Each joint's parent, -1 for the root.
    """
    placed = {} if known else plain_joints(joints)
    edges = list(known) or _edges_by_name(placed)
    edges = spanning_tree(positions, edges)
    if root is None:
        middle = centre(rooted(edges, len(joints), 0))
        root = placed.get("pelvis", middle)
    return rooted(edges, len(joints), root)


def spanning_tree(
    positions: Float[np.ndarray, "t v 3"], known: Collection[Edge] = ()
) -> list[Edge]:
    """The tree whose distances change least over time, with all known edges that close no ring.

    A body's bones keep their lengths, and nothing else does. Of distances that change about as
    little as the bones do, the shorter ones are taken.
    """
    changes, lengths = _distances(positions)
    edges = _least(changes, known)
    ends = np.array(edges).T
    noise, length = np.median(changes[*ends]), max(np.median(lengths[*ends]), 1e-30)
    shortness = SHORTNESS[0] * noise / length + SHORTNESS[1]
    return _least(changes + shortness * lengths, known)


def _least(costs: Float[np.ndarray, "v v"], known: Collection[Edge]) -> list[Edge]:
    """The minimum spanning tree with all known edges that close no ring (Kruskal 1956)."""
    count = len(costs)
    groups = list(range(count))
    edges: list[Edge] = []

    def join(one: int, other: int) -> None:
        if groups[one] != groups[other]:
            old, new = groups[one], groups[other]
            groups[:] = [new if group == old else group for group in groups]
            edges.append((one, other))

    for one, other in known:
        join(one, other)
    ones, others = np.triu_indices(count, 1)
    order = np.argsort(costs[ones, others], kind="stable")
    for one, other in zip(ones[order].tolist(), others[order].tolist(), strict=True):
        if len(edges) == count - 1:
            break
        join(one, other)
    return edges


def rooted(edges: Collection[Edge], count: int, root: int) -> tuple[int, ...]:
    """Each joint's parent in a tree of `count` joints, -1 for the root."""
    neighbours = _neighbours(edges, count)
    parents = [-1] * count
    waiting = [root]
    while waiting:
        joint = waiting.pop()
        for neighbour in neighbours[joint]:
            if neighbour != parents[joint]:
                parents[neighbour] = joint
                waiting.append(neighbour)
    return tuple(parents)


def parents_first(parents: Sequence[int]) -> Int[np.ndarray, "v"]:
    """An order of a tree's joints with each after its parent, and near to the given one."""
    done: dict[int, None] = {}
    for joint in range(len(parents)):
        lineage = []
        while joint >= 0 and joint not in done:
            lineage.append(joint)
            joint = parents[joint]
        done |= dict.fromkeys(reversed(lineage))
    return np.array(list(done), int)


def _edges_by_name(placed: dict[str, int]) -> list[Edge]:
    """The bones of smpl22 between joints that are there; a joint between may be absent."""
    above = {joint: parent_among(joint, placed) for joint in placed}
    return [(placed[joint], placed[parent]) for joint, parent in above.items() if parent]


def parent_among(joint: str, there: Container[str]) -> str:
    """The nearest of smpl22's joints above one that is there; empty for none."""
    above = SMPL22.parents[SMPL22.index(joint)]
    while above >= 0 and SMPL22.joints[above] not in there:
        above = SMPL22.parents[above]
    return SMPL22.joints[above] if above >= 0 else ""


def _distances(
    positions: Float[np.ndarray, "t v 3"],
) -> tuple[Float[np.ndarray, "v v"], Float[np.ndarray, "v v"]]:
    """The standard deviation over time and the mean of the distance of each two joints."""
    frames = sampled(positions, SAMPLES)
    count = positions.shape[1]
    total, squares = np.zeros((count, count)), np.zeros((count, count))
    # A frame at a time: all distances of all frames would take much memory.
    for frame in frames:
        distances = np.linalg.norm(frame[:, None] - frame, axis=-1)
        total += distances
        squares += distances**2
    mean = total / len(frames)
    return np.sqrt(np.maximum(squares / len(frames) - mean**2, 0)), mean


def _neighbours(edges: Collection[Edge], count: int) -> list[list[int]]:
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for one, other in edges:
        neighbours[one].append(other)
        neighbours[other].append(one)
    return neighbours


def centre(parents: Sequence[int]) -> int:
    """The joint around which no branch of a tree holds more than half of the joints."""
    sizes = [1] * len(parents)
    for joint in parents_first(parents)[:0:-1].tolist():
        sizes[parents[joint]] += sizes[joint]
    # Of the branches that hold half of the joints, each within the one before, the smallest.
    return min((size, joint) for joint, size in enumerate(sizes) if 2 * size >= len(parents))[1]
