"""Refusals of the commands on libraries before anything slow."""

import pytest

from motext_jax.errors import InputError
from motext_jax.library_flags import check_fps


@pytest.mark.parametrize("fps", [float("nan"), float("inf"), 1e9, 0.05])
def test_no_frame_rate_is_refused(fps):
    with pytest.raises(InputError, match="expected 0.1 to 10,000 frames a second"):
        check_fps(fps)


@pytest.mark.parametrize("fps", [0.0, 0.1, 29.97, 240.0])
def test_a_frame_rate_is_taken(fps):
    check_fps(fps)
