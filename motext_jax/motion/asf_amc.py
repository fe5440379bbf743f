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
from motext_jax.input_file import reading
from motext_jax.motion.asf import ANGLES, TURNS, Asf, joint_name, read_asf, statements
from motext_jax.motion.bounds import RATES, TOO_LARGE, check_room, is_rate
from motext_jax.motion.recording import Recording
from motext_jax.motion.text_file import Lines, is_number, open_lines
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


def read_recording(path: str | os.PathLike) -> Recording:
    """An AMC file as a recording on the skeleton of its ASF file.

    Files that do not say their rate have CMU's and HDM05's. The unit is an inch divided by the
    ASF's `length`, as CMU (mocap.cs.cmu.edu, FAQ) and HDM05's reader have it; the format itself
    names none, and its description multiplies by `length`.

    Raises:
      InputError: as `find_asf`, `read_asf` and `read_amc`.
    """
    beside = find_asf(path)
    asf = read_asf(beside)
    amc = read_amc(path, asf)
    check_room(path, len(amc.frames), len(asf.joints))
    return Recording(
        beside.name,
        asf.joints,
        asf.parents,
        asf.positions(amc.frames),
        fps=FPS if amc.fps is None else amc.fps,
        metres_per_unit=INCH / asf.length,
        up=1,
    )


def find_asf(amc_path: str | os.PathLike) -> pathlib.Path:
    """The ASF file of an AMC file, in the same folder.

    It has the AMC's name, or the longest beginning of it that ends before an underscore: 07.asf for
    07_01.amc (CMU), HDM_bd.asf for HDM_bd_squat1Reps_001_120.amc (HDM05). Else it is the only ASF
    file there. A link is followed in its own folder and in the AMC's, and not out of them.

    Raises:
      InputError: there is none, it is a link that leads elsewhere, or there is no such AMC file.
    """
    amc = pathlib.Path(amc_path)
    with reading(amc, "the name of a file"):
        if not amc.is_file():
            raise InputError(f"{amc}: there is no such file")
        found = {asf.stem: asf for asf in amc.parent.iterdir() if asf.suffix.lower() == ".asf"}
    words = amc.stem.split("_")
    stems = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    for stem in stems:
        if stem in found:
            return _inside(amc, found[stem])
    if len(found) == 1:
        return _inside(amc, next(iter(found.values())))
    looked_for = " or ".join(f"{stem}.asf" for stem in stems)
    raise InputError(
        f"{amc}: found {len(found)} ASF files beside it, expected {looked_for}, or a single one of "
        "another name; copy its own there"
    )


def _inside(amc: pathlib.Path, asf: pathlib.Path) -> pathlib.Path:
    """The ASF file, unless it is a link out of the folder of the AMC file, or of what that is."""
    # Not Path.resolve, which raises RuntimeError for a link to itself.
    folders = [os.path.realpath(amc.parent), os.path.dirname(os.path.realpath(amc))]
    if not any(pathlib.Path(os.path.realpath(asf)).is_relative_to(folder) for folder in folders):
        raise InputError(
            f"{asf}: a link that leads out of its folder, which is not followed; put the file "
            "itself there"
        )
    return asf


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
                case [":samples-per-second", rate] if is_number(rate) and is_rate(float(rate)):
                    fps = float(rate)
                case _:
                    known = (
                        ":FULLY-SPECIFIED, :DEGREES, :RADIANS or :SAMPLES-PER-SECOND and a rate "
                        f"from {RATES[0]:g} to {RATES[1]:g}"
                    )
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
    moving = [name for name in dofs if dofs[name]]
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
        for name in moving:
            if name not in frame:
                raise lines.error(
                    " ".join(words), f"the values of {quoted(name)} in frame {number}"
                )
            values.extend(map(float, frame[name]))
        if not words:
            return np.array(values).reshape(count, -1)


def _is_frame(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isdecimal() and len(words[0]) <= 18
