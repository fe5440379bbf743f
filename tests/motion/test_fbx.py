import struct
import tracemalloc
import zlib

import bvh_people
import numpy as np
import pytest
from fbx_scene import CONSTANT, LINEAR, TICKS, Encoded, Record, Scene, properties
from scipy.spatial.transform import Rotation

from motext_jax.errors import InputError
from motext_jax.motion import bvh, fbx_document, files
from motext_jax.motion.fbx import read_recording

FRAME = 1 / 30
ROTATION, TRANSLATION = "Lcl Rotation", "Lcl Translation"
QUARTER = ([0, FRAME], [0, 90])
"""The keys and values of a quarter turn within a frame."""


def leg(**fields):
    """Hips at (1, 2, 3), a knee 4 below, an ankle 3 below; and a quarter turn of the knee."""
    scene = Scene(**fields)
    hips = scene.node("Hips", Lcl_Translation=[1, 2, 3])
    knee = scene.node("Knee", hips, Lcl_Translation=[0, -4, 0])
    scene.node("Ankle", knee, Lcl_Translation=[0, -3, 0])
    return scene.animate((knee, ROTATION, [0.0, 0.0, QUARTER]))


POSITIONS = [[[1, 2, 3], [1, -2, 3], [1, -5, 3]], [[1, 2, 3], [1, -2, 3], [4, -2, 3]]]


@pytest.fixture
def read(tmp_path):
    """Writes a file and reads it."""

    def written(content, name="walk.fbx"):
        (tmp_path / name).write_bytes(content.binary() if isinstance(content, Scene) else content)
        return read_recording(tmp_path / name)

    return written


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("version", [7100, 7400, 7500, 7700])
def test_a_small_file_by_hand(read, version, packed):
    recording = read(leg().binary(version, packed))
    assert recording.name == "walk.fbx"
    assert recording.joints == ("Hips", "Knee", "Ankle")
    assert recording.parents == (-1, 0, 1)
    assert (recording.fps, recording.metres_per_unit, recording.up) == (30, 0.01, 1)
    np.testing.assert_allclose(recording.positions, POSITIONS, atol=1e-6)


def test_what_blender_has_exported_is_what_it_has_imported(golden_folder, tmp_path):
    """Blender had read a BVH file in centimetres; the two files name the tips otherwise."""
    source = tmp_path / "walk.bvh"
    source.write_text(bvh_people.text(bvh_people.tool("Mixamo")))
    expected = bvh.read_recording(source)
    recording = read_recording(golden_folder / "blender.fbx")
    named = [joint for joint in expected.joints if joint in recording.joints]
    assert len(named) == 22
    assert recording.fps == expected.fps
    np.testing.assert_allclose(
        recording.metres_per_unit * recording.positions[:, [*map(recording.joints.index, named)]],
        0.01 * expected.positions[:, [*map(expected.joints.index, named)]],
        atol=1e-6,
    )
    take, same = files.read_take(golden_folder / "blender.fbx"), files.read_take(source)
    assert take.body.joints.keys() == same.body.joints.keys()
    np.testing.assert_allclose(take.on_smpl22().joints, same.on_smpl22().joints, atol=1e-5)


def pytest_generate_tests(metafunc):
    """The names of the golden scenes."""
    if "scene_of_ufbx" in metafunc.fixturenames:
        with np.load(metafunc.config.rootpath / "tests" / "golden" / "fbx_scenes.npz") as arrays:
            names = sorted({name.split("/")[0] for name in arrays})
        metafunc.parametrize("scene_of_ufbx", names)


def test_scenes_are_posed_as_by_ufbx(read, golden, scene_of_ufbx):
    """Orders of rotation, rotations before and after, pivots, ways to inherit scales, and keys."""
    arrays = golden("fbx_scenes")
    recording = read(arrays[f"{scene_of_ufbx}/file"].tobytes())
    assert recording.fps == 30
    expected = arrays[f"{scene_of_ufbx}/positions"]
    nodes = [int(joint[1:]) for joint in recording.joints]
    assert sorted(nodes) == list(range(6))
    # A slope of some thousand degrees a second, and times in single precision.
    np.testing.assert_allclose(recording.positions, expected[:, nodes], atol=2e-4)


def test_rotations_before_and_after_count_where_the_node_says_so(read):
    """As FBX's SDK and Blender have it."""
    for active in (0, 1):
        scene = Scene()
        hips = scene.node(
            "Hips",
            PreRotation=[0, 0, 90],
            PostRotation=[0, 40, 0],
            RotationOrder=5,
            RotationActive=active,
        )
        scene.node("Knee", hips, Lcl_Translation=[0, -4, 0])
        scene.animate((hips, ROTATION, [10.0, 20.0, QUARTER]))
        knee = read(scene).positions[0, 1]
        turn = Rotation.from_euler("xyz", [10, 20, 0], degrees=True)
        if active:
            # Turned about z first, then y, then x.
            turn = Rotation.from_euler("zyx", [0, 20, 10], degrees=True)
            turn = Rotation.from_euler("z", 90, degrees=True) * turn
            turn = turn * Rotation.from_euler("y", -40, degrees=True)
        np.testing.assert_allclose(knee, turn.apply([0, -4, 0]), atol=1e-6)


def test_below_a_scale_of_nothing_all_is_at_one_place(read):
    scene = Scene()
    hips = scene.node("Hips")
    hand = scene.node("Hand", hips, Lcl_Translation=[4, 0, 0], Lcl_Scaling=[0, 0, 0])
    sword = scene.node("Sword", hand, Lcl_Translation=[1, 0, 0])
    scene.node("Tip", sword, Lcl_Translation=[9, 0, 0])
    scene.animate((hips, ROTATION, [0.0, 0.0, QUARTER]))
    np.testing.assert_allclose(read(scene).positions[0, 1:], [[4, 0, 0]] * 3)


@pytest.mark.parametrize(
    ("axes", "turned"),
    [
        ({"UpAxis": 1, "CoordAxis": 0}, [1, 2, 3]),
        # 3ds Max's: z is up, and x is to the right.
        ({"UpAxis": 2, "CoordAxis": 0, "FrontAxis": 1, "FrontAxisSign": -1}, [1, 3, -2]),
        ({"UpAxis": 0, "CoordAxis": 2, "CoordAxisSign": -1}, [-3, 1, -2]),
        ({"UpAxis": 1, "UpAxisSign": -1, "CoordAxis": 0}, [1, -2, -3]),
        # The other axis is y where x is up, and nothing is said of it.
        ({"UpAxis": 0}, [2, 1, -3]),
    ],
)
def test_the_files_axes_are_turned_to_y_up(read, axes, turned):
    np.testing.assert_allclose(read(leg(**axes)).positions[0, 0], turned, atol=1e-6)


def test_the_unit_is_the_files(read):
    assert read(leg(UnitScaleFactor=2.54)).metres_per_unit == pytest.approx(0.0254)


@pytest.mark.parametrize(
    ("keys", "line", "fps", "frames"),
    [
        (np.arange(7) / 120, {"TimeMode": 6}, 120, 7),
        (np.array([0, 1, 2, 5]) / 60, {"TimeMode": 6}, 60, 6),
        # Uneven keys: the time line's.
        ([0, 0.11, 0.5], {"TimeMode": 11}, 24, 13),
        ([0, 0.11, 0.5], {"TimeMode": 14, "CustomFrameRate": 40.0}, 40, 21),
        ([0, 0.11, 0.5], {"TimeMode": 14, "CustomFrameRate": 0.0}, 30, 16),
        ([0, 0.11, 0.5], {"TimeMode": 99}, 30, 16),
        ([2.0], {"TimeMode": 3}, 60, 1),
    ],
)
def test_the_rate_is_that_of_even_keys_else_the_time_lines(read, keys, line, fps, frames):
    scene = Scene(**line)
    hips = scene.node("Hips")
    scene.animate((hips, TRANSLATION, [(keys, np.arange(len(keys))), 0.0, 0.0]))
    recording = read(scene)
    assert (recording.fps, len(recording.positions)) == (fps, frames)


@pytest.mark.parametrize(
    ("version", "header", "definition", "ticks"),
    [
        (7400, None, None, TICKS),
        (7700, 1004, 127, TICKS),
        (7700, 1004, 0, 141_120_000),
        (7700, 1003, 0, TICKS),
        (7700, 1004, None, TICKS),
        (8000, 1004, None, 141_120_000),
        (8000, 1004, 127, TICKS),
    ],
)
def test_time_is_counted_as_the_header_says(read, version, header, definition, ticks):
    """As in ufbx and Blender: FBX 2019.5 and newer may count in coarser parts of a second."""
    scene = Scene()
    flags = [] if definition is None else [Record("TCDefinition", [definition])]
    said = [Record("FBXHeaderVersion", [header]), Record("OtherFlags", [], flags)]
    scene.heads.append(Record("FBXHeaderExtension", [], said if header else []))
    hips = scene.node("Hips")
    keys = np.arange(4) / 25 * ticks / TICKS
    scene.animate((hips, TRANSLATION, [(keys, np.arange(4)), 0.0, 0.0]))
    recording = read(scene.binary(version))
    assert (recording.fps, len(recording.positions)) == (25, 4)


def test_of_keys_at_one_time_the_last_counts(read):
    """In any order, each with its own flags."""
    scene = Scene()
    hips = scene.node("Hips")
    keys, flags = np.array([1, 3, 1, 0, 4]) / 30, [LINEAR, LINEAR, CONSTANT, LINEAR, LINEAR]
    scene.animate((hips, TRANSLATION, [(keys, [9, 3, 1, 5, 4], flags), 0.0, 0.0]))
    np.testing.assert_allclose(read(scene).positions[:, 0, 0], [5, 1, 1, 3, 4], atol=1e-6)


def test_an_axis_that_does_not_move_keeps_its_number(read):
    """The animation's own where it says one, else the node's; before its keys a curve is still."""
    scene = Scene()
    hips = scene.node("Hips", Lcl_Translation=[1, 2, 3], Lcl_Rotation=[0, 0, 90])
    scene.node("Knee", hips, Lcl_Translation=[0, -4, 0])
    scene.animate((hips, TRANSLATION, [([0, FRAME], [5, 6]), 7.0, ([FRAME, 2 * FRAME], [8, 9])]))
    np.testing.assert_allclose(
        read(scene).positions[:, 0], [[5, 7, 8], [6, 7, 8], [6, 7, 9]], atol=1e-6
    )
    # The hips' own rotation, which nothing moves, is kept.
    np.testing.assert_allclose(read(scene).positions[0, 1], [9, 7, 8], atol=1e-6)


def test_a_reference_above_the_joints_moves_them_and_is_none(read):
    scene = Scene()
    reference = scene.node("Reference", kind="Null", Lcl_Translation=[10, 0, 0])
    hips = scene.node("Hips", reference)
    scene.node("Knee", hips, Lcl_Translation=[0, -4, 0])
    scene.animate((reference, ROTATION, [0.0, 0.0, QUARTER]))
    recording = read(scene)
    assert recording.joints == ("Hips", "Knee")
    np.testing.assert_allclose(
        recording.positions, [[[10, 0, 0], [10, -4, 0]], [[10, 0, 0], [14, 0, 0]]], atol=1e-5
    )


def test_the_largest_skeleton_is_the_body(read):
    """Both stand below one node, and a thing between two joints is one of them."""
    scene = Scene()
    world = scene.node("World", kind="Null")
    dog = scene.node("Dog", world)
    scene.node("Tail", dog)
    hips = scene.node("Hips", world)
    between = scene.node("Group", hips, kind="Null")
    for name in ("Left", "Right"):
        scene.node(name, between)
    scene.animate((dog, TRANSLATION, [QUARTER, 0.0, 0.0]), name="run")
    scene.animate((hips, TRANSLATION, [QUARTER, 0.0, 0.0]), name="walk")
    recording = read(scene)
    assert recording.joints == ("Hips", "Group", "Left", "Right")
    assert recording.name == "walk.fbx walk"


def test_a_curve_without_keys_moves_nothing(read):
    scene = Scene()
    hips = scene.node("Hips")
    empty = (np.zeros(0), np.zeros(0))
    scene.animate((hips, TRANSLATION, [QUARTER, empty, 7.0]))
    scene.animate((hips, TRANSLATION, [empty, empty, empty]), name="empty")
    np.testing.assert_allclose(read(scene).positions[:, 0], [[0, 0, 7], [90, 0, 7]])
    scene = Scene()
    scene.node("Hips")
    with pytest.raises(InputError, match="found 1 animations, expected one that moves"):
        read(scene.animate((hips, TRANSLATION, [empty, 0.0, 0.0])))


def test_a_skeleton_that_moves_comes_before_a_larger_one(read):
    """As where a character stands beside the one that was recorded."""
    scene = Scene()
    still = scene.node("Character")
    for name in ("Left", "Right"):
        scene.node(name, still)
    hips = scene.node("Hips")
    scene.node("Knee", hips)
    scene.animate((still, ROTATION, [0.0, 0.0, 0.0]), (hips, ROTATION, [0.0, 0.0, QUARTER]))
    assert read(scene).joints == ("Hips", "Knee")


def test_what_a_node_does_not_say_is_of_all_nodes(read):
    """As FBX's SDK leaves out numbers that are those of the document's definitions."""
    template = properties(RotationActive=1, PreRotation=[0, 0, 90], Lcl_Translation=[0, -4, 0])
    scene = Scene()
    kind = Record("ObjectType", ["Model"], [Record("PropertyTemplate", ["FbxNode"], [template])])
    scene.heads.append(Record("Definitions", [], [kind]))
    hips = scene.node("Hips", Lcl_Translation=[0, 0, 0])
    scene.node("Ankle", scene.node("Knee", hips, RotationActive=0))
    scene.animate((hips, ROTATION, [0.0, 0.0, QUARTER]))
    across, upward = [[0, 0, 0], [4, 0, 0], [8, 0, 0]], [[0, 0, 0], [0, 4, 0], [0, 8, 0]]
    np.testing.assert_allclose(read(scene).positions, [across, upward], atol=1e-5)


def test_one_channel_moves_several_nodes(read):
    """As programs write where curves are shared."""
    scene = Scene()
    hips = scene.node("Hips")
    legs = [scene.node(name, hips, Lcl_Translation=[0, -4, 0]) for name in ("Left", "Right")]
    for leg in legs:
        scene.node("Foot", leg, Lcl_Translation=[0, -3, 0])
    scene.animate((legs, ROTATION, [0.0, 0.0, QUARTER]))
    recording = read(scene)
    assert recording.joints == ("Hips", "Left", "Foot", "Right", "Foot 2")
    np.testing.assert_allclose(recording.positions[1, [2, 4]], [[3, -4, 0]] * 2, atol=1e-6)


def test_without_joints_the_animated_nodes_and_all_below_are_the_body(read):
    scene = Scene()
    camera = scene.node("Camera", kind="Camera")
    hips = scene.node("Hips", camera, kind="Null")
    scene.node("Knee", hips, kind="Mesh")
    scene.animate((hips, TRANSLATION, [QUARTER, 0.0, 0.0]))
    assert read(scene).joints == ("Hips", "Knee")


def test_the_longest_animation_is_taken(read):
    scene = leg()
    scene.animate((1001, TRANSLATION, [([0, 1], [0, 1]), 0.0, 0.0]), name="long")
    scene.animate((1001, TRANSLATION, [([0, 0.5], [0, 1]), 0.0, 0.0]), name="short")
    recording = read(scene)
    assert recording.name == "walk.fbx long"
    assert len(recording.positions) == 31


def test_an_animation_that_moves_joints_comes_before_a_longer_one(read):
    """As Blender gives an armature the animation of a camera too, with all joints at rest."""
    scene = Scene()
    armature = scene.node("Armature", kind="Null")
    hips = scene.node("Hips", armature)
    still = (hips, ROTATION, [0.0, 0.0, ([0, 1], [5, 5])])
    scene.animate((hips, ROTATION, [0.0, 0.0, QUARTER]), name="walk")
    scene.animate(still, (armature, TRANSLATION, [([0, 1], [5, 9]), 0.0, 0.0]), name="camera")
    scene.animate(still, name="T-pose")
    assert read(scene).name == "walk.fbx walk"
    scene = Scene()
    hips = scene.node("Hips")
    scene.animate((hips, TRANSLATION, [([0, 1], [5, 5]), 0.0, 0.0]))
    assert len(read(scene).positions) == 31


ADDS, OVERRIDES, MUTE = {"BlendMode": 0}, {"BlendMode": 1}, {"Mute": 1}
MOVING, TURNING = (TRANSLATION, [QUARTER, 0.0, 0.0]), (ROTATION, [QUARTER, 0.0, 0.0])
AT_REST = (TRANSLATION, [0.0, 0.0, 0.0])
NOTHING = (TRANSLATION, [([0, FRAME], [0, 0]), 0.0, (np.zeros(0), np.zeros(0))])
SAME_SIZE = ("Lcl Scaling", [([0, FRAME], [1, 1]), 1.0, 1.0])


@pytest.mark.parametrize(
    ("channels", "layers"),
    [
        ([MOVING, MOVING], [{}, ADDS]),
        ([MOVING, MOVING], [{}, OVERRIDES]),
        # It adds to the place where the node stands.
        ([TURNING, MOVING], [{}, ADDS]),
    ],
)
def test_layers_that_are_blended_are_refused(read, channels, layers):
    scene = Scene()
    hips = scene.node("Hips")
    scene.animate(*[(hips, *channel) for channel in channels], layers=layers)
    with pytest.raises(InputError, match="Lcl Translation in a second layer of Take 001; merge"):
        read(scene)
    # It is no matter in an animation that is not read, or of a node that is no joint.
    camera = scene.node("Camera", kind="Camera")
    blended = [(camera, *channel) for channel in channels]
    scene.animate((hips, ROTATION, [([0, 1], [0, 9]), 0.0, 0.0]), name="long")
    scene.animate(*blended, name="camera", layers=layers)
    assert read(scene).name == "walk.fbx long"


@pytest.mark.parametrize(
    ("channels", "layers"),
    [
        ([MOVING, AT_REST], [{}, ADDS]),
        ([MOVING, NOTHING], [{}, ADDS]),
        ([MOVING, SAME_SIZE], [{}, ADDS]),
        ([MOVING, MOVING], [{}, MUTE]),
        ([TURNING, MOVING], [MUTE, OVERRIDES]),
        ([TURNING, MOVING], [{}, OVERRIDES]),
        ([AT_REST, MOVING], [{}, OVERRIDES]),
    ],
)
def test_layers_that_change_nothing_are_no_matter(read, channels, layers):
    scene = Scene()
    hips = scene.node("Hips", Lcl_Translation=[7, 0, 0])
    scene.animate(*[(hips, *channel) for channel in channels], layers=layers)
    np.testing.assert_allclose(read(scene).positions[:, 0], [[0, 0, 0], [90, 0, 0]])


def test_records_are_read_few_times(read, monkeypatch):
    """So that a file of many animations is not refused for reading it."""
    scene = leg()
    for number in range(50):
        scene.animate((1001, ROTATION, [QUARTER] * 3), name=f"Take {number}")
    count = len(scene.links) + sum(1 + len(record.records) for record in scene.objects)
    monkeypatch.setattr(fbx_document, "MOST_RECORDS", 2 * count)
    monkeypatch.setattr(fbx_document, "BYTES_PER_RECORD", 1 << 40)
    assert read(scene).name == "walk.fbx Take 001"
    monkeypatch.setattr(fbx_document, "MOST_RECORDS", count // 2)
    with pytest.raises(InputError, match=f"more than {count // 2:,} records"):
        read(scene)
    monkeypatch.setattr(fbx_document, "BYTES_PER_RECORD", 20)
    assert read(scene).name == "walk.fbx Take 001"


def test_a_name_that_stands_twice_gets_a_number(read):
    scene = Scene()
    hips = scene.node("Hips")
    scene.node("Hips", hips)
    scene.node("", hips)
    scene.animate((hips, TRANSLATION, [QUARTER, 0.0, 0.0]))
    assert read(scene).joints == ("Hips", "Hips 2", "node 2")


def test_meshes_and_pictures_are_not_read(read):
    """A record is read when it is asked for."""
    scene = leg()
    vertices = Record("Vertices", [np.arange(100_000, dtype=np.float64)])
    scene.objects.append(Record("Geometry", [1, "\0\1Geometry", "Mesh"], [vertices]))
    content = scene.binary()
    place = content.index(b"Vertices") + len("Vertices")
    damaged = content[:place] + b"?" + content[place + 1 :]
    np.testing.assert_allclose(read(damaged).positions, POSITIONS, atol=1e-6)


def with_curve(**arrays):
    """The leg's curve with other arrays."""
    scene = leg()
    curve = next(each for each in scene.objects if each.name == "AnimationCurve")
    for record in curve.records:
        record.values = [arrays.get(record.name, record.values[0])]
    return scene


def in_circle():
    scene = leg()
    scene.links.append(Record("C", ["OO", 1000, 1002]))
    return scene


def without_animation():
    scene = Scene()
    scene.node("Hips")
    return scene


SMALL = leg().binary()
REFUSED = {
    "text": (b"; FBX 7.3.0 project file\n", "FBX as text; save it as binary FBX"),
    "other": (b"glTF", "not FBX, which begins with 'Kaydara FBX Binary'"),
    "old": (SMALL[:23] + struct.pack("<I", 6100) + SMALL[27:], "FBX 6.1; expected 7.0 or newer"),
    "head": (SMALL[:25], "cut off at byte 25"),
    "no nodes": (Scene(), "0 nodes; expected 1 to 10,000"),
    "no animation": (without_animation(), "found 0 animations, expected one that moves"),
    "circle": (in_circle(), "nodes below it; expected a tree; the node is below itself"),
    "no values": (with_curve(KeyValueFloat=np.zeros(0, np.float32)), "2 keys and 0 values"),
    "far": (with_curve(KeyValueFloat=np.float32([0, 1e30])), r"values of 1e\+09 and more"),
    "nan": (with_curve(KeyValueFloat=np.float32([0, np.nan])), r"values of 1e\+09 and more"),
    "kinds": (with_curve(KeyTime=np.float32([0, 1])), "KeyTime at .* has no array of such numbers"),
    "number": (with_curve(KeyTime=5), "KeyTime at .* has no array of such numbers"),
    "flags": (with_curve(KeyAttrFlags=np.int32([4])), "1 flags, 8 numbers of 2 keys"),
    "counts": (with_curve(KeyAttrRefCount=np.int32([1, 7])), "attributes of 8 keys, and 2 keys"),
    "minus": (with_curve(KeyAttrRefCount=np.int32([3, -1])), "attributes of 2 keys, and 2 keys"),
    "long": (with_curve(KeyTime=np.array([0, 46_186_158_000 * 10**7])), "an animation of .* s"),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_named(read, tmp_path, content, sentence):
    with pytest.raises(InputError, match=sentence) as said:
        read(content)
    assert str(said.value).startswith(str(tmp_path / "walk.fbx"))


def test_a_number_that_is_none_is_refused(read):
    scene = Scene()
    hips = scene.node("Hips", Lcl_Translation=[np.nan, 0, 0])
    with pytest.raises(InputError, match=r"P at byte .* has \[nan, 0.0, 0.0\], expected numbers"):
        read(scene.animate((hips, ROTATION, [QUARTER, 0.0, 0.0])))


def array(letter, count, packed):
    """A compressed array that claims so many numbers."""
    return Encoded(struct.pack("<cIII", letter, count, 1, len(packed)) + packed)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        # A gigabyte of zeros is a megabyte of the file.
        (array(b"l", 1 << 27, zlib.compress(bytes(1 << 30))), "arrays of 1,073,741,824 bytes"),
        (array(b"l", 1 << 27, b"x"), "arrays of 1,073,741,824 bytes"),
        (array(b"l", 2, zlib.compress(bytes(1 << 20))), "claims 2 numbers and is damaged"),
        (array(b"l", 2, zlib.compress(bytes(8))), "claims 2 numbers and is damaged"),
        (array(b"l", 2, b"no zlib"), "claims 2 numbers and is damaged"),
        (Encoded(b"i" + struct.pack("<III", 1 << 31, 0, 0)), "a value that ends at byte"),
        (Encoded(b"S" + struct.pack("<I", 1 << 31)), "a value that ends at byte"),
        (Encoded(b"?"), r"a value of the kind '\?'"),
    ],
)
def test_arrays_are_believed_as_far_as_there_are_bytes(read, keys, sentence):
    content = with_curve(KeyTime=keys).binary()
    tracemalloc.start()
    with pytest.raises(InputError, match=sentence):
        read(content)
    assert tracemalloc.get_traced_memory()[1] < 16e6
    tracemalloc.stop()
