"""Ranks by tiles, against the whole matrix in float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation import ranking
from motext_jax.evaluation.ranking import caption_ranks
from motext_jax.evaluation.retrieval import best_ranks

# Two shapes of tiles, so that little is compiled.
SIZE, TILE, DIMENSIONS = 23, 16, 4


def whole(texts, clips, caption):
    """The ranks of both directions under both protocols, from the whole matrix."""
    # Sums of the same order for equal rows, as a matrix product does not promise.
    cosines = (texts[caption][:, None] * clips[None]).sum(-1)
    for right in (np.eye(len(clips), dtype=bool), caption[:, None] == caption):
        yield best_ranks(cosines, right), best_ranks(cosines.T, right)


def check(texts, clips, caption):
    for found, expected in zip(
        caption_ranks(texts, clips, caption), whole(texts, clips, caption), strict=True
    ):
        np.testing.assert_array_equal(found.text_to_motion, expected[0])
        np.testing.assert_array_equal(found.motion_to_text, expected[1])


@pytest.fixture(params=[0.0, 1.0], ids=["whole tiles", "pair by pair"], autouse=True)
def small_tiles(request, monkeypatch):
    monkeypatch.setattr(ranking, "TILE", TILE)
    monkeypatch.setattr(ranking, "DENSE", request.param)


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
