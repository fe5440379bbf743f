"""Ordered sequences: against every chain there is."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.library.sequence import GAP, OVERLAP, best_chain, best_chains, cut_apart


def brute_force(starts, ends, cosines):
    """The best score over all chains, straight from the definition."""
    best = -np.inf
    for rows in itertools.product(range(len(starts)), repeat=len(cosines)):
        score = sum(cosines[k, row] for k, row in enumerate(rows))
        for one, other in itertools.pairwise(rows):
            middle = (starts[other] + ends[other]) / 2
            if ends[one] > min(starts[other] + OVERLAP, middle):
                score = -np.inf
            score -= GAP * (starts[other] - ends[one])
        best = max(best, score / len(cosines))
    return best


def windows_of(seed, count, actions):
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, 12, count) / 2
    ends = starts + rng.integers(1, 7, count) / 2
    cosines = rng.integers(-8, 9, (actions, count)) / 8
    cosines[rng.random((actions, count)) < 0.1] = -np.inf
    return starts, ends, cosines


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(2, 3))
def test_the_best_chain_is_the_best_of_all(seed, count, actions):
    starts, ends, cosines = windows_of(seed, count, actions)
    expected = brute_force(starts, ends, cosines)
    found = best_chain(starts, ends, cosines)
    if found is None:
        assert expected == -np.inf
        return
    assert np.isclose(found.score, expected)
    # The rows are of this score, too.
    gaps = sum(starts[b] - ends[a] for a, b in itertools.pairwise(found.rows))
    own = sum(cosines[k, row] for k, row in enumerate(found.rows)) - GAP * gaps
    assert np.isclose(own / actions, expected)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_the_best_takes_are_the_best_of_all(seed, top):
    takes, parts = [], []
    for take in range(6):
        part = windows_of(seed + take, 4, 2)
        takes += [take] * 4
        parts.append(part)
    starts, ends, cosines = (np.concatenate(x, axis=-1) for x in zip(*parts, strict=True))
    found = best_chains(np.array(takes), starts, ends, cosines, top)
    each = [best_chain(*part) for part in parts]
    expected = sorted((c.score for c in each if c), reverse=True)[:top]
    assert np.allclose([chain.score for chain in found], expected)


def test_the_order_matters():
    starts, ends = np.array([0.0, 3.0]), np.array([3.0, 6.0])
    walks_then_sits = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert best_chain(starts, ends, walks_then_sits).rows == (0, 1)
    assert np.isclose(best_chain(starts, ends, walks_then_sits).score, 0.9)
    assert np.isclose(best_chain(starts, ends, walks_then_sits[::-1]).score, 0.1)


def test_parts_that_overlap_are_cut_in_the_middle():
    assert cut_apart([(0, 3), (2.5, 4), (4.5, 6)]) == ((0, 2.75), (2.75, 4), (4.5, 6))
    assert cut_apart([(0, 3), (2.5, 4), (3.5, 5)]) == ((0, 2.75), (2.75, 3.75), (3.75, 5))
