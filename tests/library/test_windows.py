"""Windows of takes, against ones worked by hand."""

import numpy as np
import pytest
import tiny

from motext_jax.config import DataConfig
from motext_jax.errors import InputError
from motext_jax.library.windows import embed, span_clips, widened, windows
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SMPL22

DATA = DataConfig(fps=10.0, frames=50)


def take(seconds):
    return Motion(tiny.motion("stand", round(10 * seconds), np.random.default_rng(0)), 10.0, SMPL22)


@pytest.mark.parametrize(
    "seconds, frames",
    [(0.8, [15]), (1.5, [15]), (2.0, [15, 15, 30]), (4.0, [15] * 6 + [30] * 2 + [50])],
)
def test_windows_have_the_frames_of_their_lengths(seconds, frames):
    found = windows(take(seconds), DATA, 0.0, seconds)
    assert [len(clip) for clip in found.clips] == frames


def test_only_what_is_shorter_than_its_window_is_repeated():
    found = windows(take(2.0), DATA, 3.0, 2.0)
    assert found.starts.tolist() == pytest.approx([3.0, 3.5, 3.0])
    whole = found.clips[-1]
    np.testing.assert_array_equal(whole[20:], whole[:10])
    assert not np.array_equal(whole[0], whole[15])


@pytest.mark.parametrize(
    ("start", "seconds"), [(-1.0, 2.0), (np.nan, 2.0), (0.0, np.nan), (0.0, -2.0), (0.0, 0.5)]
)
def test_windows_that_no_second_of_the_file_has_are_refused(start, seconds):
    with pytest.raises(InputError, match="of a motion of 2.00 s; expected the second of the file"):
        windows(take(2.0), DATA, start, seconds)


@pytest.mark.parametrize("seconds, shape", [(1.0, (1, 15)), (2.5, (1, 30)), (12.0, (3, 50))])
def test_an_example_is_cut_at_the_least_length_that_holds_it(seconds, shape):
    assert span_clips(take(seconds), DATA).shape == (*shape, 22, 3)


@pytest.mark.parametrize(
    "span, seen",
    [
        ((3.0, 5.0), (3.0, 5.0)),
        ((3.0, 4.5), (3.0, 4.5)),
        ((3.0, 3.2), (2.35, 3.85)),
        ((0.5, 0.6), (0.5, 2.0)),
        ((9.9, 10.0), (8.5, 10.0)),
    ],
)
def test_a_short_example_is_seen_with_what_is_around_it(span, seen):
    assert widened(*span, 0.5, 10.0) == pytest.approx(seen)
    assert widened(0.2, 0.4, 0.0, 1.0) == (0.0, 1.0)


def test_clips_of_several_lengths_are_embedded_in_their_order():
    asked = []

    class Sums:
        def encode_motion(self, clips):
            asked.append(clips.shape[:2])
            return np.stack([[len(clip), clip.sum()] for clip in clips])

    model, rng = Sums(), np.random.default_rng(0)
    clips = [rng.normal(size=(frames, 22, 3)) for frames in (5, 3, 5, 4, 3)]
    expected = [[len(clip), clip.sum()] for clip in clips]
    np.testing.assert_array_equal(embed(model, clips), expected)
    assert asked == [(2, 3), (1, 4), (2, 5)]
