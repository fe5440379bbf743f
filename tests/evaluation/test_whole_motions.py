"""Whole motions against one loop over their clips in plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motext_jax.data.clips import ClipSet
from motext_jax.data.mirroring import with_mirrored
from motext_jax.evaluation.whole_motions import whole_motions
from motext_jax.skeleton import SMPL22


def clips_of(rows):
    """Clips of (file, segment, category, frames)."""
    files, segments, categories, lengths = zip(*rows, strict=True)
    zeros = np.zeros(len(rows))
    return ClipSet(
        np.zeros((len(rows), 2, 22, 3), np.float32),
        np.array(lengths, np.int32),
        ((),) * len(rows),
        np.array(categories, np.int32),
        ("walk", "sit"),
        files,
        segments,
        zeros,
        zeros,
        SMPL22,
        2.0,
    )


def test_a_long_motion_is_the_mean_of_its_clips_by_their_frames():
    clips = clips_of([("x", "0", 0, 50), ("y", "0", 0, 20), ("x", "0", 0, 25)])
    motions = whole_motions(clips)
    np.testing.assert_array_equal(motions.firsts, [0, 1])
    found = motions.mean(np.array([[3.0, 0], [7, 1], [0, 3]]))
    np.testing.assert_allclose(found, [[2, 1], [7, 1]])


@pytest.mark.parametrize("other", [("y", "0", 0), ("x", "1", 0), ("x", "0", 1)])
def test_files_segments_and_categories_are_kept_apart(other):
    motions = whole_motions(clips_of([("x", "0", 0, 5), (*other, 5)]))
    np.testing.assert_array_equal(motions.numbers, [0, 1])


def test_a_mirror_image_is_a_motion_of_its_own():
    # Neither name has a side, so the mirror images keep their categories.
    motions = whole_motions(with_mirrored(clips_of([("x", "0", 0, 5), ("x", "0", 0, 3)])))
    np.testing.assert_array_equal(motions.numbers, [0, 0, 1, 1])


@given(
    st.lists(
        st.tuples(
            st.sampled_from("xyz"), st.sampled_from("01"), st.integers(0, 1), st.integers(1, 50)
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 2**31),
)
def test_means_are_those_of_a_loop(rows, seed):
    values = np.random.default_rng(seed).normal(size=(len(rows), 3))
    sums, frames = {}, {}
    for (file, segment, category, length), value in zip(rows, values, strict=True):
        key = (file, segment, category)
        sums[key] = sums.get(key, 0) + value * length
        frames[key] = frames.get(key, 0) + length
    motions = whole_motions(clips_of(rows))
    expected = [sums[key] / frames[key] for key in sums]
    np.testing.assert_allclose(motions.mean(values), expected, rtol=1e-12, atol=1e-12)
