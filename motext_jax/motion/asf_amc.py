"""AMC files (Acclaim motion capture): in each frame the angles of the bones of an ASF file.

CMU's motions and HDM05 are published as pairs of the two.
"""

import array
import dataclasses
import os
import pathlib
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.asf import ANGLES, TURNS, Asf, joint_name, read_asf, statements
from motext_jax.motion.motion import Motion
from motext_jax.motion.own_skeleton import own_skeleton, unit_by_legs
from motext_jax.motion.text_file import TOO_LARGE, Lines, is_number, open_lines
from motext_jax.shown import quoted

INCH = 0.0254

FPS = 120.0
"""Frames a second of CMU's and HDM05's files, which do not say it."""


@dataclasses.dataclass(frozen=True, eq=False)
class Amc:
    """An AMC file's frames.

    Attributes:
      frames: values of all the ASF's degrees of freedom in each frame, one joint after the
        other; lengths in the ASF's unit, angles in radians.
      fps: frames a second; None if the file has no line :SAMPLES-PER-SECOND.
    """

    frames: Float[np.ndarray, "t c"]
    fps: float | None


def read_motion(
    amc_path: str | os.PathLike,
    asf_path: str | os.PathLike | None = None,
    fps: float | None = None,
    metres_per_unit: float | None = None,
) -> Motion:
    """An AMC file as positions in metres on the skeleton of its ASF file, y up.

    The skeleton has the ASF file's name. Its hub is the upper spine where retargeting finds one,
    else the joint around which no branch holds more than half of the joints.

    Args:
      amc_path: the AMC file.
      asf_path: the ASF file; None for the one that `find_asf` finds.
      fps: frames a second; None for the file's own, and `FPS` where it says nothing, as most.
      metres_per_unit: the files' unit of length. None for an inch divided by the ASF's `length`, as
        CMU (mocap.cs.cmu.edu, FAQ) and HDM05's reader have it, if the first frame's left leg, hip
        to knee to ankle, then belongs to a person 1.2 m to 2.2 m tall, or retargeting finds no
        leg. Else the one of `own_skeleton.UNITS` in which it does: the format itself names no
        unit, and its description multiplies by `length`.

    Raises:
      InputError: as `find_asf`, `read_asf` and `read_amc`, or the leg fits no unit.
    """
    if asf_path is None:
        asf_path = find_asf(amc_path)
    asf = read_asf(asf_path)
    amc = read_amc(amc_path, asf)
    positions = asf.positions(amc.frames)
    if fps is None:
        fps = FPS if amc.fps is None else amc.fps
    if metres_per_unit is None:
        metres_per_unit = unit_by_legs(amc_path, asf.joints, positions[0], INCH / asf.length)
    skeleton = own_skeleton(asf_path, asf.joints, asf.parents)
    return Motion(positions * metres_per_unit, fps, skeleton)


def find_asf(amc_path: str | os.PathLike) -> pathlib.Path:
    """The ASF file of an AMC file, in the same folder.

    It has the AMC's name, or the longest beginning of it that ends before an underscore: 07.asf for
    07_01.amc (CMU), HDM_bd.asf for HDM_bd_squat1Reps_001_120.amc (HDM05). Else it is the only ASF
    file there.

    Raises:
      InputError: there is none, or no such AMC file.
    """
    amc = pathlib.Path(amc_path)
    if not amc.is_file():
        raise InputError(f"{amc}: there is no such file")
    found = {asf.stem: asf for asf in amc.parent.iterdir() if asf.suffix.lower() == ".asf"}
    words = amc.stem.split("_")
    stems = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    for stem in stems:
        if stem in found:
            return found[stem]
    if len(found) == 1:
        return next(iter(found.values()))
    looked_for = " or ".join(f"{stem}.asf" for stem in stems)
    raise InputError(
        f"{amc}: found {len(found)} ASF files beside it, expected {looked_for}, or a single one of "
        "another name; else give asf_path"
    )


def read_amc(path: str | os.PathLike, asf: Asf) -> Amc:
    """An AMC file of a skeleton.

    A line :DEGREES or :RADIANS counts before the ASF's unit of angle. Frames are numbered one after
    the other, from any number on. Each gives all bones that have degrees of freedom, in any order.

    Raises:
      InputError: the file is missing, is not AMC, is damaged or belongs to another skeleton; the
        sentence names the line.
    """
    angle, fps = asf.angle, None
    with open_lines(path) as lines:
        remaining = statements(lines)
        words = next(remaining, [])
        while words and words[0].startswith(":"):
            match [word.lower() for word in words]:
                case [":fully-specified"]:
                    pass
                case [":degrees"]:
                    angle = ANGLES["deg"]
                case [":radians"]:
                    angle = ANGLES["rad"]
                case [":samples-per-second", rate] if is_number(rate) and float(rate) > 0:
                    fps = float(rate)
                case _:
                    known = ":FULLY-SPECIFIED, :DEGREES, :RADIANS or :SAMPLES-PER-SECOND and a rate"
                    raise lines.error(" ".join(words), known)
            words = next(remaining, [])
        dofs = dict(zip(asf.joints, asf.dofs, strict=True))
        frames = _read_frames(lines, words, remaining, dofs)
    turning = np.array([dof in TURNS for joint in asf.dofs for dof in joint], bool)
    frames[:, turning] *= angle
    return Amc(frames, fps)


def _read_frames(
    lines: Lines,
    words: list[str],
    remaining: Iterator[list[str]],
    dofs: dict[str, tuple[str, ...]],
) -> Float[np.ndarray, "t c"]:
    """The frames from the line `words` on, their values in the order of `dofs`."""
    values = array.array("d")
    count, number = 0, 0
    while True:
        if not _is_frame(words):
            raise lines.error(" ".join(words), "the number of a frame")
        if count and int(words[0]) != number + 1:
            raise lines.error(words[0], f"{number + 1}, the number of the next frame")
        count, number = count + 1, int(words[0])
        frame: dict[str, list[str]] = {}
        while (words := next(remaining, [])) and not _is_frame(words):
            name, numbers = joint_name(words[0]), words[1:]
            if name not in dofs:
                raise lines.error(words[0], "a bone of the ASF file")
            if name in frame:
                raise lines.error(words[0], f"each bone once in frame {number}")
            if len(numbers) != len(dofs[name]):
                needed = " ".join(dofs[name]) or "none"
                expected = f"a number for each degree of freedom in the ASF file, {needed}"
                raise lines.error(" ".join(words), expected)
            for value in numbers:
                if not is_number(value):
                    raise lines.error(value, f"a number below {TOO_LARGE:g}")
            frame[name] = numbers
        for name in dofs:
            if dofs[name] and name not in frame:
                raise lines.error(
                    " ".join(words), f"the values of {quoted(name)} in frame {number}"
                )
            values.extend(map(float, frame.get(name, ())))
        if not words:
            return np.array(values).reshape(count, -1)


def _is_frame(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isdecimal() and len(words[0]) <= 18
