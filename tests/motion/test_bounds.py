"""Results of a reader are looked at before anything goes on with them."""

import dataclasses

import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.motion.bounds import check_recording, check_room
from motext_jax.motion.recording import Recording

SOUND = Recording("a", ("hips", "head"), (-1, 0), np.zeros((3, 2, 3), np.float32), fps=30.0)


def at(value):
    positions = np.zeros((3, 2, 3), np.float32)
    positions[1, 1, 2] = value
    return positions


def test_a_sound_recording_comes_back():
    assert check_recording("a", SOUND) is SOUND
    assert check_recording("a", dataclasses.replace(SOUND, fps=None)).fps is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"positions": at(np.nan)}, r"a\.x: the joint 'head' is at \[0\.0, 0\.0, nan\] in frame 1"),
        ({"positions": at(-np.inf)}, "'head' is at .* in frame 1; expected numbers below 1e"),
        ({"positions": at(2e9)}, "'head' is at .* in frame 1"),
        ({"positions": np.zeros((0, 2, 3), np.float32)}, "0 frames of 2 joints"),
        ({"fps": 1e-7}, r"a\.x: 1e-07 frames a second; expected 0\.1 to 10000"),
        ({"fps": 1e300}, "1e[+]300 frames a second"),
        ({"fps": float("nan")}, "nan frames a second"),
        ({"joints": ("hips", "a" * 10**6)}, "a joint is named 'a{79}…'; expected at most 1000"),
    ],
)
def test_what_has_no_sense_is_refused(change, says):
    with pytest.raises(InputError, match=says):
        check_recording("a.x", dataclasses.replace(SOUND, **change))


def test_room_grows_with_the_file(tmp_path):
    """64 MiB for any file, and 20 bytes for each of its own."""
    path = tmp_path / "a.bvh"
    path.write_bytes(bytes(1000))
    most = ((64 << 20) + 20_000) // 12
    check_room(path, most, 1)
    with pytest.raises(InputError, match="a.bvh: .* would take .* and the file has 1,000"):
        check_room(path, most + 1, 1)
    with pytest.raises(InputError, match="a.bvh: "):
        check_room(path, 10**30, 10**30)
