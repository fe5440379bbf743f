"""BVH files (Biovision hierarchy): a tree of joints, and a line of channel values a frame."""

import dataclasses
import decimal
import itertools
import os
import pathlib
import re
from collections.abc import Iterator, Sequence
from typing import TextIO

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.kinematics import euler_rotations, forward_kinematics
from motext_jax.motion.motion import Motion
from motext_jax.motion.retarget import END, place
from motext_jax.skeleton import Skeleton

CHANNELS = tuple(f"{axis}{kind}" for kind in ("position", "rotation") for axis in "XYZ")

BLOCK = 512
"""Frames that are posed at once."""

# In metres: metre, centimetre, millimetre, inch, and what the CMU motions are in, whose conversions
# to BVH keep their own 1/0.45 inch (mocap.cs.cmu.edu, FAQ).
UNITS = (1.0, 0.01, 0.001, 0.0254, 0.0254 / 0.45)

# Hip to knee to ankle, as a share of the height (Drillis and Contini 1966).
LEG_SHARE = 0.491
HEIGHTS = (1.2, 2.2)


@dataclasses.dataclass(frozen=True, eq=False)
class Bvh:
    """What a BVH file says, in its own unit of length and in degrees.

    Attributes:
      joints: names in the file's order; an End Site is a joint without channels, "Foot end" at
        the tip of "Foot".
      parents: each joint's parent, -1 for the root; a parent comes before its children.
      offsets: each joint's position in its parent's frame, where no position channel replaces it.
      channels: each joint's own among `CHANNELS`, in the file's order.
      fps: frames a second.
      frames: for each frame the values of all channels, one joint after the other.
    """

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: Float[np.ndarray, "v 3"]
    channels: tuple[tuple[str, ...], ...]
    fps: float
    frames: Float[np.ndarray, "t c"]

    def positions(self) -> Float[np.ndarray, "t v 3"]:
        """Where the joints are, in the file's unit, float32.

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
        `UNITS` in which the first frame's left leg, hip to knee to ankle, belongs to a person 1.2 m
        to 2.2 m tall; the units differ by more than people do, so no two of them fit. A skeleton
        in which retargeting finds no leg is taken to be in centimetres, as most files are.

    Raises:
      InputError: as `read_bvh`, or the leg fits no unit.
    """
    bvh = read_bvh(path)
    positions = bvh.positions()
    if metres_per_unit is None:
        metres_per_unit = _metres_per_unit(path, bvh.joints, positions[0])
    skeleton = Skeleton(
        name=pathlib.Path(path).name,
        joints=bvh.joints,
        parents=bvh.parents,
        left_right_pairs=_left_right_pairs(bvh.joints),
        hub=place(bvh.joints).get("spine3", _centre(bvh.parents)),
    )
    return Motion(positions * metres_per_unit, bvh.fps, skeleton)


def read_bvh(path: str | os.PathLike) -> Bvh:
    """A BVH file as it stands.

    Raises:
      InputError: the file is missing, is not BVH or is damaged; the sentence names the line.
    """
    try:
        # A name may be in any encoding; that is no reason to refuse the motion.
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            lines = _Lines(path, file)
            joints = _read_hierarchy(lines)
            count = _read_count(lines)
            fps = _read_fps(lines)
            frames = _read_frames(lines, sum(len(joint.channels) for joint in joints))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
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


class _Lines:
    """The lines of a file, and the sentence for what is wrong with the last one."""

    def __init__(self, path: str | os.PathLike, file: TextIO):
        self.path, self.file, self.number = path, file, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.file)
        self.number += 1
        return line

    def next_filled(self) -> str:
        """The next line that is not blank, stripped; empty at the file's end."""
        return next(filter(None, map(str.strip, self)), "")

    def rewind(self, number: int) -> None:
        """Goes back to where `number` lines have been read."""
        self.file.seek(0)
        self.number = 0
        for _ in range(number):
            next(self)

    def error(self, found: str, expected: str) -> InputError:
        """What is wrong with the last line; an empty `found` is the file's end."""
        shown = (
            repr(found if len(found) <= 60 else f"{found[:60]}...")
            if found
            else "the end of the file"
        )
        return InputError(f"{self.path}, line {self.number}: found {shown}, expected {expected}")


@dataclasses.dataclass
class _Joint:
    name: str
    parent: int
    offset: list[float] | None = None
    channels: tuple[str, ...] = ()


def _read_hierarchy(lines: _Lines) -> list[_Joint]:
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
            raise lines.error(brace, f"'{{' after the joint {name!r}")
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
                if len(numbers) != 3 or not all(map(_is_number, numbers)):
                    raise lines.error(statement, f"OFFSET and three numbers below {_TOO_LARGE:g}")
                joints[nesting[-1]].offset = [float(number) for number in numbers]
            case "CHANNELS" if nesting:
                joints[nesting[-1]].channels = _channels(lines, text)
            case "}" if nesting:
                joint = joints[nesting.pop()]
                if joint.offset is None:
                    raise lines.error(statement, f"the OFFSET of the joint {joint.name!r}")
            case "MOTION" if joints and not nesting:
                if not any(joint.channels for joint in joints):
                    raise lines.error(statement, "a joint with CHANNELS before it")
                return joints
            case _ if nesting:
                inside = (
                    f"OFFSET, CHANNELS, JOINT, End Site or '}}' of {joints[nesting[-1]].name!r}"
                )
                raise lines.error(statement, inside)
            case _:
                raise lines.error(statement, "MOTION" if joints else "ROOT and a name")


def _statements(lines: _Lines) -> Iterator[str]:
    """What stands between line ends and braces, with single spaces; and the braces."""
    for line in lines:
        for statement in line.replace("{", "\n{\n").replace("}", "\n}\n").splitlines():
            if words := statement.split():
                yield " ".join(words)


def _channels(lines: _Lines, text: str) -> tuple[str, ...]:
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


def _read_count(lines: _Lines) -> int:
    line = lines.next_filled()
    match = re.fullmatch(r"Frames\s*:?\s*([0-9]{1,18})", line, re.IGNORECASE)
    if not match or not int(match[1]):
        raise lines.error(line, "'Frames:' and how many there are, one or more")
    return int(match[1])


def _read_fps(lines: _Lines) -> float:
    """Frames a second.

    A frame time is printed with few digits, 0.0333333 for 1/30 s. It is taken for the whole number
    of frames a second whose frame time is less than one unit of the last digit away, if there is
    such a number, so that truncated times count like rounded ones.
    """
    line = lines.next_filled()
    match = re.fullmatch(r"Frame\s+Time\s*:?\s*(\S+)", line, re.IGNORECASE)
    if not match or not _is_number(match[1]) or not 1e-5 <= float(match[1]) <= 1:
        raise lines.error(line, "'Frame Time:' and seconds, from 0.00001 to 1")
    time = decimal.Decimal(match[1])
    last_digit = decimal.Decimal(10) ** (time.adjusted() + 1 - len(time.as_tuple().digits))
    fps = round(1 / time)
    return float(fps) if abs(1 / decimal.Decimal(fps) - time) < last_digit else float(1 / time)


def _read_frames(lines: _Lines, width: int) -> Float[np.ndarray, "t c"]:
    """The rest of the file: lines of `width` finite numbers."""
    start = lines.number
    first = lines.next_filled()
    if not first:
        raise lines.error(first, f"frames of {width} numbers")
    try:
        frames = np.loadtxt(itertools.chain([first], lines.file), comments=None, ndmin=2)
    except ValueError:
        frames = np.empty((0, 0))
    if frames.shape[1] != width or not -_TOO_LARGE < np.min(frames) <= np.max(frames) < _TOO_LARGE:
        lines.rewind(start)
        raise _first_bad_line(lines, width)
    return frames


def _first_bad_line(lines: _Lines, width: int) -> InputError:
    for line in lines:
        numbers = line.split()
        for number in numbers:
            if not _is_number(number):
                return lines.error(number, f"a number below {_TOO_LARGE:g}")
        if numbers and len(numbers) != width:
            expected = f"{width} numbers, one for each channel, and not {len(numbers)}"
            return lines.error(line.strip(), expected)
    return lines.error("", f"frames of {width} numbers")


def _is_number(text: str) -> bool:
    """Whether this is a decimal number; float() alone would take `nan` and `1_0` for one."""
    return bool(_DECIMAL.fullmatch(text)) and abs(float(text)) < _TOO_LARGE


# Far below float32's largest, so that positions, which are sums, are finite too.
_TOO_LARGE = 1e30

_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def _metres_per_unit(
    path: str | os.PathLike, joints: Sequence[str], positions: Float[np.ndarray, "v 3"]
) -> float:
    placed = place(joints)
    names = ["left_hip", "left_knee", "left_ankle"]
    if not placed.keys() >= set(names):
        return 0.01
    leg = positions[[placed[name] for name in names]]
    length = np.linalg.norm(np.diff(leg, axis=0), axis=-1).sum()
    for unit in UNITS:
        if HEIGHTS[0] <= length * unit / LEG_SHARE <= HEIGHTS[1]:
            return unit
    raise InputError(
        f"{path}: found a leg of {length:g} units, expected that of a person of {HEIGHTS[0]} to "
        f"{HEIGHTS[1]} m in metres, cm, mm, inches or CMU's unit; else give metres_per_unit"
    )


def _left_right_pairs(joints: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Joints whose names differ in one word or letter for the side: Left, or L where it stands out.

    "LeftLeg", "LThumb", "lShin", "L_Hip", "Hand_L", "Bip01 L Foot".
    """
    index = {name: joint for joint, name in enumerate(joints)}
    pairs: dict[int, int] = {}
    for name, left in index.items():
        for side in re.finditer(r"left|Left|LEFT|(?<![^\W_])[lL]|[lL](?![^\W_])", name):
            right = index.get(f"{name[: side.start()]}{_RIGHT[side[0]]}{name[side.end() :]}")
            if right is not None and not {left, right} & {*pairs, *pairs.values()}:
                pairs[left] = right
    return tuple(pairs.items())


_RIGHT = {"left": "right", "Left": "Right", "LEFT": "RIGHT", "l": "r", "L": "R"}


def _centre(parents: Sequence[int]) -> int:
    """The joint around which no branch holds more than half of the joints."""
    sizes = [1] * len(parents)
    for joint in range(len(parents) - 1, 0, -1):
        sizes[parents[joint]] += sizes[joint]
    # The branches that hold half or more are nested, so the last is the innermost.
    return max(joint for joint, size in enumerate(sizes) if 2 * size >= len(parents))
