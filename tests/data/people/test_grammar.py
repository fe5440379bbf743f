"""English: verbs conjugated, sides and possessives put in, choices made."""

import numpy as np
import pytest

from motext_jax.data.people.grammar import (
    Voice,
    choices,
    chosen,
    conjugated,
    draw_voice,
    owned,
    progressive,
    said,
    sentence,
    third_person,
)


@pytest.mark.parametrize(
    "base, third, ing",
    [
        ("walk", "walks", "walking"),
        ("wave", "waves", "waving"),
        ("sit", "sits", "sitting"),
        ("push", "pushes", "pushing"),
        ("carry", "carries", "carrying"),
        ("play", "plays", "playing"),
        ("lie", "lies", "lying"),
        ("do", "does", "doing"),
        ("go", "goes", "going"),
        ("have", "has", "having"),
        ("be", "is", "being"),
        ("squat", "squats", "squatting"),
        ("stir", "stirs", "stirring"),
        ("lean", "leans", "leaning"),
        ("tiptoe", "tiptoes", "tiptoeing"),
        ("stagger", "staggers", "staggering"),
        ("beckon", "beckons", "beckoning"),
        ("box", "boxes", "boxing"),
        ("throw", "throws", "throwing"),
        ("kneel", "kneels", "kneeling"),
        ("shampoo", "shampoos", "shampooing"),
        ("zigzag", "zigzags", "zigzagging"),
        ("dodge", "dodges", "dodging"),
        ("stretch", "stretches", "stretching"),
        ("hug", "hugs", "hugging"),
        ("pour", "pours", "pouring"),
    ],
)
def test_verbs(base, third, ing):
    assert (third_person(base), progressive(base)) == (third, ing)


def test_every_verb_of_a_wording_is_conjugated():
    wording = "walk, *turn around and *walk back"
    assert conjugated(wording, "third") == "walks, turns around and walks back"
    assert conjugated(wording, "progressive") == "walking, turning around and walking back"
    assert conjugated(wording, "base") == "walk, turn around and walk back"


def test_choices():
    assert choices("[raise|lift] a [hand|arm]") == [
        "raise a hand", "raise a arm", "lift a hand", "lift a arm",
    ]  # fmt: skip
    rng = np.random.default_rng(0)
    assert {chosen("go [up|down]", rng) for _ in range(20)} == {"go up", "go down"}


@pytest.mark.parametrize(
    "voice, expected",
    [
        (Voice("bare"), "wave left hand"),
        (Voice("bare", own="the"), "wave the left hand"),
        (Voice("gerund"), "waving left hand"),
        (Voice("imperative", own="your"), "wave your left hand"),
        (Voice("third", "a person", "their"), "a person waves their left hand"),
        (Voice("progressive", "a man", "his"), "a man is waving his left hand"),
    ],
)
def test_sentences(voice, expected):
    words = said("wave {own} {side} hand", voice, "left", "right")
    assert sentence(voice, words) == expected


def test_words_of_sides():
    bare = Voice("bare")
    assert said("walk {clock}", bare, "left", "right") == "walk counterclockwise"
    assert said("walk {clock}", bare, "right", "left") == "walk clockwise"
    wording = "reach to the {other} with {own} {side} hand"
    assert said(wording, bare, "right", "left") == "reach to the left with right hand"


@pytest.mark.parametrize(
    "name, expected",
    [
        ("wave {side} hand", "wave {own} {side} hand"),
        ("touch {side} ear with {other} hand", "touch {own} {side} ear with {own} {other} hand"),
        ("wave both hands", "wave both hands"),
        ("shake head", "shake {own} head"),
        ("shake hands", "shake hands"),
        ("draw a heart", "draw a heart"),
        ("walk backward", "walk backward"),
        ("lean back", "lean back"),
        ("scratch back", "scratch {own} back"),
        ("walk and turn {side}", "walk and *turn {side}"),
        ("get down on hands and knees", "get down on {own} hands and knees"),
    ],
)  # fmt: skip
def test_names_as_wordings(name, expected):
    assert owned(name) == expected


def test_subjects_own_what_is_theirs():
    rng = np.random.default_rng(0)
    for _ in range(300):
        voice = draw_voice(rng)
        if voice.subject in ("he", "the man", "a guy"):
            assert voice.own == "his"
        assert ("child" in voice.subject) is False
    subjects = {draw_voice(rng, child=True).subject for _ in range(300)}
    assert "a child" in subjects
    adjective = draw_voice(rng, adjective="old")
    assert adjective.subject in ("an old person", "an old man", "an old woman")
