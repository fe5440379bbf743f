"""A query's vectors and scores, beside a bank of texts compared one by one."""

import numpy as np
import pytest

from motext_jax.library.query import Query, Span
from motext_jax.library.rows import Embedded
from motext_jax.library.sides import scores, sides_of

rng = np.random.default_rng(0)


def units(count):
    found = rng.normal(size=(count, 8)) + 1
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


BANK, WINDOWS, EXAMPLE = units(30), units(50), units(1)[0]
TEXTS = dict(zip(("left", "right", "walks"), units(3), strict=True))


def sides(query, parts=()):
    """The sides of a query, with the bank's mean for a centre."""
    parts = parts or [query.text or ""]
    centre = BANK.mean(axis=0, dtype=np.float64)
    embed = lambda texts: np.stack([TEXTS[text] for text in texts])  # noqa: E731
    return sides_of(query, parts, centre, embed, lambda mirrored: EXAMPLE)


def score(text, window):
    """The cosine less the mean of the cosines with the bank."""
    return float(text @ window) - sum(float(one @ window) for one in BANK) / len(BANK)


def test_a_window_is_scored_by_how_much_nearer_it_is_than_to_other_texts():
    [side] = sides(Query("walks"))
    expected = [score(TEXTS["walks"], window) for window in WINDOWS]
    np.testing.assert_allclose(side.scores(WINDOWS), [expected], atol=1e-6)
    np.testing.assert_allclose(side.cosines(WINDOWS), [WINDOWS @ TEXTS["walks"]], atol=1e-6)
    assert np.argmax(expected) != np.argmax(side.cosines(WINDOWS))


def test_each_action_of_a_sequence_is_scored_so():
    [side] = sides(Query("left, then right"), ["left", "right"])
    expected = [[score(TEXTS[text], window) for window in WINDOWS] for text in ("left", "right")]
    np.testing.assert_allclose(side.scores(WINDOWS), expected, atol=1e-6)


def test_an_example_is_scored_by_its_cosine():
    [side] = sides(Query(like=Span("a.bvh")))
    np.testing.assert_allclose(side.scores(WINDOWS), [WINDOWS @ EXAMPLE], atol=1e-6)


def test_a_word_of_order_that_nothing_follows_is_not_embedded():
    [said] = sides(Query("left, then", Span("a.bvh"), without=("first walks, then",)))
    [meant] = sides(Query("left", Span("a.bvh"), without=("walks",)))
    np.testing.assert_array_equal(said.wanted, meant.wanted)
    np.testing.assert_array_equal(said.excluded, meant.excluded)


@pytest.mark.parametrize(("text_weight", "like_weight"), [(1, 1), (3, 1), (1, 0), (0, 2)])
def test_beside_an_example_the_text_alone_is_compared_with_others(text_weight, like_weight):
    query = Query("walks", Span("a.bvh"), text_weight=text_weight, like_weight=like_weight)
    [side] = sides(query)
    mixed = text_weight * TEXTS["walks"].astype(float) + like_weight * EXAMPLE.astype(float)
    length = np.linalg.norm(mixed)
    expected = [
        (text_weight * score(TEXTS["walks"], window) + like_weight * float(EXAMPLE @ window))
        / length
        for window in WINDOWS
    ]
    np.testing.assert_allclose(side.scores(WINDOWS), [expected], atol=1e-6)
    np.testing.assert_allclose(side.cosines(WINDOWS), [WINDOWS @ mixed / length], atol=1e-6)


def test_an_excluded_text_is_nearer_by_its_cosine():
    [side] = sides(Query("left", without=("right",)))
    nearer = WINDOWS @ TEXTS["right"] >= WINDOWS @ TEXTS["left"]
    assert 0 < nearer.sum() < len(WINDOWS)
    for found in (side.scores(WINDOWS)[0], side.cosines(WINDOWS)[0]):
        np.testing.assert_array_equal(found == -np.inf, nearer)


def test_the_better_side_of_a_mirrored_query_counts():
    asked = sides(Query("left", mirrored=True))
    seen = Embedded(np.zeros(50, int), np.zeros(50), np.ones(50), WINDOWS)
    best, flipped = scores(asked, seen)
    left, right = ([score(TEXTS[side], window) for window in WINDOWS] for side in ("left", "right"))
    np.testing.assert_allclose(best, np.maximum(left, right), atol=1e-6)
    np.testing.assert_array_equal(flipped, np.array(right) > np.array(left))
    assert 0 < flipped.sum() < 50
