"""Recognition scores by hand and against a plain version."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation.recognition import (
    AnyLabelRecognition,
    any_label_recognition,
    label_ranks,
    left_right,
    recognition,
    twin_labels,
)


def test_by_hand():
    # Ranks 0, 1, 2 of labels 0, 1, 1: Top-1 is 1/3; class 0 has 100 %, class 1 has 0 %.
    scores = np.array([[0.9, 0.1, 0.0], [0.5, 0.4, 0.1], [0.5, 0.1, 0.4]])
    result = recognition(scores, np.array([0, 1, 1]))
    assert result.top1 == pytest.approx(100 / 3)
    assert result.top5 == 100
    assert result.top1_norm == pytest.approx(50)
    assert (result.clips, result.classes, result.classes_with_clips) == (3, 3, 2)


def test_a_tie_counts_against_the_label():
    assert label_ranks(np.zeros((1, 4)), np.array([2])).tolist() == [3]


@settings(max_examples=50, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 12), k=st.integers(1, 8))
def test_against_a_plain_version(seed, n, k):
    rng = np.random.default_rng(seed)
    scores, labels = rng.integers(0, 5, (n, k)) / 4, rng.integers(0, k, n)
    hits1, hits5, per_class = [], [], {}
    for row, label in zip(scores.tolist(), labels.tolist(), strict=True):
        others = [s for index, s in enumerate(row) if index != label]
        rank = len([s for s in others if s >= row[label]])
        hits1.append(rank == 0)
        hits5.append(rank <= 4)
        per_class.setdefault(label, []).append(rank == 0)
    result = recognition(scores, labels)
    assert result.top1 == pytest.approx(100 * sum(hits1) / n)
    assert result.top5 == pytest.approx(100 * sum(hits5) / n)
    norm = sum(sum(hits) / len(hits) for hits in per_class.values()) / len(per_class)
    assert result.top1_norm == pytest.approx(100 * norm)


def test_any_of_a_clips_labels_by_hand():
    scores = np.array([[0.9, 0.8, 0.0], [0.5, 0.4, 0.1]])
    # The first clip's better label is second, the second's best label is first.
    result = any_label_recognition(scores, [frozenset({1, 2}), frozenset({0, 2})])
    assert result == AnyLabelRecognition(top1=50.0, top5=100.0, clips=2)


NAMES = ["kick left", "walk", "kick right", "wave left"]


def test_twins():
    # "wave left" has no twin here, "walk" has no side.
    assert twin_labels(NAMES).tolist() == [2, -1, 0, -1]


def test_left_right_by_hand():
    scores = np.array([[0.5, 1.0, 0.4, 0.0], [0.6, 0.0, 0.6, 0.0], [0.1, 0.0, 0.2, 0.9]])
    result = left_right(scores, np.array([0, 2, 2]), NAMES)
    # Right, tie, right: other categories do not matter.
    assert (result.own_above_twin, result.clips) == (pytest.approx(200 / 3), 3)
    assert np.isnan(left_right(scores, np.array([1, 1, 3]), NAMES).own_above_twin)
