import pathlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motext_jax.errors import InputError
from motext_jax.motion.bvh import read_bvh, read_motion

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
    "empty": ("", "line 0: found the end of the file, expected HIERARCHY"),
    "only blanks": (" \n\n", "line 2: found the end of the file, expected HIERARCHY"),
    "binary": (bytes(range(1, 256)) * 40, "line 1: found '\\\\x01.*expected HIERARCHY"),
    "binary frames": (SMALL.encode() + b"\x00\x01\xff\xfe", "line 21: found '\\\\x00"),
    "another format": ("solid cube\n", "line 1: found 'solid cube', expected HIERARCHY"),
    "no MOTION": (SMALL[: SMALL.index("MOTION")], "found the end of the file, expected MOTION"),
    "no frame count": (SMALL.replace("Frames: 2\n", ""), "line 17: found 'Frame Time.*'Frames:'"),
    "a worded frame count": (SMALL.replace(": 2", ": two"), "line 17: found 'Frames: two'"),
    "zero frames": (SMALL.replace(": 2", ": 0"), "line 17: found 'Frames: 0', expected.*or more"),
    "no frame time": (SMALL.replace("Frame Time: .0083333\n", ""), "line 18: .*'Frame Time:'"),
    "a frame time of zero": (SMALL.replace(".0083333", "0.0"), "line 18: .*expected.*seconds"),
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
    "a decimal comma": (frames_of("1 2 3 0,5 0 0 0 9 0\n"), "line 20: found '0,5'"),
    "a comment": (frames_of("1 2 3 # 0 0 0 9 0\n"), "line 20: found '#'"),
    "a comment at the end": (frames_of("1 2 3 90 0 0 0 9 0 # turn\n"), "line 20: found '#'"),
    "fewer frames than counted": (SMALL.replace(": 2", ": 3"), "found 2 frames.*expected 3"),
    "more frames than counted": (SMALL.replace(": 2", ": 1"), "found 2 frames.*expected 1"),
    "a misspelt channel": (SMALL.replace("Xpos", "Xpox"), "line 5: found 'Xpoxition'.*Xposition"),
    "fewer channels than counted": (SMALL.replace("S 6", "S 7"), "line 5: .*as it counts, not 6"),
    "no count of channels": (SMALL.replace("S 6 ", "S "), "line 5: found"),
    "no name": (SMALL.replace("JOINT Leg", "JOINT"), "line 6: found 'JOINT', expected a name"),
    "the same name twice": (SMALL.replace("Leg", "Hips"), "line 6: found 'Hips', expected a name"),
    "two roots": (
        SMALL.replace("MOTION", "ROOT B\n{\nOFFSET 0 0 0\n}\nMOTION"),
        "line 16: found 'ROOT B', expected MOTION",
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
    with pytest.raises(InputError, match=f"^{path}(, line|: found).*") as caught:
        read_bvh(path)
    assert caught.match(sentence)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"none[.]bvh: cannot be read: No such file"):
        read_bvh(tmp_path / "none.bvh")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
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
    read = read_motion(path, metres_per_unit=0.01)
    np.testing.assert_allclose(read.joints[0, -1], [0.01, 0.01 * (depth - 1), 0], atol=1e-2)
    assert read.skeleton.hub in (depth // 2 - 1, depth // 2)


# A person in a T-pose in metres; the left side is mirrored for the right.
BODY = {
    "Hips": ("", (0, 0.95, 0)),
    "Spine": ("Hips", (0, 0.1, 0)),
    "Spine1": ("Spine", (0, 0.12, 0)),
    "Spine2": ("Spine1", (0, 0.12, 0)),
    "Neck": ("Spine2", (0, 0.15, 0)),
    "Head": ("Neck", (0, 0.1, 0)),
    "{}Shoulder": ("Spine2", (0.06, 0.1, 0)),
    "{}Arm": ("{}Shoulder", (0.11, 0, 0)),
    "{}ForeArm": ("{}Arm", (0.28, 0, 0)),
    "{}Hand": ("{}ForeArm", (0.25, 0, 0)),
    "{}UpLeg": ("Hips", (0.09, -0.05, 0)),
    "{}Leg": ("{}UpLeg", (0, -0.41, 0)),
    "{}Foot": ("{}Leg", (0, -0.42, 0)),
    "{}ToeBase": ("{}Foot", (0, -0.05, 0.13)),
}


def body(scale, prefix=""):
    """BVH text of a person 1.7 m tall, in units of 1 / scale m."""
    children = {}
    for name, (parent, offset) in BODY.items():
        for side, sign in (("Left", 1), ("Right", -1)) if "{}" in name else (("", 1),):
            signed = np.multiply(offset, [sign * scale, scale, scale])
            children.setdefault(parent.format(side), []).append((name.format(side), signed))

    def lines(parent):
        for name, offset in children.get(parent, []):
            yield f"{'JOINT' if parent else 'ROOT'} {prefix}{name}\n{{"
            yield f"OFFSET {' '.join(map(str, offset))}"
            yield "CHANNELS 3 Zrotation Xrotation Yrotation"
            yield from lines(name)
            yield "}"

    width = 3 * sum(map(len, children.values()))
    zeros = " ".join(["0"] * width)
    return "\n".join(
        ["HIERARCHY", *lines(""), "MOTION", "Frames: 2", "Frame Time: 0.0333333", zeros, zeros]
    )


@pytest.mark.parametrize("unit", [1.0, 0.01, 0.001, 0.0254, 0.0564444])
def test_the_unit_is_told_by_the_legs(written, unit):
    motion = read_motion(written(body(1 / unit)))
    assert motion.joints.dtype == np.float32
    assert motion.joints.shape == (2, 22, 3)
    assert (motion.fps, motion.skeleton.name) == (30, "walk.bvh")
    heights = motion.joints[0, :, 1]
    np.testing.assert_allclose(heights[motion.skeleton.index("Head")], 1.54, rtol=1e-4)
    np.testing.assert_allclose(heights.min(), 0.02, rtol=1e-3)


def test_the_unit_can_be_given(written):
    motion = read_motion(written(body(1.0)), metres_per_unit=0.5)
    np.testing.assert_allclose(motion.joints[0, 0], [0, 0.475, 0], rtol=1e-6)


def test_the_leg_is_measured_along_its_bones(written):
    kneeling = body(100).replace("OFFSET 0.0 -42.0 0.0", "OFFSET 0.0 0.0 -42.0")
    motion = read_motion(written(kneeling))
    np.testing.assert_allclose(motion.joints[0, 0], [0, 0.95, 0], rtol=1e-6)


@pytest.mark.parametrize("scale", [3.0, 26.0, 0.2, 300.0])
def test_a_leg_of_nobody(written, scale):
    with pytest.raises(InputError, match=f"leg of {0.83 * scale:g} units.*metres_per_unit"):
        read_motion(written(body(scale)))


def test_a_skeleton_without_known_legs_is_in_centimetres(written):
    np.testing.assert_allclose(
        read_motion(written(SMALL)).joints, np.array(POSITIONS) / 100, atol=1e-7
    )


def test_the_legs_of_the_first_frame_count_and_not_the_offsets(written):
    """Position channels may replace offsets that are all zero."""
    lines = [
        "OFFSET 0 0 0\nCHANNELS 3 Xposition Yposition Zposition" if "OFFSET" in line else line
        for line in body(100).splitlines()
        if "CHANNELS" not in line
    ]
    offsets = [line.split(" ", 1)[1] for line in body(100).splitlines() if "OFFSET" in line]
    lines[-2:] = [" ".join(offsets)] * 2
    motion = read_motion(written("\n".join(lines)))
    np.testing.assert_allclose(motion.joints[0, motion.skeleton.index("Head"), 1], 1.54, rtol=1e-4)


def test_sides_and_hub_of_a_known_body(written):
    skeleton = read_motion(written(body(100, prefix="mixamorig:"))).skeleton
    pairs = {(skeleton.joints[a], skeleton.joints[b]) for a, b in skeleton.left_right_pairs}
    limbs = [name for name in BODY if "{}" in name]
    assert pairs == {
        (f"mixamorig:{name.format('Left')}", f"mixamorig:{name.format('Right')}") for name in limbs
    }
    assert skeleton.joints[skeleton.hub] == "mixamorig:Spine2"
    assert skeleton.joints[skeleton.root] == "mixamorig:Hips"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("LeftArm", "RightArm"),
        ("left_hip", "right_hip"),
        ("ARM_LEFT", "ARM_RIGHT"),
        ("lShldr", "rShldr"),
        ("LThumb", "RThumb"),
        ("L_Ankle", "R_Ankle"),
        ("LowerLeg_L", "LowerLeg_R"),
        ("leg.l", "leg.r"),
        ("Bip01 L Calf", "Bip01 R Calf"),
        ("armL", "armR"),
    ],
)
def test_what_is_left_and_right(written, left, right):
    """Collar and Corlar differ in an l that is no side."""
    skeleton = read_motion(written(chain("Hips", left, right, "Collar", "Corlar")), 1.0).skeleton
    assert skeleton.left_right_pairs == ((1, 2),)


def test_no_joint_is_in_two_pairs(written):
    """The four feet of an animal, fore and hind named by the same letters as the sides."""
    skeleton = read_motion(written(chain("Hips", "LL", "RL", "LR", "RR")), 1.0).skeleton
    paired = [joint for pair in skeleton.left_right_pairs for joint in pair]
    assert len(set(paired)) == len(paired) == 4


@pytest.mark.parametrize(
    ("names", "hub"),
    [(["Hips", "Spine", "Spine1", "Spine2"], "Spine2"), (["a", "b", "c", "d", "e"], "c")],
)
def test_the_hub_is_the_upper_spine_or_the_middle(written, names, hub):
    skeleton = read_motion(written(chain(*names)), 1.0).skeleton
    assert skeleton.joints[skeleton.hub] == hub


def chain(*names):
    """BVH text of joints that hang from each other."""
    opened = "".join(
        f"{'JOINT' if joint else 'ROOT'} {name}\n{{\nOFFSET 0 1 0\nCHANNELS 1 Zrotation\n"
        for joint, name in enumerate(names)
    )
    zeros = " ".join(["0"] * len(names))
    motion = f"MOTION\nFrames: 1\nFrame Time: 0.04\n{zeros}\n"
    return f"HIERARCHY\n{opened}{'}' * len(names)}\n{motion}"


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
    motion = read_motion(SAMPLES / f"{name}.bvh")
    assert (len(motion), len(motion.skeleton.joints), motion.fps) == (frames, joints, fps)
    height = np.ptp(motion.joints[0, :, 1])
    assert 1.3 < height < 1.9


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
