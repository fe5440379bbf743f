import itertools
import json
import os
import tracemalloc

import numpy as np
import pytest
from gltf_scene import Scene
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation, Slerp

from motext_jax.errors import InputError
from motext_jax.motion import files
from motext_jax.motion.gltf import read_recording

HALF = np.sqrt(0.5)
ABOUT_Z = [0, 0, HALF, HALF]
"""A quarter turn about z: x becomes y."""
STILL = [0, 0, 0, 1]


def leg(**fields):
    """Hips at (1, 2, 3), a knee 4 below, an ankle 3 below; and a quarter turn of the knee."""
    nodes = [
        {"name": "Hips", "translation": [1, 2, 3], "children": [1]},
        {"name": "Knee", "translation": [0, -4, 0], "children": [2]},
        {"name": "Ankle", "translation": [0, -3, 0]},
    ]
    return Scene(nodes, **fields).animate((1, "rotation", [0, 1 / 30], [STILL, ABOUT_Z]))


POSITIONS = [[[1, 2, 3], [1, -2, 3], [1, -5, 3]], [[1, 2, 3], [1, -2, 3], [4, -2, 3]]]


@pytest.fixture
def read(tmp_path):
    """Writes a file and reads it."""

    def written(content, name="walk.glb"):
        (tmp_path / name).write_bytes(content.glb() if isinstance(content, Scene) else content)
        return read_recording(tmp_path / name)

    return written


def moving(times, values, *interpolation, part="translation", nodes=None):
    """A node that one curve moves, and another 1 to its right."""
    nodes = nodes or [{"name": "a", "children": [1]}, {"name": "b", "translation": [1, 0, 0]}]
    return Scene(nodes).animate((0, part, times, values, *interpolation))


def test_a_small_file_by_hand(read):
    """Without a skin, the animated nodes and all below them are the joints."""
    scene = leg()
    recording = read(scene)
    assert recording.name == "walk.glb"
    assert recording.joints == ("Knee", "Ankle")
    assert recording.parents == (-1, 0)
    assert (recording.fps, recording.metres_per_unit, recording.up) == (30, 1, 1)
    np.testing.assert_allclose(recording.positions, np.array(POSITIONS)[:, 1:], atol=1e-6)


@pytest.mark.parametrize("name", ["walk.gltf", "walk.vrm", "WALK.GLB", "walk.vrma"])
def test_files_are_told_by_their_ending_and_containers_by_their_bytes(tmp_path, name):
    for content in (leg().glb(), leg().gltf()):
        (tmp_path / name).write_bytes(content)
        recording = files.read_recording(tmp_path / name)
        np.testing.assert_allclose(recording.positions, np.array(POSITIONS)[:, 1:], atol=1e-6)


def test_poses_agree_with_products_of_4x4_matrices(read):
    """A tree with scales, matrices and nodes above it; all parts animated, keys uneven."""
    rng = np.random.default_rng(0)
    parents = [-1, 0, 1, 2, 2, 3, 5]
    rest, nodes = [], []
    for node in range(len(parents)):
        part = {
            "translation": rng.normal(size=3),
            "rotation": Rotation.random(random_state=node).as_quat(),
            "scale": rng.uniform(0.5, 2, 3),
        }
        rest.append(part)
        nodes.append({key: value.tolist() for key, value in part.items()} | {"name": f"n{node}"})
        below = [child for child, parent in enumerate(parents) if parent == node]
        if below:
            nodes[-1]["children"] = below
    # Two nodes have a matrix in place of the three parts, one of them animated.
    for node in (0, 3):
        matrix = affine(rest[node])
        nodes[node] = {
            key: value for key, value in nodes[node].items() if key in ("name", "children")
        } | {"matrix": matrix.T.ravel().tolist()}
    times = np.sort(rng.uniform(0, 2, 9)).astype(np.float32)
    curves = {
        (node, part): np.stack([value + rng.normal(scale=0.2, size=value.shape) for _ in times])
        for node, part in itertools.product((1, 3, 5), ("translation", "rotation", "scale"))
        for value in (rest[node][part],)
    }
    for (_, part), values in curves.items():
        if part == "rotation":
            values /= np.linalg.norm(values, axis=1, keepdims=True)
    scene = Scene(nodes, skins=[{"joints": [1, 2, 3, 4, 5, 6]}])
    recording = read(scene.animate(*((n, p, times, values) for (n, p), values in curves.items())))

    frames = times[0] + np.arange(len(recording.positions)) / 30
    assert recording.fps == 30
    assert len(frames) == int((times[-1] - times[0]) * 30) + 1
    expected = []
    for now in frames:
        pose = [dict(part) for part in rest]
        for (node, part), values in curves.items():
            if part == "rotation":
                pose[node][part] = Slerp(times, Rotation.from_quat(values))(now).as_quat()
            else:
                pose[node][part] = [np.interp(now, times, column) for column in values.T]
        expected.append(world(pose, parents))
    order = [1, 2, 3, 5, 6, 4]
    assert recording.joints == tuple(f"n{node}" for node in order)
    assert recording.parents == (-1, 0, 1, 2, 3, 1)
    np.testing.assert_allclose(recording.positions, np.array(expected)[:, order], atol=2e-5)


def affine(part):
    """A node's 4x4 matrix."""
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_quat(part["rotation"]).as_matrix() @ np.diag(part["scale"])
    matrix[:3, 3] = part["translation"]
    return matrix


def world(pose, parents):
    """The nodes' positions, by products of 4x4 matrices in float64."""
    matrices = []
    for part, parent in zip(pose, parents, strict=True):
        matrices.append((matrices[parent] if parent >= 0 else np.eye(4)) @ affine(part))
    return np.array([matrix[:3, 3] for matrix in matrices])


@pytest.mark.parametrize(
    ("interpolation", "values", "expected"),
    [
        ("LINEAR", [[0, 0, 0], [2, 4, 8]], [0, 0.5, 1, 1.5, 2]),
        ("STEP", [[0, 0, 0], [2, 4, 8]], [0, 0, 0, 0, 2]),
        # Tangents 8 out of the first key and -16 into the second, over two seconds: at a quarter
        # 0.15625 * 2 + 2 * (0.140625 * 8 + 0.046875 * 16); half way 1 + 2 * (1/8 * 8 + 1/8 * 16).
        (
            "CUBICSPLINE",
            [[9, 9, 9], [0, 0, 0], [8, 0, 0], [-16, 0, 0], [2, 4, 8], [9, 9, 9]],
            [0, 4.0625, 7, 6.9375, 2],
        ),
    ],
)
def test_interpolations_by_hand(read, interpolation, values, expected):
    """Values after 0, 1/2, 1, 3/2 and 2 seconds of keys at 3 and 5 seconds."""
    recording = read(moving([3, 5], values, interpolation))
    assert recording.positions.shape == (61, 2, 3)
    np.testing.assert_allclose(recording.positions[::15, 0, 0], expected, atol=1e-5)
    np.testing.assert_allclose(
        recording.positions[:, 1] - recording.positions[:, 0], [[1, 0, 0]] * 61, atol=1e-6
    )


def test_a_cubic_spline_of_rotations_is_brought_to_length_one(read):
    """Without tangents it goes from key to key: half way, the mean of the two, as a rotation."""
    zero = [0, 0, 0, 0]
    values = [zero, STILL, zero, zero, [0, 0, 1, 0], zero]
    recording = read(moving([0, 2], values, "CUBICSPLINE", part="rotation"))
    np.testing.assert_allclose(recording.positions[30, 1], [0, 1, 0], atol=1e-6)
    np.testing.assert_allclose(recording.positions[60, 1], [-1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(recording.positions[:, 1], axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_rotations_go_the_shorter_way_at_an_even_pace(read, sign):
    """q and -q are one rotation."""
    recording = read(moving([0, 1], [STILL, np.multiply(sign, ABOUT_Z)], part="rotation"))
    angles = np.radians(np.linspace(0, 90, 31))
    expected = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    np.testing.assert_allclose(recording.positions[:, 1], expected, atol=1e-6)


def test_before_its_first_key_and_after_its_last_a_curve_stands_still(read):
    scene = moving([1, 2], [[1, 0, 0], [2, 0, 0]])
    other = {"input": scene.accessor([0, 3]), "output": scene.accessor([[0, 0, 0], [0, 3, 0]])}
    scene.tree["animations"][0]["samplers"].append(other)
    scene.tree["animations"][0]["channels"].append(
        {"sampler": 1, "target": {"node": 1, "path": "translation"}}
    )
    recording = read(scene)
    assert len(recording.positions) == 91
    np.testing.assert_allclose(recording.positions[[0, 15, 45, 75, 90], 0, 0], [1, 1, 1.5, 2, 2])


def test_of_two_keys_at_one_time_the_later_counts(read):
    """A jump, as exporters write it between linear keys."""
    recording = read(moving([0, 1, 1, 2], [[0, 0, 0], [0, 0, 0], [5, 0, 0], [5, 0, 0]]))
    np.testing.assert_allclose(recording.positions[[0, 29, 30, 31, 60], 0, 0], [0, 0, 5, 5, 5])


def test_a_mirrored_matrix_stays_mirrored_where_its_rotation_is_animated(read):
    mirrored = np.diag([-2.0, 2, 2, 1])
    nodes = [
        {"children": [1], "matrix": mirrored.ravel().tolist()},
        {"translation": [1, 1, 0]},
    ]
    recording = read(moving([0, 1], [STILL, ABOUT_Z], part="rotation", nodes=nodes))
    # Mirrored and doubled to (-2, 2, 0), then turned by a quarter.
    np.testing.assert_allclose(
        recording.positions[[0, -1], 1], [[-2, 2, 0], [-2, -2, 0]], atol=1e-5
    )


def keys(fps, frames):
    """Times of frames as float32 has them."""
    return (np.asarray(frames) / fps).astype(np.float32)


@pytest.mark.parametrize(
    ("times", "fps", "frames"),
    [
        (keys(30, range(7)), 30, 7),
        (keys(120, range(30)) + 1000, 120, 30),
        (keys(24, range(1, 60)), 24, 59),
        (keys(29.97, range(3000)), 29.97, 3000),
        (keys(60, [0, 1, 2, 3, 7, 8, 30]), 60, 31),
        ([0, 0.5, 1], 30, 31),
        ([0, 0.1, 0.13, 0.2, 0.55], 30, 17),
        ([0, 1e-5, 2e-5], 30, 1),
        ([0.5], 30, 1),
        ([1, 1, 1], 30, 1),
    ],
    ids=[
        *("even", "late start", "first key at 1/24", "NTSC", "left-out keys"),
        *("poses", "uneven", "too fast", "one key", "one time"),
    ],
)
def test_the_rate_is_that_of_even_keys(read, times, fps, frames):
    recording = read(moving(times, [[key, 0, 0] for key in range(len(times))]))
    assert recording.fps == pytest.approx(fps, rel=1e-5)
    assert len(recording.positions) == frames


def test_even_keys_are_taken_as_they_are(read):
    values = np.random.default_rng(0).normal(size=(400, 3)).astype(np.float32)
    recording = read(moving(keys(59.94, range(400)), values))
    np.testing.assert_array_equal(recording.positions[:, 0], values)


def test_curves_that_leave_out_keys_share_the_rate(read):
    """As exporters write them that drop what does not change."""
    scene = moving(keys(60, [0, 7]), [[0, 0, 0], [7, 0, 0]])
    for node, frames in ((0, [0, 3, 4]), (1, [2, 7])):
        sampler = {
            "input": scene.accessor(keys(60, frames)),
            "output": scene.accessor([STILL] * len(frames)),
        }
        scene.tree["animations"][0]["samplers"].append(sampler)
        number = len(scene.tree["animations"][0]["samplers"]) - 1
        scene.tree["animations"][0]["channels"].append(
            {"sampler": number, "target": {"node": node, "path": "rotation"}}
        )
    recording = read(scene)
    assert recording.fps == 60
    np.testing.assert_allclose(recording.positions[:, 0, 0], range(8), atol=1e-5)


def test_of_several_animations_the_longest_that_moves_a_joint(read):
    """Curves of other nodes, or of the weights of a mesh, are none of the body's."""
    nodes = [{"name": "a"}, {"name": "camera"}, {"name": "top", "children": [0]}]
    scene = Scene(nodes, skins=[{"joints": [0]}])
    still, up = [[0, 0, 0]] * 2, [[0, 0, 0], [0, 1, 0]]
    scene.animate((0, "translation", [0, 1], still), name="idle")
    scene.animate((2, "translation", [0, 2], up), name="jump\n[x]")
    scene.animate((1, "translation", [0, 9], up), name="fly-through")
    scene.animate((0, "weights", [0, 9], [0, 1]), name="smile")
    recording = read(scene)
    assert recording.name == "walk.glb jump [x]"
    assert recording.joints == ("a",)
    np.testing.assert_allclose(recording.positions[::30, 0, 1], [0, 0.5, 1])


HUMANOIDS = {
    "VRM 1.0": {
        "VRMC_vrm": {"humanoid": {"humanBones": {"hips": {"node": 1}, "head": {"node": 3}}}}
    },
    "VRM animation": {
        "VRMC_vrm_animation": {
            "humanoid": {"humanBones": {"hips": {"node": 1}, "head": {"node": 3}}}
        }
    },
    "VRM 0.x": {
        "VRM": {
            "humanoid": {
                "humanBones": [
                    {"bone": "hips", "node": 1},
                    {"bone": "head", "node": 3},
                    {"bone": "jaw", "node": -1},
                ]
            }
        }
    },
}


@pytest.mark.parametrize("extensions", HUMANOIDS.values(), ids=HUMANOIDS)
def test_the_bones_of_a_vrm_have_its_names_and_hair_is_no_joint(read, extensions):
    nodes = [
        {"name": "Armature", "children": [1]},
        {"name": "J_Bip_C_Hips", "children": [2]},
        {"name": "J_Bip_C_Spine", "translation": [0, 1, 0], "children": [3]},
        {"name": "J_Bip_C_Head", "translation": [0, 1, 0], "children": [4]},
        {"name": "J_Sec_Hair", "translation": [0, 1, 0]},
    ]
    scene = Scene(nodes, extensions=extensions, skins=[{"joints": [1, 2, 3, 4]}])
    recording = read(scene.animate((0, "translation", [0, 1], [[0, 0, 0], [0, 0, 1]])))
    assert recording.joints == ("hips", "J_Bip_C_Spine", "head")
    assert recording.parents == (-1, 0, 1)
    np.testing.assert_allclose(recording.positions[-1], [[0, 0, 1], [0, 1, 1], [0, 2, 1]])


def chain(*names):
    """A node below the other, each 1 above the one before."""
    nodes = [{"name": name, "translation": [0, 1, 0]} for name in names]
    for number, node in enumerate(nodes[:-1]):
        node["children"] = [number + 1]
    return nodes


@pytest.mark.parametrize(
    ("nodes", "skins", "joints"),
    [
        (chain("top", "Hips", "between", "Head", "tip"), [[1, 3]], ("Hips", "between", "Head")),
        (chain("top", "Hips", "Head", "Hair"), [[1, 2], [3]], ("Hips", "Head", "Hair")),
        (chain("top", "Hips", "Hips_$AssimpFbx$_Rotation", "Head"), [[1, 3]], ("Hips", "Head")),
        (
            [*chain("top", "Hips", "Head"), *chain("prop")],
            [[1, 2], [3]],
            ("Hips", "Head"),
        ),
        (
            [{"name": "top", "children": [1, 2]}, {"name": "left"}, {"name": "right"}],
            [[1, 2]],
            ("top", "left", "right"),
        ),
        (
            chain("a", "a", "a 2", "", "a"),
            [[0, 1, 2, 3, 4]],
            ("a", "a 2", "a 2 2", "node 3", "a 3"),
        ),
    ],
    ids=["between and above", "hair", "pivots", "two trees", "two roots", "names"],
)
def test_which_nodes_are_joints(read, nodes, skins, joints):
    scene = Scene(nodes, skins=[{"joints": skin} for skin in skins])
    recording = read(scene.animate((1, "rotation", [0, 1], [STILL, STILL])))
    assert recording.joints == joints
    assert recording.parents[0] == -1
    heights = recording.positions[0, :, 1]
    if len(nodes) > 3:
        parents = np.array(recording.parents[1:])
        assert ((heights[1:] - heights[parents]) > 0.5).all()


def test_a_camera_beside_animated_nodes_is_left_out(read):
    """Without a skin the largest tree is the body."""
    scene = Scene([{"name": "camera"}, *leg().tree["nodes"]])
    for node in scene.tree["nodes"][1:3]:
        node["children"] = [node["children"][0] + 1]
    still = [[0, 0, 0], [0, 0, 0]]
    scene.animate((0, "translation", [0, 9], still), (1, "translation", [0, 1], still))
    recording = read(scene)
    assert recording.joints == ("Hips", "Knee", "Ankle")
    assert len(recording.positions) == 31


def test_of_two_people_the_one_of_more_joints(read):
    nodes = [
        {"name": "scene", "children": [1, 3]},
        {"name": "a", "children": [2]},
        {"name": "a2"},
        {"name": "b", "children": [4]},
        {"name": "b2", "children": [5]},
        {"name": "b3"},
    ]
    scene = Scene(nodes, skins=[{"joints": [1, 2]}, {"joints": [3, 4, 5]}])
    scene.animate((1, "translation", [0, 9], [[0, 0, 0]] * 2))
    scene.animate((3, "translation", [0, 1], [[0, 0, 0]] * 2))
    assert read(scene).joints == ("b", "b2", "b3")


@pytest.mark.parametrize(
    ("dtype", "most"), [("i1", 127), ("u1", 255), ("i2", 32767), ("u2", 65535)]
)
def test_normalised_whole_numbers_are_fractions(read, dtype, most):
    scene = moving([0, 1 / 30], [[0, 0, 0]] * 2)
    third = most // 3
    index = scene.accessor([[most, third, 0]] * 2, dtype, normalized=True)
    scene.tree["animations"][0]["samplers"][0]["output"] = index
    np.testing.assert_allclose(read(scene).positions[1, 0], [1, third / most, 0], atol=1e-6)
    scene.tree["accessors"][index]["normalized"] = False
    np.testing.assert_allclose(read(scene).positions[1, 0], [most, third, 0])


def test_the_lowest_whole_number_is_minus_one(read):
    scene = moving([0, 1 / 30], [[0, 0, 0]] * 2)
    index = scene.accessor([[-128, -127, 0]] * 2, "i1", normalized=True)
    scene.tree["animations"][0]["samplers"][0]["output"] = index
    np.testing.assert_allclose(read(scene).positions[0, 0], [-1, -1, 0])


def test_interleaved_and_sparse_numbers(read):
    """Times and values side by side in one view; the values of two keys are replaced."""
    rows = np.array([[key / 30, key, 10 * key, 100 * key] for key in range(4)], "<f4")
    scene = moving([0, 1], [[0, 0, 0]] * 2)
    view = scene.view(b"head" + rows.tobytes(), byteStride=16)
    replaced = {
        "count": 2,
        "indices": {"bufferView": scene.view(bytes([1, 3])), "componentType": 5121},
        "values": {"bufferView": scene.view(np.array([[7, 8, 9], [4, 5, 6]], "<f4").tobytes())},
    }
    sampler = scene.tree["animations"][0]["samplers"][0]
    sampler["input"] = scene.accessor(rows[:, 0], bufferView=view, byteOffset=4)
    sampler["output"] = scene.accessor(rows[:, 1:], bufferView=view, byteOffset=8)
    np.testing.assert_allclose(read(scene).positions[:, 0], rows[:, 1:])
    scene.tree["accessors"][-1]["sparse"] = replaced
    expected = [[0, 0, 0], [7, 8, 9], [2, 20, 200], [4, 5, 6]]
    np.testing.assert_allclose(read(scene).positions[:, 0], expected)
    # Without a view the rest is zero.
    sampler["output"] = scene.accessor(rows[:, 1:], sparse=replaced)
    expected = [[0, 0, 0], [7, 8, 9], [0, 0, 0], [4, 5, 6]]
    np.testing.assert_allclose(read(scene).positions[:, 0], expected)


@pytest.mark.parametrize("uri", ["walk.bin", "my%20walk.bin", "data/walk.bin", "./walk.bin"])
def test_numbers_in_a_file_beside_it(read, tmp_path, uri):
    scene = leg()
    (tmp_path / "data").mkdir()
    for name in ("walk.bin", "my walk.bin", "data/walk.bin"):
        (tmp_path / name).write_bytes(scene.numbers + b"more")
    recording = read(scene.gltf(uri), "walk.gltf")
    np.testing.assert_allclose(recording.positions, np.array(POSITIONS)[:, 1:], atol=1e-6)
    name = uri.replace("%20", " ").removeprefix("./")
    assert files.files_beside(tmp_path / "walk.gltf") == (tmp_path.resolve() / name,)


def test_all_buffers_are_files_beside_it(tmp_path):
    inline = "data:application/octet-stream;base64,AAAA"
    buffers = [{"uri": uri, "byteLength": 1} for uri in ("a.bin", inline, "b.bin", "a.bin")]
    tree = {"asset": {"version": "2.0"}, "buffers": [*buffers, {"byteLength": 1}]}
    path = tmp_path / "walk.gltf"
    path.write_text(json.dumps(tree))
    folder = tmp_path.resolve()
    assert files.files_beside(path) == (folder / "a.bin", folder / "b.bin")
    for broken in ("", "{", json.dumps({**tree, "buffers": [{"uri": "../a.bin"}]})):
        path.write_text(broken)
        assert files.files_beside(path) == ()
    assert files.files_beside(tmp_path / "none.gltf") == ()


@pytest.mark.parametrize(
    "uri",
    [
        *("../walk.bin", "{}/walk.bin", "link.bin", "folder/walk.bin", "%2e%2e/walk.bin"),
        *(
            "a/../../walk.bin",
            "file:///walk.bin",
            "http://example.org/walk.bin",
            "C:\\walk.bin",
            ".",
        ),
        *("..\\walk.bin", "walk.bin\0", ""),
    ],
)
def test_no_file_outside_its_folder_is_read(read, tmp_path, uri):
    scene = leg()
    (tmp_path / "walk.bin").write_bytes(scene.numbers)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.bin").symlink_to(tmp_path / "walk.bin")
    (inner / "folder").symlink_to(tmp_path)
    with pytest.raises(InputError, match=r"buffers\[0\].uri: .* in the glTF file's own folder"):
        read(scene.gltf(uri.format(tmp_path)), "inner/walk.gltf")


def spoiled(*place, value):
    """The leg with a value of its JSON changed."""

    def change(scene):
        target = scene.tree
        for step in place[:-1]:
            target = target[step]
        target[place[-1]] = value
        return scene

    return change(leg())


FAULTS = {
    "version": (spoiled("asset", "version", value="1.0"), "asset.version: found '1.0'"),
    "nodes": (spoiled("nodes", value={}), "nodes: found {}, expected a list of objects"),
    "no nodes": (spoiled("nodes", value=[]), "expected 1 to 10,000 nodes"),
    "circle": (spoiled("nodes", 2, "children", value=[1]), "without another parent, and 1 has one"),
    "lone circle": (
        Scene([{"children": [1]}, {"children": [0]}]),
        r"nodes\[0\].children: .* the node is below itself",
    ),
    "its own child": (Scene([{"children": [0]}]), "the node is below itself"),
    "child out of range": (spoiled("nodes", 0, "children", value=[3]), "from 0 to 2"),
    "child twice": (spoiled("nodes", 0, "children", value=[1, 1]), "each number once"),
    "translation": (
        spoiled("nodes", 0, "translation", value=[1, 2]),
        r"walk.glb: glTF.nodes\[0\].translation: found \[1, 2\], expected 3 numbers",
    ),
    "huge translation": (spoiled("nodes", 1, "translation", value=[0, 1e31, 0]), "below 1e\\+09"),
    "rotation": (spoiled("nodes", 1, "rotation", value=[0, 0, 0, 0]), "a unit quaternion"),
    "name": (spoiled("nodes", 1, "name", value="a" * 2000), "at most 1,000 letters, not 2,000"),
    "no animation": (spoiled("animations", value=[]), "found 0 animations, expected one that"),
    "path": (spoiled("animations", 0, "channels", 0, "target", "path", value=3), "path: found 3"),
    "only weights": (
        spoiled("animations", 0, "channels", 0, "target", "path", value="weights"),
        "found 1 animations, expected one that moves a body's joints",
    ),
    "sampler": (spoiled("animations", 0, "channels", 0, "sampler", value=1), "from 0 to 0"),
    "no sampler": (spoiled("animations", 0, "samplers", value=[]), "a whole number from 0 to -1"),
    "interpolation": (
        spoiled("animations", 0, "samplers", 0, "interpolation", value="BEZIER"),
        "one of LINEAR, STEP, CUBICSPLINE",
    ),
    "tangents": (
        spoiled("animations", 0, "samplers", 0, "interpolation", value="CUBICSPLINE"),
        "output: .* an accessor of 6 elements for 2 keys, and not 2",
    ),
    "values as times": (
        spoiled("animations", 0, "samplers", 0, "input", value=1),
        r"input: found 1, .* of one or more rows of 1 numbers, and not of shape \(2, 4\)",
    ),
    "type": (spoiled("accessors", 0, "type", value="MAT4"), "type: found 'MAT4', expected SCALAR"),
    "component": (spoiled("accessors", 0, "componentType", value=5130), "found 5130, expected one"),
    "count": (
        spoiled("accessors", 0, "count", value=10**9),
        r"accessors\[0\]: 1,000,000,000 elements of 4 bytes, .* which has 8",
    ),
    "half a count": (spoiled("accessors", 0, "count", value=1.5), "count: found 1.5"),
    "count of nothing": (spoiled("accessors", 0, "count", value=0), r"shape \(0, 1\)"),
    "offset": (spoiled("accessors", 1, "byteOffset", value=8), "from byte 8 of .* which has 32"),
    "negative offset": (
        spoiled("accessors", 1, "byteOffset", value=-4),
        "found -4, expected a whole",
    ),
    "stride": (spoiled("bufferViews", 1, "byteStride", value=4), "each 4 after the one before"),
    "wide stride": (spoiled("bufferViews", 1, "byteStride", value=252), "each 252 after the one"),
    "view": (spoiled("accessors", 0, "bufferView", value=9), "bufferView: found 9"),
    "view's length": (spoiled("bufferViews", 1, "byteLength", value=999), "from 0 to 32"),
    "buffer": (spoiled("bufferViews", 0, "buffer", value=1), "buffer: found 1"),
    "meshopt": (
        spoiled("bufferViews", 0, "extensions", value={"EXT_meshopt_compression": {}}),
        "compressed by Meshopt",
    ),
    "not a number": (
        Scene([{}]).animate((0, "translation", [0, 1], [[0, 0, 0], [0, np.nan, 0]])),
        r"accessors\[1\]: found NaN",
    ),
    "quaternions of no length": (
        Scene([{}]).animate((0, "rotation", [0, 1], [STILL, [0, 0, 0, 0]])),
        "an accessor of unit quaternions",
    ),
    "times in disorder": (
        Scene([{}]).animate((0, "translation", [1, 0], [[0, 0, 0]] * 2)),
        "input: .* times in order",
    ),
    "a long time": (
        Scene([{}]).animate((0, "translation", [0, 1e8], [[0, 0, 0]] * 2)),
        "an animation of 1e\\+08 s, .* expected at most 2,000,000 frames",
    ),
    "scales upon scales": (
        Scene([n | {"scale": [1e8] * 3} for n in chain(*"abcde")]).animate(
            (0, "translation", [0, 1], [[0, 0, 0]] * 2)
        ),
        "joints 1e\\+09 m and more away",
    ),
    "bones": (
        spoiled("extensions", value={"VRM": {"humanoid": {"humanBones": {}}}}),
        "a list of obj",
    ),
    "bone": (
        spoiled(
            "extensions", value={"VRMC_vrm": {"humanoid": {"humanBones": {"hips": {"node": 3}}}}}
        ),
        "VRMC_vrm.humanoid.humanBones.hips.node: found 3",
    ),
    "skin": (spoiled("skins", value=[{"joints": [7]}]), r"skins\[0\].joints: found \[7\]"),
    "many joints": (
        Scene([{"children": list(range(1, 1001))}, *[{}] * 1000]).animate(
            (0, "translation", [0, 1], [[0, 0, 0]] * 2)
        ),
        "1,001 joints and 0 nodes above them; expected at most 1,000",
    ),
    "a deep tree": (Scene(chain(*["a"] * 1001)), r"nodes\[999\].children: .* 1,000 nodes deep"),
    "skins": (spoiled("skins", value=[{}] * 201), "at most 200"),
}


@pytest.mark.parametrize(("scene", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named(read, scene, sentence):
    with pytest.raises(InputError, match=sentence):
        read(scene)


GLB = leg().glb()
BYTES = {
    "empty": (b"", "the file is empty"),
    "header": (GLB[:8], "expected GLB's header of 12"),
    "old": (GLB[:4] + b"\1" + GLB[5:], "GLB version 1"),
    "cut": (GLB[:-1], r"the header claims [0-9,]+ bytes"),
    "chunk": (GLB[:12] + b"\xff\xff\xff\x7f" + GLB[16:], "chunk .* claims 2,147,483,647 bytes"),
    "no JSON": (GLB[:16] + b"XXXX" + GLB[20:], "found no JSON chunk"),
    "list": (b"[]", "expected a JSON object"),
    "text": (b"HIERARCHY", "not glTF, whose JSON is damaged"),
    "deep": (b"[" * 100_000, "nested too deep"),
    "NaN": (b'{"asset": NaN}', "NaN is no number of JSON"),
    "digits": (b'{"asset": ' + b"9" * 5000 + b"}", "whose JSON is damaged"),
    "Latin": (b'{"a": "\xe9"}', "whose JSON is damaged"),
    "many": (b'{"a": [' + b"{}," * 1_000_001 + b"]}", "expected at most 1,000,000"),
    "no chunk": (
        json.dumps(leg().tree | {"buffers": [{"byteLength": 40}]}).encode(),
        "no GLB chunk",
    ),
    "base64": (leg().gltf("data:application/octet-stream;base64,AAA*"), "data in base64"),
    "percent": (leg().gltf("data:application/octet-stream,AAAA"), "data in base64"),
    "short": (leg().gltf("data:application/octet-stream;base64,AAAA"), "from 0 to 3"),
    "missing": (leg().gltf("gone.bin"), "gone.bin: there is no such file"),
}


@pytest.mark.parametrize(("content", "sentence"), BYTES.values(), ids=BYTES)
def test_a_damaged_container_is_named(read, content, sentence):
    with pytest.raises(InputError, match=sentence):
        read(content)


@pytest.mark.parametrize("name", ["walk.blend", "walk.BLEND"])
def test_what_blender_converts_is_said_with_the_command(tmp_path, name):
    (tmp_path / name).write_bytes(b"BLENDER")
    sentence = (
        r"is not read; bring it to GLB with Blender, .* or with the command: blender .*out.glb"
    )
    with pytest.raises(InputError, match=sentence):
        files.read_recording(tmp_path / name)


def test_a_missing_file_and_a_pipe(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_recording(tmp_path / "walk.glb")
    os.mkfifo(tmp_path / "pipe.glb")
    with pytest.raises(InputError, match="a pipe or a device"):
        read_recording(tmp_path / "pipe.glb")


def test_many_accessors_of_the_same_bytes_are_refused_early(read):
    """Fifty thousand of a megabyte each."""
    scene = moving([0, 1], [[0, 0, 0]] * 2)
    view = scene.view(bytes(1 << 20))
    shared = {"componentType": 5126, "count": 1 << 18, "type": "SCALAR", "bufferView": view}
    samplers = scene.tree["animations"][0]["samplers"]
    for node in range(2, 2000):
        scene.tree["nodes"].append({})
        scene.tree["accessors"].append(shared)
        samplers.append({"input": len(scene.tree["accessors"]) - 1, "output": 1})
        target = {"node": node, "path": "translation"}
        scene.tree["animations"][0]["channels"].append(
            {"sampler": len(samplers) - 1, "target": target}
        )
    tracemalloc.start()
    with pytest.raises(InputError, match=r"the accessors up to this one claim [0-9,]+ bytes"):
        read(scene)
    assert tracemalloc.get_traced_memory()[1] < 64e6
    tracemalloc.stop()


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    flips=st.lists(st.tuples(st.integers(0, len(GLB) - 1), st.integers(0, 255)), max_size=8),
    end=st.integers(0, len(GLB)) | st.just(len(GLB)),
)
def test_damage_is_read_or_refused(tmp_path_factory, flips, end):
    """In the header, in the JSON or in the numbers; what is read is finite."""
    content = bytearray(GLB)
    for place, value in flips:
        content[place] = value
    path = tmp_path_factory.getbasetemp() / "damaged.glb"
    path.write_bytes(content[:end])
    try:
        recording = read_recording(path)
    except InputError as error:
        assert str(error).startswith(str(path))
        return
    assert np.isfinite(recording.positions).all()
    assert len(recording.joints) == len(recording.parents) == recording.positions.shape[1]
