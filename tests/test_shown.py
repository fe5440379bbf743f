"""Texts of others, as they are shown."""

import pickle

import pytest

from motext_jax.errors import InputError
from motext_jax.shown import printable, quoted, shown, whole_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("someone wäves 你好 👋", "someone wäves 你好 👋"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("\x9b2J\x00\x7f", "2J"),
        ("one\ntwo\tthree\u2028four", "one two three four"),
        ("abc\u202etxt.exe\u202c", "abctxt.exe"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_what_a_terminal_acts_on_is_left_out(text, expected):
    assert printable(text) == expected
    assert shown(text) == expected
    assert InputError(text).args == (expected,)


@pytest.mark.parametrize("text", ["x" * 130_000, "word " * 30_000, " " * 90_000 + "x"])
def test_a_long_text_is_cut(text):
    found = shown(text)
    assert found.endswith("…")
    assert len(found) <= 80


def test_a_text_that_fits_is_whole():
    assert shown("x" * 80) == "x" * 80
    assert shown("  two   words ", 9) == "two words"
    assert shown("two words!", 9) == "two word…"


def test_a_sentence_quotes_texts_and_other_values():
    assert quoted("it's") == '"it\'s"'
    assert quoted("\x1b[2J" + "x" * 500) == f"'[2J{'x' * 76}…'"
    assert quoted([1, None]) == "[1, None]"
    assert quoted(list(range(1000))).endswith(", 20, 21,…")


def test_an_error_survives_its_way_from_another_process():
    assert str(pickle.loads(pickle.dumps(InputError("no file")))) == "no file"


def test_halves_of_surrogate_pairs_are_replaced():
    assert whole_text("turn \ud800!") == "turn \ufffd!"
    assert whole_text("\udc00") == "\ufffd"
    assert whole_text("\ud83d\ude00 and 😀 é") == "😀 and 😀 é"
