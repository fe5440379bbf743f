"""Points that are missing in some frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.motion.gaps import filled

NAMES = ("hip", "knee", "ankle")


def walk(frames=20):
    steps = np.arange(frames)[:, None, None]
    return (steps * np.array([1.0, 2, -3]) + np.arange(9).reshape(3, 3)).astype(np.float32)


@given(st.data())
@settings(derandomize=True, deadline=None, max_examples=60)
def test_gaps_of_an_even_motion_are_filled_exactly(data):
    positions = walk()
    damaged = positions.copy()
    for joint in range(3):
        gap = data.draw(st.lists(st.integers(1, 18), max_size=5, unique=True))
        damaged[gap, joint, data.draw(st.integers(0, 2))] = np.nan
    there, found = filled("a.npy", NAMES, damaged)
    assert there == [0, 1, 2]
    np.testing.assert_allclose(found, positions, atol=1e-4)


def test_a_joint_stays_before_its_first_point_and_after_its_last():
    damaged = walk()
    damaged[:2, 1] = np.nan
    damaged[-2:, 1] = np.nan
    _, found = filled("a.npy", NAMES, damaged)
    np.testing.assert_array_equal(found[:2, 1], walk()[[2, 2], 1])
    np.testing.assert_array_equal(found[-2:, 1], walk()[[17, 17], 1])


def test_padding_and_joints_that_were_never_seen_are_left_out():
    damaged = np.concatenate([walk(), np.full((100, 3, 3), np.nan, np.float32)])
    damaged[:, 1] = np.nan
    there, found = filled("a.npy", NAMES, damaged)
    assert there == [0, 2]
    np.testing.assert_array_equal(found, walk()[:, [0, 2]])


def test_a_joint_that_is_missing_too_often_is_left_out():
    damaged = walk()
    damaged[3:8, 1] = np.nan
    assert filled("a.npy", NAMES, damaged)[0] == [0, 1, 2]
    damaged[8, 1] = np.nan
    there, found = filled("a.npy", NAMES, damaged)
    assert there == [0, 2]
    np.testing.assert_array_equal(found, walk()[:, [0, 2]])
    damaged[3:10, [0, 2]] = np.nan
    with pytest.raises(
        InputError,
        match=r"a\.npy: every joint is missing too often; .* 'knee', is missing in 6 of 20",
    ):
        filled("a.npy", NAMES, damaged)
    with pytest.raises(InputError, match="no joint has a position in any of 20 frames"):
        filled("a.npy", NAMES, np.full((20, 3, 3), np.nan, np.float32))
