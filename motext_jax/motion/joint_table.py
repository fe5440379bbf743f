"""Joint positions in tables (.csv): a column for each coordinate of each joint, a row a frame."""

import array
import csv
import dataclasses
import io
import os
import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.input_file import open_file
from motext_jax.motion.frame_rate import frame_numbers, rate_of_times
from motext_jax.motion.joint_array import (
    FARTHEST,
    FEWEST_JOINTS,
    MOST_JOINTS,
    TIMES,
    recording,
    spread,
)
from motext_jax.motion.recording import Recording
from motext_jax.motion.text_file import is_number
from motext_jax.shown import quoted

DELIMITERS = ",;\t"

MOST_LETTERS = 1 << 20
"""The most letters of the line of names."""

# After a column's name may stand its unit, "left_knee_x (mm)", and between, a word for position.
_GAP = r"[\s_.:|/-]"
_POSITION = rf"(?:(?:pos|position|loc|location|translation|translate|t){_GAP}*)?"
_UNIT = r"\s*(?:[(\[]\s*(\w*)\s*[)\]])?\s*"
_JOINT_AXIS = re.compile(rf"(.+?){_GAP}+{_POSITION}([xyzXYZ]){_UNIT}|(.*[a-z0-9])([XYZ]){_UNIT}")
_AXIS_JOINT = re.compile(rf"([xyzXYZ]){_GAP}+(.+?){_UNIT}")
_NO_POSITION = re.compile(
    rf"{_GAP}(rot|rotation|quat|quaternion|orientation|vel|velocity|acc|acceleration|euler)$"
    "|(Rot|Rotation|Quat|Quaternion|Orientation|Vel|Velocity|Acc|Acceleration|Euler)$"
)
_CONFIDENCE = re.compile(rf"(.+?){_GAP}+(?:c|conf|confidence|score|visibility|likelihood)")
_TIME = re.compile(rf"(?:{'|'.join(TIMES)}|t|seconds?|time[\s_]?m?s){_UNIT}", re.IGNORECASE)
_FRAME = re.compile(r"(?:frames?|frame[\s_]?(?:number|no|nr|id|index|idx|#)|index|)", re.IGNORECASE)

_METRES = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "in": 0.0254, "inch": 0.0254}


@dataclasses.dataclass(frozen=True)
class _Columns:
    """The columns of a table that are read, by their numbers.

    Attributes:
      joints: the joints' names.
      points: the columns of x, y and z of each joint.
      confidences: the column of each joint's confidence, for those that have one.
      time: the column of the frames' times.
      frame: the column of the frames' numbers.
      metres_per_unit: the unit that the names of the coordinates state.
    """

    joints: tuple[str, ...]
    points: tuple[tuple[int, int, int], ...]
    confidences: dict[str, int]
    time: int | None
    frame: int | None
    metres_per_unit: float | None


def read_recording(path: str | os.PathLike) -> Recording:
    """A table of joint positions as a recording.

    Columns are named by joint and axis, such as `left_knee_x`, `LeftKnee.X` or `knee_l:x`. A column
    `time` gives the rate, in seconds or milliseconds; it or `frame` tells which frames were lost.
    An empty field and a confidence of 0 mean that a point is missing. Other columns are not read.

    Raises:
      InputError: the file is missing or damaged, or holds no positions of a body.
    """
    try:
        # A byte that is no UTF-8 may be in a name; in a number it is named.
        with (
            open_file(path) as content,
            io.TextIOWrapper(content, "utf-8-sig", errors="replace", newline="") as file,
        ):
            header = file.readline(MOST_LETTERS)
            delimiter = max(DELIMITERS, key=header.count)
            names = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
            columns = _columns(path, [name.strip() for name in names])
            points = [column for joint in columns.points for column in joint]
            beside = [*columns.confidences.values(), columns.time, columns.frame]
            read = [*points, *(column for column in beside if column is not None)]
            table = _read_rows(path, file, delimiter, names, read)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    except csv.Error as error:
        raise InputError(f"{path}: not a whole table ({error})") from None
    values = dict(zip(read, table.T, strict=True))
    positions = table[:, : len(points)].reshape(len(table), len(columns.joints), 3)
    _require_near(path, columns.joints, positions)
    positions = positions.astype(np.float32)
    for joint, column in columns.confidences.items():
        positions[~(values[column] > 0), columns.joints.index(joint)] = np.nan
    fps = None
    if columns.time is not None:
        fps, numbers = rate_of_times(f"{path}: {quoted(names[columns.time])}", values[columns.time])
        positions = spread(positions, numbers)
    elif columns.frame is not None:
        where = f"{path}: {quoted(names[columns.frame])}"
        positions = spread(positions, frame_numbers(where, values[columns.frame]))
    return recording(path, positions, columns.joints, fps, metres_per_unit=columns.metres_per_unit)


def _columns(path: str | os.PathLike, names: Sequence[str]) -> _Columns:
    """The columns by the names in a table's first line."""
    found = [_joint_axis(name) for name in names]
    if not any(found):
        found = [_axis_joint(name) for name in names]
    axes: dict[str, dict[str, int]] = {}
    units = set()
    for column, one in enumerate(found):
        if one is None or _NO_POSITION.search(one[0]):
            continue
        joint, axis, unit = one
        if axis in axes.setdefault(joint, {}):
            raise InputError(
                f"{path}: two columns are the {axis} of {quoted(joint)}; expected one for each "
                "axis of each joint"
            )
        axes[joint][axis] = column
        units.add(_METRES.get(unit))
    joints = tuple(joint for joint, columns in axes.items() if len(columns) == 3)
    if not FEWEST_JOINTS <= len(joints) <= MOST_JOINTS:
        raise InputError(
            f"{path}: found the columns {quoted(', '.join(names))}, with x, y and z of "
            f"{counted(len(joints), 'joint')}; expected {FEWEST_JOINTS} to {MOST_JOINTS} joints, "
            "such as left_knee_x, left_knee_y, left_knee_z"
        )
    confidences = {
        match[1]: column
        for column, name in enumerate(names)
        if (match := _CONFIDENCE.fullmatch(name)) and match[1] in joints
    }
    return _Columns(
        joints,
        tuple((axes[joint]["x"], axes[joint]["y"], axes[joint]["z"]) for joint in joints),
        confidences,
        _first(names, _TIME),
        _first(names, _FRAME),
        units.pop() if len(units) == 1 else None,
    )


def _joint_axis(name: str) -> tuple[str, str, str] | None:
    """Joint, axis and unit of a name such as `left_knee_x (mm)`."""
    if not (match := _JOINT_AXIS.fullmatch(name)):
        return None
    joint, axis, unit = match.groups()[:3] if match[1] else match.groups()[3:]
    return joint.strip(), axis.lower(), (unit or "").lower()


def _axis_joint(name: str) -> tuple[str, str, str] | None:
    """Joint, axis and unit of a name such as `x_left_knee`."""
    match = _AXIS_JOINT.fullmatch(name)
    return (match[2].strip(), match[1].lower(), (match[3] or "").lower()) if match else None


def _first(names: Sequence[str], kind: re.Pattern[str]) -> int | None:
    return next((column for column, name in enumerate(names) if kind.fullmatch(name)), None)


def _read_rows(
    path: str | os.PathLike,
    file: io.TextIOWrapper,
    delimiter: str,
    names: Sequence[str],
    read: list[int],
) -> Float[np.ndarray, "t c"]:
    """The numbers in some of the columns; NaN for an empty field."""
    values = array.array("d")
    rows = csv.reader(file, delimiter=delimiter)
    for row in rows:
        if not any(row):
            continue
        if len(row) <= max(read):
            raise InputError(
                f"{path}, line {rows.line_num + 1}: found {len(row)} fields, expected "
                f"{len(names)} as in the first line"
            )
        cells = [row[column] for column in read]
        # The whole row at once is several times faster; float also takes what is no decimal.
        try:
            numbers = list(map(float, cells)) if "_" not in "".join(cells) else None
        except ValueError:
            numbers = None
        if numbers is None:
            where = f"{path}, line {rows.line_num + 1}"
            numbers = [
                _number(f"{where}, {quoted(names[column])}", cell, delimiter)
                for column, cell in zip(read, cells, strict=True)
            ]
        values.extend(numbers)
    if not values:
        raise InputError(f"{path}: there is no frame below the names of the columns")
    return np.array(values).reshape(-1, len(read))


def _number(where: str, cell: str, delimiter: str) -> float:
    cell = cell.strip()
    # Where semicolons part the fields, a comma is a decimal point.
    decimal = cell.replace(",", ".") if delimiter != "," else cell
    if cell.lower() in ("", "nan", "null", "none", "na", "n/a", "-"):
        return np.nan
    if not is_number(decimal):
        raise InputError(f"{where}: found {quoted(cell)}, expected a number")
    return float(decimal)


def _require_near(
    path: str | os.PathLike, joints: Sequence[str], positions: Float[np.ndarray, "t v 3"]
) -> None:
    far = (np.abs(positions) > FARTHEST).any(axis=-1)
    if far.any():
        frame, joint = np.argwhere(far)[0]
        raise InputError(
            f"{path}: {quoted(joints[joint])} at {quoted(positions[frame, joint].tolist())} in "
            f"frame {frame}; expected coordinates up to {FARTHEST:,.0f}"
        )
