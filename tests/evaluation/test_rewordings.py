"""Categories in other words, by hand and against a plain version."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation.rewordings import reworded_recognition


def test_by_hand():
    names = np.eye(2)
    # Two rewordings of the first category, the second of which sounds like the other one; and one
    # of the second category, right between both.
    reworded = np.array([[1.0, 0.0], [0.6, 0.8], [0.7, 0.7]])
    # Two motions of the first category, one of the second.
    motion = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    found = reworded_recognition(reworded, np.array([0, 0, 1]), names, motion, np.array([0, 0, 1]))
    # First motions: clip 0 (1.0), clip 2 (0.8), clips 0, 1 and 2 (0.7 each).
    assert found["first_motion"] == pytest.approx(100 / 3)
    # Nearest names: first, second, a tie.
    assert found["nearest_name"] == pytest.approx(100 / 3)
    # Clip 0: 1.0 against 0.7. Clip 1: 0.7 against 0.7, a tie. Clip 2: 0.8 (wrong) against 0.7.
    assert found["top1"] == pytest.approx(100 / 3)
    assert found["top1_norm"] == pytest.approx(25)
    assert found["rewordings"] == 3


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), q=st.integers(0, 6), n=st.integers(0, 8))
def test_against_a_plain_version(seed, q, n):
    rng = np.random.default_rng(seed)
    own = np.concatenate([[0, 1, 2], rng.integers(0, 3, q)])
    labels = np.concatenate([[0, 1, 2], rng.integers(0, 3, n)])
    names, reworded, motion = (
        rng.integers(-2, 3, (rows, 3)).astype(float) for rows in (3, len(own), len(labels))
    )
    first = nearest = 0
    for text, label in zip(reworded, own, strict=True):
        right = [m @ text for m, k in zip(motion, labels, strict=True) if k == label]
        wrong = [m @ text for m, k in zip(motion, labels, strict=True) if k != label]
        first += max(right) > max(wrong)
        nearest += all(text @ names[label] > text @ names[k] for k in range(3) if k != label)
    hits: dict[int, list[bool]] = {0: [], 1: [], 2: []}
    for clip, label in zip(motion, labels, strict=True):
        best = [
            max(clip @ t for t, k in zip(reworded, own, strict=True) if k == j) for j in range(3)
        ]
        hits[label].append(all(best[label] > best[k] for k in range(3) if k != label))
    found = reworded_recognition(reworded, own, names, motion, labels)
    assert found["first_motion"] == pytest.approx(100 * first / len(own))
    assert found["nearest_name"] == pytest.approx(100 * nearest / len(own))
    assert found["top1"] == pytest.approx(100 * np.mean([hit for h in hits.values() for hit in h]))
    assert found["top1_norm"] == pytest.approx(100 * np.mean([np.mean(h) for h in hits.values()]))
