import numpy as np
import pytest
from c3d_points import DEC, INTEL, MIPS, c3d
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.motion import files
from motext_jax.motion.c3d import read_markers, read_recording
from motext_jax.motion.marker_body import LEGS
from motext_jax.skeleton import SMPL22

# A person who stands and faces y, in millimetres, z up; the left side is at -x.
MARKERS = {
    "LASI": (-120, 100, 1000),
    "RASI": (120, 100, 1000),
    "LPSI": (-40, -60, 1000),
    "RPSI": (40, -60, 1000),
    "LKNE": (-150, 0, 500),
    "RKNE": (150, 0, 500),
    "LANK": (-130, 0, 80),
    "RANK": (130, 0, 80),
    "LTOE": (-110, 160, 30),
    "RTOE": (110, 160, 30),
    "C7": (0, -60, 1480),
    "T10": (0, -80, 1240),
    "CLAV": (0, 80, 1420),
    "STRN": (0, 100, 1280),
    "LSHO": (-180, 0, 1450),
    "RSHO": (180, 0, 1450),
    "LELB": (-440, 0, 1440),
    "RELB": (440, 0, 1440),
    "LWRA": (-700, 30, 1440),
    "LWRB": (-700, -30, 1440),
    "RWRA": (700, 30, 1440),
    "RWRB": (700, -30, 1440),
    "LFHD": (-70, 90, 1660),
    "RFHD": (70, 90, 1660),
    "LBHD": (-70, -90, 1660),
    "RBHD": (70, -90, 1660),
}
# By hand. The spines are 240 apart, and the line from the back to the front is level: the hips are
# (0.5 - 0.14) * 240 to the side, 0.22 * 240 behind the front and 0.30 * 240 below it.
BODY = {
    "pelvis": (0, 20, 1000),
    "left_hip": (-86.4, 47.2, 928),
    "right_hip": (86.4, 47.2, 928),
    "left_knee": (-150, 0, 500),
    "right_ankle": (130, 0, 80),
    "left_foot": (-110, 160, 30),
    "spine1": (0, 20 - 10 / 3, 1000 + 355 / 3),
    "spine2": (0, 20 - 20 / 3, 1000 + 710 / 3),
    "spine3": (0, 10, 1355),
    "neck": (0, 10, 1450),
    "head": (0, 0, 1660),
    "left_collar": (-90, 5, 1402.5),
    "left_shoulder": (-180, 0, 1450),
    "right_elbow": (440, 0, 1440),
    "right_wrist": (700, 0, 1440),
}


def recorded(points=MARKERS, frames=4, **options):
    """A person who is 10 further along y in every frame, as a file."""
    positions = np.tile(np.array(list(points.values()), float), (frames, 1, 1))
    positions[..., 1] += 10 * np.arange(frames)[:, None]
    return c3d(list(points), positions, **options)


@pytest.fixture
def read(tmp_path):
    """Writes a file and reads it."""

    def written(content, reader=read_recording):
        (tmp_path / "walk.c3d").write_bytes(content)
        return reader(tmp_path / "walk.c3d")

    return written


def test_the_markers_of_a_body_by_hand(read):
    recording = read(recorded())
    assert recording.name == "walk.c3d"
    assert recording.joints == SMPL22.joints
    assert recording.parents == SMPL22.parents
    assert (recording.fps, recording.metres_per_unit, recording.up) == (100, 0.001, None)
    for joint, place in BODY.items():
        found = recording.positions[:, SMPL22.index(joint)]
        expected = np.add(place, [[0, 10 * frame, 0] for frame in range(4)])
        np.testing.assert_allclose(found, expected, atol=1e-3, err_msg=joint)


def test_the_hips_turn_with_the_pelvis(read):
    """A body turned about all axes has its hips turned, and no other way."""
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    turned = {name: turn @ place for name, place in MARKERS.items()}
    recording = read(recorded(turned, frames=1))
    for joint in ("left_hip", "right_hip"):
        found = recording.positions[0, SMPL22.index(joint)]
        np.testing.assert_allclose(found, turn @ BODY[joint], atol=1e-3)


def test_posterior_spines_that_are_off_to_a_side_do_not_turn_the_hips(read):
    shifted = MARKERS | {name: np.add(MARKERS[name], (30, 0, 0)) for name in ("LPSI", "RPSI")}
    recording = read(recorded(shifted, frames=1))
    found = recording.positions[0, SMPL22.index("left_hip")]
    np.testing.assert_allclose(found, BODY["left_hip"], atol=1e-3)


@pytest.mark.parametrize("scale", [-1, 0.05], ids=["float", "whole"])
@pytest.mark.parametrize("processor", [INTEL, DEC, MIPS], ids=["Intel", "DEC", "MIPS"])
def test_the_numbers_of_all_processors(read, processor, scale):
    rng = np.random.default_rng(1)
    positions = np.round(rng.uniform(-1500, 1500, (5, 3, 3)) / 0.05) * 0.05
    positions[1, 2] = positions[3, 0] = np.nan
    content = c3d("abc", positions, processor, scale, analog=6, residual=1)
    found = read(content, read_markers)
    assert found.labels == ("a", "b", "c")
    assert (found.fps, found.unit) == (100, "mm")
    np.testing.assert_allclose(found.positions, positions, atol=1e-3)


def test_files_are_told_by_their_ending(tmp_path):
    (tmp_path / "WALK.C3D").write_bytes(recorded())
    assert files.read_recording(tmp_path / "WALK.C3D").joints == SMPL22.joints


def renamed(change):
    return {change(name): place for name, place in MARKERS.items()}


WAIST = {"LASI": "LFWT", "RASI": "RFWT", "LPSI": "LBWT", "RPSI": "RBWT"}
SACRUM = {name: place for name, place in MARKERS.items() if "PSI" not in name} | {
    "SACR": (0, -60, 1000)
}


@pytest.mark.parametrize(
    "points",
    [
        renamed("Subject 1:{}".format),
        renamed("Justin_{}".format),
        renamed(str.lower),
        renamed(lambda name: WAIST.get(name, name)),
        SACRUM,
        {"*0": (1, 2, 3)} | renamed("liu:{}".format) | {"LeftHip angles": (0, 0, 0)},
    ],
    ids=["subject", "prefix", "letter case", "CMU's waist", "sacrum", "other points"],
)
def test_other_ways_to_name_the_same_markers(read, points):
    recording = read(recorded(points))
    expected = read(recorded())
    assert recording.joints == expected.joints
    np.testing.assert_allclose(recording.positions, expected.positions, atol=1e-3)


def test_inner_markers_and_joint_centres(read):
    points = MARKERS | {"LKNM": (-50, 0, 500), "LMED": (-90, 0, 80), "LHJC": (-80, 1, 900)}
    recording = read(recorded(points, frames=1))
    expected = {"left_knee": (-100, 0, 500), "left_ankle": (-110, 0, 80), "left_hip": (-80, 1, 900)}
    for joint, place in (BODY | expected).items():
        found = recording.positions[0, SMPL22.index(joint)]
        np.testing.assert_allclose(found, place, atol=1e-3)


SIDES = ("left", "right")
CENTRES = {"HJC": "hip", "KJC": "knee", "AJC": "ankle", "SJC": "shoulder", "EJC": "elbow"}
MIXAMO = {
    **{"UpLeg": "hip", "Leg": "knee", "Foot": "ankle", "ToeBase": "foot"},
    **{"Arm": "shoulder", "ForeArm": "elbow", "Hand": "wrist", "Shoulder": "collar"},
}


@pytest.mark.parametrize(
    "names",
    [
        {f"{s[0].upper()}{name}": f"{s}_{CENTRES[name]}" for s in SIDES for name in CENTRES},
        {f"{s.title()}{name}": f"{s}_{MIXAMO[name]}" for s in SIDES for name in MIXAMO},
        {joint: joint for joint in SMPL22.joints},
        {joint: joint for joint in LEGS},
    ],
    ids=["centres", "Mixamo", "smpl22", "legs"],
)
def test_points_that_are_joints_are_taken_as_they_are(read, names):
    places = dict(zip(SMPL22.joints, np.random.default_rng(2).normal(size=(22, 3)), strict=True))
    points = {name: places[joint] for name, joint in names.items()}
    recording = read(recorded(points, frames=1))
    made = {"left_collar", "right_collar", "spine1", "spine2"}
    for name, joint in names.items():
        if joint not in made | {"pelvis"}:
            found = recording.positions[0, recording.joints.index(joint)]
            np.testing.assert_allclose(found, places[joint], atol=1e-5, err_msg=name)
    pelvis = (places["left_hip"] + places["right_hip"]) / 2
    np.testing.assert_allclose(recording.positions[0, 0], pelvis, atol=1e-5)
    assert recording.joints[0] == "pelvis"
    assert recording.parents[0] == -1
    # No toe: the point at the foot is the ankle's alone.
    assert ("left_foot" in recording.joints) == ("left_foot" in names.values())


def seen_but(frames, name="LKNE", total=100):
    """The person, with a marker out of sight in some frames."""
    positions = np.tile(np.array(list(MARKERS.values()), float), (total, 1, 1))
    positions[..., 1] += 10 * np.arange(total)[:, None]
    positions[frames, list(MARKERS).index(name)] = np.nan
    return c3d(list(MARKERS), positions)


def test_a_short_gap_is_a_straight_line(read):
    found = read(seen_but([0, 40, 41, 42, 99])).positions[:, SMPL22.index("left_knee")]
    expected = 10.0 * np.arange(100)
    expected[0], expected[99] = 10, 980
    np.testing.assert_allclose(found[:, 1], expected, atol=1e-3)


@pytest.mark.parametrize("value", [np.inf, -1e35, 0])
def test_what_is_no_position_at_all_counts_as_out_of_sight(read, value):
    """Infinity and numbers near it; three zeros, as some write what was not seen."""
    positions = np.tile(np.array(list(MARKERS.values()), float), (100, 1, 1))
    positions[50, list(MARKERS).index("LKNE")] = value
    found = read(c3d(list(MARKERS), positions)).positions[50, SMPL22.index("left_knee")]
    np.testing.assert_allclose(found, BODY["left_knee"], atol=1e-3)


@pytest.mark.parametrize(
    ("frames", "total", "sentence"),
    [
        (slice(0, 11), 100, "'LKNE' is out of sight in 11 of 100 frames, in 11 of them one after"),
        (slice(100, 151), 1000, "in 51 of 1,000 frames, in 51 .* at most 10% and 0.5 s"),
        (slice(None), 100, "in 100 of 100 frames"),
    ],
)
def test_a_long_gap_is_refused(read, frames, total, sentence):
    with pytest.raises(InputError, match=sentence):
        read(seen_but(frames, total=total))


def test_what_is_out_of_sight_for_long_is_done_without(read):
    """The head is the mean of the markers that are there."""
    found = read(seen_but(slice(None), "LFHD")).positions[0, SMPL22.index("head")]
    np.testing.assert_allclose(found, [0, -90, 1660], atol=1e-3)


@pytest.mark.parametrize(
    ("parameters", "fields"),
    [
        ([("POINT", "UNITS", "m ")], {"metres_per_unit": 1}),
        ([("POINT", "UNITS", "cm")], {"metres_per_unit": 0.01}),
        ([("POINT", "UNITS", "inch")], {"metres_per_unit": None}),
        ([("POINT", "UNITS", None)], {"metres_per_unit": None}),
        ([("POINT", "RATE", 59.94)], {"fps": pytest.approx(59.94)}),
        ([("POINT", "RATE", None)], {"fps": 100}),
        ([("POINT", "RATE", 0.0)], {"fps": None}),
        ([("POINT", "RATE", 1e9)], {"fps": None}),
        ([("POINT", "Y_SCREEN", "+Z")], {"up": 2}),
        ([("POINT", "Y_SCREEN", "+Y")], {"up": 1}),
        ([("POINT", "Y_SCREEN", "-Z")], {"up": None}),
        ([("POINT", "USED", None), ("POINT", "SCALE", None)], {"fps": 100}),
        ([("POINT", "FRAMES", 2)], {"frames": 2}),
        ([("POINT", "FRAMES", None)], {"frames": 4}),
        (
            [("TRIAL", "ACTUAL_START_FIELD", [2, 0]), ("TRIAL", "ACTUAL_END_FIELD", [4, 0])],
            {"frames": 3},
        ),
        ([("POINT", "FRAMES", 9)], {"frames": 4}),
    ],
)
def test_what_a_file_says_of_itself(read, parameters, fields):
    recording = read(recorded(parameters=parameters))
    found = {"frames": len(recording.positions)} | vars(recording)
    assert {name: found[name] for name in fields} == fields


def test_more_frames_than_the_header_can_count(read):
    """65,535 there, and the true count in two words of 16 bits."""
    positions = np.ones((65_540, 1, 3))
    fields = [("TRIAL", "ACTUAL_START_FIELD", [1, 0]), ("TRIAL", "ACTUAL_END_FIELD", [4, 1])]
    saturated = [("POINT", "FRAMES", 65_535)]
    content = c3d("a", positions, parameters=fields + saturated, last=65_535)
    assert len(read(content, read_markers).positions) == 65_540
    content = c3d("a", positions, parameters=saturated, last=65_535)
    assert len(read(content, read_markers).positions) == 65_535


WHOLE = recorded()


def spoiled(after, values):
    """The file with bytes changed that stand after the name of POINT:LABELS."""
    place = WHOLE.index(b"LABELS") + len(b"LABELS") + after
    return WHOLE[:place] + bytes(values) + WHOLE[place + len(values) :]


FAULTS = {
    "empty": (b"", "the file is empty"),
    "another format": (b"HIERARCHY\n" * 200, "not C3D"),
    "cut": (WHOLE[:-1], "claims 4 frames of 26 points, and 3 are there"),
    "no data": (WHOLE[:1024], "26 points from byte 1,024 on; expected some, in a file of 1,024"),
    "parameters": (b"\xff" + WHOLE[1:], "the parameters start at byte 130,048"),
    "processor": (WHOLE[:515] + b"\7" + WHOLE[516:], "processor 7; expected 84"),
    "no points": (
        recorded({"a": (1, 2, 3)}, parameters=[("POINT", "USED", None)]).replace(
            b"\x02\x50\x01\x00", b"\x02\x50\x00\x00", 1
        ),
        "0 points",
    ),
    "no body": (
        recorded({"box1": (1, 2, 3), "box2": (1, 2, 3)}),
        "found no left_hip, .* among the 2 points: box1, box2;",
    ),
    "one leg": (
        recorded({name: place for name, place in MARKERS.items() if name != "RKNE"}),
        "found no right_knee among",
    ),
    "a long label": (spoiled(4, [255, 255]), "'POINT:LABELS' of type -1 and 65,025 bytes"),
    "a strange type": (spoiled(2, [3]), "'POINT:LABELS' of type 3 and "),
}


@pytest.mark.parametrize(("content", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named(read, content, sentence):
    with pytest.raises(InputError, match=sentence):
        read(content)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    flips=st.lists(st.tuples(st.integers(0, 1600), st.integers(0, 255)), max_size=8),
    end=st.integers(0, len(WHOLE)) | st.just(len(WHOLE)),
)
def test_damage_is_read_or_refused(tmp_path_factory, flips, end):
    """In the header, the parameters or the first frame; what is read is finite."""
    content = bytearray(WHOLE)
    for place, value in flips:
        content[place] = value
    path = tmp_path_factory.getbasetemp() / "damaged.c3d"
    path.write_bytes(content[:end])
    try:
        recording = read_recording(path)
    except InputError as error:
        assert str(error).startswith(str(path))
        return
    assert np.isfinite(recording.positions).all()
    assert len(recording.joints) == len(recording.parents) == recording.positions.shape[1]
