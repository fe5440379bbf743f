"""Arrays of joints from files, against the people that were written."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from joint_people import array_of, person

from motext_jax.errors import InputError
from motext_jax.motion import files
from motext_jax.motion.joint_array import read_recording
from motext_jax.motion.joint_layouts import LAYOUTS
from motext_jax.skeleton import SMPL22

PEOPLE = person()
BODY = array_of(PEOPLE, SMPL22.joints).astype(np.float32)
OPENPOSE = next(layout for layout in LAYOUTS if layout.name.startswith("OpenPose")).joints
SEEN = array_of(
    PEOPLE | {"neck": (PEOPLE["left_shoulder"] + PEOPLE["right_shoulder"]) / 2}, OPENPOSE
).astype(np.float32)


@pytest.fixture
def write(tmp_path):
    def write(array=None, **arrays):
        if array is not None:
            np.save(tmp_path / "a.npy", array)
            return tmp_path / "a.npy"
        np.savez(tmp_path / "a.npz", **arrays)
        return tmp_path / "a.npz"

    return write


def by_name(recording):
    return {joint: recording.positions[:, n] for n, joint in enumerate(recording.joints)}


def check(recording):
    """A recording of a whole tree of finite positions, each parent before its children."""
    assert len(recording.joints) == len(recording.parents) == recording.positions.shape[1]
    assert len(set(recording.joints)) == len(recording.joints)
    assert recording.parents[0] == -1
    assert all(0 <= parent < joint for joint, parent in enumerate(recording.parents) if joint)
    assert recording.positions.dtype == np.float32
    assert np.isfinite(recording.positions).all()


@pytest.mark.parametrize("change", [
    lambda body: body,
    lambda body: body.reshape(40, 66),
    lambda body: body[None],
    lambda body: body.astype(np.float64),
    lambda body: np.asfortranarray(body),
    lambda body: np.concatenate([body, np.ones((40, 22, 1), np.float32)], axis=2),
    lambda body: np.concatenate([body, np.zeros((9, 22, 3), np.float32)]),
    lambda body: np.concatenate([body, np.full((9, 22, 3), np.nan, np.float32)]),
])  # fmt: skip
def test_smpl22_in_any_shape(write, change):
    recording = read_recording(write(change(BODY)))
    np.testing.assert_array_equal(recording.positions, BODY)
    assert (recording.joints, recording.parents) == (SMPL22.joints, SMPL22.parents)
    assert (recording.fps, recording.metres_per_unit, recording.up) == (None, None, None)
    assert recording.name == "a.npy"


def test_whole_millimetres_are_read(write):
    millimetres = np.round(1000 * BODY).astype(np.int16)
    np.testing.assert_array_equal(read_recording(write(millimetres)).positions, millimetres)


def test_every_layout_comes_back_with_its_parents_first(write):
    recording = read_recording(write(SEEN))
    check(recording)
    found = by_name(recording)
    assert recording.joints[0] == "pelvis"
    for number, joint in enumerate(OPENPOSE):
        np.testing.assert_array_equal(found[joint], SEEN[:, number])
    ears = (PEOPLE["left_ear"] + PEOPLE["right_ear"]) / 2
    np.testing.assert_allclose(found["head"], ears, atol=1e-6)
    assert recording.joints[recording.parents[recording.joints.index("left_ankle")]] == "left_knee"


def test_points_that_were_not_seen_are_interpolated(write):
    damaged = SEEN.copy()
    damaged[10:13, 11] = 0
    damaged[20, 4] = np.nan
    found = by_name(read_recording(write(damaged)))
    ankle, wrist = found["right_ankle"], found["right_wrist"]
    for step in (1, 2, 3):
        between = (1 - step / 4) * SEEN[9, 11] + step / 4 * SEEN[13, 11]
        np.testing.assert_allclose(ankle[9 + step], between, atol=1e-6)
    np.testing.assert_allclose(wrist[20], (SEEN[19, 4] + SEEN[21, 4]) / 2, atol=1e-6)


def test_a_confidence_of_zero_means_missing(write):
    confidence = np.ones((40, 22))
    confidence[5, 20] = 0
    damaged = BODY.copy()
    damaged[5, 20] = 9
    expected = (BODY[4, 20] + BODY[6, 20]) / 2
    whole = np.concatenate([damaged, confidence[..., None]], axis=2)
    for path in (write(whole), write(keypoints3d=damaged, scores=confidence)):
        np.testing.assert_allclose(read_recording(path).positions[5, 20], expected, atol=1e-6)


def test_a_joint_that_was_never_seen_is_left_out(write):
    damaged = BODY.copy()
    damaged[:, SMPL22.index("left_collar")] = np.nan
    recording = read_recording(write(damaged))
    check(recording)
    assert "left_collar" not in recording.joints
    shoulder = recording.joints.index("left_shoulder")
    assert recording.joints[recording.parents[shoulder]] == "spine3"


def test_joints_that_are_seen_too_seldom_are_missed_only_where_they_are_needed(write):
    damaged = BODY.copy()
    damaged[5:30, SMPL22.index("left_foot")] = np.nan
    path = write(positions=damaged, names=np.array(SMPL22.joints), fps=30)
    assert files.read_motion(path).skeleton == SMPL22
    damaged[5:30, [SMPL22.index(f"{side}_knee") for side in ("left", "right")]] = np.nan
    damaged[5:30, [SMPL22.index(f"{side}_hip") for side in ("left", "right")]] = np.nan
    path = write(positions=damaged, names=np.array(SMPL22.joints), fps=30)
    with pytest.raises(InputError, match=r"no two legs .*\(missing too often: 'left_hip, "):
        files.read_motion(path)


@pytest.mark.parametrize(
    "name", ["fps", "framerate", "frame_rate", "mocap_framerate", "mocap_frame_rate"]
)
@pytest.mark.parametrize("held", ["positions", "joints", "arr_0", "anything"])
def test_an_archive_states_its_rate(write, name, held):
    recording = files.read_recording(write(**{held: BODY, name: np.array(25)}))
    np.testing.assert_array_equal(recording.positions, BODY)
    assert recording.fps == 25


def test_times_state_the_rate_and_the_frames_that_were_lost(write):
    kept = [frame for frame in range(40) if frame not in (7, 8)]
    recording = read_recording(write(positions=BODY[kept], time=np.arange(40)[kept] / 25))
    assert recording.fps == 25
    times = np.arange(40) / 25
    assert read_recording(write(positions=BODY, time=times, fps=np.array(24.5))).fps == 24.5
    assert len(recording.positions) == 40
    np.testing.assert_array_equal(recording.positions[kept], BODY[kept])
    np.testing.assert_allclose(recording.positions[7], (2 * BODY[6] + BODY[9]) / 3, atol=1e-6)


def test_names_in_the_file_name_the_joints(write):
    """Joints in another order, in Mixamo's words; the bones are told by the names."""
    names = {"left_ankle": "LeftFoot", "left_knee": "LeftLeg", "left_hip": "LeftUpLeg"}
    names |= {"right_ankle": "RightFoot", "right_knee": "RightLeg", "right_hip": "RightUpLeg"}
    names |= {"pelvis": "Hips", "spine1": "Spine", "head": "Head", "left_wrist": "LeftHand"}
    names |= {"left_elbow": "LeftForeArm", "left_shoulder": "LeftArm"}
    array = array_of(PEOPLE, list(names))
    for held in (np.array(list(names.values())), np.array([n.encode() for n in names.values()])):
        recording = read_recording(write(positions=array, joint_names=held))
        check(recording)
        assert set(recording.joints) == set(names.values())
        for joint, name in names.items():
            np.testing.assert_allclose(by_name(recording)[name], PEOPLE[joint], atol=1e-6)
        assert recording.joints[0] == "Hips"
        parent = recording.parents[recording.joints.index("LeftHand")]
        assert recording.joints[parent] == "LeftForeArm"
    np.save(tmp := write(array), array)
    given = read_recording(tmp, tuple(names.values()))
    assert given.joints == recording.joints


def test_parents_in_the_file_make_the_tree(write):
    names = np.array([f"j{joint}" for joint in range(22)])
    parents = np.array(SMPL22.parents)
    recording = read_recording(write(positions=BODY, joints=names, parents=parents))
    assert (recording.joints, recording.parents) == (tuple(names), SMPL22.parents)
    order = np.arange(22)[::-1]
    turned = np.where(parents[order] >= 0, 21 - parents[order], 21)
    recording = read_recording(write(positions=BODY[:, order], joints=names, parents=turned))
    check(recording)
    assert recording.joints[0] == "j21", "its own parent is the root"
    np.testing.assert_array_equal(by_name(recording)["j3"], BODY[:, 18])


def test_parents_help_where_the_joints_have_no_names(write):
    """SMPL's joints in another order, and in their own, with the tree of either order."""
    order = np.arange(22)[::-1]
    parents = np.array(SMPL22.parents)
    turned = np.where(parents[order] >= 0, 21 - parents[order], -1)
    recording = read_recording(write(positions=BODY[:, order], parents=turned))
    check(recording)
    assert recording.joints[0] == "joint21"
    recording = read_recording(write(positions=BODY, parents=parents))
    assert (recording.joints, recording.parents) == (SMPL22.joints, SMPL22.parents)
    # Joints that are named as a layout's, in another order, have its tree.
    names = np.array(SMPL22.joints)[order]
    recording = read_recording(write(positions=BODY[:, order], joints=names, parents=turned))
    assert (recording.joints, recording.parents) == (SMPL22.joints, SMPL22.parents)
    np.testing.assert_array_equal(recording.positions, BODY)


def test_any_other_body_has_a_tree_too(write):
    """19 joints without names: numbered, and joined by what keeps its length."""
    recording = read_recording(write(BODY[:, 3:]))
    check(recording)
    assert set(recording.joints) == {f"joint{number}" for number in range(19)}
    joined = {
        frozenset((recording.joints[joint], recording.joints[parent]))
        for joint, parent in enumerate(recording.parents)
        if parent >= 0
    }
    assert {"joint17", "joint15"} in joined, "left wrist and elbow"


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((40, 263)), r"a\.npy: shape \(40, 263\); expected \(frames, joints, 3\)"),
        (np.zeros((40, 22, 2)), r"shape \(40, 22, 2\)"),
        (np.zeros(40), r"shape \(40,\)"),
        (np.zeros((0, 22, 3)), "0 frames of 22 joints"),
        (np.zeros((0, 66)), "0 frames"),
        (np.zeros((3, 301, 3)), "3 frames of 301 joints; expected a frame at least, of 3 to 300"),
        (np.zeros((3, 2, 3)), "3 frames of 2 joints"),
        (np.zeros((1, 2, 3)), "1 frame of 2 joints"),
        (np.zeros((3, 1, 3)), "3 frames of 1 joint;"),
        (np.full((3, 22, 3), "x"), "type text; expected numbers"),
        (np.zeros((3, 22, 3), bool), "type bool; expected numbers"),
        (np.where(BODY > 1.3, np.inf, BODY), r"inf in frame 0; expected coordinates up to"),
        (1e39 * BODY.astype(np.float64), r"9.5e\+38 in frame 0; expected .* up to 1,000,000"),
        (np.full((3, 22, 3), np.iinfo(np.int64).min), r"-9\.22337e\+18 in frame 0"),
        (np.full((3, 22, 3), np.nan), "no joint has a position in any of 3 frames"),
        (np.full((3, 19, 3), 1.0), "all joints are in one place"),
        (np.random.default_rng(0).normal(size=(60, 22, 3)), "distances are not those of a person"),
        (np.random.default_rng(0).normal(size=(60, 156)), "distances are not those of a person"),
        (np.random.default_rng(0).normal(size=(60, 19, 3)), "the distance changes by"),
        (np.random.default_rng(0).normal(size=(60, 22, 4)), "as the confidence of joints"),
    ],
)  # fmt: skip
def test_what_is_no_body_is_named(write, array, sentence):
    with pytest.raises(InputError, match=sentence):
        read_recording(write(array))


RING = np.array([-1, 2, 1, *[0] * 19])


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"labels": np.zeros(3)}, r"found 'labels \(3,\)', expected an array of joint positions"),
        ({"words": np.array("x")}, "found no numbers"),
        ({"one": BODY, "other": BODY}, "found 'one, other', expected one array"),
        ({"positions": BODY, "joints": np.array(["a"])}, "1 names of 22 joints"),
        ({"positions": BODY, "joints": np.array(["a"] * 22)}, "joint 1 is called 'a'; expected a"),
        ({"positions": BODY, "joints": np.array([*"abcdefghijklmnopqrstu", "v" * 201])}, "joint 2"),
        ({"positions": BODY, "parents": np.zeros(21, int)}, "parents is .*; expected a tree of 22"),
        ({"positions": BODY, "parents": RING}, "expected a tree of 22 joints"),
        ({"positions": BODY, "parents": np.zeros(22)}, "parents is of type float64; expected a"),
        ({"positions": BODY, "parents": np.full(22, -1)}, "expected a tree of 22 joints"),
        ({"positions": BODY, "fps": np.array(1e-6)}, "fps is .*expected frames a second"),
        ({"positions": BODY, "time": np.zeros(40)}, "time 0 in frame 1; expected rising times"),
        ({"positions": BODY, "time": np.array(["x"] * 40)}, "time is of type text; "),
        ({"positions": BODY, "fps": np.array([30, 60])}, r"fps is \[30, 60\]; expected frames"),
        ({"positions": BODY, "fps": np.array(b"30")}, "fps is a text; expected frames a second"),
        (
            {"joints": np.array([None], object)},
            "no numbers, .*; the file's 'joints' is a pickle of Python objects, .* never loaded",
        ),
        (
            {"positions": BODY, "joint_names": np.array(["a"] * 22, object), "fps": np.array(0)},
            "fps is 0; .*; the file's 'joint_names' is a pickle",
        ),
        ({"positions": BODY, "scores": np.full((40, 22), -1)}, "found -1 to -1 as the confidence"),
    ],
)  # fmt: skip
def test_what_is_wrong_beside_the_positions_is_named(write, arrays, sentence):
    with pytest.raises(InputError, match=r"a\.npz: .*" + sentence):
        read_recording(write(**arrays))


def test_amass_and_arrays_are_told_apart(write, tmp_path):
    arrays = {"poses": np.zeros((2, 156)), "trans": np.zeros((2, 3)), "betas": np.zeros(16)}
    assert files.read_recording(write(**arrays)).metres_per_unit == 1
    with pytest.raises(InputError, match="a body's shape alone"):
        files.read_recording(write(betas=np.zeros(16), gender=np.array("male")))
    assert files.read_recording(write(positions=BODY)).metres_per_unit is None
    (tmp_path / "a.npz").write_bytes(b"PK\x05\x06")
    with pytest.raises(InputError, match="not a whole npz archive"):
        files.read_recording(tmp_path / "a.npz")


@given(
    kind=st.sampled_from(["npy", "npz"]),
    place=st.floats(0, 1, exclude_max=True),
    head=st.booleans(),
    patch=st.binary(max_size=8),
    cut=st.integers(0, 8),
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_damaged_bytes_are_a_recording_or_refused(tmp_path_factory, kind, place, head, patch, cut):
    path = tmp_path_factory.mktemp("damaged") / f"a.{kind}"
    if kind == "npy":
        np.save(path, SEEN[:5])
    else:
        np.savez(path, positions=SEEN[:5], fps=np.array(30.0), joints=np.array(OPENPOSE))
    whole = path.read_bytes()
    start = int(place * (140 if head else len(whole)))
    path.write_bytes(whole[:start] + patch + whole[start + cut :])
    try:
        recording = read_recording(path)
    except InputError:
        return
    check(recording)


@given(
    array=npst.arrays(
        npst.floating_dtypes() | npst.integer_dtypes() | npst.boolean_dtypes(),
        st.tuples(st.integers(0, 3), st.sampled_from([3, 17, 22, 25]), st.sampled_from([3, 4])),
    )
)
@settings(derandomize=True, deadline=None, max_examples=100)
def test_any_numbers_are_a_recording_or_refused(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("numbers") / "a.npy"
    np.save(path, array)
    try:
        recording = read_recording(path)
    except InputError:
        return
    check(recording)
