"""Twins of texts: the same words for another motion."""

import re

from motext_jax.text.sides import swap_left_right

_OPPOSITES = (
    ("forward", "backward"),
    ("forwards", "backwards"),
    ("ahead", "back"),
    ("up", "down"),
    ("upward", "downward"),
    ("upwards", "downwards"),
    ("upstairs", "downstairs"),
)
_OPPOSITE = {word: other for pair in _OPPOSITES for word, other in (pair, pair[::-1])}
_DIRECTION = re.compile(rf"\b(?:{'|'.join(_OPPOSITE)})\b")
# "up" and "down" that belong to a verb: "stands up" is another action than to stand down.
_VERB = re.compile(
    r"\b(?:(?:stand|get|pick|line|warm|wake|sit|lie|lay|kneel|crouch|squat|bend|calm|slow|hunch|curl)"
    r"(?:n|t|p|d|m)?(?:s|es|ing)?|stood|got|sat|lying|lay|laid|bent|knelt|woke)\s+$"
)
_THEN = re.compile(
    r"^(?P<first>.+?)(?P<joint>,? and then |,? then |,? and after that )"
    r"(?P<second>.+?)(?P<end>[.!]?)$"
)
_SUBJECT = re.compile(
    r"^(?:(?:a|an|the|some|this|that) \w+|someone|somebody|one|he|she|they|the \w+ person) "
    r"(?=(?:is |are )?\w)"
)


def twin(text: str) -> str | None:
    """A text that differs from a given one as little as possible and names another motion.

    The other side, else the other order ("walks, then sits" and "sits, then walks"), else the other
    direction. None where the text names neither.
    """
    for other in (swap_left_right(text), _reordered(text), _DIRECTION.sub(_opposite, text)):
        if other != text:
            return other
    return None


def _reordered(text: str) -> str:
    """Two actions in the other order; the subject stays in front."""
    subject = _SUBJECT.match(text)
    start = subject.end() if subject else 0
    found = _THEN.match(text[start:])
    if not found:
        return text
    first, second = found["first"], found["second"]
    # A second subject would be left in the middle.
    if _SUBJECT.match(second) and subject is None:
        return text
    return f"{text[:start]}{second}{found['joint']}{first}{found['end']}"


def _opposite(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    return match[0] if _VERB.search(before) else _OPPOSITE[match[0]]
