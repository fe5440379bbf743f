"""Recordings of a split of a folder in HumanML3D's layout, and long takes joined from them."""

import argparse
import csv
import dataclasses
import pathlib
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.motion.motion import Motion
from motext_jax.motion.normalise import turn
from motext_jax.skeleton import SMPL22

BLEND = 0.3
"""Seconds in which one recording fades into the next."""

SHORTEST = 1.0
"""The least seconds of a recording; the blends at its two ends must not be all of it."""

TRUNK = [
    (SMPL22.index(f"left_{joint}"), SMPL22.index(f"right_{joint}")) for joint in ("hip", "shoulder")
]


@dataclasses.dataclass(frozen=True)
class Recording:
    """A recording of one action.

    Attributes:
      name: its name in the split.
      action: its label.
      motion: its joints on smpl22.
    """

    name: str
    action: str
    motion: Motion


def arguments(about: str | None) -> argparse.ArgumentParser:
    """The arguments of a script that asks a model of labelled recordings."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--fps", type=float, default=30.0, help="frame rate of the folder's files")
    parser.add_argument("--split", default="val")
    return parser


def recordings(folder: pathlib.Path, split: str, fps: float) -> list[Recording]:
    """The labelled recordings of a split that are not too short, in the split's order."""
    with (folder / "labels.csv").open(newline="") as file:
        actions = {row["id"]: row["action"] for row in csv.DictReader(file)}
    found = []
    for name in (folder / f"{split}.txt").read_text().split():
        joints = np.load(folder / "new_joints" / f"{name}.npy", allow_pickle=False)
        motion = Motion(joints.astype(np.float32), fps, SMPL22)
        if motion.seconds >= SHORTEST:
            found.append(Recording(name, actions[name], motion))
    return found


def join(motions: Sequence[Motion]) -> tuple[Motion, list[tuple[float, float]]]:
    """One take of several motions, and the seconds of each in it.

    A motion overlaps the one before by `BLEND` seconds, in which positions are mixed. It is turned
    and moved over the floor so that in the middle of them both roots are at the same place and
    both bodies face the same way. There one interval ends and the next begins.
    """
    fps = motions[0].fps
    overlap = max(2, round(BLEND * fps))
    share = np.arange(1, overlap + 1) / (overlap + 1)
    share = (share**2 * (3 - 2 * share))[:, None, None]
    joints, seams = motions[0].joints, [0.0]
    for motion in motions[1:]:
        before, after = joints[-overlap:], _following(motion.joints, joints, overlap)
        seams.append((len(joints) - overlap / 2) / fps)
        mixed = (1 - share) * before + share * after[:overlap]
        joints = np.concatenate([joints[:-overlap], mixed, after[overlap:]])
    whole = Motion(joints.astype(np.float32), fps, motions[0].skeleton)
    return whole, list(zip(seams, [*seams[1:], whole.seconds], strict=True))


def _following(
    joints: Float[np.ndarray, "t v 3"], before: Float[np.ndarray, "s v 3"], overlap: int
) -> Float[np.ndarray, "t v 3"]:
    """Joints turned and moved to where those before them end, in the middle of the overlap."""
    middle = overlap // 2
    last, first = before[middle - overlap], joints[middle]
    turned = turn(joints, np.float64(_heading(last) - _heading(first)), SMPL22)
    move = last[SMPL22.root] - turned[middle, SMPL22.root]
    return turned + move * [1, 0, 1]


def _heading(pose: Float[np.ndarray, "v 3"]) -> float:
    """The angle of the body's left in the plane of the floor, from x to z."""
    left = sum(pose[one] - pose[other] for one, other in TRUNK)
    return float(np.arctan2(left[2], left[0]))
