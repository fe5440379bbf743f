"""Labels as sentences, against ones written by hand."""

import pytest

from motext_jax.text.sentence import sentence, third_person


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("walk", "a person walks"),
        ("walk turn left", "a person walks and turns left"),
        ("sit and stand", "a person sits and stands"),
        ("walk, then run", "a person walks, then runs"),
        ("wave_right_hand", "a person waves the right hand"),
        ("Raise up both hands.", "a person raises up both hands"),
        ("touch the left shoulder", "a person touches the left shoulder"),
        ("lift one leg", "a person lifts one leg"),
        ("shake head", "a person shakes the head"),
        ("walk back", "a person walks back"),
        ("throw punch", "a person throws punch"),
        ("left kick", "a person does a left kick"),
        ("the splits", "a person does the splits"),
        ("jumping jacks", "a person does jumping jacks"),
        ("head movements", "a person does head movements"),
        ("do exercise", "a person does exercise"),
        ("arms up", "a person has the arms up"),
        ("walking backwards", "a person is walking backwards"),
        ("swing left arm", "a person swings the left arm"),
        ("carry a box", "a person carries a box"),
        ("a man walks", "a man walks"),
        ("Someone bows", "someone bows"),
        ("personal space", "a person personals space"),
        ("", ""),
    ],
)
def test_a_label_becomes_a_sentence(label, expected):
    assert sentence(label) == expected


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("push", "pushes"),
        ("go", "goes"),
        ("have", "has"),
        ("play", "plays"),
        ("carry", "carries"),
        ("pass", "passes"),
        ("catch", "catches"),
        ("box", "boxes"),
        ("be", "is"),
    ],
)
def test_third_persons(verb, expected):
    assert third_person(verb) == expected
