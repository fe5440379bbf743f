"""Queries: spans and limits."""

import math
import subprocess
import sys

import pytest

from motext_jax.errors import InputError
from motext_jax.library.query import Query, Span


def test_spans_are_read():
    assert Span.parse("a@b/c.bvh@3.0-5.5") == Span("a@b/c.bvh", 3.0, 5.5)
    assert Span.parse("c.bvh@3-") == Span("c.bvh", 3.0, None)
    assert Span.parse("c.bvh@3-4m") == Span("c.bvh", 3.0, 4.0, mirrored=True)
    assert Span.parse("c.bvh") == Span("c.bvh")
    assert Span.parse("c@x.bvh") == Span("c@x.bvh")
    with pytest.raises(InputError, match="a span ends after its start, as FILE@3.0-5.5 does"):
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


def test_a_word_of_order_that_nothing_follows_is_in_no_text_that_is_read():
    for like in (None, Span("a.bvh")):
        assert Query("first walks, then", like).texts == ["walks"]


# The tests' own check of types would refuse them before.
NO_TEXTS = """
from motext_jax.errors import InputError
from motext_jax.library.query import Query, Span

QUERIES = (
    *(5, b"left", ["left"], Span("a.bvh"), Query("a", without=(5,)), Query("a", within=5)),
    *(Query("a", without=one) for one in ("someone sits", 5, None)),
    Query(like="a.bvh@3-5"),
    *(Query(like=Span(*one)) for one in ((3,), ("a.bvh", "3"))),
)
for query in QUERIES:
    try:
        Query.of(query).check()
    except InputError as error:
        print(error)
"""


def test_a_query_that_is_no_text_is_named():
    done = subprocess.run([sys.executable, "-c", NO_TEXTS], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[6:] == [
        *(
            f"without={one}; expected several texts, as ('a curtsy',)"
            for one in ("'someone sits'", "5", "None")
        ),
        "like='a.bvh@3-5'; expected a Span, as Span('a.bvh', 3.0, 5.5)",
        *(
            f"Span(file={file}, start={start}, end=None, outside=False, mirrored=False); expected "
            "a file's name and seconds, as Span('a.bvh', 3.0, 5.5)"
            for file, start in (("3", "0.0"), ("'a.bvh'", "'3'"))
        ),
    ]
    del lines[6:]
    asked = ["5", "b'left'", "['left']", repr(Span("a.bvh")), "5", "5"]
    assert [line.partition(" is no text; give a query as a text or")[0] for line in lines] == asked
