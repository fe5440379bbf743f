"""Times the indexing of 120-fps BVH: python benchmarks/library/speed.py FOLDER [--takes=300]

FOLDER keeps the takes, which are made where there are none: procedural people, one after another
for 20 seconds, with a position and a rotation of each of 22 joints, 132 numbers a frame, as Bandai
Namco's files have them. Printed are the whole command, from its start to its end, and then, in this
process with its model loaded and compiled, the seconds of each of its parts. Reading is the time
that is waited for the processes that read.
"""

import argparse
import collections
import functools
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import numpy as np
from takes import join

from motext_jax.data.people.source import people_motion
from motext_jax.library import index as indexing
from motext_jax.library.store import Store
from motext_jax.library.windows import compile_for_windows
from motext_jax.motion.motion import Motion, resample
from motext_jax.runtime.host import cores
from motext_jax.runtime.startup import start
from motext_jax.trained.model import TrainedModel, load

SECONDS, FPS = 20.0, 120.0
CHANNELS = "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"


def main() -> None:
    """Prints the speed of the command, and a row for each part."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--takes", type=int, default=300)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for number in range(asked.takes):
        path = asked.folder / f"take_{number:04d}.bvh"
        if not path.exists():
            write_bvh(person(number), path)
    with tempfile.TemporaryDirectory() as scratch:
        place = pathlib.Path(scratch)
        command = [sys.executable, "-m", "motext_jax.index", str(asked.folder)]
        command += [f"--library={place / 'by_command'}", f"--model={asked.model}"]
        began = time.perf_counter()
        subprocess.run(command, check=True)
        whole = time.perf_counter() - began
        start()
        model = load(asked.model)
        compile_for_windows(model)
        seconds = clocks()
        began = time.perf_counter()
        summary = indexing.index(asked.folder, place / "here", model, processes=cores())
        inside = time.perf_counter() - began
    print(f"{summary.takes} takes, {summary.hours:.2f} h, {summary.windows} windows")
    print(f"the command: {whole:.1f} s, {60 * summary.hours / whole:.2f} h a minute, ", end="")
    print(f"{summary.takes / whole:.1f} files/s, {summary.windows / whole:.0f} windows/s")
    print("| part | s |\n|---|---|")
    for part, taken in {**seconds, "the rest": inside - sum(seconds.values())}.items():
        print(f"| {part} | {taken:.1f} |")


def clocks() -> dict[str, float]:
    """The seconds of each part of indexing, counted from now on in this process."""
    seconds: dict[str, float] = collections.defaultdict(float)
    read = indexing.read_takes

    def reading(*arguments) -> Iterator:
        found = iter(read(*arguments))
        step = _clocked(lambda: next(found, None), "reading", seconds)
        yield from iter(step, None)

    indexing.read_takes = reading
    indexing.windows = _clocked(indexing.windows, "cutting", seconds)
    TrainedModel.encode_motion = _clocked(TrainedModel.encode_motion, "embedding", seconds)
    for name in ("add", "commit", "drop", "settle"):
        setattr(Store, name, _clocked(getattr(Store, name), "writing", seconds))
    return seconds


def _clocked(function: Callable, part: str, seconds: dict[str, float]) -> Callable:
    """A function whose time is counted to a part."""

    @functools.wraps(function)
    def timed(*args, **kwargs):
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            seconds[part] += time.perf_counter() - began

    return timed


def person(number: int) -> Motion:
    """A take of `SECONDS` by one person after another, who take each other's place."""
    motions, seconds, clip = [], 0.0, 16 * number
    while seconds < SECONDS + 0.3 * len(motions):
        motions.append(people_motion("train", clip).motion)
        seconds, clip = seconds + motions[-1].seconds, clip + 1
    take, _ = join(motions)
    return resample(take.part(take.frames(0, SECONDS)), FPS)


def write_bvh(motion: Motion, path: pathlib.Path) -> None:
    """Writes a motion in centimetres, each joint by its position from its parent's."""
    parents, names = motion.skeleton.parents, motion.skeleton.joints
    lines, order = ["HIERARCHY"], []

    def hang(joint: int) -> None:
        kind = "JOINT" if order else "ROOT"
        order.append(joint)
        lines.extend([f"{kind} {names[joint]}", "{", "OFFSET 0 0 0", CHANNELS])
        children = [child for child, parent in enumerate(parents) if parent == joint]
        for child in children:
            hang(child)
        lines.extend(["}"] if children else ["End Site", "{", "OFFSET 0 0 5", "}", "}"])

    hang(motion.skeleton.root)
    count, joints = len(motion), 100 * motion.joints
    numbers = np.zeros((count, len(order), 6))
    for row, joint in enumerate(order):
        parent = parents[joint]
        numbers[:, row, :3] = joints[:, joint] - (joints[:, parent] if parent >= 0 else 0)
    lines += ["MOTION", f"Frames: {count}", f"Frame Time: {1 / motion.fps:.9f}"]
    np.savetxt(path, numbers.reshape(count, -1), "%.5f", header="\n".join(lines), comments="")


if __name__ == "__main__":
    main()
