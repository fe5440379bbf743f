import dataclasses

import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.skeleton import NTU21, NTU25, SKELETONS, SMPL22, Skeleton, rerooted

EVERY = pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=SKELETONS)


def test_ntu25_adjacency_is_the_official_one(golden):
    np.testing.assert_allclose(
        NTU25.adjacency(), golden("ctrgcn_ntu25_width16")["A"], rtol=0, atol=1e-6
    )


def test_adjacency_of_a_small_tree_by_hand():
    """A root 0 with the hub 1 above it, which bears 2 and 3."""
    tree = Skeleton("tree", ("root", "hub", "a", "b"), (-1, 0, 1, 1), ((2, 3),), hub=1)
    identity, inward, outward = tree.adjacency()
    np.testing.assert_array_equal(identity, np.eye(4))
    np.testing.assert_array_equal(inward, [[0, 0, 0, 0], [1, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]])
    np.testing.assert_allclose(
        outward, [[0, 1 / 3, 0, 0], [0, 0, 0, 0], [0, 1 / 3, 0, 0], [0, 1 / 3, 0, 0]]
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"joints": ("hips", *SMPL22.joints[1:])},
            "22 joints that differ from the first motion's",
        ),
        ({"parents": (-1, 0, 1, *SMPL22.parents[3:])}, "the first motion's joints in another tree"),
        ({"up": 2}, "z upwards, and the first motion y"),
    ],
)
def test_another_skeleton_is_refused_by_its_difference(change, says):
    with pytest.raises(InputError, match=f"^a.bvh has {says}.*; clips need one skeleton$"):
        SMPL22.require_same(dataclasses.replace(SMPL22, **change), "a.bvh")
    SMPL22.require_same(dataclasses.replace(SMPL22, name="another"), "a.bvh")


@EVERY
def test_a_skeleton_is_one_tree(skeleton):
    for joint in range(len(skeleton.joints)):
        path = [joint]
        while path[-1] != skeleton.root:
            path.append(skeleton.parents[path[-1]])
            assert len(path) <= len(skeleton.joints)
    assert len(skeleton.bones) == len(skeleton.joints) - 1
    assert skeleton.joints[skeleton.hub] == "spine3"


@EVERY
def test_mirror_exchanges_left_and_right_and_nothing_else(skeleton):
    for joint, other in enumerate(skeleton.mirror):
        name, other_name = skeleton.joints[joint], skeleton.joints[other]
        assert skeleton.mirror[other] == joint
        if name.startswith("left_"):
            assert other_name == name.replace("left", "right")
        elif not name.startswith("right_"):
            assert other == joint


@EVERY
def test_a_mirrored_bone_is_a_bone(skeleton):
    mirrored = {frozenset(skeleton.mirror[end] for end in bone) for bone in skeleton.bones}
    assert mirrored == {frozenset(bone) for bone in skeleton.bones}


@pytest.mark.parametrize(("up", "lateral"), [(0, 1), (1, 0), (2, 0)])
def test_the_lateral_axis_is_horizontal(up, lateral):
    assert Skeleton("dot", ("dot",), (-1,), (), hub=0, up=up).lateral == lateral


def test_smpl22_is_in_the_models_order():
    """SMPL's kinematic tree, as its model file lists it, without the hands."""
    assert SMPL22.parents == (
        *(-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8),
        *(9, 9, 9, 12, 13, 14, 16, 17, 18, 19),
    )
    assert SMPL22.joints[15] == "head"
    assert SMPL22.joints[20:] == ("left_wrist", "right_wrist")
    assert (SMPL22.up, SMPL22.lateral) == (1, 0)


def test_ntu21_is_ntu25_without_the_four_tips():
    assert len(NTU21.joints) == 21
    assert NTU21.joints == NTU25.joints[:21]
    assert not any(name.endswith("_tip") for name in NTU21.joints)
    assert len(NTU21.left_right_pairs) == len(NTU25.left_right_pairs) - 2 == 8
    assert (NTU21.up, NTU21.lateral) == (2, 0)


def test_rerooted_turns_only_the_path_between_the_roots():
    parents = (-1, 0, 1, 2, 1, 0)
    assert rerooted(parents, 0) == parents
    assert rerooted(parents, 2) == (1, 2, -1, 2, 1, 0)
    assert rerooted(rerooted(parents, 3), 0) == parents


@pytest.mark.parametrize(
    ("joints", "parents", "found"),
    [
        (("a", "b"), (-1,), "2 joints, 1 parents"),
        (("a", "b"), (-1, -1), "one root, found 2"),
        (("a", "b"), (1, 0), "one root, found 0"),
        (("a", "a"), (-1, 0), "same name"),
        (("a", "b", "c"), (-1, 2, 1), "its parents are no tree"),
        (("a", "b"), (-1, 2), "its parents are no tree"),
        (("a", "b"), (-1, -2), "its parents are no tree"),
    ],
)
def test_what_is_no_skeleton(joints, parents, found):
    with pytest.raises(ValueError, match=found):
        Skeleton("bad", joints, parents, (), hub=0)


@pytest.mark.parametrize(
    "change", [{"hub": 2}, {"hub": -1}, {"left_right_pairs": ((0, 2),)}, {"up": 3}]
)
def test_what_is_out_of_range(change):
    dot = Skeleton("two", ("a", "b"), (-1, 0), ((0, 1),), hub=1)
    with pytest.raises(ValueError, match="two: its hub, its pairs or its axis are out of range"):
        dataclasses.replace(dot, **change)


@pytest.mark.parametrize(
    "change", [{"parents": [-1, 0.0]}, {"hub": True}, {"joints": ["a", 1]}, {"up": None}]
)
def test_json_of_other_types_is_no_skeleton(change):
    tree = {"name": "two", "joints": ["a", "b"], "parents": [-1, 0], "hub": 1, "up": 1}
    tree["left_right_pairs"] = []
    assert Skeleton.from_dict(tree).hub == 1
    with pytest.raises(TypeError):
        Skeleton.from_dict({**tree, **change})
