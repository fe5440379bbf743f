"""Texts of an action and of another one that is not done."""

import pytest

from motext_jax.library.excluding import excluding


@pytest.mark.parametrize(
    ("text", "done", "excluded"),
    [
        ("a man walks without swinging his arms.", "a man walks", "swinging his arms"),
        ("a man walks, without turning!", "a man walks", "turning"),
        ("walks, but never runs", "walks", "runs"),
        ("walks and never runs to the left?", "walks", "runs to the left"),
        ("he walks, but never running", "he walks", "running"),
        ("a man walks, NO running", "a man walks", "running"),
        ("walks, not swinging the man's left-hand", "walks", "swinging the man's left-hand"),
        ("walks, not swinging the man’s hand", "walks", "swinging the man’s hand"),
        ("a man is walking and is not running", "a man is walking", "running"),
        ("a man is walking and isn't running", "a man is walking", "running"),
        ("walks and isnt running;", "walks", "running"),
        ("walks and doesnt wave, ", "walks", "wave"),
        ("a woman runs, and does not look back", "a woman runs", "look back"),
        ("they are walking but don't run", "they are walking", "run"),
        ("says 'no' and does not run", "says 'no'", "run"),
    ],
)
def test_the_action_that_a_text_excludes_last(text, done, excluded):
    assert excluding(text) == (done, excluded)


CLAUSES = (
    "and but or while whilst when whenever where until till unless if because since though "
    "although before after"
)
OPEN = "as by for yet except instead during"
TWICE = "stop cease quit fail avoid forget"
JOINS = (", ", "; ", ". ", ": ", " - ", " – ", " — ", "/", " & ", "! ", "? ")


@pytest.mark.parametrize(
    "text",
    [
        "a man walks",
        "does not walk",
        "walks without a hat",  # no action is excluded
        "a man with no arms waves",
        "a man without moving arms waves",
        "a tall man not wearing a hat walks",
        "a person who does not wave walks away",
        "walks with a dog that is not barking",
        "walks and does not stop walking",
        "doesn't walk without falling",
        "neither walks nor runs",
        "not only walks but also runs",
        "walks without falling by holding a rail",
        "walks without bending a knee while waving",
        "walks without turning, then sits",
        "walks, then sits without falling",
        " then ".join(["walks"] * 9) + " without falling",
        "walks, not quickly",
        "walks, but never quickly",
        "walks with no hat and does not run",
        "runs and does not walk without singing",
        "a woman leads a man and he isn't dancing",
        "walks but does not go far",
        "waves but does not do it with the left hand",
        "walks but does not do so quickly",
        "walks but does not do that",
        "stands without doing anything",
        *(f"walks and does not {verb} waving" for verb in TWICE.split()),
        *(f"walks without singing {word} he dances" for word in CLAUSES.split()),
        *(f"walks without singing {word} dancing" for word in OPEN.split()),
        *(f"jogs but does not sprint{sign}he hops" for sign in JOINS),
        "jogs but does not sprint (he hops)",
    ],
)
def test_where_it_is_uncertain_what_is_excluded_nothing_is(text):
    assert excluding(text) is None


def test_a_hostile_text_is_read_at_once():
    """A pattern that goes back over and over would take hours."""
    for word in ("walks without ", "walks, he ", "not ", "walking and ", ", "):
        excluding(word * (2000 // len(word)))
