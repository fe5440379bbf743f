"""BVH files (Biovision hierarchy): a tree of joints, and a line of channel values a frame."""

import dataclasses
import decimal
import itertools
import logging
import os
import pathlib
import re
from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Float

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion.bounds import (
    LONGEST_NAME,
    MOST_JOINTS,
    RATES,
    TOO_LARGE,
    check_room,
)
from motext_jax.motion.kinematics import (
    euler_rotations,
    forward_kinematics,
    in_blocks,
)
from motext_jax.motion.number_table import number_table
from motext_jax.motion.recording import END, Recording
from motext_jax.motion.text_file import Lines, is_number, open_lines
from motext_jax.shown import quoted

CHANNELS = tuple(f"{axis}{kind}" for kind in ("position", "rotation") for axis in "XYZ")

SCALES = tuple(f"{axis}scale" for axis in "XYZ")
"""Channels that are left out: bodies do not grow."""

MOST_CHANNELS = 12
"""The most channels of a joint."""

_said: set[str] = set()


@dataclasses.dataclass(frozen=True, eq=False)
class Bvh:
    """A BVH file's skeleton and frames, in the file's unit of length and in degrees.

    Attributes:
      joints: names in the file's order; an End Site is a joint without channels, "Foot end" at
        the tip of "Foot".
      parents: each joint's parent, -1 for the root; a parent comes before its children.
      offsets: each joint's position in its parent's frame, where no position channel replaces it.
      channels: each joint's channels, of `CHANNELS`, in the file's order.
      fps: frames a second; None if the file does not say.
      frames: values of all channels in each frame, one joint after the other.
    """

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: Float[np.ndarray, "v 3"]
    channels: tuple[tuple[str, ...], ...]
    fps: float | None
    frames: Float[np.ndarray, "t c"]

    def positions(self) -> Float[np.ndarray, "t v 3"]:
        """Joint positions in the file's unit, float32.

        A position channel replaces its component of the joint's offset, the root's and any other's.
        Rotations apply in the order of their channels, the first outermost.
        """
        blocks = in_blocks(self.frames, len(self.joints))
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


def read_recording(path: str | os.PathLike) -> Recording:
    """A BVH file as a recording; errors as `read_bvh`.

    The format says neither its unit, which mostly is the centimetre, nor its vertical axis.
    """
    bvh = read_bvh(path)
    check_room(path, len(bvh.frames), len(bvh.joints))
    return Recording(
        pathlib.Path(path).name,
        bvh.joints,
        bvh.parents,
        bvh.positions(),
        fps=bvh.fps,
        metres_per_unit=0.01,
    )


def read_bvh(path: str | os.PathLike) -> Bvh:
    """A BVH file as it stands.

    The lines of numbers are the frames, where they are as many as the file says or one more or one
    less, as exporters miscount. Of several trees, such as a body's and a prop's, the one with most
    joints is read. Of joints of one name, each but the first gets a number. Scale channels are left
    out. Without a frame time, or with one of zero, the rate is None.

    Raises:
      InputError: the file is missing, is not BVH or is damaged; the sentence names the line.
    """
    with open_lines(path) as lines:
        joints = _read_hierarchy(lines)
        count = _read_count(lines)
        fps = _read_fps(lines)
        frames = _read_frames(lines, sum(len(joint.channels) for joint in joints))
    if abs(len(frames) - count) > 1:
        raise InputError(
            f"{path}: found {counted(len(frames), 'frame')} of {frames.shape[1]} numbers, "
            f"expected {count} as the line 'Frames:' says"
        )
    if len(frames) != count:
        _say_once("has one frame more or less than it counts; all its frames are read", str(path))
    return _largest_tree(path, joints, fps, frames)


def _largest_tree(
    path: str | os.PathLike,
    joints: list["_Joint"],
    fps: float | None,
    frames: Float[np.ndarray, "t c"],
) -> Bvh:
    """The tree with most joints, without its scale channels."""
    roots = [index for index, joint in enumerate(joints) if joint.parent < 0]
    trees = [range(*ends) for ends in itertools.pairwise([*roots, len(joints)])]
    tree = max(trees, key=len)
    if len(trees) > 1:
        _say_once("has several trees of joints; the one with most joints is read", str(path))
    columns = []
    first = sum(len(joint.channels) for joint in joints[: tree.start])
    for joint in joints[tree.start : tree.stop]:
        for column, channel in enumerate(joint.channels, start=first):
            if channel not in SCALES:
                columns.append(column)
        first += len(joint.channels)
    if not columns:
        raise InputError(f"{path}: found no channels in the largest tree, expected a body's")
    kept = [joints[index] for index in tree]
    return Bvh(
        tuple(joint.name for joint in kept),
        tuple(max(joint.parent - tree.start, -1) for joint in kept),
        np.array([joint.offset for joint in kept]),
        tuple(tuple(c for c in joint.channels if c not in SCALES) for joint in kept),
        fps,
        frames if len(columns) == frames.shape[1] else frames[:, columns],
    )


def _say_once(what: str, path: str) -> None:
    """Says what is done with an odd file, for the first such file alone."""
    if what not in _said:
        _said.add(what)
        logging.getLogger(__name__).warning("%s %s (said once)", path, what)


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
    names = _Names()
    nesting: list[int] = []
    statements = _statements(lines)

    def open_joint(name: str, parent: int) -> None:
        if not 0 < len(name) <= LONGEST_NAME + len(END):
            expected = f"a name of at most {LONGEST_NAME} letters"
            raise lines.error(name or statement, expected)
        if (brace := next(statements, "")) != "{":
            raise lines.error(brace, f"'{{' after the joint {quoted(name)}")
        if len(joints) == MOST_JOINTS:
            raise lines.error(name, f"at most {MOST_JOINTS:,} joints")
        nesting.append(len(joints))
        joints.append(_Joint(names.new(name), parent))

    while True:
        statement = next(statements, "")
        keyword, _, text = statement.partition(" ")
        match keyword.upper():
            case "ROOT" if not nesting:
                open_joint(text, -1)
            case "JOINT" if nesting:
                open_joint(text, nesting[-1])
            case "END" | "ENDSITE" if nesting:
                open_joint(joints[nesting[-1]].name + END, nesting[-1])
            case "OFFSET" if nesting:
                numbers = lines.with_points(text).split()
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


class _Names:
    """Names of joints that are each given once: the second Leg is "Leg 2"."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def new(self, name: str) -> str:
        # The suffix of a tip stays at its end, for it is known by it.
        tip = END if name.endswith(END) else ""
        unique, number = name, self._given.get(name, 0)
        while unique in self._given:
            number += 1
            unique = f"{name.removesuffix(tip)} {number}{tip}"
        if unique != name:
            self._given[name] = number
        self._given[unique] = 1
        return unique


def _statements(lines: Lines) -> Iterator[str]:
    """The text between line ends and braces, single-spaced, and the braces themselves."""
    for line in lines:
        for statement in line.replace("{", "\n{\n").replace("}", "\n}\n").splitlines():
            if words := statement.split():
                yield " ".join(words)


def _channels(lines: Lines, text: str) -> tuple[str, ...]:
    count, *names = text.split() or [""]
    channels = tuple(map(str.capitalize, names))
    if unknown := set(channels).difference(CHANNELS, SCALES):
        raise lines.error(min(unknown), f"a channel: {', '.join(CHANNELS)}")
    moves = [channel for channel in channels if channel.endswith("position")]
    if len(set(moves)) < len(moves):
        raise lines.error(f"CHANNELS {text}", "each position channel once")
    if count != str(len(channels)):
        raise lines.error(f"CHANNELS {text}", f"as many channels as it counts, not {len(channels)}")
    if len(channels) > MOST_CHANNELS:
        raise lines.error(f"CHANNELS {text}", f"at most {MOST_CHANNELS} channels of a joint")
    return channels


def _read_count(lines: Lines) -> int:
    line = lines.next_filled()
    match = re.fullmatch(r"Frames\s*:?\s*([0-9]{1,18})", line, re.IGNORECASE)
    if not match or not int(match[1]):
        raise lines.error(line, "'Frames:' and how many there are, one or more")
    return int(match[1])


def _read_fps(lines: Lines) -> float | None:
    """Frames a second; None where there is no frame time, or it is zero.

    A frame time is printed with few digits, 0.0333333 for 1/30 s. It is taken for the whole number
    of frames a second whose frame time is less than one unit of the last digit away, if there is
    such a number, so that truncated times count like rounded ones.
    """
    line = lines.next_filled()
    if line and is_number(line.split()[0].replace(",", ".")):
        # The first frame.
        lines.rewind(lines.number - 1)
        return None
    match = re.fullmatch(r"Frame\s+Time\s*:?\s*(\S+)", line, re.IGNORECASE)
    number = lines.with_points(match[1]) if match else ""
    if is_number(number) and not float(number):
        return None
    shortest, longest = 1 / RATES[1], 1 / RATES[0]
    if not is_number(number) or not shortest <= float(number) <= longest:
        expected = f"'Frame Time:' and seconds, from {shortest:g} to {longest:g}"
        raise lines.error(line, expected)
    time = decimal.Decimal(number)
    last_digit = decimal.Decimal(10) ** (time.adjusted() + 1 - len(time.as_tuple().digits))
    fps = round(1 / time)
    if fps and abs(1 / decimal.Decimal(fps) - time) < last_digit:
        return float(fps)
    return float(1 / time)


def _read_frames(lines: Lines, width: int) -> Float[np.ndarray, "t c"]:
    """The rest of the file: lines of `width` finite numbers."""
    start = lines.number
    first = lines.next_filled()
    if not first:
        raise lines.error(first, f"frames of {width} numbers")
    frames = None
    if not lines.decimal_commas:
        frames = _plausible(number_table(itertools.chain([first], lines.blocks()), width), width)
    if frames is None:
        # Much slower, and needed where there are comments, decimal commas or other ends.
        lines.rewind(start)
        frames = _plausible(_by_lines(map(lines.with_points, lines)), width)
    if frames is None:
        lines.rewind(start)
        raise _first_bad_line(lines, width)
    return frames


def _by_lines(lines: Iterable[str]) -> Float[np.ndarray, "t c"] | None:
    """Lines of numbers; None if they are anything else, or not all as long."""
    try:
        return np.loadtxt(lines, comments=None, ndmin=2)
    except ValueError:
        return None


def _plausible(
    frames: Float[np.ndarray, "t c"] | None, width: int
) -> Float[np.ndarray, "t c"] | None:
    if frames is None or frames.shape[1] != width:
        return None
    # Comparisons with NaN are false.
    return frames if -TOO_LARGE < np.min(frames) <= np.max(frames) < TOO_LARGE else None


def _first_bad_line(lines: Lines, width: int) -> InputError:
    for line in lines:
        numbers = lines.with_points(line).split()
        for number in numbers:
            if not is_number(number):
                return lines.error(number, f"a number below {TOO_LARGE:g}")
        if numbers and len(numbers) != width:
            expected = f"{width} numbers, one for each channel, and not {len(numbers)}"
            return lines.error(line.strip(), expected)
    return lines.error("", f"frames of {width} numbers")
