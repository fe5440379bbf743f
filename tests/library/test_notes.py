"""Sentences on queries that were not read as they were meant."""

import arm_raisers
import pytest

from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.query import Query, Span


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    root = tmp_path_factory.mktemp("noted")
    arm_raisers.write(root / "takes" / "a.npz", ("left", 6), ("right", 6))
    arm_raisers.write(root / "takes" / "b.npz", ("right", 6))
    index(root / "takes", root / "db", arm_raisers.ArmModel())
    return open_library(root / "db", arm_raisers.ArmModel())


def noted(library, query):
    return library.notes(query, library.search(query))


@pytest.mark.parametrize(
    "query",
    [
        "left",
        Query("left, then right", mirrored=True),
        Query("left", like=Span("a.npz", 4, 12.04), without=("right",)),
    ],
)
def test_a_plain_query_has_none(library, query):
    assert noted(library, query) == []


def test_a_negation_is_said_with_the_query_that_excludes(library):
    (note,) = noted(library, "raises the left arm, not moving the right")
    assert note == (
        "the model hardly reads 'not'; ask for what is done, as text='raises the left arm', "
        "without=('moving the right',)"
    )
    query = Query("left", without=("right",))
    assert noted(library, query) == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Query("left, then right", like=Span("b.npz", 0, 2)), "left, then right"),
        (Query("left", without=("right", "stands after bowing")), "stands after bowing"),
        (Query("left", without=("after bowing stands",)), "after bowing stands"),
        (Query("left", without=(" then ".join("x" * 9),)), " then ".join("x" * 9)),
    ],
)
def test_an_order_that_is_not_looked_at_is_said(library, query, text):
    (note,) = noted(library, query)
    assert note == f"the order in '{text}' is not looked at: it is read as one description"


def test_an_order_that_is_not_understood_is_said_with_how_to_write_it(library):
    assert noted(library, "after bowing raises the left arm, then right") == [
        "the order in 'after bowing raises the left arm' is not understood: it is read as one "
        "description; write it as FIRST, then SECOND"
    ]


def test_an_order_that_ends_with_its_word_is_said(library):
    query = Query("left, then", without=("right and then",))
    assert noted(library, query) == [
        f"nothing follows 'then' in '{text}'; say what is done then"
        for text in ("left, then", "right and then")
    ]
    assert library.search("left, then") == library.search("left")


def test_a_word_of_an_excluded_text_that_no_training_text_had_is_said(library, monkeypatch):
    monkeypatch.setattr(
        arm_raisers.ArmModel,
        "judge",
        lambda model, query, scores: ((), {"wawes": "waves"} if "wawes" in query else {}),
    )
    said = ["no text that the model was trained on has: wawes (did you mean waves?)"]
    assert noted(library, Query("left", without=("a man wawes",))) == said
    assert noted(library, Query(like=Span("b.npz", 0, 2), without=("a man wawes",))) == said


def test_a_query_without_an_answer_has_the_notes_of_others(library):
    query = Query("left zebra without moving, then", where="fps > 99")
    assert noted(library, query) == [
        "none of 2 takes passes the filters",
        "no text that the model was trained on has: zebra",
        "the model hardly reads 'without'; ask for what is done",
        "nothing follows 'then' in 'left zebra without moving, then'; say what is done then",
    ]


def test_the_skeletons_of_the_takes_are_named_where_none_is_the_one_asked_for(library):
    (note,) = noted(library, Query("left", where="SKELETON = 'smpl'"))
    assert note == "none of 2 takes passes the filters; skeletons here: 'npz of 22 joints'"
    assert library.search(Query("left", where="skeleton = 'npz of 22 joints'"))
    elsewhere = Query("left", where="file like '%skeleton%'")
    assert noted(library, elsewhere) == ["none of 2 takes passes the filters"]


def test_an_example_longer_than_its_file_is_said(library, tmp_path):
    assert noted(library, Query(like=Span("a.npz", 4, 60))) == [
        "the example ends at 12.00 s, with its file"
    ]
    arm_raisers.write(tmp_path / "mine.npz", ("left", 3))
    outside = library.resolved(Query(like=Span(str(tmp_path / "mine.npz"), 1, 9)))
    assert noted(library, outside) == ["the example ends at 3.00 s, with its file"]
