"""How sure an answer is, in words."""

from types import SimpleNamespace

import pytest

from motext_jax.library.confidence import Confidence
from motext_jax.library.search import Hit
from motext_jax.trained.calibration import Calibration
from motext_jax.trained.model import TrainedModel

CALIBRATION = Calibration(0.8, 0.5, 0.75, 0.5, 5, "val", 5)
HITS = [Hit(0, 0.9), Hit(1, 0.6), Hit(2, 0.1)]


def confidence(query, hits=HITS, calibration=CALIBRATION, words=frozenset({"a", "man", "waves"})):
    # A model as far as it judges: without towers.
    model = object.__new__(TrainedModel)
    tower = SimpleNamespace(config=SimpleNamespace(model=SimpleNamespace(text=None)))
    vars(model).update(calibration=calibration, words=words, manifest=tower)
    return Confidence.of(model, query, hits)


def test_a_known_query_has_a_word_for_each_hit():
    found = confidence("A man waves!")
    assert found.words == ("likely", "perhaps", "unlikely")
    assert found.unread == {}
    assert found.sentences("A man waves!") == []


def test_words_that_were_never_read_are_named_and_nothing_is_likely():
    found = confidence("a Zebra waves, ZEBRA yodels")
    assert found.words == ("perhaps", "perhaps", "unlikely")
    assert found.sentences("q") == ["no text that the model was trained on has: zebra, yodels"]


def test_the_word_that_a_mistyped_one_is_meant_for_is_asked_for():
    tower = Confidence(("perhaps",), {"wvaes": "waves", "yodels": ""}, lost=True)
    assert tower.sentences("wvaes yodels") == [
        "no text that the model was trained on has: wvaes (did you mean waves?), yodels"
    ]
    assert confidence("a man wvaes").unread == {"wvaes": "waves"}


def test_a_query_that_nothing_is_like():
    assert confidence("waves", HITS[2:]).sentences("waves") == [
        "perhaps nothing like it is here: all that is found is unlikely"
    ]
    assert confidence("waves", HITS[1:]).sentences("waves") == []


@pytest.mark.parametrize("words", [None, frozenset({"waves"})])
def test_a_model_without_either_says_nothing(words):
    found = confidence("waves", calibration=None, words=words)
    assert (found.words, found.unread, found.sentences("waves")) == ((), {}, [])


def test_a_query_that_means_nothing_is_said_to_be_lost(monkeypatch):
    monkeypatch.setattr(TrainedModel, "is_lost", lambda model, query: query == "asdf")
    assert confidence("asdf").words == ("unlikely",) * 3
    assert confidence("asdf").sentences("asdf") == [
        "perhaps nothing like it is here: all that is found is unlikely",
        "no text that the model was trained on has: asdf",
        "the model knows none of its words, nor any near them; say it in other words",
    ]
    assert not confidence("waves").lost


def test_a_query_of_grammar_alone_is_told_to_say_what_is_done():
    found = confidence("a person who is")
    assert found.words == ("unlikely",) * 3
    assert found.sentences("a person who is") == [
        "perhaps nothing like it is here: all that is found is unlikely",
        "no word of it tells a motion; say what is done",
    ]


def test_a_number_tells_a_motion():
    found = confidence("does a 360")
    assert found.words == ("likely", "perhaps", "unlikely")
    assert found.sentences("does a 360") == []


def test_grammar_that_was_never_read_is_no_word_of_the_query():
    found = confidence("someone who's waving, so that they do", words=frozenset({"waving"}))
    assert (found.words[0], found.unread) == ("likely", {})


def test_an_answer_to_a_negation_is_never_likely():
    known = frozenset({"waves", "no", "says"})
    for query in ("not waves", "doesnt waves", "nobody waves"):
        assert confidence(query, words=known).words == ("perhaps", "perhaps", "unlikely")
    for query in ("waves, no", "not only waves", "says no by waves", "says 'no', waves"):
        assert confidence(query, words=known).words[0] == "likely"


def test_a_negation_is_said_with_the_way_to_exclude():
    sure, text = Confidence((), {}), "a man walks without turning"
    said = "the model hardly reads 'without'; ask for what is done"
    assert sure.sentences(text) == [said]
    assert sure.sentences(text, "{} - {}".format) == [f"{said}, as a man walks - turning"]
    assert sure.sentences("a man without a hat walks", "{} - {}".format) == [said]


def test_many_unread_words_and_controls_are_short():
    query = " ".join(f"{letter}{letter}\x1b[2J" for letter in "bcdefgh")
    (line,) = confidence(query, HITS[:1]).sentences(query)
    assert line.endswith("has: bb, j, cc, dd, ee, ...")
    assert "\x1b" not in line
