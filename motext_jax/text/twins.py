"""Twins of texts: the same words for another motion."""

import re

from motext_jax.text.sides import swap_left_right

_OPPOSITES = (
    ("forward", "backward"),
    ("forwards", "backwards"),
    ("up", "down"),
    ("upward", "downward"),
    ("upwards", "downwards"),
    ("upstairs", "downstairs"),
)
_OPPOSITE = {word: other for pair in _OPPOSITES for word, other in (pair, pair[::-1])}
_DIRECTION = re.compile(rf"\b(?:{'|'.join(_OPPOSITE)})\b")
# "up and down", "left to right", "back and forth": the other way round is the same motion.
_TO_AND_FRO = re.compile(
    r"\b(?:left|right|up|down|forwards?|backwards?|back|forth|upwards?|downwards?)"
    r"(?:,| and| or| to| then)+ (?:the |then )?"
    r"(?:left|right|up|down|forwards?|backwards?|back|forth|upwards?|downwards?)\b",
    re.IGNORECASE,
)
# "up" and "down" that belong to a verb: "stands up" is another action than to stand down.
_VERB = re.compile(
    r"\b(?:(?:stand|get|pick|line|warm|wake|sit|lie|lay|kneel|crouch|squat|bend|calm|slow|hunch"
    r"|curl)(?:n|t|p|d|m)?(?:s|es|ing)?|stood|got|sat|lying|lay|laid|bent|knelt|woke)\s+$"
)
_THEN = re.compile(
    r"^(?P<first>.+?)(?P<joint>,? and then |,? then |,? and after that )"
    r"(?P<second>.+?)(?P<end>[.!]?)$"
)
_SUBJECT = re.compile(
    r"^(?:(?:a|an|the|some|this|that|one)(?: \w+)*? (?:person|human|man|woman|guy|boy|girl|child"
    r"|kid|individual|figure|subject|actor|character|dancer|player)|someone|somebody|he|she|they) ",
    re.IGNORECASE,
)
_DETERMINED = re.compile(r"^(?:an?|the|some|this|that|one) ", re.IGNORECASE)


def twin(text: str) -> str | None:
    """A text that differs from a given one as little as possible and names another motion.

    The other side, else the other order ("walks, then sits" and "sits, then walks"), else the other
    direction. None where the text names neither, or both ways at once ("up and down").
    """
    if _TO_AND_FRO.search(text):
        return None
    for other in (swap_left_right(text), _reordered(text), _DIRECTION.sub(_opposite, text)):
        if other != text:
            return other
    return None


def _reordered(text: str) -> str:
    """Two actions in the other order, or the same text; the subject stays in front."""
    subject = _SUBJECT.match(text)
    start = subject.end() if subject else 0
    found = _THEN.match(text[start:])
    # Whose words would be left in the middle: a subject that is not known, or a second one.
    if (
        not found
        or (subject is None and _DETERMINED.match(text))
        or _SUBJECT.match(found["second"])
    ):
        return text
    # Only a subject tells where an upper-case letter belongs.
    if subject is None and text[:1].isupper():
        return text
    return f"{text[:start]}{found['second']}{found['joint']}{found['first']}{found['end']}"


def _opposite(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    return match[0] if _VERB.search(before) else _OPPOSITE[match[0]]
