"""Retrieval scores by hand and against a plain version."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation.retrieval import (
    best_ranks,
    caption_retrieval,
    category_retrieval,
    recalls,
)


def plain_rank(scores, right):
    """Mean position of the best right item over the orders that ties allow."""
    best = max(s for s, r in zip(scores, right, strict=True) if r)
    wrong = [s for s, r in zip(scores, right, strict=True) if not r]
    return len([s for s in wrong if s > best]) + len([s for s in wrong if s == best]) / 2


@settings(max_examples=50, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), q=st.integers(1, 6), n=st.integers(1, 9))
def test_ranks_against_a_plain_version(seed, q, n):
    rng = np.random.default_rng(seed)
    scores, right = rng.integers(0, 4, (q, n)).astype(float), rng.random((q, n)) < 0.4
    right[:, rng.integers(n)] = True
    expected = [plain_rank(*pair) for pair in zip(scores.tolist(), right.tolist(), strict=True)]
    assert best_ranks(scores, right).tolist() == expected


def test_ties_are_averaged():
    # All twelve items level: the mean of the positions 0 to 11.
    right = np.eye(12, dtype=bool)[:1]
    assert best_ranks(np.zeros((1, 12)), right).tolist() == [5.5]


def test_recalls_by_hand():
    # Ranks 0, 1, 2 and 11: R@1 one in four, the median of the ranks is 1.5.
    scores = np.zeros((4, 12))
    for query, rank in enumerate((0, 1, 2, 11)):
        scores[query] = -np.arange(12)
        scores[query, [0, rank]] = scores[query, [rank, 0]]
    right = np.zeros((4, 12), bool)
    right[:, 0] = True
    result = recalls(best_ranks(scores, right), 12)
    assert [result.recall[k] for k in (1, 2, 3, 5, 10)] == [25, 50, 75, 75, 75]
    assert result.median_rank == 2.5
    assert result.items == 12


def test_identical_captions_are_right_answers_in_their_protocol_only():
    # Three clips; the two "walk" texts are nearest to the other's motion.
    text = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    motion = np.array([[0.8, 0.6], [1.0, 0.0], [0.0, 1.0]])
    results = caption_retrieval(text, motion, ("walk", "walk", "run"))
    assert results.own_clip.text_to_motion.recall[1] == pytest.approx(200 / 3)
    assert results.identical_caption.text_to_motion.recall[1] == 100
    # Motion to text: motion 0's best text is a tie of both "walk" texts, of which one is its own:
    # rank 0.5 counts as found at 1, by averaged ranks.
    assert results.own_clip.motion_to_text.median_rank == 1.5
    assert results.identical_caption.motion_to_text.recall[1] == 100


def test_the_two_directions_are_not_mixed_up():
    # Every text is nearest to motion 0; every motion is nearest to its own text.
    text = np.array([[1.0, 0.0], [0.8, 0.6]])
    motion = np.array([[1.0, 0.0], [0.79, 0.61]])
    scores = text @ motion.T
    results = caption_retrieval(text, motion, ("a", "b")).own_clip
    assert results.text_to_motion.recall[1] == 100 * np.mean(scores.argmax(1) == [0, 1])
    assert results.motion_to_text.recall[1] == 100 * np.mean(scores.argmax(0) == [0, 1])


def test_category_retrieval_by_hand():
    # Six clips of two categories; category 1 is found at the second place; category 2 has no clip.
    labels = np.array([0, 0, 0, 0, 1, 1])
    scores = np.array([[6, 5, 4, 3, 2, 1], [9, 0, 0, 0, 8, 7], [1, 1, 1, 1, 1, 1]], float)
    result = category_retrieval(scores, labels)
    assert result.top[1] == 50
    assert result.top[5] == 100
    assert (result.queries, result.items) == (2, 6)
