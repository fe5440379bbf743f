"""Joint centres, or the markers of Plug-in Gait, as joints of a body."""

import dataclasses
import os
import pathlib
import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion.gaps import interpolated
from motext_jax.motion.joint_tree import parent_among
from motext_jax.motion.recording import Recording
from motext_jax.shown import quoted, shown
from motext_jax.skeleton import SMPL22

UNITS = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "inches": 0.0254}
"""Metres of POINT:UNITS."""

FPS = 100.0
"""Frames a second by which gaps are measured in a file that does not say."""

LONGEST_GAP = 0.5
"""Seconds for which a point may be out of sight."""

MOST_MISSING = 0.1
"""The share of a recording in which a point may be out of sight."""

# Joints as the mean of points, by the first of the lines whose points are all there; {} is L or R
# and <> is LEFT or RIGHT. HJC, KJC, AJC, SJC, EJC and WJC are joint centres; FEP, FEO, TIO, CLO,
# HUO and RAO are ends of Plug-in Gait's bones. Then come markers, of two at a joint the outer one
# first, and at last points that are named as joints are, also as OpenPose has them.
_SIDES = {
    "hip": ("{}HJC", "{}FEP", "{}HIP", "<>HIP", "<>UPLEG"),
    "knee": (
        *("{}KJC", "{}FEO", "{}KNE {}KNM", "{}KNE {}KNEM", "{}KNE {}MKNE", "{}KNE"),
        *("{}KNEE", "<>KNEE", "<>LEG"),
    ),
    "ankle": (
        *("{}AJC", "{}TIO", "{}ANK {}MED", "{}ANK {}ANKM", "{}ANK {}MANK", "{}ANK"),
        *("{}ANKLE", "<>ANKLE", "<>FOOT"),
    ),
    "foot": (
        "{}TOE",
        "{}MT1 {}MT5",
        "{}BIGTOE {}SMALLTOE",
        "{}BIGTOE",
        "<>TOEBASE",
        "<>TOE",
        "<>FOOT",
    ),
    "shoulder": ("{}SJC", "{}CLO", "{}SHO", "<>ARM", "<>UPPERARM", "{}SHOULDER", "<>SHOULDER"),
    "elbow": (
        *("{}EJC", "{}HUO", "{}ELB {}ELBM", "{}ELB {}MELB", "{}ELB"),
        *("{}ELBOW", "<>ELBOW", "<>FOREARM"),
    ),
    "wrist": ("{}WJC", "{}RAO", "{}WRA {}WRB", "{}WRI", "{}WRIST", "<>WRIST", "<>HAND"),
}
_MIDDLE = {
    "spine3": ("C7 T10 CLAV STRN", "C7 CLAV STRN", "TRXO", "SPINE3", "SPINE2", "CHEST"),
    "neck": ("C7 CLAV", "C7", "NECK", "NECK1", "LSHO RSHO"),
    "head": (
        *("LFHD RFHD LBHD RBHD", "LFHD RFHD", "LBHD RBHD", "LFHD RBHD", "RFHD LBHD"),
        *("HEDO", "HEAD", "NOSE"),
    ),
}
RECIPES = _MIDDLE | {
    f"{side}_{joint}": tuple(
        line.replace("{}", side[0].upper()).replace("<>", side.upper()) for line in lines
    )
    for side in ("left", "right")
    for joint, lines in _SIDES.items()
}
"""By smpl22's joints. Hips that have no point of their own are found from the pelvis."""

LEGS = tuple(f"{side}_{joint}" for side in ("left", "right") for joint in ("hip", "knee", "ankle"))
"""The joints without which points are no body."""

_ALIASES = {"LFWT": "LASI", "RFWT": "RASI", "LBWT": "LPSI", "RBWT": "RPSI"}
"""CMU's and HDM05's names for the four markers at the waist."""

_BACKS = ("LPSI RPSI", "SACR")

# Bell, Brand and Pedersen 1989 (Human Movement Science 8, 3-16): from the anterior spine the hip's
# centre is so much of the distance between the two anterior spines medial, distal and posterior.
_MEDIAL, _DISTAL, _POSTERIOR = 0.14, 0.30, 0.22

# What no marker shows: on the straight line between two joints, at this share of the way.
_BETWEEN = {
    "spine1": ("pelvis", "spine3", 1 / 3),
    "spine2": ("pelvis", "spine3", 2 / 3),
    "left_collar": ("spine3", "left_shoulder", 1 / 2),
    "right_collar": ("spine3", "right_shoulder", 1 / 2),
}


@dataclasses.dataclass(frozen=True, eq=False)
class Markers:
    """A file's points: markers, or joint centres that were computed of them.

    Attributes:
      labels: the points' names; empty for those that have none.
      positions: in the file's unit and axes; NaN where a point was not seen.
      fps: frames a second; None where the file does not say.
      unit: the unit of length as the file writes it; empty where it does not say.
      up: the axis that is upwards on the screen, 0, 1 or 2; None where the file does not say.
    """

    labels: tuple[str, ...]
    positions: Float[np.ndarray, "t n 3"]
    fps: float | None
    unit: str
    up: int | None = None


def recording_of(path: str | os.PathLike, markers: Markers) -> Recording:
    """The body of a file's points, on smpl22's joints as far as points tell them.

    Joints are means of points, see `RECIPES`. The pelvis is half way between the mean of the two
    anterior spines (LASI, RASI) and that of the posterior ones (LPSI, RPSI; or SACR), else between
    the hips; spine1, spine2 and the collars are put between their neighbours. Names count without
    their subject ("Subject1:LASI"), letter case and punctuation. A point that is out of sight for
    a moment moves on a straight line.

    Raises:
      InputError: the points are no body's; or one that is needed is out of sight for more than
        `LONGEST_GAP` at a time or `MOST_MISSING` of the time.
    """
    places = _Points(path, markers).body()
    if not places.keys() >= set(LEGS):
        found = ", ".join(label for label in markers.labels if label) or "no names"
        missing = [joint for joint in LEGS if joint not in places]
        raise InputError(
            f"{path}: found no {', '.join(missing)} among the {len(markers.labels)} points: "
            f"{shown(found, 400)}; expected joint centres (LHJC, LKJC, LAJC) or Plug-in Gait's "
            "markers (LASI, RASI, LPSI, RPSI, LKNE, LANK, LTOE ...)"
        )
    joints = tuple(joint for joint in SMPL22.joints if joint in places)
    return Recording(
        pathlib.Path(path).name,
        joints,
        _parents(joints),
        np.stack([places[joint] for joint in joints], axis=1).astype(np.float32),
        fps=markers.fps,
        metres_per_unit=UNITS.get(markers.unit.lower()),
        up=markers.up,
    )


def _parents(joints: Sequence[str]) -> tuple[int, ...]:
    """smpl22's tree without the joints that are not there."""
    above = [parent_among(joint, joints) for joint in joints]
    return tuple(joints.index(parent) if parent else -1 for parent in above)


class _Points:
    """A file's points by their names, and the joints that they tell."""

    def __init__(self, path: str | os.PathLike, markers: Markers):
        self._path, self._markers = path, markers
        self._index: dict[str, int] = {}
        for index, label in enumerate(_plain(markers.labels)):
            self._index.setdefault(_ALIASES.get(label, label), index)

    def body(self) -> dict[str, Float[np.ndarray, "t 3"]]:
        """The positions of smpl22's joints, as far as there are points for them."""
        lines = {joint: self._line(recipe) for joint, recipe in RECIPES.items()}
        for side in ("left", "right"):
            # A foot without toes: the point is the ankle.
            if lines[f"{side}_foot"] == lines[f"{side}_ankle"]:
                lines[f"{side}_foot"] = ""
        places = {joint: self._mean(line) for joint, line in lines.items() if line}
        back = self._line(_BACKS)
        if back and self._line(("LASI RASI",)):
            left, right, behind = self._mean("LASI"), self._mean("RASI"), self._mean(back)
            places["pelvis"] = ((left + right) / 2 + behind) / 2
            for joint, centre in _hips(left, right, behind).items():
                places.setdefault(joint, centre)
        elif "left_hip" in places and "right_hip" in places:
            places["pelvis"] = (places["left_hip"] + places["right_hip"]) / 2
        for joint, (near, far, share) in _BETWEEN.items():
            if near in places and far in places:
                places[joint] = (1 - share) * places[near] + share * places[far]
        return places

    def _line(self, lines: Sequence[str]) -> str:
        """The first line whose points can all be used, else the first whose are there."""
        there = [line for line in lines if self._index.keys() >= set(line.split())]
        usable = [line for line in there if all(self._gap(name) == "" for name in line.split())]
        return next(iter(usable or there), "")

    def _mean(self, line: str) -> Float[np.ndarray, "t 3"]:
        """The mean of a line's points; raises InputError if one is out of sight for too long."""
        for name in line.split():
            if gap := self._gap(name):
                raise InputError(f"{self._path}: the point {quoted(name)} {gap}")
        return np.mean([self._filled(name) for name in line.split()], axis=0)

    def _seen(self, name: str) -> Bool[np.ndarray, "t"]:
        return ~np.isnan(self._markers.positions[:, self._index[name], 0])

    def _gap(self, name: str) -> str:
        """For how long a point is out of sight, if that is too long."""
        seen = self._seen(name)
        missing = int(len(seen) - seen.sum())
        ends = np.concatenate([[-1], np.flatnonzero(seen), [len(seen)]])
        longest = int(np.diff(ends).max()) - 1
        most = LONGEST_GAP * (self._markers.fps or FPS)
        if missing <= MOST_MISSING * len(seen) and longest <= most:
            return ""
        return (
            f"is out of sight in {missing:,} of {counted(len(seen), 'frame')}, in {longest:,} of "
            f"them one after the other; expected at most {MOST_MISSING:.0%} and {LONGEST_GAP:g} s"
        )

    def _filled(self, name: str) -> Float[np.ndarray, "t 3"]:
        """A point's positions, on a straight line where it is out of sight, still at the ends."""
        path = self._markers.positions[:, self._index[name]].astype(np.float64)
        return interpolated(path, self._seen(name))


def _hips(
    left: Float[np.ndarray, "t 3"],
    right: Float[np.ndarray, "t 3"],
    behind: Float[np.ndarray, "t 3"],
) -> dict[str, Float[np.ndarray, "t 3"]]:
    """The hips' centres by the anterior spines and the middle of the posterior ones."""
    middle, across = (left + right) / 2, left - right
    width = np.linalg.norm(across, axis=1, keepdims=True)
    across = across / np.maximum(width, np.finfo(float).tiny)
    forward = middle - behind
    forward = forward - np.sum(forward * across, axis=1, keepdims=True) * across
    length = np.linalg.norm(forward, axis=1, keepdims=True)
    forward = forward / np.maximum(length, np.finfo(float).tiny)
    upward = np.cross(forward, across)
    centre = middle - width * (_POSTERIOR * forward + _DISTAL * upward)
    offset = (0.5 - _MEDIAL) * width * across
    return {"left_hip": centre + offset, "right_hip": centre - offset}


def _plain(labels: Sequence[str]) -> list[str]:
    """Labels without their subject, letter case and punctuation.

    The subject stands before a colon, or is all up to the last mark where that is the same in all.
    """
    # Points without a name of their own are *1, *2 and so on.
    labels = ["" if label.startswith("*") else label.rsplit(":", 1)[-1] for label in labels]
    heads = {re.sub(r"[A-Za-z0-9]*$", "", label) for label in labels if label}
    start = len(heads.pop()) if len(heads) == 1 else 0
    return [re.sub(r"[^A-Z0-9]", "", label[start:].upper()) for label in labels]
