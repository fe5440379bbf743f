"""Queries: spans, sequences, limits."""

import math

import pytest

from motext_jax.errors import InputError
from motext_jax.library.query import Query, Span, sequence


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("someone walks", ["someone walks"]),
        ("walks, then sits down, then waves", ["walks", "sits down", "waves"]),
        ("a man walks and then sits down", ["a man walks", "a man sits down"]),
        ("The old woman bows. Then she waves", ["The old woman bows", "she waves"]),
        ("a jump followed by a roll", ["a jump", "a roll"]),
        ("he strengthens his grip", ["he strengthens his grip"]),
        ("walks then", ["walks then"]),
    ],
)
def test_sequences_are_split_at_their_connectives(text, parts):
    assert sequence(text) == parts


def test_spans_are_read():
    assert Span.parse("a@b/c.bvh@3.0-5.5") == Span("a@b/c.bvh", 3.0, 5.5)
    assert Span.parse("c.bvh@3-") == Span("c.bvh", 3.0, None)
    assert Span.parse("c.bvh") == Span("c.bvh")
    assert Span.parse("c@x.bvh") == Span("c@x.bvh")
    with pytest.raises(InputError, match="ends before it starts"):
        Span.parse("c.bvh@5-3")


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query("  "),
        Query("x" * 3_000),
        Query("\udcff"),
        Query("a", without=("",)),
        Query("a", text_weight=-1.0),
        Query("a", text_weight=math.nan),
        Query("a", text_weight=0.0, like_weight=0.0),
    ],
)
def test_what_cannot_be_asked_is_refused(query):
    with pytest.raises(InputError):
        query.check()


def test_too_many_actions_are_refused():
    with pytest.raises(InputError, match="9 actions"):
        sequence(" then ".join("abcdefghi"))
