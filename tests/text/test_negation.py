"""Descriptions that say what is not done."""

import pytest

from motext_jax.text.negation import negated


@pytest.mark.parametrize(
    ("text", "word", "asked", "other"),
    [
        ("not walking", "not", "", "walking"),
        ("someone who does not wave", "not", "", "wave"),
        ("Someone who doesn't wave", "doesn't", "", "wave"),
        ("he can’t sit down, he walks", "can’t", "", "sit down"),
        ("a man walks without swinging his arms", "without", "a man walks", "swinging his arms"),
        ("walks, but never runs; then sits", "never", "walks", "runs"),
        ("a man walks, NO running", "NO", "a man walks", "running"),
        ("he nods no, not sitting", "not", "he nods", "sitting"),
        ("sits without a chair then walks", "without", "sits", "a chair"),
    ],
)
def test_a_negation_is_found_with_what_it_negates(text, word, asked, other):
    assert negated(text) == (word, asked, other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "someone walks",
        "shakes his head no and then walks",
        "says no by nodding",
        "is there anyone or not",
        "knots a notable nose",
    ],
)
def test_other_texts_negate_nothing(text):
    assert negated(text) is None
