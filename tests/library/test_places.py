"""Places: overlapping windows merged, worked by hand."""

import numpy as np

from motext_jax.library.places import NEAR, SHARE, best_places, places

TAKES = np.array([0, 0, 0, 0, 2, 2, 5])
STARTS = np.array([0.0, 1.0, 2.0, 8.0, 0.0, 4.0, 1.0])
ENDS = STARTS + 2
# In take 0 the first three overlap in a row; the third is too far below the best.
SCORES = np.array([0.9, 0.9 - NEAR / 2, 0.5, 0.8, 0.3, 0.85, -np.inf])


def found(top, each, scores=SCORES):
    places = best_places(TAKES, STARTS, ENDS, scores, scores.__getitem__, top, each)
    return [(place.row, place.start, place.end) for place in places]


def test_a_take_stands_once():
    assert found(5, 1) == [(0, 0.0, 3.0), (5, 4.0, 6.0)]
    assert found(1, 1) == [(0, 0.0, 3.0)]


def test_or_with_each_of_its_places():
    # The window at 2-4 s overlaps the first place; that at 0-2 s of take 2 overlaps nothing.
    assert found(9, 9) == [(0, 0.0, 3.0), (5, 4.0, 6.0), (3, 8.0, 10.0), (4, 0.0, 2.0)]
    assert found(3, 2) == [(0, 0.0, 3.0), (5, 4.0, 6.0), (3, 8.0, 10.0)]


def test_nothing_is_found_where_nothing_counts():
    assert found(5, 1, np.full(7, -np.inf)) == []
    none = np.zeros(0)
    assert best_places(none.astype(int), none, none, none, none.__getitem__, 5, 1) == []


def test_a_place_is_wider_where_cosines_differ_more():
    starts = np.array([0.0, 1.0, 5.0])
    for lowest, end in ((-0.3, 3.0), (0.7, 2.0)):
        # Below the best by a little less than the share of a range of 1.2, and far above `NEAR`.
        scores = np.array([0.9, 0.9 - 1.1 * SHARE, lowest])
        [place] = places(starts, starts + 2, scores, scores, 1)
        assert (place.start, place.end) == (0.0, end)


def test_a_place_begins_at_the_best_score_and_extends_by_cosines():
    starts = np.array([0.0, 1.0, 2.0, 9.0])
    scores = np.array([0.1, 0.1, 0.3, 0.2])
    cosines = np.array([0.1, 0.6, 0.6, 0.9])
    [place] = places(starts, starts + 2, scores, cosines, 1)
    assert (place.row, place.start, place.end, place.score) == (2, 1.0, 4.0, 0.3)
