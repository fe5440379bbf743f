"""Words that a text tower can place, by their letters and by vectors."""

import dataclasses
import difflib
import types

import numpy as np
import pytest
import tiny

from motext_jax.models.clip_text import ClipTextConfig
from motext_jax.models.word_table import WordTableConfig
from motext_jax.text.carrying import carrying_words
from motext_jax.trained.calibration import Calibration
from motext_jax.trained.lexicon import Lexicon
from motext_jax.trained.model import TrainedModel

TEXTS = "a person walks walk walking dance wheel the bar waves x"
KNOWN = frozenset(TEXTS.split())

# Vectors in a plane, by their angles in degrees; the first is of unknown words.
ANGLES = {"walk": 0, "##s": 0, "dance": 90, "waltz": 40, "piano": 150, "##ing": 5}
ANGLES |= {"qx": 49, "##v": 49}
TOKENS = ["[UNK]", *ANGLES]
TABLE = np.array([(0, 0), *((np.cos(a), np.sin(a)) for a in np.radians([*ANGLES.values()]))])


def encode(texts):
    """Whole words, and others letter by letter; a test's own words of two tokens."""
    pieces = {"walks": ["walk", "##s"], "walking": ["walk", "##ing"], "qxv": ["qx", "##v"]}
    pieces |= {"strolling": ["walk", "##v", "##ing"]}
    return [
        [TOKENS.index(token if token in TOKENS else "[UNK]") for token in pieces.get(text, [text])]
        for text in texts
    ]


def test_grammar_and_actors_carry_no_meaning():
    assert carrying_words("The person is WALKING, then he's walking to a Man") == ("walking",)
    assert carrying_words("someone does something, although he can") == ()
    assert carrying_words("does 2 turns of 180") == ("turns", "2", "180")


@pytest.mark.parametrize(
    ("word", "placed"),
    [
        ("walks", True),
        ("walkng", True),  # 10 of its 11 letters, counted twice, are those of "walking"
        ("wlaks", True),
        ("alking", False),  # the first letter is another
        ("breakdance", True),
        ("wheelie", True),
        ("foobar", False),  # three letters are too few
        ("persona", False),  # it carries no meaning, so nothing is a compound of it
        ("qwerty", False),
        ("xq", False),
    ],
)
def test_words_are_placed_by_their_letters(word, placed):
    assert Lexicon(KNOWN).places(word) == placed


def test_difflib_is_asked_about_few_words_and_misses_none(monkeypatch):
    letters = np.random.default_rng(0).choice(list("abelnotöé"), (3000, 9))
    known = frozenset("".join(row[: 4 + i % 6]) for i, row in enumerate(letters))
    lexicon, asked = Lexicon(known), []
    close = difflib.get_close_matches

    def spy(word, words, *others):
        asked.append(len(words))
        return close(word, words, *others)

    monkeypatch.setattr(difflib, "get_close_matches", spy)
    words = ["".join(row[: 4 + i % 5]) for i, row in enumerate(letters[:60, ::-1])]
    for word in words:
        near = [one for one in known if one[0] == word[0] and abs(len(one) - len(word)) <= 2]
        assert lexicon._is_spelled(word) == bool(close(word, near, 1, 0.8)), word
    # Of 3,000 known words, 333 begin with a letter.
    assert max(asked) < 60


def test_a_word_is_judged_once(monkeypatch):
    lexicon, asked = Lexicon(KNOWN), []
    monkeypatch.setattr(Lexicon, "_means", lambda lexicon, word: bool(asked.append(word)))
    for _ in range(3):
        assert not lexicon.places("qwerty") and lexicon.places("walkng")
    assert asked == ["qwerty"]


def test_the_ends_of_a_long_word_are_no_longer_than_a_known_word():
    parts = []

    class Seen(str):
        def __getitem__(self, part):
            parts.append(str.__getitem__(self, part))
            return parts[-1]

    assert not Lexicon(frozenset({"walking"}))._is_compound(Seen("z" * 1000))
    assert {len(part) for part in parts} == {4, 5, 6, 7}


@pytest.mark.parametrize(
    ("word", "placed"),
    [
        ("waltz", True),  # cosine 0.77 with walk
        ("piano", True),  # 0.5 with dance
        ("strolling", True),  # 18 degrees from walk, in pieces
        ("qxv", False),  # 41 degrees from dance, 49 from walk: in pieces, and 0.75 is all
        ("zxcv", False),  # unknown: no vector
    ],
)
def test_words_are_placed_by_their_vectors(word, placed, monkeypatch):
    monkeypatch.setattr("motext_jax.trained.lexicon.PIECES_NEAR", 0.8)
    known = frozenset({"walk", "walks", "walking", "dance"})
    assert Lexicon(known, TABLE, encode).places(word) == placed
    assert not Lexicon(known).places(word)


def model(tower=None, **fields):
    """A model as far as it judges, with a table of vectors or a tower of its own."""
    found = object.__new__(TrainedModel)
    config = tiny.config()
    if tower is not None:
        config = dataclasses.replace(config, model=dataclasses.replace(config.model, text=tower))
    vars(found).update(
        manifest=types.SimpleNamespace(config=config),
        variables={"params": {"text": {"table": TABLE}}},
        tokenize=types.SimpleNamespace(encode=encode),
        calibration=Calibration(0.8, 0.5, 0.75, 0.5, 5, "val", 5),
        words=KNOWN,
        **fields,
    )
    return found


NONE = "unlikely"


@pytest.mark.parametrize(
    ("query", "word", "lost"),
    [
        ("asdf qwerty zxcv", NONE, True),
        ("a person asdfs the zxcv", NONE, True),
        ("asdf, then he qwertys", NONE, True),
        ("a person walks", "likely", False),
        ("asdf walks", "perhaps", False),
        ("someone waltz", "perhaps", False),
        ("someone does a 360", "likely", False),
        ("asdf 360", "perhaps", False),
        ("someone", NONE, True),
        ("a person who is", NONE, True),
        ("!? \N{WAVING HAND SIGN}", NONE, True),
        ("walks \N{WAVING HAND SIGN}", "likely", False),
    ],
)
def test_a_query_without_a_known_word_is_no_better_than_nothing(query, word, lost):
    judged = model(WordTableConfig())
    assert judged.is_lost(query) == lost
    assert judged.judge(query, [0.99])[0] == (word,)


def test_only_a_tower_whose_words_are_all_known_loses_any():
    assert model().is_lost("someone waltz")
    assert not model(ClipTextConfig()).is_lost("asdf")
    assert model(ClipTextConfig()).is_lost("someone")
    unkept = model()
    vars(unkept)["words"] = None
    assert not unkept.is_lost("asdf")
