"""Sides in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.text.sides import swap_left_right, twin_indices


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
        ("turns counter clockwise", "turns clockwise"),
        ("turn_left", "turn_right"),
        ("left_hand wave", "right_hand wave"),
        ("LeftHook, walkRight", "RightHook, walkLeft"),
        ("LEFT_ARM LEFTWARDS", "RIGHT_ARM RIGHTWARDS"),
        ("BRIGHT LEFTOVERS, lefty", "BRIGHT LEFTOVERS, lefty"),
        ("", ""),
    ],
)
def test_by_hand(text, twin):
    assert swap_left_right(text) == twin


def test_twins_may_spell_counterclockwise_as_they_like():
    names = [
        "turn clockwise",
        "turn anti-clockwise",
        "turn_left",
        "turn_right",
        "walk",
        "kick left",
    ]
    assert twin_indices(names) == [1, 0, 3, 2, 4, None]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(["left", "Right", "arm", "LEFT", "upright", "-", ","])))
def test_swapping_twice_changes_nothing(words):
    text = " ".join(words)
    assert swap_left_right(swap_left_right(text)) == text
