"""Words that tell what is done are told from things."""

import re

import pytest

from motext_jax.text.clauses import DOING, NOUN_OF_ACTION


def begins(pattern: str, text: str) -> bool:
    return bool(re.match(pattern, text, re.IGNORECASE))


@pytest.mark.parametrize(
    "text",
    [
        "eating breakfast",
        "slowly lifting weights",
        "sitting and waving",
        "Running",
        "opening the door",
    ],
)
def test_words_of_doing(text):
    assert begins(DOING, text)


@pytest.mark.parametrize(
    "text",
    [
        "something",
        "ceiling",
        "barking dogs",
        "barking and howling dogs",
        "dancing people",
        "opening",
    ],
)
def test_other_words_in_ing(text):
    assert not begins(DOING, text)


@pytest.mark.parametrize(
    "text",
    ["a jump", "the high kick to the left", "two quick turns", "her last bow, too", "push-up"],
)
def test_nouns_of_an_action(text):
    assert begins(NOUN_OF_ACTION, text)


@pytest.mark.parametrize(
    "text", ["a ball", "a jump rope", "the steps", "the king and bow", "his dance partner", "lunch"]
)
def test_other_nouns(text):
    assert not begins(NOUN_OF_ACTION, text)
