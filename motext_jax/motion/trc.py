"""TRC files: points in text, as OpenSim and markerless tools have them."""

import os

import numpy as np
from jaxtyping import Float

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion.bounds import TOO_LARGE, check_room, is_rate
from motext_jax.motion.marker_body import Markers, recording_of
from motext_jax.motion.recording import Recording
from motext_jax.motion.text_file import Lines, is_number, open_lines

MOST_POINTS = 2_000

_AT_FIRST = 2
"""Before the points of a frame stand its number and its time."""

_OFF = 0.05
"""The part by which a rate may differ from that of the times, which are rounded."""


def read_recording(path: str | os.PathLike) -> Recording:
    """The body of a TRC file; see `marker_body.recording_of`.

    Raises:
      InputError: as `read_markers`, or the points are no body's.
    """
    return recording_of(path, read_markers(path))


def read_markers(path: str | os.PathLike) -> Markers:
    """The points of a TRC file: a head of five lines, then a line for each frame, parted by tabs.

    A point that is blank, no number or at the origin was not seen. The rate is the head's DataRate;
    where the times of the frames are of another one, nobody knows which is right.

    Raises:
      InputError: the file is missing or damaged, or has other frames than it claims.
    """
    with open_lines(path) as lines:
        said, labels = _head(lines)
        width = 3 * len(labels) + _AT_FIRST
        rows = [_row(lines, line, width) for line in lines if line.strip()]
        if not rows:
            raise lines.error("", "a line for each frame")
    claimed = said.get("NumFrames", "")
    # As of BVH files, one more or less is a slip of the exporter's.
    if claimed.isdecimal() and abs(int(claimed[:9]) - len(rows)) > 1:
        raise InputError(
            f"{path}: claims {counted(int(claimed[:9]), 'frame')}, and {len(rows):,} are there"
        )
    check_room(path, len(rows), len(labels))
    table = np.array(rows, np.float64)
    positions = table[:, _AT_FIRST:].astype(np.float32).reshape(len(table), -1, 3)
    seen = (np.abs(positions) < TOO_LARGE).all(axis=-1) & positions.any(axis=-1)
    positions[~seen] = np.nan
    rate = said.get("DataRate", "")
    fps = float(rate) if is_number(rate) else 0.0
    known = is_rate(fps) and _agree(fps, table[:, 1])
    return Markers(labels, positions, fps if known else None, said.get("Units", ""))


def _agree(fps: float, times: Float[np.ndarray, "t"]) -> bool:
    """False where the seconds of frames are of another rate; some files have none."""
    frames = float(times[-1] - times[0]) * fps
    return not frames > 0 or abs(frames / (len(times) - 1) - 1) < _OFF


def _head(lines: Lines) -> tuple[dict[str, str], tuple[str, ...]]:
    """The head's values by their names, and the points' labels."""
    first = lines.next_filled()
    if not first.startswith("PathFileType"):
        raise lines.error(first, "PathFileType, with which TRC begins")
    # Not stripped: a value that is blank keeps its place.
    names, values = (next(lines, "").split("\t") for _ in range(2))
    line = lines.next_filled()
    if not line.startswith("Frame#"):
        raise lines.error(line, "Frame#, Time and the points' names")
    labels = tuple(filter(None, map(str.strip, line.split("\t")[_AT_FIRST:])))
    if not 0 < len(labels) <= MOST_POINTS:
        raise lines.error(line, f"1 to {MOST_POINTS:,} points' names")
    axes = lines.next_filled()
    if not axes.upper().startswith("X"):
        raise lines.error(axes, "X1, Y1, Z1 and so on")
    return dict(zip(map(str.strip, names), map(str.strip, values), strict=False)), labels


def _row(lines: Lines, line: str, width: int) -> list[float]:
    """A frame's number, time and coordinates; NaN for what is blank, also at the line's end."""
    fields = lines.with_points(line).split("\t")
    if len(fields) > width:
        raise lines.error(line, f"at most {counted(width - _AT_FIRST, 'coordinate')}")
    numbers = [float(field) if is_number(field.strip()) else np.nan for field in fields]
    return numbers + [np.nan] * (width - len(fields))
