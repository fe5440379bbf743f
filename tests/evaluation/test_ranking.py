"""Ranks by tiles, against the whole matrix in float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation import ranking
from motext_jax.evaluation.ranking import caption_ranks
from motext_jax.evaluation.retrieval import best_ranks

# 23 = 16 + 7: a whole tile and a part.
SIZE, TILE, DIMENSIONS = 23, 16, 4


def whole(texts, clips, caption):
    """The ranks of both directions under both protocols, from the whole matrix."""
    # Sums of the same order for equal rows, as a matrix product does not promise.
    cosines = (texts[caption][:, None].astype(float) * clips[None].astype(float)).sum(-1)
    for right in (np.eye(len(clips), dtype=bool), caption[:, None] == caption):
        yield best_ranks(cosines, right), best_ranks(cosines.T, right)


def check(texts, clips, caption):
    for found, expected in zip(
        caption_ranks(texts, clips, caption), whole(texts, clips, caption), strict=True
    ):
        np.testing.assert_array_equal(found.text_to_motion, expected[0])
        np.testing.assert_array_equal(found.motion_to_text, expected[1])


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch):
    monkeypatch.setattr(ranking, "TILE", TILE)


def some(kind, rng):
    """Embeddings, and how near they are to each other."""
    texts, clips = rng.normal(size=(9, DIMENSIONS)), rng.normal(size=(SIZE, DIMENSIONS))
    match kind:
        case "integers":  # Many ties.
            return texts.round(), clips.round()
        case "equal":
            return np.ones_like(texts), np.ones_like(clips)
        case "near":  # float32 does not tell them apart.
            return 1 + 1e-9 * texts, 1 + 1e-9 * clips
        case "zero":
            return 0 * texts, 0 * clips
    return texts, clips


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(["normal", "integers", "equal", "near", "zero"]),
)
def test_ranks_are_those_of_the_whole_matrix(seed, kind):
    rng = np.random.default_rng(seed)
    texts, clips = some(kind, rng)
    caption = rng.permutation(np.concatenate([np.arange(9), rng.integers(0, 9, SIZE - 9)]))
    check(texts, clips, caption)


@pytest.mark.parametrize(("size", "captions"), [(1, 1), (TILE, TILE), (2 * TILE, 1)])
def test_whole_tiles_one_clip_and_one_caption(size, captions):
    rng = np.random.default_rng(size)
    texts = rng.normal(size=(captions, DIMENSIONS)).astype(np.float32)
    clips = rng.normal(size=(size, DIMENSIONS)).astype(np.float32)
    check(texts, clips, np.arange(size) % captions)


def test_long_sums_of_one_sign(monkeypatch):
    """Their float32 errors add up, far above the differences of the cosines."""
    rng = np.random.default_rng(0)
    shared = rng.uniform(0.5, 1.5, 768)
    texts, clips = ((shared + rng.normal(0, 1e-5, (16, 768))).astype(np.float32) for _ in range(2))
    clips[5], texts[9] = clips[2], texts[4]
    # Rounds every product and every partial sum down, as no device should.
    monkeypatch.setattr(ranking, "_strip", rounded_down)
    check(texts, clips, np.arange(16))


def rounded_down(texts, text_bounds, clips, clip_bounds):
    """`_strip` with the worst sums that float32 has: one after another, each rounded down."""
    counts = []
    for tile, bounds in zip(clips, clip_bounds, strict=True):
        cosines = np.zeros((len(texts), len(tile)), np.float32)
        for one, other in zip(texts.T, np.asarray(tile).T, strict=True):
            exact = cosines.astype(float) + np.multiply.outer(one.astype(float), other)
            cosines = exact.astype(np.float32)
            cosines = np.where(cosines > exact, np.nextafter(cosines, np.float32(0)), cosines)
        of_texts = [cosines > bound[:, None] for bound in text_bounds.T]
        of_clips = [cosines > bound for bound in np.asarray(bounds).T]
        near_texts = (of_texts[0] & ~of_texts[1]).any(1)
        near_clips = (of_clips[0] & ~of_clips[1]).any(0)
        above_texts = np.where(near_texts, 0, of_texts[1].sum(1))
        above_clips = np.where(near_clips, 0, of_clips[1].sum(0))
        counts.append((above_texts, near_texts, above_clips, near_clips))
    return tuple(map(np.stack, zip(*counts, strict=True)))


def test_embeddings_that_are_not_finite_are_refused():
    texts = np.ones((2, 3))
    with pytest.raises(ValueError, match="NaN or infinity"):
        caption_ranks(texts, np.array([[1, 2, np.nan], [1, 2, 3]]), np.arange(2))
