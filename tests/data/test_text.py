"""Sides in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.data.text import swap_left_right


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        ("raise the left arm", "raise the right arm"),
        ("Left, then RIGHT", "Right, then LEFT"),
        ("turns leftward", "turns rightward"),
        ("steps rightwards", "steps leftwards"),
        ("right-handed", "left-handed"),
        ("stands upright on a bright cleft", "stands upright on a bright cleft"),
        ("turns clockwise", "turns counterclockwise"),
        ("spins counter-clockwise, Anticlockwise", "spins clockwise, Clockwise"),
        ("", ""),
    ],
)
def test_by_hand(text, twin):
    assert swap_left_right(text) == twin


@settings(derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(["left", "Right", "arm", "LEFT", "upright", "-", ","])))
def test_swapping_twice_changes_nothing(words):
    text = " ".join(words)
    assert swap_left_right(swap_left_right(text)) == text
