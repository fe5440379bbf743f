"""English words and their forms are told from others."""

import pytest

from motext_jax.text.vocabulary import is_english, is_third_person


@pytest.mark.parametrize(
    "word",
    [
        *("walk", "kick", "hiking", "the", "czech", "bow"),
        # Forms that no vocabulary has: of strut, yank, wade and faint.
        *("struts", "strutted", "yanking", "wading", "fainted"),
        # Of swagger, parry, dash and relax.
        *("swaggering", "parries", "parried", "dashes", "relaxes"),
        # Verbs that no vocabulary has in any form, or in few.
        *("stoop", "stoops", "swerves", "loping", "cowers", "somersaulted"),
    ],
)
def test_words_and_their_forms(word):
    assert is_english(word)


@pytest.mark.parametrize(
    "word",
    # "kik" and "teh" are of CLIP's vocabulary, which has abbreviations and slips of the Web.
    ["kik", "teh", "wavs", "wawes", "jumsp", "jumpd", "claping", "rasies", "colses", ""],
)
def test_others(word):
    assert not is_english(word)


def test_the_third_person_of_verbs_is_told_from_plurals():
    for verb in ("barks", "stops", "rings", "comes", "waves", "cries"):
        assert is_third_person(verb), verb
    for noun in ("statues", "cars", "dogs", "mirrors", "upstairs", "bus", "bark"):
        assert not is_third_person(noun), noun
