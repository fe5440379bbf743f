"""Words of side and of turning in a text."""

import re
from collections.abc import Sequence

_TWIN = {"left": "right", "right": "left", "clockwise": "counterclockwise"}
_COUNTERCLOCKWISE = re.compile(r"(?:counter|anti)[- ]?clockwise", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# A word begins after what is no letter, or with a capital after a small letter: turn_left, goLeft.
_SIDED = re.compile(
    r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
    rf"(?:(?i:{_COUNTERCLOCKWISE.pattern}|clockwise)(?![A-Za-z])"
    r"|(?:LEFT|RIGHT)(?=(?:WARDS?)?(?![A-Za-z]))"
    r"|(?:[Ll]eft|[Rr]ight)(?=(?:wards?)?(?![a-z])))"
)


def swap_left_right(text: str) -> str:
    """The text of the mirrored motion, capitals kept.

    "left" and "right" are exchanged, "clockwise" and "counterclockwise" (or "anti-clockwise") too.
    """

    def twin(match: re.Match[str]) -> str:
        word = match.group()
        other = _TWIN.get(word.lower(), "clockwise")
        if word.isupper():
            return other.upper()
        return other.capitalize() if word[0].isupper() else other

    return _SIDED.sub(twin, text)


def twin_indices(names: Sequence[str]) -> list[int | None]:
    """For each name the index of its left/right twin, its own if it has no side; None without.

    Names that differ only in how they spell "counterclockwise" are one.
    """
    number = {_COUNTERCLOCKWISE.sub("counterclockwise", name): k for k, name in enumerate(names)}
    return [number.get(swap_left_right(name)) for name in names]


def words(text: str) -> list[str]:
    """The words of a text in small letters, without what stands between them.

    However it is spelt, "counterclockwise" is one word.
    """
    return _WORD.findall(_COUNTERCLOCKWISE.sub("counterclockwise", text).lower())
