"""Poses as bytes that a browser reads without a library."""

import json
import struct

import numpy as np

from motext_jax.library.query import Poses


def packed(poses: Poses) -> bytes:
    """Poses in little-endian bytes: a length (uint32), a header of JSON, and int16 millimetres.

    The header has frames, joints, fps, start (seconds of the file), parents and sides; spaces fill
    it up to an even length. The positions [t, v, 3] are differences to the frame before, which
    compress to half; int16 wraps around on both ways.
    """
    frames, joints, _ = poses.positions.shape
    head = json.dumps(
        {
            "frames": frames,
            "joints": joints,
            "fps": float(poses.fps),
            "start": float(poses.start),
            "parents": [int(parent) for parent in poses.parents],
            "sides": [str(side) for side in poses.sides],
        }
    ).encode()
    head += b" " * (len(head) % 2)
    steps = np.diff(poses.positions, axis=0, prepend=np.zeros_like(poses.positions[:1]))
    return struct.pack("<I", len(head)) + head + steps.astype("<i2").tobytes()
