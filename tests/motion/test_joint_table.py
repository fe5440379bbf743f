"""Tables of joints, against the people that were written."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joint_people import array_of, person

from motext_jax.errors import InputError
from motext_jax.motion import files
from motext_jax.motion.joint_table import read_recording
from motext_jax.skeleton import SMPL22

PEOPLE = person(frames=20)
BODY = array_of(PEOPLE, SMPL22.joints)


def columns(template="{joint}_{axis}", axes="xyz", joints=SMPL22.joints):
    return [template.format(joint=joint, axis=axis) for joint in joints for axis in axes]


def table(names, rows, delimiter=","):
    lines = [delimiter.join(names)]
    lines += [
        delimiter.join(f"{x:.6f}" if isinstance(x, float) else x for x in row) for row in rows
    ]
    return "\n".join(lines) + "\n"


ROWS = [[float(x) for x in frame.ravel()] for frame in BODY]


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "a.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def by_name(recording):
    return {joint: recording.positions[:, n] for n, joint in enumerate(recording.joints)}


@pytest.mark.parametrize("template", [
    "{joint}_{axis}", "{joint}.{axis}", "{joint}:{axis}", "{joint} {axis}", "{joint}-{axis}",
    "{joint}_pos_{axis}", "{joint}.position.{axis}", "{joint}.t{axis}", "{axis}_{joint}",
    "{axis}.{joint}", "{joint}_{axis} (arb)", " {joint}_{axis} ", '"{joint}_{axis}"',
])  # fmt: skip
@pytest.mark.parametrize("axes", ["xyz", "XYZ"])
def test_columns_are_named_in_many_ways(write, template, axes):
    recording = files.read_recording(write(table(columns(template, axes), ROWS)))
    assert (recording.joints, recording.parents) == (SMPL22.joints, SMPL22.parents)
    np.testing.assert_allclose(recording.positions, BODY, atol=1e-6)
    assert (recording.fps, recording.metres_per_unit) == (None, None)


@pytest.mark.parametrize("axes", ["XYZ", "ZXY"])
def test_camel_case_and_any_order_of_columns(write, axes):
    names = [name.replace("_", "") for name in columns("{joint}{axis}", axes)]
    order = ["XYZ".index(axis) for axis in axes]
    rows = [[float(x) for x in frame[:, order].ravel()] for frame in BODY]
    recording = read_recording(write(table(names, rows)))
    # The layout's own names, which differ in punctuation alone.
    assert recording.joints == SMPL22.joints
    np.testing.assert_allclose(recording.positions, BODY, atol=1e-6)


@pytest.mark.parametrize(
    ("delimiter", "ending", "mark"), [(";", "\r\n", b""), ("\t", "\n\n", b"\xef\xbb\xbf")]
)
def test_delimiters_and_line_ends(write, delimiter, ending, mark):
    text = table(columns(), ROWS, delimiter).replace("\n", ending)
    if delimiter == ";":
        text = text.replace(".", ",")
    recording = read_recording(write(mark + text.encode()))
    np.testing.assert_allclose(recording.positions, BODY, atol=1e-6)


@pytest.mark.parametrize("unit", [("mm", 0.001), ("cm", 0.01), ("m", 1.0)])
@pytest.mark.parametrize("brackets", ["({})", "[{}]"])
def test_a_unit_in_the_names_is_taken(write, unit, brackets):
    names = columns("{joint}_{axis} " + brackets.format(unit[0]))
    assert read_recording(write(table(names, ROWS))).metres_per_unit == unit[1]


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("time", np.arange(20) / 25),
        ("Time (s)", np.arange(20) / 25),
        ("timestamp", 1.7e12 + 40.0 * np.arange(20)),
        ("time_ms", 40.0 * np.arange(20)),
    ],
)
def test_a_column_of_times_gives_the_rate(write, name, times):
    rows = [[float(time), *row] for time, row in zip(times, ROWS, strict=True)]
    recording = read_recording(write(table([name, *columns()], rows)))
    assert recording.fps == 25
    np.testing.assert_allclose(recording.positions, BODY, atol=1e-6)


def test_a_column_of_frames_tells_those_that_were_lost(write):
    kept = [frame for frame in range(20) if frame != 5]
    rows = [[f"{frame}", *ROWS[frame]] for frame in kept]
    recording = read_recording(write(table(["frame", *columns()], rows)))
    assert recording.fps is None
    np.testing.assert_allclose(recording.positions[kept], BODY[kept], atol=1e-6)
    np.testing.assert_allclose(recording.positions[5], (BODY[4] + BODY[6]) / 2, atol=1e-5)


@pytest.mark.parametrize("empty", ["", "nan", "NaN", " ", "null"])
def test_an_empty_field_is_a_missing_point(write, empty):
    rows = [list(row) for row in ROWS]
    rows[7][4] = empty
    recording = read_recording(write(table(columns(), rows)))
    np.testing.assert_allclose(recording.positions[7, 1], (BODY[6, 1] + BODY[8, 1]) / 2, atol=1e-6)


def test_a_confidence_of_zero_is_a_missing_point(write):
    names = ["left_knee_confidence", *columns(), "note"]
    rows = [[1.0, *row, "hop"] for row in ROWS]
    rows[7][0] = 0.0
    recording = read_recording(write(table(names, rows)))
    knee = SMPL22.index("left_knee")
    np.testing.assert_allclose(
        recording.positions[7, knee], (BODY[6, knee] + BODY[8, knee]) / 2, atol=1e-6
    )


def test_rotations_beside_the_positions_are_left(write):
    names = [*columns("{joint}.rotation.{axis}"), *columns("{joint}_pos_{axis}"), "navel_x"]
    rows = [[9.0] * 66 + row + [1.0] for row in ROWS]
    recording = read_recording(write(table(names, rows)))
    np.testing.assert_allclose(recording.positions, BODY, atol=1e-6)


def test_names_of_another_convention_stay(write):
    names = {"SpineBase": "pelvis", "HipLeft": "left_hip", "KneeLeft": "left_knee"}
    names |= {"AnkleLeft": "left_ankle", "Navel": "spine2"}
    array = array_of(PEOPLE, list(names.values()))
    rows = [[float(x) for x in frame.ravel()] for frame in array]
    header = [f"{joint}{axis}" for joint in names for axis in "XYZ"]
    recording = read_recording(write(table(header, rows)))
    assert set(recording.joints) == set(names)
    for name, joint in names.items():
        np.testing.assert_allclose(by_name(recording)[name], PEOPLE[joint], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        ("\n", "with x, y and z of 0 joints; expected 3 to 300 joints, such as left_knee_x"),
        ("a,b,c\n1,2,3\n", r"found the columns 'a, b, c', with x, y and z of 0 joints"),
        (table(columns(axes="xy"), []), "of 0 joints"),
        (table(columns(), []), "there is no frame below the names"),
        (table([*columns(), "head_x"], ROWS), "two columns are the x of 'head'"),
        (table(columns(), ROWS[:2]) + "1,2\n", "line 4: found 2 fields, expected 66"),
        (
            table(columns(), [["1e39", *ROWS[0][1:]]]),
            r"'pelvis' at \[1e\+39, 0\.95, 0\.0\] in frame 0; expected",
        ),
        (table(columns(), [["x", *ROWS[0][1:]]]), r"'pelvis_x': found 'x', expected a number"),
        (table(columns(), [["1_0", *ROWS[0][1:]]]), "found '1_0', expected a number"),
        (table(columns(), [["inf", *ROWS[0][1:]]]), r"'pelvis' at \[inf, 0\.95, 0\.0\] in frame 0"),
        (table(columns(), [["1e7", *ROWS[0][1:]]]), r"'pelvis' at .* expected coordinates up to"),
        (table(["time", *columns()], [["", *ROWS[0]]]), "'time': time nan in frame 0"),
        (table(columns(), ROWS[:1]) + '"' + "a" * 200_000, "not a whole table"),
        (table(columns("{joint}" + "a" * 300 + "_{axis}"), ROWS), "joint 0 is called"),
    ],
)
def test_what_is_wrong_is_named(write, text, sentence):
    with pytest.raises(InputError, match=r"a\.csv.*" + sentence):
        read_recording(write(text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv: there is no such file"):
        read_recording(tmp_path / "none.csv")


@given(start=st.integers(0, 6000), patch=st.binary(max_size=8), cut=st.integers(0, 40))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_damaged_bytes_are_a_recording_or_refused(tmp_path_factory, start, patch, cut):
    path = tmp_path_factory.mktemp("damaged") / "a.csv"
    whole = table(["time", *columns()], [[n / 30, *row] for n, row in enumerate(ROWS[:8])]).encode()
    path.write_bytes(whole[:start] + patch + whole[start + cut :])
    try:
        recording = read_recording(path)
    except InputError:
        return
    assert np.isfinite(recording.positions).all()
    assert len(recording.positions) <= 16
    assert all(parent < joint for joint, parent in enumerate(recording.parents))
