"""Frame rates as numbers and as times."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.motion.frame_rate import frame_numbers, rate_of_times, stated_rate


@pytest.mark.parametrize("array", [np.array(120), np.array([120.0]), np.array([[120]], np.uint8)])
def test_a_rate_of_any_type_is_read(array):
    assert stated_rate("a.npz: fps", array) == 120


@pytest.mark.parametrize("value", [0.09, 10_001, np.nan, -30.0, "30", [30, 30], 1e300, True])
def test_what_is_no_rate_is_named(value):
    with pytest.raises(InputError, match=r"a\.npz: fps is .*expected frames a second, from 0\.1"):
        stated_rate("a.npz: fps", np.array(value))


@given(
    fps=st.sampled_from([1.0, 15.0, 24.0, 25.0, 29.97, 30.0, 59.94, 100.0, 120.0, 240.0]),
    unit=st.sampled_from([(1.0, 4), (1e-3, 1), (1e-6, 0), (1e-9, 0)]),
    start=st.integers(0, 1000),
    frames=st.integers(2, 500),
)
@settings(derandomize=True, deadline=None, max_examples=100)
def test_rounded_times_give_the_rate(fps, unit, start, frames):
    size, digits = unit
    # One frame's time of ten frames a second is as many seconds as of a thousand are milliseconds.
    times = np.round((start + np.arange(frames) / fps) / size, digits)
    rate, numbers = rate_of_times("a.csv", times)
    assert rate == pytest.approx(fps, rel=0.03 if frames < 20 else 2e-3)
    np.testing.assert_array_equal(numbers, np.arange(frames))


def test_lost_frames_leave_their_numbers_out():
    times = np.delete(np.arange(100) / 30, [40, 41, 42])
    rate, numbers = rate_of_times("a.csv", times)
    assert rate == 30
    np.testing.assert_array_equal(numbers, np.delete(np.arange(100), [40, 41, 42]))
    np.testing.assert_array_equal(
        frame_numbers("a.csv", np.array([7.0, 9.0, 11.0, 15.0, 17.0])), [0, 1, 2, 4, 5]
    )


def test_one_frame_has_no_rate():
    assert rate_of_times("a.csv", np.zeros(1))[0] is None


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ([0, 0.1, 0.1], r"a\.csv: time 0.1 in frame 2; expected rising times"),
        ([0, np.nan, 0.1], r"a\.csv: time nan in frame 1"),
        ([0, 0.1, 0.2, 0.3, 1e9], r"a\.csv: time 0\.3 in frame 3, then 1e\+09"),
        ([0, 1e-12, 2e-12], r"a\.csv: 1e-12 from one frame's time to the next"),
    ],
)
def test_times_without_a_rate_are_named(times, sentence):
    with pytest.raises(InputError, match=sentence):
        rate_of_times("a.csv", np.array(times))
