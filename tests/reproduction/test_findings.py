"""Comparisons and sentences, from numbers that are written by hand."""

import pytest
from finished_runs import two_models

from motext_jax.evaluation.categories import Crossing
from motext_jax.reproduction.collection import collect
from motext_jax.reproduction.findings import (
    beside_paper,
    compare,
    comparisons,
    correlation,
    crossings,
    signed,
    verdicts,
)
from motext_jax.reproduction.models import MODELS
from motext_jax.reproduction.results import Growth, PairCrossing
from motext_jax.reproduction.spread import spread

CE, T = MODELS["CTRGCN(CE)"], MODELS["CTRGCN-T"]


def test_the_papers_numbers_and_the_difference(tmp_path):
    numbers = collect(two_models(tmp_path))
    found = beside_paper(numbers, 60)
    # FACTS of the paper: CTRGCN-T on BABEL-60 has Top-1 38.14, and Top-1 26.67 in Table 3.
    assert found.recognition[T]["top1"].paper == 38.14
    assert found.recognition[T]["top1"].difference == pytest.approx(87.5 - 38.14)
    assert found.category_retrieval[T]["top1"].paper == 26.67
    assert beside_paper(numbers, 120).recognition[CE]["top1_norm"].paper == 20.09


def test_what_was_found_is_said(tmp_path):
    numbers = collect(two_models(tmp_path))
    found = comparisons(numbers)
    assert [(c.model, c.against, c.measured, c.runs) for c in found] == [
        (T, CE, "Top-1", "overlap"),
        (T, CE, "Top-1-norm", "overlap"),
    ]
    assert list(verdicts(found)) == [
        "Contrast against cross-entropy with the same motion tower: "
        "Top-1 is better in 1 of 1, CTRGCN-T +12.50 (the runs overlap); "
        "Top-1-norm is better in 1 of 1, CTRGCN-T +16.67 (the runs overlap)."
    ]
    (sentence,) = crossings(numbers.growth)
    assert sentence.endswith("no crossing in Top-1-norm, where CTRGCN(CE) is never ahead.")
    (sentence,) = correlation(numbers.category_retrieval.correlation)
    assert "cannot be told from so few runs as these (2)" in sentence


@pytest.mark.parametrize(
    ("one", "other", "difference", "runs"),
    [
        ([3, 4], [1, 2], 2, "all above"),
        ([1, 2], [3, 4], -2, "all below"),
        ([1, 3], [2, 4], -1, "overlap"),
        ([3], [1], 2, "one each"),
    ],
)
def test_comparisons_by_hand(one, other, difference, runs):
    found = compare(T, CE, "Top-1", spread(one), spread(other))
    assert (found.difference, found.runs) == (difference, runs)
    assert signed(found.difference) == ("+2.00" if difference > 0 else f"−{-difference:.2f}")


@pytest.mark.parametrize(
    ("changes", "last_behind", "ahead_from", "expected"),
    [
        (1, 12, 14, "a crossing in Top-1: behind up to 12 categories, ahead from 14 on"),
        (0, 18, None, "no crossing in Top-1, where CTRGCN-T is never ahead"),
        (0, None, 2, "no crossing in Top-1, where CTRGCN(CE) is never ahead"),
        (
            2,
            4,
            5,
            "no single crossing in Top-1: the lead changes 2 times, and CTRGCN-T is ahead from 5 "
            "on",
        ),
        (
            1,
            9,
            None,
            "the other way round in Top-1: behind from 5 categories on",
        ),
        (
            3,
            9,
            None,
            "no single crossing in Top-1: the lead changes 3 times, and CTRGCN(CE) is ahead last, "
            "at 9",
        ),
    ],
)
def test_crossings_are_said(changes, last_behind, ahead_from, expected):
    crossing = Crossing(changes, 5, last_behind, ahead_from)
    (sentence,) = crossings(Growth((), {}, (PairCrossing(CE, T, "top1", crossing),)))
    assert sentence.endswith(f"CTRGCN-T against CTRGCN(CE): {expected}.")
