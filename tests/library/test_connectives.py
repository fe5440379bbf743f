"""Texts of several actions, cut at the words that tell their order."""

import contextlib

import pytest

from motext_jax.errors import InputError
from motext_jax.library.connectives import sequence


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        # then
        ("walks, then sits down, then waves", ["walks", "sits down", "waves"]),
        ("a man walks and then sits down", ["a man walks", "a man sits down"]),
        ("The old woman bows. Then she waves", ["The old woman bows", "she waves"]),
        ("he walks; then, he sits", ["he walks", "he sits"]),
        ("WALKS THEN SITS", ["WALKS", "SITS"]),
        ("first walks, then sits", ["walks", "sits"]),
        ("now and then waves, then sits", ["now and then waves", "sits"]),
        # after that, afterwards, finally
        ("walks and after that sits", ["walks", "sits"]),
        ("walks, then, after that, sits", ["walks", "sits"]),
        ("walks, after which he sits", ["he walks", "he sits"]),
        ("someone jumps, after a short while bows", ["someone jumps", "someone bows"]),
        ("walks, afterwards waves and finally bows", ["walks", "waves", "bows"]),
        ("After that, he waves", ["After that, he waves"]),
        # followed by
        ("a jump followed by a roll", ["a jump", "a roll"]),
        ("a jump is followed by a roll", ["a jump", "a roll"]),
        ("a jump, which is immediately followed by a roll", ["a jump", "a roll"]),
        ("walking was then followed by sitting", ["walking", "sitting"]),
        ("a kick followed  directly\tby a punch", ["a kick", "a punch"]),
        ("a man walking followed by a man jumping", ["a man walking", "a man jumping"]),
        # after X, Y; Y after X
        ("after walking, sits down", ["walking", "sits down"]),
        ("After a jump, a roll", ["a jump", "a roll"]),
        ("after he walks, he sits, then waves", ["he walks", "he sits", "he waves"]),
        ("a man sits down after walking", ["a man is walking", "a man sits down"]),
        ("bows right after she jumps", ["she jumps", "she bows"]),
        # before Y, X; X before Y
        ("before sitting down, a man walks", ["a man walks", "a man is sitting down"]),
        ("Before he sits, he walks, then jumps", ["he walks", "he jumps", "he sits"]),
        ("someone walks before sitting", ["someone walks", "someone is sitting"]),
        ("they walk just before they sit", ["they walk", "they sit"]),
        ("a kick preceded by a run-up", ["a run-up", "a kick"]),
    ],
)
def test_order_is_read_from_connectives(text, parts):
    assert sequence(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "someone walks",
        "walks and waves",
        "walks, waves and bows",
        "walks while waving",
        "he strengthens his grip",
        "walks then",
        "then walks",
        "waves every now and then",
        "a person named Then bows",
        "someone like Then bows",
        'holds a sign that says "then" and bows',
        "a dance from back then",
        "a man is followed by a dog",
        "a woman walks followed by another tall person",
        "someone is followed by somebody",
        "runs after a ball",
        "looks after the child",
        "reaches out after something",
        "stands before the mirror",
        "Before the mirror, a woman turns",
        "bows before the king",
        "bows before everything",
        "as before, he walks",
        "the day after tomorrow",
        "follows a line",
        "finally",
    ],
)
def test_other_texts_stay_whole(text):
    assert sequence(text) == [text]


def test_too_many_actions_are_refused():
    assert len(sequence(" then ".join("abcdefgh"))) == 8
    with pytest.raises(InputError, match="9 actions"):
        sequence(" then ".join("abcdefghi"))
    with pytest.raises(InputError, match="9 actions"):
        sequence("after x, " + " then ".join("abcdefgh"))


def test_a_hostile_text_is_read_at_once():
    """A pattern that goes back over and over would take hours."""
    for word in (
        "after ",
        "before ",
        "then ",
        "followed by ",
        "after a, ",
        "a before he ",
        ", ",
        " ",
    ):
        text = word * (2000 // len(word))
        with contextlib.suppress(InputError):
            assert sequence(text)
