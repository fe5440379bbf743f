"""Bounds on what motion files say: plausible numbers, and memory that a file's size justifies.

Every reader checks what it reads before it computes with it, and what it has computed.
"""

import os
import pathlib

import numpy as np

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion.recording import Recording
from motext_jax.shown import quoted

TOO_LARGE = 1e9
"""In any unit of length or angle; in millimetres it is a thousand kilometres."""

MOST_JOINTS = 10_000
"""A file of more is not of a body, and would fill the memory."""

LONGEST_NAME = 1_000
"""Letters of a joint's name."""

RATES = (0.1, 10_000.0)
"""Frames a second that are believed."""

ROOM = 64 << 20
"""Bytes of positions that any file may have."""

ROOM_PER_BYTE = 20
"""Bytes of positions for each of a file's own. Most have two; joints that never move add more."""

_POSITION = 12


def check_room(path: str | os.PathLike[str], frames: int, joints: int) -> None:
    """Raises InputError where positions would take more memory than the file's size justifies."""
    needed = frames * joints * _POSITION
    size = pathlib.Path(path).stat().st_size
    if needed > ROOM + ROOM_PER_BYTE * size:
        raise InputError(
            f"{path}: {counted(frames, 'frame')} of {counted(joints, 'joint')} would take "
            f"{needed:,} bytes, and the file has {size:,}; expected joints that move"
        )


def is_rate(fps: float) -> bool:
    """True for a number of frames a second that is believed."""
    return RATES[0] <= fps <= RATES[1]


def check_recording(path: str | os.PathLike[str], recording: Recording) -> Recording:
    """The recording as it is, once it is known to be one.

    Raises:
      InputError: it has no frame or no joint, a position is not finite or not plausible, the rate
        is none, or a name is too long.
    """
    positions, joints = recording.positions, recording.joints
    if not positions.size:
        raise InputError(
            f"{path}: {counted(len(positions), 'frame')} of {counted(len(joints), 'joint')}; "
            "expected one at least"
        )
    # Comparisons with NaN are false.
    if not -TOO_LARGE < np.min(positions) <= np.max(positions) < TOO_LARGE:
        fits = (np.abs(positions) < TOO_LARGE).all(axis=-1)
        frame, joint = np.unravel_index(int(np.argmin(fits)), fits.shape)
        raise InputError(
            f"{path}: the joint {quoted(joints[joint])} is at {positions[frame, joint].tolist()} "
            f"in frame {frame}; expected numbers below {TOO_LARGE:g}"
        )
    if recording.fps is not None and not is_rate(recording.fps):
        raise InputError(
            f"{path}: {recording.fps:g} frames a second; expected {RATES[0]:g} to {RATES[1]:g}"
        )
    for name in joints:
        # A suffix of ours, as of a joint's tip, is not counted.
        if len(name) > LONGEST_NAME + 20:
            raise InputError(
                f"{path}: a joint is named {quoted(name)}; expected at most {LONGEST_NAME} letters"
            )
    return recording
