import pathlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motext_jax.errors import InputError
from motext_jax.motion import files
from motext_jax.motion.bvh import read_bvh, read_recording

SAMPLES = pathlib.Path(__file__).parents[3] / "shared/data/bvh_samples"

# Two joints and an End Site; on lines 1 to 20.
SMALL = """\
HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Leg
  {
    OFFSET 0 -4 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 -3 0
    }
  }
}
MOTION
Frames: 2
Frame Time: .0083333
1 2 3 0 0 0 90 0 0
1 2 3 90 0 0 0 90 0
"""
POSITIONS = [[[1, 2, 3], [1, -2, 3], [4, -2, 3]], [[1, 2, 3], [5, 2, 3], [5, 2, 0]]]


@pytest.fixture
def written(tmp_path):
    """Writes a BVH file and gives its path."""

    def write(content):
        path = tmp_path / "walk.bvh"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_small_file_by_hand(written):
    bvh = read_bvh(written(SMALL))
    assert bvh.joints == ("Hips", "Leg", "Leg end")
    assert bvh.parents == (-1, 0, 1)
    assert bvh.channels[1:] == (("Zrotation", "Xrotation", "Yrotation"), ())
    assert bvh.fps == 120
    np.testing.assert_array_equal(bvh.offsets, [[0, 0, 0], [0, -4, 0], [0, -3, 0]])
    np.testing.assert_array_equal(bvh.frames[0], [1, 2, 3, 0, 0, 0, 90, 0, 0])
    np.testing.assert_allclose(bvh.positions(), POSITIONS, atol=1e-6)


SPELLINGS = {
    "CRLF": SMALL.replace("\n", "\r\n"),
    "old Macintosh": SMALL.replace("\n", "\r"),
    "mixed newlines": SMALL.replace("\n", "\r\n", 7).replace(
        "3 0 0 0 90 0 0\n", "3 0 0 0 90 0 0\r"
    ),
    "lower case": SMALL.lower().replace("hips", "Hips").replace("leg", "Leg"),
    "upper case": SMALL.upper().replace("HIPS", "Hips").replace("LEG", "Leg"),
    "tabs": SMALL.replace("  ", "\t").replace(" ", "\t"),
    "no indentation": "\n".join(line.strip() for line in SMALL.splitlines()),
    "blank lines": SMALL.replace("\n", "\n \n\n"),
    "trailing blanks": SMALL.replace("\n", " \t \n") + "\n \n",
    "no last newline": SMALL.rstrip(),
    "byte order mark": b"\xef\xbb\xbf" + SMALL.encode(),
    "no space after the colon": SMALL.replace(": ", ":"),
    "tab after the colon": SMALL.replace(": ", ":\t"),
    "braces on the line of the name": SMALL.replace("Leg\n  {", "Leg {").replace("0\n    }", "0 }"),
    "a comment before": "# made by hand\n// and so on\n" + SMALL,
    "comments among and after": SMALL.replace("\n", "\n  # 1 2 3\n//4\n") + "# the end",
    "Ctrl-Z": SMALL + "\x1a",
    "Ctrl-Z after the last number": SMALL.rstrip() + "\x1a",
    "zeros at the end": SMALL + "\0" * 512,
    "UTF-16": SMALL.encode("utf-16"),
    "UTF-16, the large end first": b"\xfe\xff" + SMALL.replace("\n", "\r\n").encode("utf-16-be"),
    "EndSite": SMALL.replace("End Site", "EndSite"),
    "decimal commas": SMALL.replace(".00", "0,00")
    .replace("1 2 3", "1,0 2 3")
    .replace("-4", "-4,00"),
    "commas between numbers": SMALL.replace("0 -4 0", "0, -4, 0").replace(": .0083333", ":8333e-6"),
    "one frame more than counted": SMALL.replace("Frames: 2", "Frames: 1"),
    "one frame less than counted": SMALL.replace("Frames: 2", "Frames: 3"),
    "a prop before": SMALL.replace(
        "ROOT", "ROOT Ball\n{\nOFFSET 7 7 7\nCHANNELS 1 Xrotation\n}\nROOT", 1
    ).replace("\n1 2 3", "\n55 1 2 3"),
    "a prop behind": SMALL.replace(
        "MOTION", "ROOT Ball\n{\nOFFSET 7 7 7\nCHANNELS 1 Xrotation\n}\nMOTION"
    )
    .replace(" 0 0\n1", " 0 0 55\n1")
    .replace("0 90 0\n", "0 90 0 55\n"),
    "scales": SMALL.replace("CHANNELS 3", "CHANNELS 6 Xscale YSCALE Zscale")
    .replace(" 90 0 0\n", " 2 2 2 90 0 0\n")
    .replace("0 0 0 90 0\n", "0 0 2 2 2 0 90 0\n"),
    "forms of numbers": SMALL.replace("0 -4 0", "+0. -4E0 0e-3").replace("90 0 0", "+9.0E1 -0 .0"),
}


@pytest.mark.parametrize("content", SPELLINGS.values(), ids=SPELLINGS)
def test_spellings_of_the_same_file(written, content):
    bvh = read_bvh(written(content))
    assert bvh.joints == ("Hips", "Leg", "Leg end")
    assert bvh.channels[1] == ("Zrotation", "Xrotation", "Yrotation")
    assert bvh.fps == 120
    np.testing.assert_allclose(bvh.positions(), POSITIONS, atol=1e-6)


@pytest.mark.parametrize("name", ["Bip01 L Thigh", "mixamorig:LeftUpLeg", "腿", "End Site 2"])
def test_names_are_taken_as_they_are(written, name):
    assert read_bvh(written(SMALL.replace("Leg", name))).joints[1:] == (name, f"{name} end")


def test_a_name_in_another_encoding_is_no_error(written):
    names = read_bvh(written(SMALL.replace("Leg", "Füße").encode("latin-1"))).joints
    assert names[1].startswith("F")


def test_joints_of_one_name_get_numbers(written):
    """Also where a number is taken, and the tips keep the suffix that tells them."""
    names = ["Hips", "Leg", "Leg", "Leg 2", "Leg", "Leg"]
    joints = "".join(
        f"{'JOINT' if joint else 'ROOT'} {name}\n{{\nOFFSET 0 1 0\nCHANNELS 1 Zrotation\n"
        for joint, name in enumerate(names)
    )
    tips = "End Site\n{\nOFFSET 0 1 0\n}\n" * 2
    motion = "MOTION\nFrames: 1\nFrame Time: 0.04\n0 0 0 0 0 0\n"
    bvh = read_bvh(written(f"HIERARCHY\n{joints}{tips}{'}' * len(names)}\n{motion}"))
    given = ("Hips", "Leg", "Leg 2", "Leg 2 2", "Leg 3", "Leg 4")
    assert bvh.joints == (*given, "Leg 4 end", "Leg 4 2 end")


@pytest.mark.parametrize("line", ["", "Frame Time: 0\n", "Frame Time: 0.000\n"])
def test_a_file_that_does_not_say_its_rate(written, line):
    bvh = read_bvh(written(SMALL.replace("Frame Time: .0083333\n", line)))
    assert bvh.fps is None
    np.testing.assert_allclose(bvh.positions(), POSITIONS, atol=1e-6)


def test_an_odd_file_is_spoken_of_once(written, caplog, monkeypatch):
    monkeypatch.setattr("motext_jax.motion.bvh._said", set())
    for _ in range(3):
        read_bvh(written(SMALL.replace("Frames: 2", "Frames: 1")))
    (record,) = caplog.records
    assert "walk.bvh has one frame more or less than it counts" in record.getMessage()


def test_a_joint_that_has_no_channels(written):
    text = SMALL.replace("CHANNELS 3 Zrotation Xrotation Yrotation", "CHANNELS 0")
    text = text.replace(" 90 0 0\n", "\n").replace(" 0 90 0\n", "\n")
    expected = [[[1, 2, 3], [1, -2, 3], [1, -5, 3]], [[1, 2, 3], [5, 2, 3], [8, 2, 3]]]
    np.testing.assert_allclose(read_bvh(written(text)).positions(), expected, atol=1e-6)


def test_still_joints_take_no_memory_that_the_file_does_not_justify(written):
    """Ten thousand joints and twenty thousand frames would be 2.4 GB from 300 kB."""
    still = "JOINT j{\nOFFSET 0 1 0\n}\n" * 9_990
    text = SMALL.replace("MOTION", "MOTION\n").replace("  JOINT Leg", still + "JOINT Leg")
    text = text.replace("Frames: 2", "Frames: 20000")
    path = written(text[: text.index("1 2 3")] + "0 0 0 0 0 0 0 0 0\n" * 20_000)
    tracemalloc.start()
    with pytest.raises(InputError, match=r"20,000 frames of 9,993 joints would take 2,398,320,000"):
        read_recording(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64e6


def test_positions_beyond_all_sense_are_refused(written):
    path = written(SMALL.replace("1 2 3 90", "999999999 2 3 90"))
    with pytest.raises(InputError, match="the joint 'Hips' is at .* in frame 1; expected numbers"):
        files.read_recording(path)


def test_a_missing_end_site(written):
    content = SMALL.replace("    End Site\n    {\n      OFFSET 0 -3 0\n    }\n", "")
    bvh = read_bvh(written(content))
    assert bvh.joints == ("Hips", "Leg")
    np.testing.assert_allclose(bvh.positions(), np.array(POSITIONS)[:, :2], atol=1e-6)


def test_position_channels_replace_the_offset_of_any_joint(written):
    """Two of three components here; the third stays the offset's."""
    content = SMALL.replace(
        "CHANNELS 3 Zrotation Xrotation Yrotation", "CHANNELS 2 Zposition Xposition"
    )
    content = content.replace("0 0 0\n  CHANNELS 6", "9 9 9\n  CHANNELS 6")
    content = content.replace("90 0 0\n", "7 5\n").replace("0 90 0\n", "7 5\n")
    np.testing.assert_allclose(
        read_bvh(written(content)).positions(),
        [
            [[1, 2, 3], [6, -2, 10], [6, -5, 10]],
            [[1, 2, 3], [5, 7, 10], [8, 7, 10]],
        ],
        atol=1e-5,
    )


@pytest.mark.parametrize(
    ("printed", "fps"),
    [
        ("0.0333333", 30),
        (".0333333", 30),
        ("0.033333", 30),
        ("0.0333", 30),
        (".0083333", 120),
        ("0.00833333", 120),
        ("8.33333e-03", 120),
        ("0.0083", 120),
        ("0.016667", 60),
        ("0.01666", 60),
        ("0.0166666666666666664", 60),
        ("0.04", 25),
        ("0.0416667", 24),
        ("0.005", 200),
        ("1", 1),
        # Within the printed digits no whole number fits: NTSC's 30000 / 1001, and a capture's own.
        ("0.0333667", pytest.approx(29.97, abs=1e-3)),
        ("0.0335", pytest.approx(29.8507, abs=1e-4)),
    ],
)
def test_frames_a_second(written, printed, fps):
    assert read_bvh(written(SMALL.replace(".0083333", printed))).fps == fps


AXES = st.permutations("XYZ").flatmap(lambda axes: st.integers(0, 3).map(lambda n: axes[:n]))


@st.composite
def bvh_files(draw):
    """(names, parents, offsets, channels, frames): what a file says; and the file."""
    count = draw(st.integers(1, 7))
    parents = [-1, *(draw(st.integers(0, joint - 1)) for joint in range(1, count))]
    has_end = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    names, tree, offsets, channels = [], [], [], []
    number = st.floats(-1000, 1000, allow_subnormal=False)
    indent, newline = draw(st.sampled_from(["", " ", "\t"])), draw(st.sampled_from(["\n", "\r\n"]))
    lines = ["HIERARCHY"]

    def offset(depth):
        offsets.append([draw(number) for _ in range(3)])
        lines.append(indent * depth + "OFFSET " + " ".join(map(repr, offsets[-1])))

    def joint(at, parent, depth):
        here = len(names)
        names.append(f"joint {at}")
        tree.append(parent)
        lines.extend([indent * depth + ("JOINT " if at else "ROOT ") + names[-1], "{"])
        offset(depth + 1)
        kinds = [f"{axis}position" for axis in draw(AXES)]
        kinds += [f"{axis}rotation" for axis in draw(AXES)]
        channels.append(tuple(draw(st.permutations(kinds))))
        lines.append(" ".join(["CHANNELS", str(len(kinds)), *channels[-1]]))
        for child, its_parent in enumerate(parents):
            if its_parent == at:
                joint(child, here, depth + 1)
        if has_end[at]:
            names.append(f"joint {at} end")
            tree.append(here)
            channels.append(())
            lines.extend(["End Site", "{"])
            offset(depth + 2)
            lines.append("}")
        lines.append("}")

    joint(0, -1, 0)
    width = sum(map(len, channels))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    frames = rng.normal(scale=300, size=(draw(st.integers(1, 4)), width))
    lines.extend(["MOTION", f"Frames: {len(frames)}", "Frame Time: 0.0333333"])
    lines.extend(" ".join(map(repr, frame)) for frame in frames.tolist())
    return (names, tree, offsets, channels, frames), newline.join(lines)


def posed(tree, offsets, channels, frame):
    """Positions of one frame by 4x4 matrices in float64."""
    values = iter(frame)
    worlds = []
    for parent, offset, kinds in zip(tree, offsets, channels, strict=True):
        local = np.eye(4)
        local[:3, 3] = offset
        for kind in kinds:
            axis, value = "XYZ".index(kind[0]), next(values)
            if "position" in kind:
                local[axis, 3] = value
            else:
                turn = Rotation.from_euler(kind[0].lower(), value, degrees=True)
                local[:3, :3] = local[:3, :3] @ turn.as_matrix()
        worlds.append(local if parent < 0 else worlds[parent] @ local)
    return np.array(worlds)[:, :3, 3]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(file=bvh_files())
def test_what_is_written_is_read(tmp_path_factory, file):
    (names, tree, offsets, channels, frames), text = file
    path = tmp_path_factory.mktemp("bvh") / "random.bvh"
    path.write_bytes(text.encode())
    if not frames.shape[1]:
        with pytest.raises(InputError, match="a joint with CHANNELS before it"):
            read_bvh(path)
        return
    bvh = read_bvh(path)
    assert (list(bvh.joints), list(bvh.parents)) == (names, tree)
    assert list(bvh.channels) == channels
    assert bvh.fps == 30
    np.testing.assert_array_equal(bvh.offsets, offsets)
    np.testing.assert_array_equal(bvh.frames, frames)
    expected = np.array([posed(tree, offsets, channels, frame) for frame in frames])
    np.testing.assert_allclose(bvh.positions(), expected, atol=1e-5 * np.abs(expected).max())


def test_a_long_file(written):
    """Longer than the blocks in which frames are posed."""
    frames = np.random.default_rng(0).uniform(-180, 180, (700, 9)).round(3)
    head = SMALL[: SMALL.index("1 2 3")].replace("Frames: 2", "Frames: 700")
    lines = [" ".join(map(str, frame)) for frame in frames]
    bvh = read_bvh(written(head + "\n".join(lines)))
    positions = bvh.positions()
    assert positions.shape == (700, 3, 3)
    for frame in (0, 255, 256, 511, 512, 513, 699):
        expected = posed(bvh.parents, bvh.offsets, bvh.channels, frames[frame])
        np.testing.assert_allclose(positions[frame], expected, atol=1e-3)


def frames_of(text):
    return SMALL.replace("1 2 3 90 0 0 0 90 0\n", text)


# By fault: the file, and a pattern of the error's sentence.
DAMAGED = {
    "empty": ("", "the file is empty"),
    "blank": ("\n\n", "line 2: found the end of the file, expected HIERARCHY"),
    "only blanks": (" \n\n", "line 2: found the end of the file, expected HIERARCHY"),
    "binary": (bytes(range(1, 256)) * 40, "line 1: found no text, expected HIERARCHY"),
    "binary frames": (
        SMALL.encode() + b"\x00\x01\xff\xfe",
        "line 21: found '��', expected a number",
    ),
    "another format": ("solid cube\n", "line 1: found 'solid cube', expected HIERARCHY"),
    "no MOTION": (SMALL[: SMALL.index("MOTION")], "found the end of the file, expected MOTION"),
    "no frame count": (SMALL.replace("Frames: 2\n", ""), "line 17: found 'Frame Time.*'Frames:'"),
    "a worded frame count": (SMALL.replace(": 2", ": two"), "line 17: found 'Frames: two'"),
    "zero frames": (SMALL.replace(": 2", ": 0"), "line 17: found 'Frames: 0', expected.*or more"),
    "a frame time of two words": (SMALL.replace("Time:", "Time: of"), "line 18: .*'Frame Time:'"),
    "a negative frame time": (SMALL.replace(".0083333", "-0.03"), "line 18: .*expected.*seconds"),
    "a frame rate for a time": (SMALL.replace(".0083333", "120"), "line 18: .*expected.*seconds"),
    "a frame time of NaN": (SMALL.replace(".0083333", "nan"), "line 18: .*expected.*seconds"),
    "no frames": (SMALL[: SMALL.index("1 2 3")], "found the end of the file, expected frames of 9"),
    "cut in a line": (SMALL[:-7], "line 20: found '1 2 3 90 0 0', expected 9 numbers.*not 6"),
    "too few numbers": (frames_of("1 2\n"), "line 20: found '1 2', expected 9 numbers.*not 2"),
    "too many numbers": (frames_of("1 " * 10), "line 20: .*expected 9 numbers.*not 10"),
    "too many in every line": (SMALL.replace("1 2 3", "1 1 2 3"), "line 19: .*9 numbers.*not 10"),
    "a wrapped line": (frames_of("1 2 3 90 0\n0 0 90 0\n"), "line 20: .*9 numbers.*not 5"),
    "NaN": (frames_of("1 2 3 90 0 0 0 nan 0\n"), "line 20: found 'nan', expected a number"),
    "infinity": (frames_of("1 2 3 -inf 0 0 0 9 0\n"), "line 20: found '-inf', expected a number"),
    "an overflow": (frames_of("1 2 3 1e99 0 0 0 9 0\n"), "line 20: found '1e99'"),
    "NaN after blank lines": (frames_of("\n\n1 2 3 nan 0 0 0 9 0\n"), "line 22: found 'nan'"),
    "a word": (frames_of("1 2 3 zero 0 0 0 9 0\n"), "line 20: found 'zero', expected a number"),
    "a decimal comma": (
        frames_of("1 2 3 0,5 0 0 0 9 0\n"),
        "line 20: .*, expected decimal points alone, or",
    ),
    "a comment": (frames_of("1 2 3 # 0 0 0 9 0\n"), "line 20: found '#'"),
    "a comment at the end": (frames_of("1 2 3 90 0 0 0 9 0 # turn\n"), "line 20: found '#'"),
    "fewer frames than counted": (SMALL.replace(": 2", ": 4"), "found 2 frames.*expected 4"),
    "more frames than counted": (
        frames_of("0 0 0 0 0 0 0 0 0\n" * 3),
        "found 4 frames.*expected 2",
    ),
    "a name of megabytes": (
        SMALL.replace("Leg", "a" * 800_000),
        "line 6: found 'a{79}…', expected a name of at most 1000 letters",
    ),
    "very many channels": (
        SMALL.replace("CHANNELS 3 Z", f"CHANNELS 1003{' Zrotation' * 1000} Z"),
        "line 9: .*expected at most 12 channels",
    ),
    "a misspelt channel": (SMALL.replace("Xpos", "Xpox"), "line 5: found 'Xpoxition'.*Xposition"),
    "fewer channels than counted": (SMALL.replace("S 6", "S 7"), "line 5: .*as it counts, not 6"),
    "no count of channels": (SMALL.replace("S 6 ", "S "), "line 5: found"),
    "no name": (SMALL.replace("JOINT Leg", "JOINT"), "line 6: found 'JOINT', expected a name"),
    "a root within": (SMALL.replace("JOINT", "ROOT"), "line 6: found 'ROOT Leg', .*'}' of 'Hips'"),
    "a large tree without channels": (
        SMALL.replace("MOTION", f"ROOT a\n{{\nOFFSET 0 0 0\n{'END {OFFSET 0 0 0}' * 3}}}\nMOTION"),
        ": found no channels in the largest tree, expected a body's",
    ),
    "a joint after the root": (
        SMALL.replace("MOTION", "JOINT B\n{\nOFFSET 0 0 0\n}\nMOTION"),
        "line 16: found 'JOINT B', expected MOTION",
    ),
    "an End Site of nothing": (
        SMALL.replace("MOTION", "End Site\n{\nOFFSET 0 0 0\n}\nMOTION"),
        "line 16: found 'End Site', expected MOTION",
    ),
    "a joint in no other": (SMALL.replace("ROOT", "JOINT"), "line 2: found 'JOINT Hips'.*ROOT"),
    "an unknown keyword": (SMALL.replace("OFFSET 0 -4", "SCALE 0 -4"), "line 8: found 'SCALE"),
    "no OFFSET": (
        SMALL.replace("    OFFSET 0 -4 0\n", ""),
        "found '}', expected the OFFSET.*'Leg'",
    ),
    "a short OFFSET": (SMALL.replace("0 -4 0", "0 -4"), "line 8: found 'OFFSET 0 -4'.*three"),
    "an OFFSET of NaN": (SMALL.replace("0 -4 0", "0 nan 0"), "line 8: found 'OFFSET 0 nan 0'"),
    "a brace too few": (
        SMALL.replace("  }\n}\n", "  }\n"),
        "line 15: found 'MOTION'.*'}' of 'Hips'",
    ),
    "a brace too many": (SMALL.replace("  }\n}\n", "  }\n}\n}\n"), "line 16: found '}', .*MOTION"),
    "no opening brace": (SMALL.replace("Leg\n  {", "Leg"), "line 7: found 'OFFSET.*after.*'Leg'"),
    "a brace after no name": (SMALL.replace("OFFSET 0 -4 0", "{"), "line 8: found '{'"),
    "cut in the hierarchy": (SMALL[:80], "found .*expected"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("content", "sentence"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_named_in_one_sentence(written, content, sentence):
    path = written(content)
    with pytest.raises(InputError, match=f"^{path}(, line|: found|: the file is empty)") as caught:
        read_bvh(path)
    assert caught.match(sentence)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"none[.]bvh: there is no such file"):
        read_bvh(tmp_path / "none.bvh")
    with pytest.raises(InputError, match="cannot be read: a folder"):
        read_bvh(tmp_path)


def test_an_absurd_frame_count_takes_no_memory(written):
    path = written(SMALL.replace("Frames: 2", "Frames: 1000000000"))
    tracemalloc.start()
    with pytest.raises(InputError, match="found 2 frames of 9 numbers, expected 1000000000"):
        read_bvh(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6


def test_absurd_nesting(written):
    depth = 9_000
    opened = "".join(
        f"{'JOINT' if joint else 'ROOT'} j{joint}\n{{\nOFFSET 1 0 0\nCHANNELS 1 Zrotation\n"
        for joint in range(depth)
    )
    turns = ["90", *["0"] * (depth - 1)]
    motion = f"MOTION\nFrames: 1\nFrame Time: 0.04\n{' '.join(turns)}\n"
    path = written(f"HIERARCHY\n{opened}{'}' * depth}\n{motion}")
    read = read_recording(path)
    np.testing.assert_allclose(read.positions[0, -1], [1, depth - 1, 0], atol=1)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "frames", "joints", "fps"),
    [
        ("cmu_02_05", 1855, 38, 120),
        ("cmu_10_01", 802, 57, 120),
        ("cmu_131_01", 994, 38, 120),
        ("dataset-1_bow_normal_001", 138, 27, 30),
    ],
)
def test_published_files(name, frames, joints, fps):
    recording = read_recording(SAMPLES / f"{name}.bvh")
    assert recording.positions.shape == (frames, joints, 3)
    assert (len(recording.joints), recording.fps) == (joints, fps)


def test_a_hierarchy_without_channels_is_refused(tmp_path):
    path = tmp_path / "still.bvh"
    path.write_text(
        "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\nwalk\n"
    )
    with pytest.raises(InputError, match="line 6: found 'MOTION', expected a joint with CHANNELS"):
        read_bvh(path)


def test_a_position_channel_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "twice.bvh"
    path.write_text(
        "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 2 Xposition Xposition\n}\nMOTION\n"
        "Frames: 1\nFrame Time: 0.1\n1 2\n"
    )
    with pytest.raises(InputError, match="line 5: .* expected each position channel once"):
        read_bvh(path)


def test_a_tree_a_million_deep_is_refused_early(tmp_path):
    """Read line by line: what comes after joint 10,000 is never looked at."""
    path = tmp_path / "deep.bvh"
    joint = "JOINT j{0}\n{{\nOFFSET 0 1 0\nCHANNELS 1 Xrotation\n"
    with path.open("w") as file:
        file.write("HIERARCHY\nROOT j\n{\nOFFSET 0 0 0\n")
        file.writelines(joint.format(k) for k in range(10**6))
    tracemalloc.start()
    with pytest.raises(InputError, match=r"found 'j9999', expected at most 10,000 joints"):
        read_bvh(path)
    assert tracemalloc.get_traced_memory()[1] < 32e6
    tracemalloc.stop()
