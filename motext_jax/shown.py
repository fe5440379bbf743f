"""Texts of others, made fit to be shown on a terminal, in a picture or in a sentence."""

import unicodedata

LETTERS = 80
"""The most that is shown of a text where nobody asks for it."""

# They turn the direction of what follows, so that a line reads as what it is not.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """The text on one line, without the characters that a terminal acts on.

    White space becomes spaces, control characters go, and half a surrogate pair, which no terminal
    can be sent, becomes a replacement character.
    """
    return "".join(map(_printable, text))


def shown(text: str, letters: int = LETTERS) -> str:
    """The text as `printable` has it, in single spaces, cut after `letters` with an ellipsis."""
    # Spaces and control characters go below; nobody waits for a text of megabytes.
    line = " ".join(printable(text[: 8 * letters]).split())
    cut = len(line) > letters or len(text) > 8 * letters
    return f"{line[: letters - 1].rstrip()}…" if cut else line


def quoted(value: object) -> str:
    """A value as a sentence quotes it: a text between quotation marks, and both no longer than
    `shown` has them.
    """
    return repr(shown(value)) if isinstance(value, str) else shown(repr(value))


def _printable(letter: str) -> str:
    if letter.isspace():
        return " "
    kind = unicodedata.category(letter)
    if kind == "Cs":
        return "\ufffd"
    return "" if kind == "Cc" or letter in _DIRECTIONS else letter
