"""Twins of texts, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motext_jax.text.twins import twin

PAIRS = [
    ("a person waves with the left hand", "a person waves with the right hand"),
    ("walk, then turn left", "walk, then turn right"),
    ("a person walks, then sits down", "a person sits down, then walks"),
    ("walk and then jump", "jump and then walk"),
    ("walk, and after that jump", "jump, and after that walk"),
    ("someone is walking and then is jumping.", "someone is jumping and then is walking."),
    ("a person walks backward", "a person walks forward"),
    ("look up", "look down"),
    ("a tall man walks and then sits", "a tall man sits and then walks"),
    ("A person walks, then sits", "A person sits, then walks"),
    ("She waves and then bows.", "She bows and then waves."),
    ("raises both arms upward", "raises both arms downward"),
    ("climbs upstairs", "climbs downstairs"),
]


@pytest.mark.parametrize(("text", "other"), PAIRS)
def test_twins_are_each_others(text, other):
    assert twin(text) == other
    assert twin(other) == text


@pytest.mark.parametrize(
    "text",
    [
        *("a person walks", "sits down", "is standing up", "gets up", "bends down", ""),
        *("he walks and stops", "then", "kneels down quickly", "a person turns around"),
        *("a person walks, then he sits down", "a tall robot walks and then sits"),
        *("a person lies on the back", "a person walks back and forth", "jumps up and down"),
        *("a man waves left and right", "sways from left to right", "Walk, then sit"),
    ],
)
def test_what_has_no_twin(text):
    assert twin(text) is None


@given(st.text(max_size=60))
def test_a_twin_is_another_text(text):
    assert twin(text) != text
