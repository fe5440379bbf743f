"""Categories in other words, by hand and against a plain version."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation.rewordings import reworded_recognition


def labels_of(*sets, categories=2):
    return np.array([[k in labels for k in range(categories)] for labels in sets])


def test_by_hand():
    names = np.eye(2)
    # Two rewordings of the first category, the second of which sounds like the other one; and one
    # of the second category, right between both.
    reworded = np.array([[1.0, 0.0], [0.6, 0.8], [0.7, 0.7]])
    # Two motions of the first category, one of the second.
    motion = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    labels = labels_of({0}, {0}, {1})
    found = reworded_recognition(reworded, np.array([0, 0, 1]), names, motion, labels)
    # First motions: clip 0 (1.0), clip 2 (0.8), clips 0, 1 and 2 (0.7 each).
    assert found.first_motion == pytest.approx(100 / 3)
    # Nearest names: first, second, a tie.
    assert found.nearest_name == pytest.approx(100 / 3)
    # Clip 0: 1.0 against 0.7. Clip 1: 0.7 against 0.7, a tie. Clip 2: 0.8 (wrong) against 0.7.
    assert found.top1 == pytest.approx(100 / 3)
    assert found.top1_norm == pytest.approx(25)
    assert (found.rewordings, found.clips) == (3, 3)


def test_any_category_of_a_clip_is_right():
    motion = np.array([[1.0, 0.0], [0.0, 1.0]])
    labels = labels_of({0, 1}, {1})
    found = reworded_recognition(motion, np.array([0, 1]), np.eye(2), motion, labels)
    assert found.first_motion == found.top1 == found.top1_norm == 100


def test_categories_without_rewordings_are_in_the_way_but_not_asked():
    """The nearest clip and the nearest name are of the category that nobody rewords."""
    motion = np.array([[0.6, 0.8], [1.0, 0.0]])
    labels = labels_of({0}, {1})
    names = np.array([[0.6, 0.8], [1.0, 0.0]])
    found = reworded_recognition(np.array([[1.0, 0.0]]), np.array([0]), names, motion, labels)
    assert found.first_motion == found.nearest_name == 0
    # The first clip has no other rewording to be taken for; the second is not asked.
    assert found.top1 == found.top1_norm == 100
    counts = ("rewordings", "categories", "clips", "asked_clips")
    assert [getattr(found, key) for key in counts] == [1, 1, 2, 1]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), q=st.integers(1, 6), n=st.integers(0, 8))
def test_against_a_plain_version(seed, q, n):
    rng = np.random.default_rng(seed)
    own = rng.integers(0, 3, q)
    sets = [{0}, {1}, {2}, *({int(k) for k in rng.integers(0, 3, 2)} for _ in range(n))]
    names, reworded, motion = (
        rng.integers(-2, 3, (rows, 3)).astype(float) for rows in (3, len(own), len(sets))
    )
    first = nearest = 0
    for text, label in zip(reworded, own, strict=True):
        right = [m @ text for m, k in zip(motion, sets, strict=True) if label in k]
        wrong = [m @ text for m, k in zip(motion, sets, strict=True) if label not in k]
        first += max(right) > max(wrong)
        nearest += all(text @ names[label] > text @ names[k] for k in range(3) if k != label)
    hits, by_category = [], {}
    for clip, labels in zip(motion, sets, strict=True):
        right = [clip @ t for t, k in zip(reworded, own, strict=True) if k in labels]
        wrong = [clip @ t for t, k in zip(reworded, own, strict=True) if k not in labels]
        if right:
            hits.append(max(right) > max(wrong, default=-np.inf))
            for label in labels & set(own.tolist()):
                by_category.setdefault(label, []).append(hits[-1])
    found = reworded_recognition(reworded, own, names, motion, labels_of(*sets, categories=3))
    assert found.first_motion == pytest.approx(100 * first / len(own))
    assert found.nearest_name == pytest.approx(100 * nearest / len(own))
    assert found.top1 == pytest.approx(100 * np.mean(hits))
    norm = np.mean([np.mean(h) for h in by_category.values()])
    assert found.top1_norm == pytest.approx(100 * norm)
