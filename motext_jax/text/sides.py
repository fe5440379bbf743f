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

# Words before a side: "the left", "to the right", "turns left", "swings the arm right".
_POINTING = re.compile(
    r"the|his|her|hers|their|its|my|your|our|one'?s|to|towards?|from|on|onto|by|slightly|sharp|hard"
    r"|(?:turn|step|side-?step|walk|move?|go|run|jump|hop|look|lean|shift|slid|swing|swung|bend|bent"
    r"|rotat|spin|lung|kick|punch|head|fac|point|reach|twist|veer|bear|shuffl|sway|tilt|roll|crawl"
    r"|skip|jog|straf|pivot|dodg|duck|swerv|drift|curv|glanc|stretch|throw|march|danc|stumbl|rais)"
    r"(?:n|p|m|g)?(?:e|es|s|ed|d|ing)?|ran|went|gone|threw"
    r"|(?:hand|arm|leg|knee|elbow|shoulder|hip|wrist|ankle|fist|finger|thumb|palm|torso|body|upper)s?"
    r"|foot|feet|head",
    re.IGNORECASE,
)
# Words after one: "has left hand raised" is no departure.
_SIDED_THING = re.compile(
    r"(?:hand|arm|leg|knee|elbow|shoulder|hip|wrist|ankle|fist|finger|thumb|palm|ear|eye|side|cheek"
    r"|toe|heel|thigh|forearm|shin|hook|punch|kick|turn|step|jab|cross|lunge|wing|paw|shoe)s?"
    r"|handed|foot|feet|calf|upper|lower|index|middle|ring|little|big|and|or|of",
    re.IGNORECASE,
)
# "right after", "left behind": no side, unless a word before it points to one.
_JUST_THERE = re.compile(
    r"after|before|behind|beside|besides|next|here|there|then|where|when|as|at|above|below|under"
    r"|underneath|beneath|over|through|into|alone|inside|outside|standing|lying|sitting|hanging"
    r"|without|unattended",
    re.IGNORECASE,
)
# "he left", "who has left" without a sided thing; "the man left the room" before a word of place.
_GONE = re.compile(r"he|she|they|we|I|who|has|have|had|having|he's|she's", re.IGNORECASE)
_LEAVING = re.compile(
    r"(?:person|human|figure|individual|subject|actor|dancer|character|player|boy|girl|guy|kid)s?"
    r"|people|man|men|woman|women|child|children|someone|somebody|everyone|everybody|nobody|and|then",
    re.IGNORECASE,
)
_PLACE = re.compile(r"the|his|her|their|its|this|that|home|early|town|work", re.IGNORECASE)
_BEFORE = re.compile(r"([A-Za-z'’-]+)\s+$")
_AFTER = re.compile(r"\s+([A-Za-z]+)(?:\s+([A-Za-z]+))?(?:\s+([A-Za-z]+))?")
_HYPHENED = re.compile(r"-(?:overs?|angled?s?)\b", re.IGNORECASE)

_WORDS = 60
"""Letters before and after a word that are looked at."""


def swap_left_right(text: str) -> str:
    """The text of the mirrored motion, capitals kept.

    "left" and "right" are exchanged, "clockwise" and "counterclockwise" (or "anti-clockwise") too.
    Where they name no side they stay: "he left the room", "right away", "all right". The words
    around tell, and the same words tell it of both, so that exchanging twice gives the text back.
    """

    def twin(match: re.Match[str]) -> str:
        word = match.group()
        if word.lower() in ("left", "right") and not _is_side(text, match.start(), match.end()):
            return word
        other = _TWIN.get(word.lower(), "clockwise")
        if word.isupper():
            return other.upper()
        return other.capitalize() if word[0].isupper() else other

    return _SIDED.sub(twin, text)


def _is_side(text: str, start: int, end: int) -> bool:
    """True unless the words around "left" or "right" make it another word."""
    rest = text[end : end + _WORDS]
    if _HYPHENED.match(rest):
        return False
    found = _BEFORE.search(text[max(0, start - _WORDS) : start])
    before = found[1] if found else ""
    after = _AFTER.match(rest)
    following, second, third = after.groups(default="") if after else ("", "", "")
    pair = f"{following} {second}".lower()
    if before.lower() in ("all", "that's") or following.lower() in ("angle", "angles", "angled"):
        return False
    if following.lower() == "now" or (following.lower() == "away" and second.lower() != "from"):
        return False
    # "left then right", "the left over the right".
    if pair.startswith(("then ", "over ")) and {second.lower(), third.lower()} & _TWIN.keys():
        return True
    if _POINTING.fullmatch(before):
        return True
    if _JUST_THERE.fullmatch(following) or pair == "in front":
        return False
    if _GONE.fullmatch(before):
        return bool(_SIDED_THING.fullmatch(following)) or rest.startswith(("-", "ward", "WARD"))
    return not (_LEAVING.fullmatch(before) and _PLACE.fullmatch(following))


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
