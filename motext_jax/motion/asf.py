"""ASF files (Acclaim skeleton file): bones at rest, how each can turn, and which hangs from which.

The format's description is M. Schafer's, on
research.cs.wisc.edu/graphics/Courses/cs-838-1999/Jeff/ASF-AMC.html. What it leaves open is read as
the reader published with HDM05 does (Müller et al. 2007, Documentation Mocap Database HDM05).
"""

import dataclasses
import os
from collections.abc import Container, Iterator

import numpy as np
from jaxtyping import Float

from motext_jax.motion.bounds import LONGEST_NAME, MOST_JOINTS, TOO_LARGE
from motext_jax.motion.kinematics import (
    euler_rotations,
    forward_kinematics,
    in_blocks,
)
from motext_jax.motion.text_file import Lines, is_number, open_lines
from motext_jax.shown import quoted

ROOT = "root"

TURNS = ("rx", "ry", "rz")
MOVES = ("tx", "ty", "tz")

ANGLES = {"deg": np.pi / 180, "rad": 1.0}
"""Radians in a unit of angle."""

LENGTHS = (0.001, 1000.0)
"""The units of length that are believed; 0.45 and 1 are known."""


@dataclasses.dataclass(frozen=True, eq=False)
class Asf:
    """An ASF file's skeleton, in the file's unit of length.

    A joint is the far end of the bone it is named after: "lfemur" is the left knee. The first is
    "root", which is no bone.

    Attributes:
      joints: the root, then the bones along the hierarchy.
      parents: each joint's parent, -1 for the root; a parent comes before its children.
      offsets: way from each bone's near end to its far end at rest, along the world's axes; the
        root's is its position.
      axes: the rotation C of the axes about which each bone turns; the root's is its orientation.
      dofs: each joint's degrees of freedom in the order of the AMC's values, among `TURNS`; the
        root's also among `MOVES`.
      length: the unit by which the file scales its lengths, 0.45 in CMU's.
      angle: radians in the unit of its angles.
    """

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: Float[np.ndarray, "v 3"]
    axes: Float[np.ndarray, "v 3 3"]
    dofs: tuple[tuple[str, ...], ...]
    length: float
    angle: float

    def positions(self, frames: Float[np.ndarray, "t c"]) -> Float[np.ndarray, "t v 3"]:
        """Joint positions in the file's unit, float32.

        A bone, and all that hangs from it, is turned by C M C⁻¹, the root by C M. M turns about the
        degrees of freedom one after the other, the first innermost: Rz Ry Rx for rx ry rz.

        Args:
          frames: values of all degrees of freedom in each frame, one joint after the other;
            angles in radians.
        """
        blocks = in_blocks(frames, len(self.joints))
        return np.concatenate([self._posed(block) for block in blocks])

    def _posed(self, frames: Float[np.ndarray, "t c"]) -> Float[np.ndarray, "t v 3"]:
        # Single precision is some micrometres on a person, and its sines are ten times as fast.
        columns = np.ascontiguousarray(frames.T, np.float32)
        first = np.cumsum([0, *map(len, self.dofs)])
        rotations = np.empty((3, 3, len(self.joints), len(frames)), np.float32)
        alike: dict[tuple[str, ...], list[int]] = {}
        for joint, dofs in enumerate(self.dofs):
            alike.setdefault(dofs, []).append(joint)
        # All joints with the same degrees of freedom at once.
        for dofs, joints in alike.items():
            turns = [index for index, dof in enumerate(dofs) if dof in TURNS][::-1]
            angles = columns[np.add.outer(np.array(turns, int), first[joints])]
            turned = euler_rotations([TURNS.index(dofs[index]) for index in turns], angles)
            rotations[:, :, joints] = turned.transpose(2, 3, 0, 1)
        axes = self.axes.astype(np.float32)
        rotations = np.einsum("vij,jkvt->ikvt", axes, rotations)
        rotations[:, :, 1:] = np.einsum("ikvt,vjk->ijvt", rotations[:, :, 1:], axes[1:])
        # Far ends, in the frame of the bone before.
        offsets = np.einsum("ijvt,vj->ivt", rotations, self.offsets.astype(np.float32))
        offsets[:, 0] = self.offsets[0][:, None]
        for index, dof in enumerate(self.dofs[0]):
            if dof in MOVES:
                offsets[MOVES.index(dof), 0] += columns[index]
        return forward_kinematics(
            rotations.transpose(3, 2, 0, 1), offsets.transpose(2, 1, 0), self.parents
        )


@dataclasses.dataclass
class _Bone:
    """A bone, or the root with its position and orientation; angles in the file's unit."""

    line: int
    name: str = ""
    offset: tuple[float, ...] = (0.0, 0.0, 0.0)
    axis: tuple[float, ...] = (0.0, 0.0, 0.0)
    order: str = "xyz"
    dofs: tuple[str, ...] = ()

    def axes(self, angle: float) -> Float[np.ndarray, "3 3"]:
        # About the world's axes, so the first turn is the innermost.
        turns = ["xyz".index(axis) for axis in reversed(self.order)]
        return euler_rotations(turns, angle * np.array(self.axis[::-1]))


@dataclasses.dataclass
class _Link:
    line: int
    parent: str
    child: str


def read_asf(path: str | os.PathLike) -> Asf:
    """An ASF file as it stands.

    What places no joint is skipped: limits, within which an AMC's values are already, masses, and
    sections of other names. The n-th angle of an axis is about the n-th axis of its order.

    Raises:
      InputError: the file is missing, is not ASF, is damaged, or has a bone that can move or
        stretch; the sentence names the line.
    """
    length, angle = 1.0, "deg"
    bones = {ROOT: _Bone(0, ROOT)}
    links: list[_Link] = []
    with open_lines(path) as lines:
        missing = [":root", ":bonedata", ":hierarchy"]
        section = ""
        remaining = statements(lines)
        for words in remaining:
            match section, words[0].lower():
                case _, keyword if keyword.startswith(":"):
                    section = keyword
                    missing = [needed for needed in missing if needed != section]
                case "", _:
                    raise lines.error(" ".join(words), "a section, :version or another")
                case ":units", "length":
                    (length,) = _numbers(lines, words, 1)
                    if not LENGTHS[0] <= length <= LENGTHS[1]:
                        expected = f"a length from {LENGTHS[0]:g} to {LENGTHS[1]:g}"
                        raise lines.error(" ".join(words), expected)
                case ":units", "angle" if words[-1].lower() in ANGLES:
                    angle = words[-1].lower()
                case ":units", keyword if keyword != "mass":
                    raise lines.error(" ".join(words), "mass, length or angle, in deg or rad")
                case ":root", _:
                    _read_root(lines, words, bones[ROOT])
                case ":bonedata", "begin":
                    bone = _read_bone(lines, remaining, bones)
                    bones[bone.name] = bone
                    if len(bones) > MOST_JOINTS:
                        raise lines.error(bone.name, f"at most {MOST_JOINTS:,} bones")
                case ":bonedata", _:
                    raise lines.error(" ".join(words), "'begin' of a bone")
                case ":hierarchy", "begin":
                    links += _read_links(lines, remaining)
                case ":hierarchy", _:
                    raise lines.error(" ".join(words), "'begin' of the hierarchy")
        if missing:
            raise lines.error("", f"the section {missing[0]}")
        joints, parents = _tree(lines, bones, links)
    ordered = [bones[joint] for joint in joints]
    return Asf(
        joints,
        parents,
        np.array([bone.offset for bone in ordered]),
        np.array([bone.axes(ANGLES[angle]) for bone in ordered]),
        tuple(bone.dofs for bone in ordered),
        length,
        ANGLES[angle],
    )


def statements(lines: Lines) -> Iterator[list[str]]:
    """The words of each line that has any, without comments."""
    for line in lines:
        if words := line.partition("#")[0].split():
            yield words


def joint_name(word: str) -> str:
    """A joint's name as it stands; the root's is a keyword, in any case of letters."""
    return ROOT if word.lower() == ROOT else word


def _read_root(lines: Lines, words: list[str], root: _Bone) -> None:
    match words[0].lower():
        case "order":
            root.dofs = _dofs(lines, words, MOVES + TURNS)
        case "axis":
            root.order = _order(lines, words)
        case "position":
            root.offset = _numbers(lines, words, 3)
        case "orientation":
            root.axis = _numbers(lines, words, 3)
        case _:
            raise lines.error(" ".join(words), "order, axis, position or orientation of the root")


def _read_bone(lines: Lines, remaining: Iterator[list[str]], bones: Container[str]) -> _Bone:
    """A bone; reads up to and with its `end`."""
    bone = _Bone(lines.number)
    direction, length = np.zeros(3), 0.0
    missing = ["name", "direction", "length", "axis"]
    for words in remaining:
        keyword = words[0].lower()
        missing = [needed for needed in missing if needed != keyword]
        match keyword:
            case "end":
                if missing:
                    raise lines.error("end", f"the {missing[0]} of the bone {quoted(bone.name)}")
                # A direction's few digits make it not quite of length 1, and a bone may have none.
                bone.offset = tuple(direction * (length / (np.linalg.norm(direction) or 1.0)))
                return bone
            case "name":
                bone.name = joint_name(" ".join(words[1:]))
                if not bone.name or bone.name in bones:
                    raise lines.error(" ".join(words), "a name that no bone before has")
                if len(bone.name) > LONGEST_NAME:
                    raise lines.error(bone.name, f"a name of at most {LONGEST_NAME} letters")
            case "direction":
                direction = np.array(_numbers(lines, words, 3))
            case "length":
                (length,) = _numbers(lines, words, 1)
            case "axis":
                bone.order = _order(lines, words)
                bone.axis = _numbers(lines, words[:-1], 3)
            case "dof":
                bone.dofs = _dofs(lines, words, TURNS)
            case "id" | "limits" | "bodymass" | "cofmass":
                pass
            # The limits of the second degree of freedom and on.
            case _ if keyword.startswith("("):
                pass
            case _:
                inside = (
                    f"name, direction, length, axis, dof or 'end' of the bone {quoted(bone.name)}"
                )
                raise lines.error(" ".join(words), inside)
    raise lines.error("", f"'end' of the bone that begins on line {bone.line}")


def _numbers(lines: Lines, words: list[str], count: int) -> tuple[float, ...]:
    keyword, *numbers = words
    if len(numbers) != count or not all(map(is_number, numbers)):
        expected = f"{keyword} and {count} number{'s'[: count - 1]} below {TOO_LARGE:g}"
        raise lines.error(" ".join(words), expected)
    return tuple(map(float, numbers))


def _order(lines: Lines, words: list[str]) -> str:
    order = words[-1].lower()
    if sorted(order) != ["x", "y", "z"]:
        raise lines.error(" ".join(words), "an order of the axes, such as XYZ, at the end")
    return order


def _dofs(lines: Lines, words: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
    dofs = tuple(word.lower() for word in words[1:])
    for index, dof in enumerate(dofs):
        if dof not in known or dof in dofs[:index]:
            raise lines.error(dof, f"only {', '.join(known)} as degrees of freedom, and none twice")
    return dofs


def _read_links(lines: Lines, remaining: Iterator[list[str]]) -> Iterator[_Link]:
    """Each child with its parent; reads up to and with `end`."""
    for words in remaining:
        if words[0].lower() == "end":
            return
        for child in words[1:]:
            yield _Link(lines.number, joint_name(words[0]), joint_name(child))
    raise lines.error("", "'end' of the hierarchy")


def _tree(
    lines: Lines, bones: dict[str, _Bone], links: list[_Link]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The joints and their parents, along the hierarchy from the root."""
    children: dict[str, list[str]] = {name: [] for name in bones}
    orphans = set(bones) - {ROOT}
    for link in links:
        lines.number = link.line
        for name in (link.parent, link.child):
            if name not in bones:
                raise lines.error(name, "root or a bone of the section :bonedata")
        if link.child not in orphans:
            raise lines.error(link.child, "a bone that has no parent yet")
        orphans.remove(link.child)
        children[link.parent].append(link.child)
    parents: dict[str, int] = {}
    # Not recursive: a file may nest deeper than Python does.
    ahead = [(ROOT, -1)]
    while ahead:
        name, parent = ahead.pop()
        ahead += [(child, len(parents)) for child in reversed(children[name])]
        parents[name] = parent
    for name, bone in bones.items():
        if name not in parents:
            lines.number = bone.line
            raise lines.error(name, "a bone whose parents in :hierarchy lead to root")
    return tuple(parents), tuple(parents.values())
