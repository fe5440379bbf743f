"""Descriptions that say what is not done."""

import pytest

from motext_jax.text.negation import negated


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("not walking", "not"),
        ("someone who does not wave", "not"),
        ("Someone who Doesn't wave", "Doesn't"),
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
        ('"not walking".', "not"),
        ("a man does “not” wave", "not"),
        ('a man in a 6" hat doesn\'t walk 3" further', "doesn't"),
        ("shakes no hands", "no"),
        ("signals no turn", "no"),
        ("a man means no harm", "no"),
        ("noone walks", "noone"),
        ("cannot wave", "cannot"),
        ("walks, but not by dancing", "not"),
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
        "says no to dancing",
        "signals no twice",
        "waves no with the hand",
        "signals 'no' with the hand",
        'says "no"',
        "says “I do not walk” and waves",
        "shouts 'don't run'",
        'says "I do not walk" and waves',
        "shouts ‘I don’t run’",
        "not only walks but also runs",
        "not merely walks",
        "not simply walks",
        "doesn't just walk but runs",
        "is there anyone or not",
        "does nothing",
        "knots a notable nose",
        "the front of a tent",
    ],
)
def test_other_texts_negate_nothing(text):
    assert negated(text) is None


CLAUSE_ENDS = (
    ", ; . then and but or while whilst when whenever where until till unless if because since "
    "though although before after"
)
CONTRACTED = (
    "don't don’t dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt cant wont couldnt "
    "wouldnt shouldnt aint mustnt neednt"
)


@pytest.mark.parametrize("end", CLAUSE_ENDS.split())
def test_a_negation_ends_with_its_clause(end):
    assert negated(f"does nothing {end} he waves") is None


@pytest.mark.parametrize("word", CONTRACTED.split())
def test_a_contracted_negation_is_one(word):
    assert negated(f"someone {word} wave") == word


@pytest.mark.parametrize("part", ["not ", "no ", "'a ", '"a', "“a", "x'", "n", '" '])
def test_a_hostile_text_is_read_at_once(part):
    """A pattern that goes back over and over would take minutes."""
    negated(part * (200_000 // len(part)))
