"""Trees of joints, against smpl22's and against all trees of few joints."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joint_people import array_of, person

from motext_jax.motion.joint_tree import parents_first, rooted, spanning_tree, tree_of
from motext_jax.skeleton import SMPL22

LIMBS = [
    {f"{side}_{one}", f"{side}_{other}"}
    for side in ("left", "right")
    for one, other in (
        ("hip", "knee"), ("knee", "ankle"), ("ankle", "foot"),
        ("shoulder", "elbow"), ("elbow", "wrist"),
    )
]  # fmt: skip


@given(seed=st.integers(0, 1000), noise=st.sampled_from([0.0, 1e-4, 0.005]))
@settings(derandomize=True, deadline=None, max_examples=30)
def test_limbs_are_found_without_names(seed, noise):
    """Whatever moves against its neighbour is joined as the body is."""
    order = np.random.default_rng(seed).permutation(22)
    joints = [SMPL22.joints[joint] for joint in order]
    positions = array_of(person(seed=seed, frames=80), joints)
    positions += np.random.default_rng(seed).normal(0, noise, positions.shape)
    edges = [{joints[one], joints[other]} for one, other in spanning_tree(positions)]
    assert len(edges) == 21
    assert all(limb in edges for limb in LIMBS)


def test_the_tree_is_the_least_of_all():
    """The first of the 125 trees of five points in the order of their costs."""
    positions = np.random.default_rng(0).normal(size=(20, 5, 3)) * 1e-3
    positions += np.random.default_rng(1).normal(size=(5, 3))
    distances = np.linalg.norm(positions[:, :, None] - positions[:, None], axis=-1)
    changes, lengths = distances.std(axis=0), distances.mean(axis=0)
    pairs = list(itertools.combinations(range(5), 2))
    trees = [tree for tree in itertools.combinations(pairs, 4) if _joined(tree)]
    assert len(trees) == 125

    def least(costs):
        return min(trees, key=lambda tree: sum(costs[pair] for pair in tree))

    first = least(changes)
    noise = np.median([changes[pair] for pair in first])
    length = np.median([lengths[pair] for pair in first])
    expected = least(changes + (3 * noise / length + 1e-4) * lengths)
    assert {frozenset(edge) for edge in spanning_tree(positions)} == set(map(frozenset, expected))


def _joined(tree):
    reached = {0}
    for _ in tree:
        reached |= {end for edge in tree if reached & set(edge) for end in edge}
    return len(reached) == 5


def test_names_make_the_tree_and_what_has_no_name_joins_it():
    names = {"pelvis": "Hips", "left_hip": "LeftUpLeg", "left_knee": "LeftLeg"}
    names |= {"left_ankle": "LeftFoot", "right_hip": "RightUpLeg", "right_knee": "RightLeg"}
    names |= {"right_ankle": "RightFoot", "spine3": "Spine2", "head": "Head"}
    names |= {"left_shoulder": "LeftArm", "left_elbow": "LeftForeArm", "left_wrist": "LeftHand"}
    names |= {"left_hand": "Prop"}
    joints = list(names.values())
    parents = tree_of(joints, array_of(person(), list(names)))
    assert {joint: parents[joints.index(joint)] for joint in joints} == {
        joint: joints.index(parent) if parent else -1
        for joint, parent in {
            "Hips": None, "LeftUpLeg": "Hips", "LeftLeg": "LeftUpLeg", "LeftFoot": "LeftLeg",
            "RightUpLeg": "Hips", "RightLeg": "RightUpLeg", "RightFoot": "RightLeg",
            "Spine2": "Hips", "Head": "Spine2", "LeftArm": "Spine2", "LeftForeArm": "LeftArm",
            "LeftHand": "LeftForeArm", "Prop": "LeftHand",
        }.items()
    }  # fmt: skip


def test_known_bones_and_root_stay():
    positions = array_of(person(), SMPL22.joints)
    edges = [(joint, parent) for joint, parent in enumerate(SMPL22.parents) if parent >= 0]
    assert tree_of(SMPL22.joints, positions, edges, 0) == SMPL22.parents
    # In another tree they stay, too.
    twisted = [(joint, 0) for joint in range(1, 22)]
    assert tree_of(SMPL22.joints, positions, twisted, 0) == (-1, *[0] * 21)


def test_one_frame_has_a_tree():
    assert tree_of(["a", "b", "c"], np.eye(3)[None].astype(np.float32)).count(-1) == 1
    assert tree_of(["a", "b", "c"], np.zeros((5, 3, 3), np.float32)).count(-1) == 1


@given(st.data())
@settings(derandomize=True, deadline=None, max_examples=60)
def test_parents_come_first(data):
    """Any tree under any numbering."""
    count = data.draw(st.integers(1, 12))
    edges = [(joint, data.draw(st.integers(0, joint - 1))) for joint in range(1, count)]
    order = data.draw(st.permutations(range(count)))
    edges = [(order[one], order[other]) for one, other in edges]
    root = data.draw(st.integers(0, count - 1))
    parents = rooted(edges, count, root)
    assert [joint for joint in range(count) if parents[joint] < 0] == [root]
    assert {frozenset((joint, parents[joint])) for joint in range(count) if joint != root} == set(
        map(frozenset, edges)
    )
    first = parents_first(parents).tolist()
    assert sorted(first) == list(range(count))
    assert all(
        parent < 0 or first.index(parent) < first.index(joint)
        for joint, parent in enumerate(parents)
    )


@pytest.mark.parametrize("parents", [(-1, 0, 1, 2), SMPL22.parents])
def test_an_order_that_serves_is_kept(parents):
    assert parents_first(parents).tolist() == list(range(len(parents)))
