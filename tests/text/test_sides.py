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


STAY = [
    "he left the room",
    "she has left",
    "the man left the room",
    "left behind",
    "a chair is left behind",
    "they left",
    "who left",
    "someone sits down right away",
    "all right",
    "All right, he sits",
    "stop right now",
    "right after that he sits",
    "sits down right after standing up",
    "stands right before the door",
    "someone is right behind the other",
    "stands right in front of a wall",
    "bends the arm at a right angle",
    "legs at right angles",
    "stands upright",
    "food is left over",
    "left-overs",
    "leftovers",
    "a right-angled turn",
    "he had left when the bell rang",
    "she left to get a drink",
    "the ball is left alone",
    "a person walks in and left the room",
    "sits right there",
    "stands right next to the chair",
    "jumps up right at the end",
    "he's left",
    "turns a right angle",
]

EXCHANGED = [
    ("raise the left hand", "raise the right hand"),
    ("to the left", "to the right"),
    ("left-handed", "right-handed"),
    ("steps leftwards", "steps rightwards"),
    ("right-foot kick", "left-foot kick"),
    ("he has left hand raised", "he has right hand raised"),
    ("turns left then right", "turns right then left"),
    ("left then right", "right then left"),
    ("turns right after the door", "turns left after the door"),
    ("turns right away from the wall", "turns left away from the wall"),
    ("steps to the left behind the chair", "steps to the right behind the chair"),
    ("his left over his right", "his right over his left"),
    ("crosses left over right", "crosses right over left"),
    ("person left arm up", "person right arm up"),
    ("he leftwards", "he rightwards"),
    ("moves left a bit", "moves right a bit"),
    ("looks right and left", "looks left and right"),
    ("turns right before he stops", "turns left before he stops"),
    ("the left one", "the right one"),
    ("stands left of the table", "stands right of the table"),
    ("he raised the left and she left the room", "he raised the right and she left the room"),
    ("walks left", "walks right"),
    ("step right", "step left"),
    ("he kicks with left", "he kicks with right"),
    ("LEFT HAND", "RIGHT HAND"),
    ("left foot, right foot", "right foot, left foot"),
    ("waves right", "waves left"),
    ("is left handed", "is right handed"),
]


@pytest.mark.parametrize("text", STAY)
def test_words_that_name_no_side_stay(text):
    assert swap_left_right(text) == text


@pytest.mark.parametrize(("text", "twin"), EXCHANGED)
def test_sides_among_words_that_could_hide_them(text, twin):
    assert swap_left_right(text) == twin
    assert swap_left_right(twin) == text


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


AROUND = (
    *("left", "Right", "LEFT", "right", "upright", "left-handed", "rightwards", "arm", "hand"),
    *("he", "has", "the", "person", "all", "to", "turns", "away", "behind", "now", "then", "after"),
    *("in", "front", "angle", "over", "room", "from", "and", "-", ",", "clockwise"),
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(AROUND), max_size=8))
def test_swapping_twice_changes_nothing(words):
    text = " ".join(words)
    assert swap_left_right(swap_left_right(text)) == text
