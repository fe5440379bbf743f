"""Texts from others, made safe to show on a terminal, in a picture or in a sentence."""

import unicodedata

LETTERS = 80
"""The most letters of a text that are shown by default."""

# Marks that turn the direction of the text after them, so that a line can read as another.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """The text on one line, without the characters that a terminal acts on.

    White space becomes spaces. Control characters and marks of direction are dropped. Half a
    surrogate pair, which cannot be sent to a terminal, becomes a replacement character.
    """
    return "".join(map(_printable, text))


def shown(text: str, letters: int = LETTERS) -> str:
    """The printable text in single spaces, cut to `letters` with an ellipsis."""
    # Some letters are dropped, so more than `letters` are read, but not a text of megabytes.
    line = " ".join(printable(text[: 8 * letters]).split())
    cut = len(line) > letters or len(text) > 8 * letters
    return f"{line[: letters - 1].rstrip()}…" if cut else line


def quoted(value: object) -> str:
    """A value for a sentence, cut as `shown` cuts it; a text is in quotation marks."""
    return repr(shown(value)) if isinstance(value, str) else shown(repr(value))


def whole_text(text: str) -> str:
    """The text with a replacement character for each half of a surrogate pair.

    JSON and pickles can hold such halves, which no file or terminal takes.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def spelled(text: str) -> str:
    r"""The text with `\udcff` and the like for half of a surrogate pair; any other as it is."""
    return text.encode(errors="backslashreplace").decode()


def is_unicode(text: str) -> bool:
    """False for a text with lone surrogates: bytes of another encoding on a command line."""
    return text.encode(errors="replace").decode() == text


def _printable(letter: str) -> str:
    if letter.isspace():
        return " "
    kind = unicodedata.category(letter)
    if kind == "Cs":
        return "\ufffd"
    return "" if kind == "Cc" or letter in _DIRECTIONS else letter
