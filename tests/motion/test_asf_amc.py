import numpy as np
import pytest
from acclaim import AMC, ASF, POSITIONS, positions, write

from motext_jax.errors import InputError
from motext_jax.motion.asf import read_asf
from motext_jax.motion.asf_amc import find_asf, read_amc, read_recording
from motext_jax.motion.files import Given, read_motion, read_take
from motext_jax.skeleton import SMPL22


def test_a_small_pair_by_hand(tmp_path):
    paths = write(tmp_path)
    asf = read_asf(paths[1])
    assert asf.joints == ("root", "upper", "lower", "hand")
    assert asf.parents == (-1, 0, 1, 2)
    assert asf.dofs == (("tx", "ty", "tz", "rx", "ry", "rz"), ("rx", "ry", "rz"), ("rx",), ())
    assert asf.length == 0.5
    np.testing.assert_array_equal(asf.offsets, [[0, 0, 0], [2, 0, 0], [0, -1, 0], [0, 0, 3]])
    amc = read_amc(paths[0], asf)
    np.testing.assert_allclose(
        amc.frames, [[0] * 10, [1, 2, 3, 0, 0, 0, 0, 0, np.pi / 2, np.pi / 2]], atol=1e-15
    )
    np.testing.assert_allclose(asf.positions(amc.frames), POSITIONS, atol=1e-6)
    recording = read_recording(paths[0])
    np.testing.assert_allclose(recording.positions, POSITIONS, atol=1e-6)
    assert (recording.fps, recording.name, recording.up) == (120, "arm.asf", 1)
    assert recording.metres_per_unit == pytest.approx(0.0254 / 0.5)


@pytest.mark.parametrize(
    ("unit", "header", "right_angle"),
    [
        ("deg", ":DEGREES", "90"),
        ("rad", ":DEGREES", "90"),
        ("deg", ":RADIANS", "1.5707963"),
        ("rad", "", "1.5707963"),
        ("deg", "", "90"),
    ],
)
def test_the_unit_of_angle(tmp_path, unit, header, right_angle):
    """The AMC's own counts for its values, the ASF's for axes."""
    axis = {"deg": "0 90 0", "rad": "0 1.5707963 0"}[unit]
    asf = ASF.replace("angle deg", f"angle {unit}").replace("0 0 0  XYZ", f"{axis} XYZ", 1)
    amc = AMC.replace(":DEGREES", header).replace(" 90", f" {right_angle}")
    # The upper bone's z is the world's x.
    expected = [[1, 2, 3], [3, 2, 3], [3, 3, 3], [3, 3, 0]]
    np.testing.assert_allclose(positions(write(tmp_path, amc, asf))[1], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("header", "fps"),
    [("", 120), (":SAMPLES-PER-SECOND 100\n", 100), (":samples-per-second 0.5\n", 0.5)],
)
def test_frames_a_second(tmp_path, header, fps):
    assert read_recording(write(tmp_path, header + AMC)[0]).fps == fps


@pytest.mark.parametrize(
    ("amc", "beside", "found"),
    [
        ("07_01.amc", ["07.asf", "08.asf"], "07.asf"),
        ("07_01.amc", ["07.asf", "07_01.asf"], "07_01.asf"),
        ("07_01.amc", ["07.ASF", "08.asf"], "07.ASF"),
        ("07_01.AMC", ["7.asf"], "7.asf"),
        ("HDM_bd_squat1Reps_001_120.amc", ["HDM_bd.asf", "HDM_bk.asf"], "HDM_bd.asf"),
    ],
)
def test_the_asf_of_an_amc(tmp_path, amc, beside, found):
    for name in [amc, *beside]:
        (tmp_path / name).touch()
    assert find_asf(tmp_path / amc) == tmp_path / found
    assert find_asf(str(tmp_path / amc)) == tmp_path / found


@pytest.mark.parametrize("beside", [[], ["08.asf", "7.asf"]])
def test_no_asf_of_an_amc(tmp_path, beside):
    for name in ["07_01.amc", *beside]:
        (tmp_path / name).touch()
    sentence = f"found {len(beside)} ASF files.*expected 07_01.asf or 07.asf, or.*single.*; copy"
    with pytest.raises(InputError, match=sentence):
        read_recording(tmp_path / "07_01.amc")


def test_files_that_are_not_there(tmp_path):
    _, asf = write(tmp_path)
    with pytest.raises(InputError, match="none.amc: there is no such file"):
        read_recording(tmp_path / "none.amc")
    with pytest.raises(InputError, match="none.amc: there is no such file"):
        read_amc(tmp_path / "none.amc", read_asf(asf))
    with pytest.raises(InputError, match="none.asf: there is no such file"):
        read_asf(tmp_path / "none.asf")
    with pytest.raises(InputError, match="cannot be read: a folder"):
        read_asf(tmp_path)


def test_a_link_is_followed_within_the_folder_alone(tmp_path):
    """A pair of links to one other folder is followed too: the AMC was let in before."""
    amc, asf = write(tmp_path)
    folders = [tmp_path / name for name in ("within", "out", "pair", "circle")]
    for folder in folders:
        folder.mkdir()
        (folder / "arm_01.amc").write_text(AMC)
    (folders[0] / "other.ASF_").write_text(ASF)
    (folders[0] / "arm.asf").symlink_to("other.ASF_")
    assert find_asf(folders[0] / "arm_01.amc") == folders[0] / "arm.asf"
    (folders[1] / "arm.asf").symlink_to("../arm.asf")
    with pytest.raises(InputError, match=r"out/arm\.asf: a link that leads out of its folder"):
        read_recording(folders[1] / "arm_01.amc")
    (folders[2] / "arm_01.amc").unlink()
    (folders[2] / "arm_01.amc").symlink_to(amc)
    (folders[2] / "arm.asf").symlink_to(asf)
    assert read_recording(folders[2] / "arm_01.amc").joints[1] == "upper"
    (folders[3] / "arm.asf").symlink_to("arm.asf")
    with pytest.raises(InputError, match=r"circle/arm\.asf"):
        read_recording(folders[3] / "arm_01.amc")


def test_still_bones_take_no_memory_that_the_file_does_not_justify(tmp_path):
    """Nor time: a frame of bones without degrees of freedom is its number alone."""
    bones = "".join(
        f"begin\nname b{bone}\ndirection 1 0 0\nlength 1\naxis 0 0 0 XYZ\nend\n"
        for bone in range(9_000)
    )
    links = " ".join(f"b{bone}" for bone in range(9_000))
    asf = f":root\norder RZ\n:bonedata\n{bones}:hierarchy\nbegin\nroot {links}\nend\n"
    frames = "".join(f"{frame}\nroot 0\n" for frame in range(20_000))
    amc, _ = write(tmp_path, frames, asf)
    with pytest.raises(InputError, match=r"20,000 frames of 9,001 joints would take 2,160,240,000"):
        read_recording(amc)


# By fault: the file, and a pattern of the error's sentence.
DAMAGED = {
    "empty": ("", "the file is empty"),
    "only a header": (AMC[: AMC.index("1\n")], "line 3: found the end of the file"),
    "binary": (bytes(range(1, 256)) * 40, "line 1: found no text, expected the number of a frame"),
    "binary frames": (
        AMC.encode() + b"\x00\x01\xff\xfe",
        "line 12: found '��', .* bone of the ASF",
    ),
    "an ASF": (ASF, "line 2: found ':version 1.10', expected :FULLY-SPECIFIED"),
    "another format": ("HIERARCHY\n", "line 1: found 'HIERARCHY', expected the number of a frame"),
    "a rate of zero": (f":SAMPLES-PER-SECOND 0\n{AMC}", "line 1: .*:SAMPLES-PER-SECOND and a rate"),
    "a frame in months": (f":SAMPLES-PER-SECOND 1e-7\n{AMC}", "line 1: .* from 0.1 to 10000"),
    "no first number": (AMC.replace("\n1\n", "\n"), "line 4: found 'root 0 0 0 0 0 0', .*number"),
    "no second number": (
        AMC.replace("\n2\n", "\n"),
        "line 8: found 'root', expected each bone once",
    ),
    "a frame left out": (
        AMC.replace("\n2\n", "\n3\n"),
        "line 8: found '3', expected 2, the number",
    ),
    "a frame twice": (AMC.replace("\n2\n", "\n1\n"), "line 8: found '1', expected 2, the number"),
    "a missing bone": (
        AMC.replace("upper 0 0 0\n", ""),
        "line 7: found '2', .*of 'upper' in frame 1",
    ),
    "no root": (AMC.replace("root 0 0 0 0 0 0\n", ""), "line 7: found '2', .*of 'root' in frame 1"),
    "an unknown bone": (
        AMC.replace("lower 90", "lover 90"),
        "line 11: found 'lover', .*of the ASF",
    ),
    "a bone twice": (
        f"{AMC}lower 0\n",
        "line 12: found 'lower', expected each bone once in frame 2",
    ),
    "too few numbers": (
        AMC.replace("0 0 90", "0 90"),
        "line 10: found 'upper 0 90', .*file, rx ry rz$",
    ),
    "too many numbers": (
        AMC.replace("lower 90", "lower 9 0"),
        "line 11: found 'lower 9 0', .*file, rx$",
    ),
    "a bone that is stiff": (f"{AMC}hand 1\n", "line 12: found 'hand 1', .*file, none$"),
    "NaN": (AMC.replace("0 0 90", "0 nan 90"), "line 10: found 'nan', expected a number below"),
    "infinity": (AMC.replace("0 0 90", "0 0 -inf"), "line 10: found '-inf', expected a number"),
    "an overflow": (AMC.replace("lower 90", "lower 1e99"), "line 11: found '1e99'"),
    "a word": (AMC.replace("lower 90", "lower x"), "line 11: found 'x', expected a number"),
    "a decimal comma": (AMC.replace("lower 90", "lower 0,5"), "line 11: found '0,5'"),
    "cut between bones": (
        AMC[: AMC.rindex("lower")],
        "line 10: .*end of the file.*'lower' in frame 2",
    ),
    "cut in a line": (AMC[: AMC.rindex(" 0 90")], "line 10: found 'upper 0', .*file, rx ry rz$"),
    "cut after a number": (
        AMC[: AMC.rindex("root")],
        "line 8: .*end of the file.*'root' in frame 2",
    ),
    "an endless number": (f"{'9' * 5000}\n", "line 1: found '999.*expected the number of a frame"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("content", "sentence"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_named_in_one_sentence(tmp_path, content, sentence):
    path = write(tmp_path, amc=content)[0]
    with pytest.raises(InputError, match=f"^{path}(, line |: the file)") as caught:
        read_recording(path)
    assert caught.match(sentence)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_absurd_nesting(tmp_path):
    depth = 9_000
    bones = "".join(
        f"begin\nname b{bone}\ndirection 1 0 0\nlength 1\naxis 0 0 0 XYZ\nend\n"
        for bone in range(depth)
    )
    links = "".join(f"b{bone} b{bone + 1}\n" for bone in range(depth - 1))
    asf = f":root\norder RZ\n:bonedata\n{bones}:hierarchy\nbegin\n{links}root b0\nend\n"
    paths = write(tmp_path, "1\nroot 90\n", asf)
    given = Given(metres_per_unit=1.0)
    skeleton = read_motion(paths[0], given, skeleton="own").skeleton
    assert skeleton.hub in (depth // 2, depth // 2 + 1)
    np.testing.assert_allclose(positions(paths)[0, -1], [0, depth, 0], atol=1e-2)


# CMU's bones of a person 1.7 m tall who stands with the arms to the sides, from near end to far end
# in metres; the left side is mirrored for the right.
BODY = {
    "{}hipjoint": ("root", (0.09, -0.1, 0.03), ""),
    "{}femur": ("{}hipjoint", (0.14, -0.38, 0), "rx ry rz"),
    "{}tibia": ("{}femur", (0.14, -0.38, 0), "rx"),
    "{}foot": ("{}tibia", (0.02, -0.03, 0.12), "rx rz"),
    "{}toes": ("{}foot", (0, 0, 0.06), "rx"),
    "lowerback": ("root", (0, 0.11, 0), "rx ry rz"),
    "upperback": ("lowerback", (0, 0.12, 0.01), "rx ry rz"),
    "thorax": ("upperback", (0, 0.12, 0), "rx ry rz"),
    "lowerneck": ("thorax", (0, 0.09, 0.02), "rx ry rz"),
    "upperneck": ("lowerneck", (0, 0.09, 0), "rx ry rz"),
    "head": ("upperneck", (0, 0.1, 0.01), "rx ry rz"),
    "{}clavicle": ("thorax", (0.19, 0.07, 0), "ry rz"),
    "{}humerus": ("{}clavicle", (0.28, 0, 0), "rx ry rz"),
    "{}radius": ("{}humerus", (0.17, 0, 0), "rx"),
    "{}wrist": ("{}radius", (0.08, 0, 0), "ry"),
    "{}hand": ("{}wrist", (0.04, 0, 0), "rx rz"),
    "{}fingers": ("{}hand", (0.03, 0, 0), "rx"),
    "{}thumb": ("{}wrist", (0.03, 0, 0.03), "rx rz"),
}


def body(unit, length):
    """AMC and ASF text of that person, in units of `unit` m; the left knee is bent by a quarter."""
    asf = [":units", f"length {length}", ":root", "order TX TY TZ RX RY RZ", ":bonedata"]
    amc = ["1", f"root 0 {1 / unit} 0 0 0 0"]
    links = []
    for name, (parent, offset, dofs) in BODY.items():
        for side, sign in (("l", 1), ("r", -1)) if "{}" in name else (("", 1),):
            x, y, z = np.multiply(offset, [sign, 1, 1])
            asf += ["begin", f"name {name.format(side)}", f"direction {x} {y} {z}"]
            asf += [f"length {np.linalg.norm(offset) / unit}", f"axis 0 0 {20 * sign} XYZ"]
            asf += [f"dof {dofs}", "end"]
            links.append(f"{parent.format(side)} {name.format(side)}")
            if dofs:
                values = (
                    "90" if name.format(side) == "ltibia" else " ".join("0" for _ in dofs.split())
                )
                amc.append(f"{name.format(side)} {values}")
    return "\n".join(amc), "\n".join([*asf, ":hierarchy", "begin", *links, "end"])


CMU = 0.0254 / 0.45


@pytest.mark.parametrize(
    ("unit", "length"),
    [
        (CMU, 0.45),
        (0.0254, 1.0),
        (0.05, 0.508),
        (CMU, 1.0),
        (0.0254, 2.54),
        (0.01, 1.0),
        (1.0, 1.0),
    ],
)
def test_the_unit_is_told_by_the_file_and_the_body(tmp_path, unit, length):
    """Inches by the ASF's length, as CMU and HDM05 have them, before any other that fits."""
    motion = read_motion(write(tmp_path, *body(unit, length))[0], skeleton="own")
    assert motion.joints.dtype == np.float32
    head, root = (motion.skeleton.index(name) for name in ("head", "root"))
    np.testing.assert_allclose(np.ptp(motion.joints[0, [root, head], 1]), 0.63, rtol=1e-5)


def test_the_unit_can_be_given(tmp_path):
    take = read_take(write(tmp_path, *body(1.0, 1.0))[0], Given(metres_per_unit=0.5))
    heights = take.motion.joints[0, :, 1]
    np.testing.assert_allclose(heights[0] + take.floor, 0.5, rtol=1e-6)


def test_sides_and_hub_of_a_person(tmp_path):
    skeleton = read_motion(write(tmp_path, *body(CMU, 0.45))[0], skeleton="own").skeleton
    pairs = {(skeleton.joints[a], skeleton.joints[b]) for a, b in skeleton.left_right_pairs}
    assert pairs == {(name.format("l"), name.format("r")) for name in BODY if "{}" in name}
    assert skeleton.joints[skeleton.hub] == "thorax"
    assert skeleton.joints[skeleton.root] == "root"


def test_a_person_on_smpl22(tmp_path):
    """Joints are where bones end; the bent shin points back, about the axis of its own bone."""
    take = read_take(write(tmp_path, *body(CMU, 0.45))[0])
    motion = take.on_smpl22()
    assert motion.skeleton is SMPL22
    places = motion.joints[0] + [0, take.floor, 0]
    joints = {name: places[SMPL22.index(name)] for name in SMPL22.joints}
    for name, expected in {
        "pelvis": [0, 1, 0],
        "spine3": [0, 1.35, 0.01],
        "head": [0, 1.53, 0.03],
        "left_hip": [0.09, 0.9, 0.03],
        "left_knee": [0.23, 0.52, 0.03],
        "right_knee": [-0.23, 0.52, 0.03],
        "right_ankle": [-0.37, 0.14, 0.03],
        "right_foot": [-0.39, 0.11, 0.15],
        "left_collar": [0.095, 1.385, 0.01],
        "left_shoulder": [0.19, 1.42, 0.01],
        "left_elbow": [0.47, 1.42, 0.01],
        "left_wrist": [0.72, 1.42, 0.01],
    }.items():
        np.testing.assert_allclose(joints[name], expected, atol=1e-5, err_msg=name)
    shin = joints["left_ankle"] - joints["left_knee"]
    np.testing.assert_allclose(np.linalg.norm(shin), np.hypot(0.14, 0.38), rtol=1e-5)
    assert shin[2] < -0.4
    for name in ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist"):
        assert joints[f"left_{name}"][0] > joints[f"right_{name}"][0]
