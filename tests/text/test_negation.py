"""Descriptions that say what is not done."""

import pytest

from motext_jax.text.negation import negated


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("not walking", "not"),
        ("someone who does not wave", "not"),
        ("Someone who doesn't wave", "doesn't"),
        ("someone who doesnt wave", "doesnt"),
        ("dont run", "dont"),
        ("he can’t sit down, he walks", "can’t"),
        ("a man walks without swinging his arms", "without"),
        ("walks, but never runs; then sits", "never"),
        ("a man walks, NO running", "NO"),
        ("a man with no arms waves", "no"),
        ("does not stop walking", "not"),
        ("nobody walks", "nobody"),
        ("no one walks", "no"),
        ("neither walks nor runs", "neither"),
        ("walks, nor does he run", "nor"),
        ("none of them walk", "none"),
        ("holds nothing in his hands", "nothing"),
        ("he nods no, not sitting", "not"),
        ("not only walks, but does not run", "not"),
        ("says 'not me' and doesn't wave", "doesn't"),
        ('does not do the "moonwalk"', "not"),
        ('"not walking"', "not"),
    ],
)
def test_the_first_negating_word_is_found(text, word):
    assert negated(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "",
        "someone walks",
        "shakes his head no and then walks",
        "shakes his head no while walking",
        "says no by nodding",
        "signals no twice",
        "waves no with the hand",
        "signals 'no' with the hand",
        'says "no"',
        "says “I do not walk” and waves",
        "shouts 'don't run'",
        "not only walks but also runs",
        "doesn't just walk but runs",
        "is there anyone or not",
        "does nothing",
        "knots a notable nose",
        "the front of a tent",
    ],
)
def test_other_texts_negate_nothing(text):
    assert negated(text) is None
