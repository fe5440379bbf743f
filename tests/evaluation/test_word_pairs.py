"""Texts that differ in one word, by hand and against a plain version."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation.word_pairs import WordPairWins, one_word_pairs, word_pair_wins

TEXTS = [
    "raise the left arm",
    "raise the right arm",
    "raise the left leg",
    "walks forward slowly",
    "walks backward slowly",
    "runs forward slowly",
    "left to right",
    "right to left",
]


def test_pairs_by_hand():
    """Each once; two words at once are no pair."""
    texts = [tuple(text.split()) for text in TEXTS]
    assert one_word_pairs(texts) == {
        "side": [(texts[0], texts[1])],
        "direction": [(texts[3], texts[4])],
        "speed": [(texts[5], texts[3])],
    }


def test_spellings_of_a_text_are_one():
    """Three clips of one text against one of the other, of which two win."""
    texts = ["Walk left", "walk left.", "walk, left", "walk right", "turn counter-clockwise"]
    motion = np.array([[0.9, 0], [0.8, 0], [0.1, 0], [0.5, 0.5], [0, 0]])
    embedded = np.array([[1.0, 0], [0, 9], [0, 9], [0, 1.0], [0, 0]])
    found = word_pair_wins(texts, embedded, motion, [[text] for text in texts])
    assert found.keys() == {"side"}
    assert found["side"].share == pytest.approx(100 * (2 / 3 + 1) / 2)
    assert found["side"].pairs == 1


def test_a_clip_of_both_texts_says_nothing():
    texts = ["walk", "run"]
    both = ["walk", "run"]
    motion = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    found = word_pair_wins(texts, np.eye(2), motion, [both, ["walk"], ["run"]])
    assert found == {"speed": WordPairWins(100.0, 1)}
    assert word_pair_wins(texts, np.eye(2), motion[:2], [both, ["walk"]]) == {}


def test_wins_by_hand():
    texts = ["turn left", "turn right", "stand"]
    embedded = np.eye(3)
    # Two left turns, of which the second looks more like a right one; one right turn; and one that
    # stands, which no pair asks for.
    motion = np.array([[0.9, 0.1, 0], [0.3, 0.7, 0], [0.3, 0.8, 0], [0, 0, 1]])
    texts_of = [["turn left"], ["turn left"], ["turn right"], ["stand"]]
    found = word_pair_wins(texts, embedded, motion, texts_of)
    # "turn left": 0.9 wins over 0.3, 0.3 ties with it: half. "turn right": 0.8 wins over both.
    assert found == {"side": WordPairWins(75.0, 1)}


def test_a_clip_may_have_several_texts():
    texts = ["go up", "go down", "rise"]
    motion = np.array([[1.0, 0.0], [0.0, 1.0]])
    texts_of = [["rise", "go up"], ["go down"]]
    found = word_pair_wins(texts, np.array([[1.0, 0], [0, 1.0], [1.0, 0]]), motion, texts_of)
    assert found == {"direction": WordPairWins(100.0, 1)}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 12))
def test_against_a_plain_version(seed, n):
    rng = np.random.default_rng(seed)
    texts = ["walk fast", "walk slow"]
    motion, embedded = (rng.integers(-2, 3, (k, 3)).astype(float) for k in (n, 2))
    of = [0, 1, *rng.integers(0, 2, n - 2).tolist()]
    shares = []
    for own, other in ((0, 1), (1, 0)):
        wins = [
            float(motion[i] @ embedded[own] > motion[j] @ embedded[own])
            for i in range(n)
            for j in range(n)
            if of[i] == own and of[j] == other
        ]
        shares.append(sum(wins) / len(wins))
    found = word_pair_wins(texts, embedded, motion, [[texts[k]] for k in of])
    assert found["speed"].share == pytest.approx(50 * sum(shares))
