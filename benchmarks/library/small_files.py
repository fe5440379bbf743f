"""Small BVH files of a person who moves as a seed says, for the scripts beside this one."""

import pathlib

import numpy as np

# A joint, its parent, and its place from there in centimetres.
SKELETON = (
    ("Hips", "", (0, 95, 0)),
    ("Spine", "Hips", (0, 12, 0)),
    ("Chest", "Spine", (0, 20, 0)),
    ("Neck", "Chest", (0, 20, 0)),
    ("Head", "Neck", (0, 10, 0)),
    *(
        (f"{side}{name}", parent if parent in ("Hips", "Chest") else f"{side}{parent}", place)
        for side, sign in (("Left", 1), ("Right", -1))
        for name, parent, place in (
            ("Shoulder", "Chest", (6 * sign, 14, 0)),
            ("Arm", "Shoulder", (11 * sign, 0, 0)),
            ("ForeArm", "Arm", (28 * sign, 0, 0)),
            ("Hand", "ForeArm", (25 * sign, 0, 0)),
            ("UpLeg", "Hips", (9 * sign, -5, 0)),
            ("Leg", "UpLeg", (0, -41, 0)),
            ("Foot", "Leg", (0, -42, 0)),
            ("ToeBase", "Foot", (0, -5, 13)),
        )
    ),
)


def write(path: pathlib.Path, seed: int, frames: int = 60) -> None:
    """Writes a file of so many frames at 30 a second."""
    rng = np.random.default_rng(seed)
    times = np.arange(frames)[:, None] / 30
    columns = 3 * len(SKELETON)
    speeds, phases, sizes = (rng.uniform(0, most, columns) for most in (6, 6, 25))
    turns = sizes * np.sin(speeds * times + phases)
    roots = np.array([0, 95, 0]) + times * rng.normal(size=3) * [40, 0, 40]
    lines = ["HIERARCHY", *_joint("Hips"), "MOTION", f"Frames: {frames}", "Frame Time: 0.0333333"]
    lines += [" ".join(f"{value:.4f}" for value in row) for row in np.hstack([roots, turns])]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]))


def _joint(name: str) -> list[str]:
    """The lines of a joint and of those below it."""
    _, parent, place = next(joint for joint in SKELETON if joint[0] == name)
    children = [child for child, above, _ in SKELETON if above == name]
    root = "Xposition Yposition Zposition " if not parent else ""
    lines = [f"{'JOINT' if parent else 'ROOT'} {name}", "{"]
    lines += [f"OFFSET {place[0]} {place[1]} {place[2]}"]
    lines += [f"CHANNELS {6 if root else 3} {root}Zrotation Xrotation Yrotation"]
    for child in children:
        lines += _joint(child)
    if not children:
        lines += ["End Site", "{", "OFFSET 0 5 0", "}"]
    return [*lines, "}"]
