"""Takes joined from motions: a walk goes on as it was, and its seconds are those of its parts."""

import numpy as np
import pytest
from library.takes import BLEND, join

from motext_jax.data.people.source import people_motion
from motext_jax.motion.files import read_motion
from motext_jax.motion.motion import Motion
from motext_jax.motion.motion_file import write_motion
from motext_jax.skeleton import SMPL22

FPS = 30.0


def walk(count, turn_rate, first=0, place=(0, 0), heading=0.0, speed=1.2):
    """A stiff body on a circle, or on a line, from its frame `first` on; turned and placed.

    With the heading h, from z to x, it goes along (sin h, cos h) and its left is (cos h, -sin h).
    """
    times = (first + np.arange(count)) / FPS
    heads = turn_rate * times
    if turn_rate:
        x, z = (1 - np.cos(heads)) / turn_rate, np.sin(heads) / turn_rate
    else:
        x, z = 0 * times, times
    joints = np.zeros((count, 22, 3))
    for k, joint in enumerate(SMPL22.joints):
        side = {"left": 0.1, "right": -0.1}.get(joint.split("_")[0], 0.0)
        joints[:, k, 0] = speed * x + side * np.cos(heads)
        joints[:, k, 1] = 0.05 * k
        joints[:, k, 2] = speed * z - side * np.sin(heads)
    cos, sin = np.cos(heading), np.sin(heading)
    joints = joints @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])
    joints += [place[0], 0, place[1]]
    return Motion(joints.astype(np.float32), FPS, SMPL22)


@pytest.mark.parametrize("turn_rate", [0.0, 0.7, -1.1])
def test_a_walk_goes_on_as_it_was(turn_rate):
    overlap = round(BLEND * FPS)
    one = walk(60, turn_rate, place=(3, -2), heading=2.0)
    # The same circle from its start, elsewhere and with another heading.
    other, third = walk(45, turn_rate, 0, (-5, 9), -1.0), walk(50, turn_rate, 7, (1, 1), 4.0)
    joined, _ = join([one, other, third])
    whole = walk(60 + 45 + 50 - 2 * overlap, turn_rate, place=(3, -2), heading=2.0)
    assert len(joined) == len(whole)
    np.testing.assert_allclose(joined.joints, whole.joints, atol=2e-5)


def test_a_raised_hand_comes_down_within_the_blend_and_nowhere_else():
    wrist = SMPL22.index("left_wrist")
    one, other = walk(60, 0.0), walk(60, 0.0)
    one.joints[:, wrist, 1] += 0.8
    joined, _ = join([one, other])
    falls = -np.diff(joined.joints[:, wrist, 1])
    overlap = round(BLEND * FPS)
    falling = np.flatnonzero(falls > 1e-6)
    assert falling.tolist() == list(range(60 - overlap - 1, 60))
    # At a jump it would be 0.8, and of a straight line 0.08.
    assert falls.max() < 0.13


def test_intervals_meet_in_the_middle_of_each_blend():
    _, spans = join([walk(60, 0.0), walk(45, 0.0), walk(30, 0.0)])
    # 9 frames overlap: 60 - 4.5, then 60 + 45 - 9 - 4.5, and 135 - 18 at the end.
    frames = np.array(spans) * FPS
    np.testing.assert_allclose(frames, [[0, 55.5], [55.5, 91.5], [91.5, 117]])


def test_a_written_take_is_read_as_it_was(tmp_path):
    joined, _ = join([people_motion("val", clip).motion for clip in (0, 1)])
    write_motion(joined, tmp_path / "a.npz")
    found = read_motion(tmp_path / "a.npz")
    assert found.fps == FPS
    # Whoever reads it lays the floor at zero.
    heights = [one.joints[..., 1].min() * np.array([0, 1, 0]) for one in (found, joined)]
    np.testing.assert_allclose(found.joints - heights[0], joined.joints - heights[1], atol=1e-5)
