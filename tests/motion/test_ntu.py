"""NTU RGB+D's skeleton files, against the people that were written."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joint_people import array_of, person

from motext_jax.errors import InputError
from motext_jax.motion import files
from motext_jax.motion.ntu import read_recording

# Table 2 of Shahroudy et al. 2016, in our joints' names.
ORDER = [
    "pelvis", "spine1", "neck", "head",
    "left_shoulder", "left_elbow", "left_wrist", "left_hand",
    "right_shoulder", "right_elbow", "right_wrist", "right_hand",
    "left_hip", "left_knee", "left_ankle", "left_foot",
    "right_hip", "right_knee", "right_ankle", "right_foot", "spine3",
    "left_hand_tip", "left_thumb", "right_hand_tip", "right_thumb",
]  # fmt: skip
BODY = array_of(person(), ORDER) + np.array([0, -0.9, 3])


def skeleton_file(frames):
    """The text of a file; of each frame the bodies, by number, and of each its joints."""
    lines = [str(len(frames))]
    for bodies in frames:
        lines.append(str(len(bodies)))
        for number, joints in bodies.items():
            lines += [f"{number} 0 1 1 0 0 0 0.02 -0.1 2", str(len(joints))]
            for place in joints:
                x, y, z, state = (*place, 2) if len(place) == 3 else place
                lines.append(
                    f"{x:.7g} {y:.7g} {z:.7g} 264.3 171.8 985.2 456.3 0.1 0.2 0.3 0.4 {state}"
                )
    return "\r\n".join(lines) + "\r\n"


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "S001.skeleton").write_text(text)
        return tmp_path / "S001.skeleton"

    return write


def by_name(recording):
    return {joint: recording.positions[:, n] for n, joint in enumerate(recording.joints)}


def check(recording, body):
    found = by_name(recording)
    for number, joint in enumerate(ORDER):
        np.testing.assert_allclose(found[joint], body[:, number], atol=1e-5)


def test_a_body_comes_back(write):
    recording = files.read_recording(write(skeleton_file([{"72057": frame} for frame in BODY])))
    check(recording, BODY)
    assert (recording.fps, recording.metres_per_unit, recording.up) == (30, 1, 1)
    assert (recording.name, recording.joints[0]) == ("S001.skeleton", "pelvis")
    assert all(parent < joint for joint, parent in enumerate(recording.parents))
    names = {
        joint: recording.joints[parent]
        for joint, parent in zip(recording.joints, recording.parents, strict=True)
    }
    assert (names["neck"], names["left_shoulder"], names["left_ankle"]) == (
        "spine3", "spine3", "left_knee",
    )  # fmt: skip


def test_of_several_bodies_the_one_that_moves_is_read(write):
    """One stands still for the whole file, a chair flickers for a while, the third one moves."""
    frames = []
    for number, frame in enumerate(BODY):
        bodies = {"1": BODY[0] + 1}
        if 4 <= number < 20:
            bodies["2"] = BODY[0] + (number % 2) * 5
        frames.append(bodies | {"3": frame})
    check(read_recording(write(skeleton_file(frames))), BODY)


def test_frames_and_joints_that_were_not_seen_are_interpolated(write):
    frames = [{"1": [(*place, 2) for place in frame]} for frame in BODY]
    frames[10] = {}
    frames[20]["1"][7] = (5.0, 5.0, 5.0, 0)
    frames[20]["1"][6] = (0.0, 0.0, 0.0, 1)
    expected = BODY.copy()
    expected[10] = (BODY[9] + BODY[11]) / 2
    expected[20, 7] = (BODY[19, 7] + BODY[21, 7]) / 2
    expected[20, 6] = (BODY[19, 6] + BODY[21, 6]) / 2
    check(read_recording(write(skeleton_file(frames))), expected)


def test_frames_after_the_body_has_left_are_left_out(write):
    recording = read_recording(write(skeleton_file([*({"1": f} for f in BODY), *[{}] * 100])))
    check(recording, BODY)


WHOLE = skeleton_file([{"1": frame} for frame in BODY[:3]])
LINES = WHOLE.split("\r\n")


def changed(number, line):
    return "\n".join([*LINES[: number - 1], line, *LINES[number:]])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        ("0\n", "no body in any of 0 frames"),
        ("HIERARCHY\n", "line 1: found 'HIERARCHY', expected a number of frames"),
        (skeleton_file([{}] * 5), "no body in any of 5 frames"),
        (skeleton_file([{}]), "no body in any of 1 frame$"),
        (changed(1, "9999999999"), "line 1: found '9999999999', expected a number of frames"),
        (changed(1, "200000"), "found the end of the file, expected a number of bodies"),
        (changed(1, "200001"), "line 1: found '200001', expected a number of frames, up to"),
        (changed(1, "2"), "line 58: found '1', expected the end of the file after 2 frames"),
        (changed(2, "7"), "line 2: found '7', expected a number of bodies, up to 6"),
        (changed(3, "1 2 3"), "line 3: found '1 2 3', expected ten values about a body"),
        (changed(4, "26"), "line 4: found '26', expected a number of joints, up to 25"),
        (changed(4, "20"), "line 4: .*expected 25 joints"),
        (changed(5, "1 2 3"), "line 5: found '1 2 3', expected twelve values of a joint"),
        (changed(5, "nan 0 0 1 1 1 1 0 0 0 1 2"), "line 5: found 'nan', expected a coordinate"),
        (changed(5, "0 1e9 0 1 1 1 1 0 0 0 1 2"), "line 5: found '1e9', expected a coordinate"),
        ("\n".join(LINES[:40]), "line 40: found the end of the file, expected"),
        (skeleton_file([{"1": BODY[0]}, *[{}] * 9, {"1": BODY[1]}]), "is in 2 of 11 frames"),
        (skeleton_file([{"1": 0 * BODY[0]}] * 5), "no joint has a position in any of 5 frames"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(write, text, sentence):
    with pytest.raises(InputError, match=r"S001\.skeleton.*" + sentence):
        read_recording(write(text))


def test_many_empty_frames_take_no_memory(write):
    """A frame without a body is three bytes; an array of it would be three hundred."""
    frames = 4_000
    path = write(skeleton_file([{"1": BODY[0]}, *[{}] * (frames - 2), {"1": BODY[1]}]))
    tracemalloc.start()
    with pytest.raises(InputError, match="is in 2 of 4,000 frames"):
        read_recording(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * frames


@given(start=st.integers(0, len(WHOLE) - 1), patch=st.binary(max_size=8), cut=st.integers(0, 40))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_damaged_bytes_are_a_recording_or_refused(tmp_path_factory, start, patch, cut):
    path = tmp_path_factory.mktemp("damaged") / "a.skeleton"
    whole = WHOLE.encode()
    path.write_bytes(whole[:start] + patch + whole[start + cut :])
    try:
        recording = read_recording(path)
    except InputError:
        return
    assert np.isfinite(recording.positions).all()
    assert recording.positions.shape[0] <= 3
