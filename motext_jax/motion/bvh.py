"""BVH files (Biovision hierarchy): a tree of joints, and a line of channel values a frame."""

import dataclasses
import decimal
import itertools
import os
import re
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.kinematics import euler_rotations, forward_kinematics
from motext_jax.motion.motion import Motion
from motext_jax.motion.own_skeleton import own_skeleton, unit_by_legs
from motext_jax.motion.retarget import END
from motext_jax.motion.text_file import MOST_JOINTS, TOO_LARGE, Lines, is_number, open_lines
from motext_jax.shown import quoted

CHANNELS = tuple(f"{axis}{kind}" for kind in ("position", "rotation") for axis in "XYZ")

BLOCK = 512
"""Frames that are posed at once."""


@dataclasses.dataclass(frozen=True, eq=False)
class Bvh:
    """A BVH file's skeleton and frames, in the file's unit of length and in degrees.

    Attributes:
      joints: names in the file's order; an End Site is a joint without channels, "Foot end" at
        the tip of "Foot".
      parents: each joint's parent, -1 for the root; a parent comes before its children.
      offsets: each joint's position in its parent's frame, where no position channel replaces it.
      channels: each joint's channels, of `CHANNELS`, in the file's order.
      fps: frames a second.
      frames: values of all channels in each frame, one joint after the other.
    """

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: Float[np.ndarray, "v 3"]
    channels: tuple[tuple[str, ...], ...]
    fps: float
    frames: Float[np.ndarray, "t c"]

    def positions(self) -> Float[np.ndarray, "t v 3"]:
        """Joint positions in the file's unit, float32.

        A position channel replaces its component of the joint's offset, the root's and any other's.
        Rotations apply in the order of their channels, the first outermost.
        """
        # A block at a time stays in the processor's cache, and a long file takes little memory.
        blocks = np.split(self.frames, range(BLOCK, len(self.frames), BLOCK))
        return np.concatenate([self._posed(block) for block in blocks])

    def _posed(self, frames: Float[np.ndarray, "t c"]) -> Float[np.ndarray, "t v 3"]:
        # Single precision is some micrometres on a person, and its sines are ten times as fast.
        columns = np.ascontiguousarray(frames.T, np.float32)
        first = np.cumsum([0, *map(len, self.channels)])
        offsets = np.repeat(self.offsets.T[..., None].astype(np.float32), len(frames), axis=2)
        rotations = np.empty((3, 3, len(self.joints), len(frames)), np.float32)
        alike: dict[tuple[str, ...], list[int]] = {}
        for joint, channels in enumerate(self.channels):
            alike.setdefault(channels, []).append(joint)
        # All joints with the same channels at once.
        for channels, joints in alike.items():
            axes = np.array(["XYZ".index(channel[0]) for channel in channels], int)
            turns = np.array([channel.endswith("rotation") for channel in channels], bool)
            values = columns[np.add.outer(np.arange(len(channels)), first[joints])]
            offsets[axes[~turns][:, None], joints] = values[~turns]
            turned = euler_rotations(axes[turns], np.radians(values[turns]))
            rotations[:, :, joints] = turned.transpose(2, 3, 0, 1)
        return forward_kinematics(
            rotations.transpose(3, 2, 0, 1), offsets.transpose(2, 1, 0), self.parents
        )


def read_motion(path: str | os.PathLike, metres_per_unit: float | None = None) -> Motion:
    """A BVH file as positions in metres on the file's own skeleton, y up.

    The skeleton has the file's name. Its hub is the upper spine where retargeting finds one, else
    the joint around which no branch holds more than half of the joints.

    Args:
      path: the file.
      metres_per_unit: the file's unit of length, which BVH does not say. None for the one of
        `own_skeleton.UNITS` in which the first frame's left leg, hip to knee to ankle, belongs to a
        person 1.2 m to 2.2 m tall; the units differ by more than people do, so no two of them fit.
        A skeleton in which retargeting finds no leg is taken to be in centimetres, as most are.

    Raises:
      InputError: as `read_bvh`, or the leg fits no unit.
    """
    bvh = read_bvh(path)
    positions = bvh.positions()
    if metres_per_unit is None:
        metres_per_unit = unit_by_legs(path, bvh.joints, positions[0], usual=0.01)
    skeleton = own_skeleton(path, bvh.joints, bvh.parents)
    return Motion(positions * metres_per_unit, bvh.fps, skeleton)


def read_bvh(path: str | os.PathLike) -> Bvh:
    """A BVH file as it stands.

    Raises:
      InputError: the file is missing, is not BVH or is damaged; the sentence names the line.
    """
    with open_lines(path) as lines:
        joints = _read_hierarchy(lines)
        count = _read_count(lines)
        fps = _read_fps(lines)
        frames = _read_frames(lines, sum(len(joint.channels) for joint in joints))
    if len(frames) != count:
        raise InputError(
            f"{path}: found {len(frames)} frames of {frames.shape[1]} numbers, expected {count} as "
            "the line 'Frames:' says"
        )
    return Bvh(
        tuple(joint.name for joint in joints),
        tuple(joint.parent for joint in joints),
        np.array([joint.offset for joint in joints]),
        tuple(joint.channels for joint in joints),
        fps,
        frames,
    )


@dataclasses.dataclass
class _Joint:
    name: str
    parent: int
    offset: list[float] | None = None
    channels: tuple[str, ...] = ()


def _read_hierarchy(lines: Lines) -> list[_Joint]:
    """The joints, in the file's order; reads up to and with the line MOTION."""
    start = lines.next_filled()
    if start.upper() != "HIERARCHY":
        raise lines.error(start, "HIERARCHY, with which a BVH file begins")
    joints: list[_Joint] = []
    names: set[str] = set()
    nesting: list[int] = []
    statements = _statements(lines)

    def open_joint(name: str, parent: int) -> None:
        if not name or name in names:
            raise lines.error(name or statement, "a name that no joint before has")
        if (brace := next(statements, "")) != "{":
            raise lines.error(brace, f"'{{' after the joint {quoted(name)}")
        if len(joints) == MOST_JOINTS:
            raise lines.error(name, f"at most {MOST_JOINTS:,} joints")
        names.add(name)
        nesting.append(len(joints))
        joints.append(_Joint(name, parent))

    while True:
        statement = next(statements, "")
        keyword, _, text = statement.partition(" ")
        match keyword.upper():
            case "ROOT" if not joints:
                open_joint(text, -1)
            case "JOINT" if nesting:
                open_joint(text, nesting[-1])
            case "END" if nesting:
                open_joint(joints[nesting[-1]].name + END, nesting[-1])
            case "OFFSET" if nesting:
                numbers = text.split()
                if len(numbers) != 3 or not all(map(is_number, numbers)):
                    raise lines.error(statement, f"OFFSET and three numbers below {TOO_LARGE:g}")
                joints[nesting[-1]].offset = [float(number) for number in numbers]
            case "CHANNELS" if nesting:
                joints[nesting[-1]].channels = _channels(lines, text)
            case "}" if nesting:
                joint = joints[nesting.pop()]
                if joint.offset is None:
                    raise lines.error(statement, f"the OFFSET of the joint {quoted(joint.name)}")
            case "MOTION" if joints and not nesting:
                if not any(joint.channels for joint in joints):
                    raise lines.error(statement, "a joint with CHANNELS before it")
                return joints
            case _ if nesting:
                name = quoted(joints[nesting[-1]].name)
                inside = f"OFFSET, CHANNELS, JOINT, End Site or '}}' of {name}"
                raise lines.error(statement, inside)
            case _:
                raise lines.error(statement, "MOTION" if joints else "ROOT and a name")


def _statements(lines: Lines) -> Iterator[str]:
    """The text between line ends and braces, single-spaced, and the braces themselves."""
    for line in lines:
        for statement in line.replace("{", "\n{\n").replace("}", "\n}\n").splitlines():
            if words := statement.split():
                yield " ".join(words)


def _channels(lines: Lines, text: str) -> tuple[str, ...]:
    count, *names = text.split() or [""]
    channels = tuple(map(str.capitalize, names))
    if unknown := set(channels).difference(CHANNELS):
        raise lines.error(min(unknown), f"a channel: {', '.join(CHANNELS)}")
    moves = [channel for channel in channels if channel.endswith("position")]
    if len(set(moves)) < len(moves):
        raise lines.error(f"CHANNELS {text}", "each position channel once")
    if count != str(len(channels)):
        raise lines.error(f"CHANNELS {text}", f"as many channels as it counts, not {len(channels)}")
    return channels


def _read_count(lines: Lines) -> int:
    line = lines.next_filled()
    match = re.fullmatch(r"Frames\s*:?\s*([0-9]{1,18})", line, re.IGNORECASE)
    if not match or not int(match[1]):
        raise lines.error(line, "'Frames:' and how many there are, one or more")
    return int(match[1])


def _read_fps(lines: Lines) -> float:
    """Frames a second.

    A frame time is printed with few digits, 0.0333333 for 1/30 s. It is taken for the whole number
    of frames a second whose frame time is less than one unit of the last digit away, if there is
    such a number, so that truncated times count like rounded ones.
    """
    line = lines.next_filled()
    match = re.fullmatch(r"Frame\s+Time\s*:?\s*(\S+)", line, re.IGNORECASE)
    if not match or not is_number(match[1]) or not 1e-5 <= float(match[1]) <= 1:
        raise lines.error(line, "'Frame Time:' and seconds, from 0.00001 to 1")
    time = decimal.Decimal(match[1])
    last_digit = decimal.Decimal(10) ** (time.adjusted() + 1 - len(time.as_tuple().digits))
    fps = round(1 / time)
    return float(fps) if abs(1 / decimal.Decimal(fps) - time) < last_digit else float(1 / time)


def _read_frames(lines: Lines, width: int) -> Float[np.ndarray, "t c"]:
    """The rest of the file: lines of `width` finite numbers."""
    start = lines.number
    first = lines.next_filled()
    if not first:
        raise lines.error(first, f"frames of {width} numbers")
    try:
        frames = np.loadtxt(itertools.chain([first], lines.file), comments=None, ndmin=2)
    except ValueError:
        frames = np.empty((0, 0))
    if frames.shape[1] != width or not -TOO_LARGE < np.min(frames) <= np.max(frames) < TOO_LARGE:
        lines.rewind(start)
        raise _first_bad_line(lines, width)
    return frames


def _first_bad_line(lines: Lines, width: int) -> InputError:
    for line in lines:
        numbers = line.split()
        for number in numbers:
            if not is_number(number):
                return lines.error(number, f"a number below {TOO_LARGE:g}")
        if numbers and len(numbers) != width:
            expected = f"{width} numbers, one for each channel, and not {len(numbers)}"
            return lines.error(line.strip(), expected)
    return lines.error("", f"frames of {width} numbers")
