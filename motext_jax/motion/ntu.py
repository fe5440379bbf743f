"""NTU RGB+D's skeleton files (Shahroudy et al. 2016): what Kinect v2 saw of up to six bodies.

A file is a text: the number of frames; for each frame the number of bodies; for each body a line
about it, the number of joints, and a line of twelve values for each joint.
"""

import dataclasses
import os

import numpy as np
from jaxtyping import Float

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion.gaps import MOST
from motext_jax.motion.joint_array import FARTHEST, recording
from motext_jax.motion.joint_layouts import NTU25_LAYOUT
from motext_jax.motion.recording import Recording
from motext_jax.motion.text_file import Lines, is_number, open_lines

FPS = 30.0

MOST_BODIES = 6
"""Bodies that Kinect v2 follows at once."""

NOT_TRACKED = "0"
"""The state of a joint that was not seen; 1 is inferred, 2 is seen."""

MOST_FRAMES = 200_000
"""Nearly two hours; NTU's files are of seconds."""

# A body in fewer frames than this share of the most that any is in: a chair or a reflection.
OFTEN = 0.5


@dataclasses.dataclass
class _Body:
    """A body that is followed: the frames it is in, and its joints there."""

    frames: list[int] = dataclasses.field(default_factory=list)
    points: list[list[list[float]]] = dataclasses.field(default_factory=list)


def read_recording(path: str | os.PathLike) -> Recording:
    """The body that moves most, in metres and the camera's axes, which are y up unless it tilts.

    Raises:
      InputError: the file is missing or damaged, or shows nobody for long enough; the sentence
        names the line.
    """
    with open_lines(path) as lines:
        count = _count(lines, "frames", MOST_FRAMES)
        bodies: dict[str, _Body] = {}
        for frame in range(count):
            for _ in range(_count(lines, "bodies", MOST_BODIES)):
                name, points = _read_body(lines)
                body = bodies.setdefault(name, _Body())
                if frame in body.frames[-1:]:
                    raise lines.error(name, "the bodies of a frame to have different numbers")
                body.frames.append(frame)
                body.points.append(points)
        if rest := lines.next_filled():
            raise lines.error(rest, f"the end of the file after {counted(count, 'frame')}")
    if not bodies:
        raise InputError(f"{path}: there is no body in any of {counted(count, 'frame')}")
    body = _most_moving(list(bodies.values()))
    last = body.frames[-1] + 1
    # Before anything is allocated: frames without a body are a few letters.
    if len(body.frames) < (1 - MOST) * last:
        raise InputError(
            f"{path}: the body is in {len(body.frames)} of {counted(last, 'frame')}; expected "
            f"{1 - MOST:.0%} of them at least"
        )
    positions = np.full((last, len(NTU25_LAYOUT.joints), 3), np.nan, np.float32)
    positions[body.frames] = np.array(body.points, np.float32)
    return recording(path, positions, NTU25_LAYOUT.joints, FPS, metres_per_unit=1.0, up=1)


def _read_body(lines: Lines) -> tuple[str, list[list[float]]]:
    """A body's number, and its joints; NaN for one that was not seen."""
    about = lines.next_filled().split()
    if len(about) != 10:
        raise lines.error(" ".join(about), "ten values about a body")
    joints = len(NTU25_LAYOUT.joints)
    if _count(lines, "joints", joints) != joints:
        raise lines.error("fewer joints", f"{joints} joints")
    return about[0], [_read_point(lines) for _ in range(joints)]


def _read_point(lines: Lines) -> list[float]:
    line = lines.next_filled()
    values = line.split()
    if len(values) != 12:
        raise lines.error(line, "twelve values of a joint")
    if values[-1] == NOT_TRACKED:
        return [np.nan] * 3
    for value in values[:3]:
        if not is_number(value) or abs(float(value)) > FARTHEST:
            raise lines.error(value, f"a coordinate in metres up to {FARTHEST:,.0f}")
    return [float(value) for value in values[:3]]


def _count(lines: Lines, what: str, most: int) -> int:
    line = lines.next_filled()
    if not line.isascii() or not line.isdigit() or len(line) > 9 or int(line) > most:
        raise lines.error(line, f"a number of {what}, up to {most:,}")
    return int(line)


def _most_moving(bodies: list[_Body]) -> _Body:
    """The body whose joints go the longest way, among those that are there for long."""
    longest = max(len(body.frames) for body in bodies)
    lasting = [body for body in bodies if len(body.frames) >= OFTEN * longest]
    return max(lasting, key=lambda body: _way(np.array(body.points)))


def _way(points: Float[np.ndarray, "t v 3"]) -> float:
    steps = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    return float(np.nansum(steps))
