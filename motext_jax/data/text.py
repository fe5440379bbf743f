"""Words of side and of turning in a text."""

import re

_TWIN = {"left": "right", "right": "left", "clockwise": "counterclockwise"}
_SIDED = re.compile(
    r"\b(?:(?:counter|anti)-?clockwise|clockwise|(?:left|right)(?=(?:wards?)?\b))", re.IGNORECASE
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
