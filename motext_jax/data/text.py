"""Words of side in a text."""

import re

_TWIN = {"left": "right", "right": "left"}
_SIDED = re.compile(r"\b(left|right)(?=(?:wards?)?\b)", re.IGNORECASE)


def swap_left_right(text: str) -> str:
    """The text of the mirrored motion: the words "left" and "right" exchanged, capitals kept."""

    def twin(match: re.Match[str]) -> str:
        word = match.group()
        other = _TWIN[word.lower()]
        if word.isupper():
            return other.upper()
        return other.capitalize() if word[0].isupper() else other

    return _SIDED.sub(twin, text)
