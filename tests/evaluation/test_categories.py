"""Recognition by category, by hand and against plain versions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation.categories import (
    ConfusedPair,
    confusion,
    crossing,
    growth,
    most_confused,
    recall_by_third,
    recalls_by_category,
)

# Four clips of three categories; the third has none. The last clip's own score is tied.
SCORES = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.5], [0.7, 0.3, 0.1], [0.4, 0.4, 0.3]])
LABELS = np.array([0, 1, 1, 0])


def test_confusion_by_hand():
    """A tie counts against the clip's own category, as it does in Top-1."""
    assert confusion(SCORES, LABELS).tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_recalls_by_hand():
    np.testing.assert_array_equal(recalls_by_category(SCORES, LABELS), [50, 50, np.nan])


def test_thirds_by_hand():
    recalls = np.array([100.0, 50.0, np.nan, 40.0, 20.0, np.nan, np.nan])
    # Seven are 3 + 2 + 2.
    assert recall_by_third(recalls) == {"head": 75, "middle": 30}


def test_growth_by_hand():
    """Among the first two categories the third clip is lost; alone, the first wins all."""
    found = growth(SCORES, LABELS, [1, 2, 3])
    assert found["top1"] == [100, 50, 50]
    assert found["top5"] == [100, 100, 100]
    assert found["top1_norm"] == [100, 50, 50]


def test_fewer_candidates_can_save_a_clip():
    scores, labels = np.array([[0.5, 0.1, 0.9], [0.1, 0.2, 0.8]]), np.array([0, 2])
    assert growth(scores, labels, [2, 3])["top1"] == [100, 50]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([5, 5, 5], [4, 5, 6], (1, 2, 4)),
        ([5, 5, 5], [6, 4, 6], (2, 3, 4)),
        ([5, 5, 5], [5, 6, 6], (0, None, 3)),
        ([5, 5, 5], [5, 5, 5], (0, None, None)),
        ([5, 5, 5], [6, 5, 4], (1, 4, None)),
        ([5, 5, 5], [4, 4, 5], (0, 3, None)),
    ],
)
def test_crossings_by_hand(one, other, expected):
    found = crossing([2, 3, 4], one, other)
    assert (found.changes, found.last_behind, found.ahead_from) == expected
    behind = [size for size, a, b in zip([2, 3, 4], one, other, strict=True) if b < a]
    assert found.behind_from == min(behind, default=None)


def test_most_confused_by_hand():
    matrix = np.array([[8, 2, 0], [0, 1, 3], [0, 0, 0]])
    assert most_confused(matrix, ["a", "b", "c"], 5) == [
        ConfusedPair(category="b", taken_for="c", share=75.0, clips=3, of=4),
        ConfusedPair(category="a", taken_for="b", share=20.0, clips=2, of=10),
    ]
    assert len(most_confused(matrix, ["a", "b", "c"], 1)) == 1
    assert matrix[0, 0] == 8


@settings(max_examples=50, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 20), k=st.integers(2, 6))
def test_against_plain_versions(seed, n, k):
    rng = np.random.default_rng(seed)
    scores, labels = rng.integers(0, 4, (n, k)) / 3, rng.integers(0, k, n)
    hits, clips = [0] * k, [0] * k
    for row, label in zip(scores.tolist(), labels.tolist(), strict=True):
        clips[label] += 1
        hits[label] += all(s < row[label] for j, s in enumerate(row) if j != label)
    matrix = confusion(scores, labels)
    assert matrix.sum(axis=1).tolist() == clips
    assert np.diag(matrix).tolist() == hits
    expected = [
        100 * hit / number if number else np.nan for hit, number in zip(hits, clips, strict=True)
    ]
    np.testing.assert_allclose(recalls_by_category(scores, labels), expected)
    for size in range(1, k + 1):
        kept = [
            (r[:size], c) for r, c in zip(scores.tolist(), labels.tolist(), strict=True) if c < size
        ]
        if kept:
            won = [all(s < r[c] for j, s in enumerate(r) if j != c) for r, c in kept]
            share = growth(scores, labels, [size])["top1"][0]
            assert share == pytest.approx(100 * sum(won) / len(kept))
