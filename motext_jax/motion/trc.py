"""TRC files: points in text, as OpenSim and markerless tools have them."""

import os

import numpy as np

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion.bounds import TOO_LARGE, check_room, is_rate
from motext_jax.motion.marker_body import Markers, recording_of
from motext_jax.motion.recording import Recording
from motext_jax.motion.text_file import Lines, is_number, open_lines

MOST_POINTS = 2_000

_AT_FIRST = 2
"""Before the points of a frame stand its number and its time."""


def read_recording(path: str | os.PathLike) -> Recording:
    """The body of a TRC file; see `marker_body.recording_of`.

    Raises:
      InputError: as `read_markers`, or the points are no body's.
    """
    return recording_of(path, read_markers(path))


def read_markers(path: str | os.PathLike) -> Markers:
    """The points of a TRC file: a head of five lines, then a line for each frame, parted by tabs.

    A point that is blank, no number or at the origin was not seen.

    Raises:
      InputError: the file is missing or damaged, or has other frames than it claims.
    """
    with open_lines(path) as lines:
        said, labels = _head(lines)
        width = 3 * len(labels)
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
    positions = np.array(rows, np.float32).reshape(-1, len(labels), 3)
    seen = (np.abs(positions) < TOO_LARGE).all(axis=-1) & positions.any(axis=-1)
    positions[~seen] = np.nan
    rate = said.get("DataRate", "")
    fps = float(rate) if is_number(rate) else 0.0
    return Markers(labels, positions, fps if is_rate(fps) else None, said.get("Units", ""))


def _head(lines: Lines) -> tuple[dict[str, str], tuple[str, ...]]:
    """What the head says by its names, and the points' labels."""
    first = lines.next_filled()
    if not first.startswith("PathFileType"):
        raise lines.error(first, "PathFileType, with which TRC begins")
    names, values = (lines.next_filled().split("\t") for _ in range(2))
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
    """The coordinates of a frame; NaN for what is blank, also at the line's end."""
    fields = lines.with_points(line).split("\t")[_AT_FIRST:]
    if len(fields) > width:
        raise lines.error(line, f"at most {counted(width, 'coordinate')}")
    numbers = [float(field) if is_number(field.strip()) else np.nan for field in fields]
    return numbers + [np.nan] * (width - len(fields))
