"""Texts of several actions, cut at the words that tell their order."""

import contextlib
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.library.connectives import dangling, finished, sequence, tells_order


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        # then
        ("walks, then sits down, then waves", ["walks", "sits down", "waves"]),
        ("a man walks and then sits down", ["a man walks", "a man sits down"]),
        ("The old woman bows. Then she waves", ["The old woman bows", "she waves"]),
        ("he walks; then, he sits", ["he walks", "he sits"]),
        # Words that elsewhere begin a clause, or that another must follow.
        ("kicks it, then walks away", ["kicks it", "walks away"]),
        ("kicks it then walks away", ["kicks it", "walks away"]),
        ("he drops the ball and it then rolls", ["he drops the ball and it then rolls"]),
        ("jumps as high as he can, then rests", ["jumps as high as he can", "rests"]),
        ("dances as never before. Then, bows", ["dances as never before", "bows"]),
        ("picks up a can and then drinks", ["picks up a can", "drinks"]),
        ("waits a while, then leaves", ["waits a while", "leaves"]),
        ("he is, then, sitting", ["he is, then, sitting"]),
        ("he walks! Then he sits?", ["he walks", "he sits"]),
        ("WALKS THEN SITS", ["WALKS", "SITS"]),
        ("first walks, then sits", ["walks", "sits"]),
        ("now and then waves, then sits", ["now and then waves", "sits"]),
        ("walks,  then ...", ["walks"]),
        ("walks then", ["walks"]),
        ("a man jumps and is followed by", ["a man jumps"]),
        ("walks, then sits, and then", ["walks", "sits"]),
        ("He walks! ", ["He walks!"]),
        ("then", ["then"]),
        ("someone, then", ["someone"]),
        ("first walks, then", ["walks"]),
        ("At first he walks and then followed by", ["he walks"]),
        ("waves now and then", ["waves now and then"]),
        # after that, afterwards, finally
        ("walks and after that sits", ["walks", "sits"]),
        ("walks, then, after that, sits", ["walks", "sits"]),
        ("walks, after which he sits", ["he walks", "he sits"]),
        ("someone jumps, after a short while bows", ["someone jumps", "someone bows"]),
        ("walks, afterwards waves and finally bows", ["walks", "waves", "bows"]),
        ("After that, he waves", ["After that, he waves"]),
        # followed by
        ("a jump followed by a roll", ["a jump", "a roll"]),
        ("a jump is followed by a roll", ["a jump", "a roll"]),
        ("a jump, which is immediately followed by a roll", ["a jump", "a roll"]),
        ("walking was then followed by sitting", ["walking", "sitting"]),
        ("a kick followed  directly\tby a punch", ["a kick", "a punch"]),
        ("a man walking followed by a man jumping", ["a man walking", "a man jumping"]),
        # after X, Y; Y after X
        ("after walking, sits down", ["walking", "sits down"]),
        ("After a jump, a roll", ["a jump", "a roll"]),
        ("after he walks, he sits, then waves", ["he walks", "he sits", "he waves"]),
        ("a man sits down after walking", ["a man is walking", "a man sits down"]),
        ("bows right after she jumps", ["she jumps", "she bows"]),
        # before Y, X; X before Y
        ("before sitting down, a man walks", ["a man walks", "a man is sitting down"]),
        ("Before he sits, he walks, then jumps", ["he walks", "he jumps", "he sits"]),
        ("someone walks before sitting", ["someone walks", "someone is sitting"]),
        ("they walk just before they sit", ["they walk", "they sit"]),
        ("a kick preceded by a run-up", ["a run-up", "a kick"]),
        (
            "someone walks before doing jumping jacks",
            ["someone walks", "someone is doing jumping jacks"],
        ),
        (
            "he bows after walking and running in place",
            ["he is walking and running in place", "he bows"],
        ),
        ("walks before eating breakfast", ["walks", "eating breakfast"]),
        ("sits after slowly lifting weights", ["slowly lifting weights", "sits"]),
        ("bows after a second jump", ["a second jump", "bows"]),
        ("sits after two high kicks", ["two high kicks", "sits"]),
        ("land after jump", ["jump", "land"]),
        ("bend your knees before you lift it", ["bend your knees", "you lift it"]),
        # Other words for before and after.
        ("he runs until he falls", ["he runs", "he falls"]),
        ("he runs until he then stops", ["he runs", "he then stops"]),
        ("walks until reaching the wall", ["walks", "reaching the wall"]),
        ("once he stands, he waves", ["he stands", "he waves"]),
        ("he waves as soon as he stands", ["he stands", "he waves"]),
        ("rolls upon landing", ["landing", "rolls"]),
        ("a jump following a run", ["a run", "a jump"]),
        # Adverbs after a comma, a full stop or "and".
        ("walks and eventually sits", ["walks", "sits"]),
        ("he runs, and a moment later falls", ["he runs", "he falls"]),
        ("step forward, next turn", ["step forward", "turn"]),
        ("Walk. Later on, sit", ["Walk", "sit"]),
        ("walks; then, finally, sits", ["walks", "sits"]),
        ("throws the ball and catches it afterwards", ["throws the ball", "catches it"]),
        ("walks forward afterwards sits", ["walks forward", "sits"]),
        ("walk -> turn → sit > wave", ["walk", "turn", "sit", "wave"]),
        # An order after "and" or a full stop.
        ("Later, after landing, he waves", ["he is landing", "he waves"]),
        ("jumps and, after landing, waves", ["jumps", "landing", "waves"]),
        ("he walks. After sitting he waves", ["he walks", "he is sitting", "he waves"]),
        # A connective goes with the "and" before it.
        ("someone sits and, after a while, stands up", ["someone sits", "someone stands up"]),
        ("he walks, but, then, sits", ["he walks", "he sits"]),
        ("he walks and; then sits", ["he walks", "he sits"]),
        ("he sits, and after a few seconds he bows", ["he sits", "he bows"]),
        ("he walks and only then sits", ["he walks", "he sits"]),
        # A connective behind its subject or verb.
        ("A man walks. He then sits", ["A man walks", "He sits"]),
        ("someone bows; the man then sits", ["someone bows", "the man sits"]),
        ("he walks and he is then sitting", ["he walks", "he is sitting"]),
        ("he walks and is finally seated", ["he walks", "he is seated"]),
        ("he then sits, then waves", ["he then sits", "he waves"]),
        # Another subject ends the action that stands first, and the comma behind it ends none.
        ("after lunch he walks, then sits", ["after lunch he walks", "sits"]),
        ("after lunch a man walks, then sits", ["after lunch a man walks", "sits"]),
        ("after a jump he walks, then sits", ["a jump", "he walks", "he sits"]),
        ("after he walks he sits, then waves", ["he walks", "he sits", "he waves"]),
        ("after jumping a man bows, then sits", ["a man is jumping", "a man bows", "a man sits"]),
        ("before sitting he walks, then jumps", ["he walks", "he jumps", "he is sitting"]),
        ("After someone walks he sits", ["someone walks", "he sits"]),
        ("After lifting weights he sits", ["he is lifting weights", "he sits"]),
        ("after the man walked he sits", ["the man walked", "he sits"]),
        ("before the jump he crouches", ["he crouches", "the jump"]),
        ("after lunch he walks", ["after lunch he walks"]),
        # A part that is cut once more loses its connective.
        ("after walking, then sitting, bows", ["walking", "sitting, bows"]),
        ("After someone walks, he sits", ["someone walks", "he sits"]),
        ("Before sitting, he walks. Then he waves", ["he walks", "he is sitting", "he waves"]),
        # "first" of the order, and of a thing.
        ("first, aid comes, then he rests", ["aid comes", "he rests"]),
        ("At first he walks, then runs", ["he walks", "he runs"]),
        ("first slowly walks, then runs", ["slowly walks", "runs"]),
        ("first walking, then running", ["walking", "running"]),
        ("first walk, then run", ["walk", "run"]),
        ("first a jump, then a roll", ["a jump", "a roll"]),
        ("first aid is given, then he rests", ["first aid is given", "he rests"]),
        ("first steps are taken, then he rests", ["first steps are taken", "he rests"]),
        ("first person view, then a jump", ["first person view", "a jump"]),
        # A noun phrase has no subject; nor has an action after those of two.
        ("After a jump, someone bows", ["a jump", "someone bows"]),
        ("someone walks, followed by a jump", ["someone walks", "a jump"]),
        ("he bows, then applause", ["he bows", "applause"]),
        ("he bows, then his arms rise", ["he bows", "his arms rise"]),
        ("he bows, then arms up", ["he bows", "arms up"]),
        ("he bows, then slowly sits", ["he bows", "he slowly sits"]),
        ("they walk, then sit, then a bow", ["they walk", "they sit", "a bow"]),
        ("a man walks, then a woman sits, then bows", ["a man walks", "a woman sits", "bows"]),
        ("he walks, then she sits, then bows", ["he walks", "she sits", "bows"]),
        ("a man walks, then he sits, then bows", ["a man walks", "he sits", "a man bows"]),
    ],
)
def test_order_is_read_from_connectives(text, parts):
    assert sequence(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "someone walks",
        "walks and waves",
        "walks, waves and bows",
        "walks while waving",
        "he strengthens his grip",
        "then walks",
        "waves every now and then",
        "a person named Then bows",
        "someone like Then bows",
        'holds a sign that says "then" and bows',
        "a dance from back then",
        "a man is followed by a dog",
        "a woman walks followed by another tall person",
        "someone is followed by somebody",
        "runs after a ball",
        "looks after the child",
        "reaches out after something",
        "stands before the mirror",
        "Before the mirror, a woman turns",
        "bows before the king",
        "bows before everything",
        "as before, he walks",
        "the day after tomorrow",
        "follows a line",
        "finally",
        # A part would end too early.
        "he waves while someone then sits",
        "someone then sits",
        "he walks, who is then sitting",
        "he walks, a man then sits",
        "someone walks, then he",
        # After a thing, a place or a time.
        "runs after barking dogs",
        "he runs after barking and howling dogs",
        "After barking dogs, he runs",
        "bows before dancing people",
        "After lunch, he walks",
        "after the door, he turns left",
        "After a few seconds, he sits",
        "bows after a jump rope",
        "stands before the steps",
        "step after step",
        "punches one after another",
        "waits before the dance floor",
        "sits upon a step",
        "a few seconds after he jumps, she bows",
        "long before he sits, she bows",
        "the moment before he jumps",
        "After a storm, he walks",
        "an after party dance",
        "a man is preceded by a dog",
        # It is open what comes after what.
        "After sitting, standing and walking, he jumps",
        "He walks. He sits after jumping",
        "he walks, sits after jumping",
        # Adverbs that stand in an action.
        "he looks as if finally free",
        "sits after a while",
        "the old sailor finally sits",
        "sits afterwards",
        "sits next to a friend and next to a wall",
        "comes later and later than others",
        # While, when, how often.
        "waves while walking",
        "spins once or twice",
        "runs as soon as possible",
        "waits until noon",
        # Than.
        "his hand is higher then his head",
        "he walks more then he runs",
    ],
)
def test_other_texts_stay_whole(text):
    assert sequence(text) == [text]


CONNECTIVES = re.findall(
    r"\w+",
    "then and but first at after before upon that this which prior to followed preceded by is are "
    "a short while moment second afterwards thereafter subsequently finally immediately right "
    "just soon being only until once next later eventually following as soon on",
)
OTHERS = re.findall(
    r"\w+",
    "walks sits walk jumping dogs aid lunch he she they someone man the his who runs over "
    "slowly hands ring king it view There 3 naïve",
)
MARKS = st.sampled_from(["", "", "", ",", ".", ";"])


def texts(*words: str) -> st.SearchStrategy[str]:
    marked = st.tuples(st.sampled_from(words), MARKS).map("".join)
    return st.lists(marked, min_size=1, max_size=12).map(" ".join)


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(texts(*OTHERS, *CONNECTIVES, *["then"] * 10, *["after", "before", "and"] * 3))
def test_no_word_is_lost_but_connectives(text):
    try:
        parts = sequence(text)
    except InputError:
        return
    lost = words_of(text) - words_of(" ".join(parts))
    assert set(lost) <= set(CONNECTIVES)
    if len(parts) == 1:
        assert parts == [text.strip()] or dangling(text)
    else:
        assert all(re.search(r"\w", part) for part in parts)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    texts(*OTHERS, "and", "but", "first", "that", "to", "is", "a", "while", "second")
    | st.text(st.characters(exclude_characters=">→"))
)
def test_a_text_without_connectives_is_whole(text):
    assert sequence(text) == [text.strip()]


@pytest.mark.parametrize(
    ("text", "untold"),
    [
        ("before sitting down walks", ["before sitting down walks"]),
        ("after walking sits down", ["after walking sits down"]),
        ("He walks. He sits after jumping", ["He walks. He sits after jumping"]),
        ("he walks, a man then sits", ["he walks, a man then sits"]),
        ("a man catches what is then thrown", ["a man catches what is then thrown"]),
        ("after walking: sits down", ["after walking: sits down"]),
        ("after walking sits down, then waves", ["after walking sits down"]),
        ("after slowly walking sits down", ["after slowly walking sits down"]),
        # Of another subject than the person.
        ("he walks before the dog barks", ["he walks before the dog barks"]),
        ("jumps once the music has stopped", ["jumps once the music has stopped"]),
        ("waits until the old bus comes", ["waits until the old bus comes"]),
        ("catches the ball before it lands", ["catches the ball before it lands"]),
        ("walks before and after jumping", ["walks before and after jumping"]),
        ("stops as he was before sitting", ["stops as he was before sitting"]),
        # What is understood, and what is no order.
        ("after walking, sits down", []),
        ("he walks before sitting down, then waves", []),
        ("he then sits, then waves", []),
        ("After that, he waves", []),
        ("then walks", []),
        ("waves every now and then", []),
        ("rather then walking he runs", []),
        ("runs after a ball", []),
        ("looks after the child and after him", []),
        ("runs after barking dogs", []),
        ("runs after rolling balls", []),
        ("runs after rolling balls, arms raised", []),
        ("runs after a child upstairs", []),
        ("kneels before the stone statues", []),
        ("stands after the red cars", []),
        ("he looks as if finally free", []),
        ("sits after a while", []),
        ("after a while he sits", []),
        ("sits afterwards", []),
        ("stands before the mirror", []),
        ("bows before a man", []),
        ("bows before dancing people", []),
        ("After lunch, he walks", []),
        ("as before, he walks", []),
        ("a man is finally sitting", []),
        ("someone who has then stopped", []),
        ("the ball is then thrown", []),
        ("two men are then dancing", []),
        ("both hands are then raised", []),
        ("he jumps and is then finally sitting", []),
    ],
)
def test_an_order_that_cannot_be_read_is_told(text, untold):
    assert [action for action in sequence(text) if tells_order(action)] == untold


def test_too_many_actions_are_refused():
    assert len(sequence(" then ".join("abcdefgh"))) == 8
    with pytest.raises(InputError, match="9 actions"):
        sequence(" then ".join("abcdefghi"))
    with pytest.raises(InputError, match="9 actions"):
        sequence("after walking, " + " then ".join("abcdefgh"))


def test_a_hostile_text_is_read_at_once():
    """A pattern that goes back over and over would take hours."""
    for word in (
        "after ",
        "before ",
        "then ",
        "followed by ",
        "after a second ",
        "after walking and ",
        ". he then ",
        "after a, ",
        "a before he ",
        "walks, he ",
        "and after walking he ",
        "then a before he ",
        "until he ",
        "after the high ",
        "and next ",
        "-> ",
        ", ",
        " ",
    ):
        text = word * (2000 // len(word))
        with contextlib.suppress(InputError):
            assert sequence(text)
        tells_order(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("walks, Then ...", "Then"),
        ("walks, then sits, and then", "then"),
        ("a jump  followed by", "followed by"),
        ("walks, then sits", ""),
        ("waves now and then", ""),
        ("he walks; he sat back then", ""),
        ("walks afterwards", ""),
    ],
)
def test_a_word_of_order_that_nothing_follows(text, word):
    assert dangling(text) == word


def test_a_text_is_finished_and_keeps_its_order():
    assert finished("First walks, then  sits, and then ...") == "walks, then sits"
    for text in ("first walks, then sits", "then", "waves now and then", "He walks!"):
        assert finished(text) == text
