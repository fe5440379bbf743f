"""Speed of reading motion files of several formats, the same motions in each.

    python benchmarks/motion_formats.py

Writes the BVH files of benchmarks/bvh_reader.py and the same motions as GLB, rotations as
quaternions at each frame, and as arrays of named joints, and reads them in turn, on one thread, to
joint positions.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import json
import pathlib
import struct
import tempfile

import numpy as np
from bvh_reader import ROUNDS, synthetic, timed

from motext_jax.motion import bvh, gltf, joint_array
from motext_jax.motion.kinematics import euler_rotations


def main() -> None:
    """Prints frames a second of each format, and its rate over BVH's."""
    with tempfile.TemporaryDirectory() as folder:
        paths = synthetic(pathlib.Path(folder))
        files = {
            "BVH": (bvh.read_recording, paths),
            "GLB": (gltf.read_recording, []),
            "NPZ": (joint_array.read_recording, []),
        }
        frames = 0
        for path in paths:
            file = bvh.read_bvh(path)
            files["GLB"][1].append(path.with_suffix(".glb"))
            files["GLB"][1][-1].write_bytes(glb(file))
            expected, found = file.positions(), gltf.read_recording(files["GLB"][1][-1]).positions
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-3)
            files["NPZ"][1].append(path.with_suffix(".npz"))
            names = bvh.read_recording(path).joints
            positions = bvh.read_recording(path).positions
            np.savez(files["NPZ"][1][-1], positions=positions, names=np.array(names), fps=file.fps)
            assert joint_array.read_recording(files["NPZ"][1][-1]).fps == file.fps
            frames += len(expected)
        # See benchmarks/bvh_reader.py.
        np.ones(3_000_000)
        seconds: dict[str, list[float]] = {name: [] for name in files}
        for _ in range(ROUNDS):
            for name, (read, of) in files.items():
                seconds[name].append(timed(read, of))
    median = {name: float(np.median(times)) for name, times in seconds.items()}
    for name, time_taken in median.items():
        print(f"{name:6}{frames / time_taken:10,.0f} frames/s{median['BVH'] / time_taken:8.2f}")


def glb(file: bvh.Bvh) -> bytes:
    """A BVH file's skeleton and frames as a binary glTF file."""
    nodes: list[dict] = [{"name": name} for name in file.joints]
    for joint, parent in enumerate(file.parents):
        nodes[joint]["translation"] = file.offsets[joint].tolist()
        if parent >= 0:
            nodes[parent].setdefault("children", []).append(joint)
    views: list[dict] = []
    accessors: list[dict] = []
    numbers = b""

    def accessor(values: np.ndarray) -> int:
        nonlocal numbers
        content = values.astype("<f4").tobytes()
        views.append({"buffer": 0, "byteOffset": len(numbers), "byteLength": len(content)})
        kind = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}[values.shape[1]]
        described = {"componentType": 5126, "count": len(values), "type": kind}
        accessors.append({"bufferView": len(accessors), **described})
        numbers += content
        return len(accessors) - 1

    times = accessor(np.arange(len(file.frames))[:, None] / file.fps)
    samplers: list[dict] = []
    channels: list[dict] = []
    first = 0
    for joint, names in enumerate(file.channels):
        values = file.frames[:, first : first + len(names)]
        first += len(names)
        turns = np.array([name.endswith("rotation") for name in names], bool)
        axes = ["XYZ".index(name[0]) for name in np.array(names)[turns]] if len(names) else []
        parts = {}
        if axes:
            parts["rotation"] = quaternions(euler_rotations(axes, np.radians(values[:, turns].T)))
        if len(names) > len(axes):
            parts["translation"] = values[:, ~turns]
        for part, moved in parts.items():
            channels.append({"sampler": len(samplers), "target": {"node": joint, "path": part}})
            samplers.append({"input": times, "output": accessor(moved)})
    tree = {
        "asset": {"version": "2.0"},
        "nodes": nodes,
        "animations": [{"samplers": samplers, "channels": channels}],
        "skins": [{"joints": list(range(len(nodes)))}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(numbers)}],
    }
    text = json.dumps(tree).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    chunks += struct.pack("<I4s", len(numbers), b"BIN\0") + numbers
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def quaternions(matrices: np.ndarray) -> np.ndarray:
    """Unit quaternions [t, 4] of rotation matrices, as eigenvectors (Bar-Itzhack 2000)."""
    m = np.moveaxis(matrices, 0, -1)
    rows = [
        [m[0, 0] - m[1, 1] - m[2, 2], m[1, 0] + m[0, 1], m[2, 0] + m[0, 2], m[2, 1] - m[1, 2]],
        [m[1, 0] + m[0, 1], m[1, 1] - m[0, 0] - m[2, 2], m[2, 1] + m[1, 2], m[0, 2] - m[2, 0]],
        [m[2, 0] + m[0, 2], m[2, 1] + m[1, 2], m[2, 2] - m[0, 0] - m[1, 1], m[1, 0] - m[0, 1]],
        [m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1], m[0, 0] + m[1, 1] + m[2, 2]],
    ]
    return np.linalg.eigh(np.moveaxis(np.array(rows), -1, 0))[1][..., -1]


if __name__ == "__main__":
    main()
