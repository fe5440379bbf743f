"""Layouts, against the orders that their publishers print."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joint_people import array_of, person
from scipy.spatial.transform import Rotation

from motext_jax.errors import InputError
from motext_jax.motion.joint_layouts import LAYOUTS, layout_of, misfit, named_layout, without_unseen
from motext_jax.motion.joint_names import plain_joints
from motext_jax.skeleton import KIT21, SMPL22

# The publishers' own order in our joints' names; "+" is half way between two of a person's.
ORDERS = {
    # HipCenter, Spine, ShoulderCenter, Head, left arm, right arm, left leg, right leg.
    "Kinect's 20 joints": """pelvis spine1 neck head left_shoulder left_elbow left_wrist left_hand
        right_shoulder right_elbow right_wrist right_hand left_hip left_knee left_ankle left_foot
        right_hip right_knee right_ankle right_foot""",
    # Table 2 of Shahroudy et al. 2016.
    "NTU's 25 joints": """pelvis spine1 neck head left_shoulder left_elbow left_wrist left_hand
        right_shoulder right_elbow right_wrist right_hand left_hip left_knee left_ankle left_foot
        right_hip right_knee right_ankle right_foot spine3 left_hand_tip left_thumb right_hand_tip
        right_thumb""",
    # Hip, RHip, RKnee, RFoot, LHip, LKnee, LFoot, Spine, Thorax, Neck/Nose, Head, left arm, right.
    "Human3.6M's 17 joints": """pelvis right_hip right_knee right_ankle left_hip left_knee
        left_ankle spine2 neck head head_top left_shoulder left_elbow left_wrist right_shoulder
        right_elbow right_wrist""",
    # nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; the left before the right.
    "COCO's 17 joints": """nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder
        left_elbow right_elbow left_wrist right_wrist left_hip right_hip left_knee right_knee
        left_ankle right_ankle""",
    # Nose, Neck, right arm, left arm, MidHip, right leg, left leg, REye, LEye, REar, LEar, LBigToe,
    # LSmallToe, LHeel, RBigToe, RSmallToe, RHeel.
    "OpenPose's 25 joints": """nose left_shoulder+right_shoulder right_shoulder right_elbow
        right_wrist left_shoulder left_elbow left_wrist left_hip+right_hip right_hip right_knee
        right_ankle left_hip left_knee left_ankle right_eye left_eye right_ear left_ear left_foot
        left_small_toe left_heel right_foot right_small_toe right_heel""",
    "MediaPipe's 33 joints": """nose left_eye left_eye left_eye right_eye right_eye right_eye
        left_ear right_ear nose nose left_shoulder right_shoulder left_elbow right_elbow left_wrist
        right_wrist left_hand right_hand left_hand right_hand left_thumb right_thumb left_hip
        right_hip left_knee right_knee left_ankle right_ankle left_heel right_heel left_foot
        right_foot""",
    # PELVIS, SPINE_NAVEL, SPINE_CHEST, NECK, CLAVICLE_LEFT ... THUMB_LEFT, the right arm, the left
    # leg, the right leg, HEAD, NOSE, EYE_LEFT, EAR_LEFT, EYE_RIGHT, EAR_RIGHT.
    "Azure Kinect's 32 joints": """pelvis spine1 spine3 neck left_collar left_shoulder left_elbow
        left_wrist left_hand left_hand_tip left_thumb right_collar right_shoulder right_elbow
        right_wrist right_hand right_hand_tip right_thumb left_hip left_knee left_ankle left_foot
        right_hip right_knee right_ankle right_foot head nose left_eye left_ear right_eye
        right_ear""",
    "SMPL's 22 joints": " ".join(SMPL22.joints),
    "SMPL's 24 joints": " ".join((*SMPL22.joints, "left_hand", "right_hand")),
    "SMPL+H's 52 joints": " ".join((*SMPL22.joints, *["left_hand"] * 15, *["right_hand"] * 15)),
    "SMPL-X's 55 joints": " ".join(
        (*SMPL22.joints, "nose", "left_eye", "right_eye", *["left_hand"] * 15, *["right_hand"] * 15)
    ),
    "KIT-ML's 21 joints": " ".join(KIT21.joints),
}


LEG = ("hip", "knee", "ankle", "foot")
ARM = ("collar", "shoulder", "elbow", "wrist")


def test_every_layout_is_compared():
    assert {layout.name for layout in LAYOUTS} == set(ORDERS)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_is_a_tree_of_distinct_joints(layout):
    joints = layout.all_joints
    assert len(set(joints)) == len(joints)
    assert set(layout.tree) == {*joints} - {"pelvis"}
    for joint in range(len(joints)):
        steps = 0
        while layout.parents[joint] >= 0:
            joint, steps = layout.parents[joint], steps + 1
            assert steps < 15
    # The legs, the arms and the trunk of smpl22 are found by their names.
    needed = {"pelvis", "neck", "left_hip", "right_knee", "left_ankle", "right_wrist"}
    assert needed <= set(plain_joints(joints))


@given(
    name=st.sampled_from(sorted(ORDERS)),
    seed=st.integers(0, 1000),
    scale=st.floats(0.01, 1000),
    turn=st.tuples(*[st.floats(-3, 3)] * 3),
    noise=st.sampled_from([0.0, 0.005, 0.015]),
)
@settings(derandomize=True, deadline=None, max_examples=100)
def test_a_layout_is_recognised_in_any_unit_and_axes(name, seed, scale, turn, noise):
    """Joints are where the publisher's order says, whatever else has as many joints."""
    places = person(seed=seed)
    order = ORDERS[name].split()
    positions = array_of(places, order)
    positions = positions + np.random.default_rng(seed).normal(0, noise, positions.shape)
    positions = Rotation.from_rotvec(turn).apply(positions.reshape(-1, 3)).reshape(positions.shape)
    layout = layout_of("a.npy", scale * positions)
    assert layout.name == name
    for ours, theirs in zip(layout.joints, order, strict=True):
        if theirs in layout.joints and order.count(theirs) == 1:
            assert ours == theirs


def test_a_body_in_another_order_is_refused():
    """LaFAN1's 22 joints are not smpl22's, and two readings that fit alike are none."""
    legs = [f"{side}_{part}" for side in ("left", "right") for part in LEG]
    arms = [f"{side}_{part}" for side in ("left", "right") for part in ARM]
    order = ["pelvis", *legs, "spine1", "spine2", "spine3", "neck", "head", *arms]
    sentence = r"a\.npy: 22 joints, whose distances .* of a person in SMPL's 22 joints; name them"
    with pytest.raises(InputError, match=sentence):
        layout_of("a.npy", array_of(person(), order))
    sentence = "17 joints, .*Human3.6M's 17 joints or COCO's 17 joints"
    for positions in (np.random.default_rng(0).normal(size=(9, 17, 3)), np.zeros((9, 17, 3))):
        with pytest.raises(InputError, match=sentence):
            layout_of("a.npy", positions)


def test_other_numbers_of_joints_have_no_layout():
    assert layout_of("a.npy", np.zeros((2, 19, 3))) is None


def test_misfit_is_that_of_lengths():
    """By hand: of ten lengths, one is e times too long, then one changes by a third."""
    places = person()
    positions = array_of(places, SMPL22.joints)
    assert misfit(SMPL22.joints, positions) < 0.05
    knee, ankle = SMPL22.index("left_knee"), SMPL22.index("left_ankle")
    longer = positions.copy()
    longer[:, ankle] = positions[:, knee] + np.e * (positions[:, ankle] - positions[:, knee])
    # The foot's length is not among the ten.
    assert misfit(SMPL22.joints, longer) == pytest.approx(
        misfit(SMPL22.joints, positions) + 0.1, abs=0.01
    )
    longer[::2, ankle] = positions[::2, knee] + 2 * (positions[::2, ankle] - positions[::2, knee])
    longer[1::2, ankle] = positions[1::2, knee] + positions[1::2, ankle] - positions[1::2, knee]
    # Lengths 1 and 2: their median is 1.5, from which each is 0.5 away, a third.
    assert misfit(SMPL22.joints, longer) == pytest.approx(
        misfit(SMPL22.joints, positions) + 0.1 * (np.log(1.5) + 1 / 3), abs=0.01
    )


def test_middles_are_half_way():
    layout = next(layout for layout in LAYOUTS if layout.name == "COCO's 17 joints")
    positions = array_of(person(), layout.joints)
    whole = layout.with_middles(positions)
    index = layout.all_joints.index
    hips = (whole[:, index("left_hip")] + whole[:, index("right_hip")]) / 2
    np.testing.assert_array_equal(whole[:, index("pelvis")], hips)
    np.testing.assert_array_equal(whole[:, :17], positions)


def test_names_in_any_order_and_spelling_are_a_layout():
    (layout,) = [layout for layout in LAYOUTS if layout.name == "COCO's 17 joints"]
    names = [joint.replace("_", " ").upper() for joint in reversed(layout.joints)]
    assert named_layout(names) is layout
    assert layout.order(names) == list(range(16, -1, -1))
    assert named_layout([*names[:-1], "tail"]) is None


def test_zeros_are_points_that_were_not_seen():
    positions = np.ones((4, 4, 3))
    positions[:, 0] = 0
    positions[1, 1] = 0
    positions[2] = 0

    def unseen(camera):
        return np.isnan(without_unseen(positions, camera)).all(axis=-1).astype(int).tolist()

    # One joint is the origin; another there was not seen by a camera, and all at once are padding.
    assert unseen(camera=True) == [[0, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]]
    # Elsewhere a joint may pass the origin, but not two at once.
    assert unseen(camera=False) == [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]]
    positions[1, 2] = 0
    assert unseen(camera=False)[1] == [0, 1, 1, 0]
    # Two that always are there were never seen.
    positions[:, 1] = 0
    assert [row[:2] for row in unseen(camera=True)] == [[1, 1]] * 4
