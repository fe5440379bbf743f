"""Speed of reading and posing BVH files, beside a plain split-and-convert reader.

    python benchmarks/bvh_reader.py [FOLDER_OF_BVH]

Without a folder it writes and reads files of its own. Both readers go over all files in turn, on
one thread, and the medians are printed.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import pathlib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

import numpy as np

from motext_jax.motion.bvh import read_bvh

ROUNDS = 15


def main() -> None:
    """Prints frames a second of both readers and their ratio."""
    if len(sys.argv) > 1:
        return compare(sorted(pathlib.Path(sys.argv[1]).glob("*.bvh")))
    with tempfile.TemporaryDirectory() as folder:
        compare(synthetic(pathlib.Path(folder)))


def compare(paths: Sequence[pathlib.Path]) -> None:
    """Times both readers over the files, after checking that they agree on every one."""
    frames = numbers = 0
    for path in paths:
        bvh = read_bvh(path)
        np.testing.assert_allclose(bvh.positions(), plain(path), rtol=1e-5, atol=1e-3)
        frames, numbers = frames + len(bvh.frames), numbers + bvh.frames.size
    megabytes = sum(path.stat().st_size for path in paths) / 1e6
    print(f"{len(paths)} files, {megabytes:.1f} MB, {frames} frames, {numbers} numbers")

    # Once a process has freed a large array, as any that holds a data set has, the allocator keeps
    # freed memory for the next file instead of handing it back page by page.
    np.ones(3_000_000)

    readers = {"motext_jax": lambda path: read_bvh(path).positions(), "plain": plain}
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            seconds[name].append(timed(read, paths))
    median = {name: float(np.median(times)) for name, times in seconds.items()}
    for name, time_taken in median.items():
        print(f"{name:12}{frames / time_taken:10,.0f} frames/s")
    print(f"{'ratio':12}{median['plain'] / median['motext_jax']:10.2f}")


def timed(read: Callable, paths: Sequence[pathlib.Path]) -> float:
    """Seconds to read all the files."""
    start = time.process_time()
    for path in paths:
        read(path)
    return time.process_time() - start


def plain(path: pathlib.Path) -> np.ndarray:
    """Positions [t, v, 3] by the shortest code that does it: lists of floats, stacked matrices."""
    header, motion = path.read_text(encoding="utf-8-sig").split("MOTION")
    offsets, parents, channels, nesting = [], [], [], []
    for line in header.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] in ("ROOT", "JOINT", "End"):
            parents.append(nesting[-1] if nesting else -1)
            channels.append([])
        elif words[0] == "{":
            nesting.append(len(parents) - 1)
        elif words[0] == "}":
            nesting.pop()
        elif words[0] == "OFFSET":
            offsets.append([float(word) for word in words[1:]])
        elif words[0] == "CHANNELS":
            channels[-1] = words[2:]
    lines = motion.strip().splitlines()[2:]
    values = np.array([[float(word) for word in line.split()] for line in lines])

    world, positions, column = [], [], 0
    for joint, parent in enumerate(parents):
        offset = np.tile(offsets[joint], (len(values), 1))
        rotation = np.tile(np.eye(3), (len(values), 1, 1))
        for channel in channels[joint]:
            axis, value = "XYZ".index(channel[0]), values[:, column]
            column += 1
            if channel.endswith("position"):
                offset[:, axis] = value
            else:
                rotation = rotation @ matrix(axis, np.radians(value))
        if parent >= 0:
            offset = positions[parent] + (world[parent] @ offset[..., None])[..., 0]
            rotation = world[parent] @ rotation
        positions.append(offset)
        world.append(rotation)
    return np.stack(positions, axis=1)


def matrix(axis: int, angles: np.ndarray) -> np.ndarray:
    """Rotation matrices [t, 3, 3] about a coordinate axis."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrices = np.zeros((len(angles), 3, 3))
    matrices[:, axis, axis] = 1
    matrices[:, i, i] = matrices[:, j, j] = np.cos(angles)
    matrices[:, j, i] = np.sin(angles)
    matrices[:, i, j] = -np.sin(angles)
    return matrices


def synthetic(folder: pathlib.Path) -> list[pathlib.Path]:
    """Thirty files of 31 joints in five limbs, 400 frames each."""
    rng = np.random.default_rng(0)
    hierarchy = ["HIERARCHY", "ROOT root", "{", "OFFSET 0 0 0"]
    hierarchy += ["CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation"]
    for limb in range(5):
        for bone in range(6):
            hierarchy += [f"JOINT bone{limb}{bone}", "{", "OFFSET 0.1 7.25 0.32"]
            hierarchy += ["CHANNELS 3 Zrotation Yrotation Xrotation"]
        hierarchy += ["End Site", "{", "OFFSET 0 1 0", "}"] + ["}"] * 6
    hierarchy += ["}", "MOTION", "Frames: 400", "Frame Time: .0083333"]
    paths = []
    for number in range(30):
        values = rng.normal(scale=30, size=(400, 96))
        lines = [" ".join(f"{value:.4f}" for value in frame) for frame in values]
        paths.append(folder / f"{number}.bvh")
        paths[-1].write_text("\n".join([*hierarchy, *lines, ""]))
    return paths


if __name__ == "__main__":
    main()
