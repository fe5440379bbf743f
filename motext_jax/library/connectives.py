"""Texts of several actions, cut at the words that tell their order."""

import re

from motext_jax.errors import InputError
from motext_jax.shown import quoted

MOST_PARTS = 8
"""The most parts of a sequence."""

_SOON = r"(?:immediately|directly|shortly|right|just|soon|straight|quickly|then)"
_WHILE = r"(?:(?:a|some) (?:(?:short|little|long) )?(?:while|moment|second|minute|pause|time))"

# Between two actions, the earlier one first.
THEN = (
    "then",
    rf"(?:{_SOON} )?(?:after|upon) (?:that|this|which)",
    rf"after {_WHILE}",
    "afterwards?",
    "thereafter",
    "subsequently",
    "finally",
    rf"(?:(?:which|that) )?(?:(?:is|are|was|were|being) )?(?:{_SOON} )?followed (?:{_SOON} )?by",
)

_LIVING = (
    "person|human|figure|man|woman|boy|girl|child|kid|baby|character|actor|dancer|guy|individual|"
    "friend|partner|opponent|crowd|group|camera|dog|cat|horse|animal"
)
_NOUN_IN_ING = (
    "(?:some|any|every|no)thing|thing|king|ring|string|spring|wing|ceiling|building|evening|"
    "morning|railing|opening|clothing|swing|sling"
)
_DOING = rf"(?!(?:{_NOUN_IN_ING})\b)\w+ing\b"

# Words that look like a connective and tell no order. A person who is followed by another is no
# sequence; one of whom something is done then ("followed by a man jumping") is.
NOT_THEN = (
    r"(?:every )?now and then",
    r"(?:back|since|by|until|till|even|just|only|but) then\b(?! \w)",
    r"(?:since|by|until|till|back) then",
    r"and then some\b(?! \w)",
    r"(?:named|called|mrs?\.?|ms\.?|miss|words?|says?|reads?) then",
    r"""["'“‘]then["'”’]""",
    # A name, unless a sentence begins with it.
    r"(?<=\w )(?-i:Then)",
    r"followed by (?:someone|somebody|him|her|them|me|us|others)\b(?! \w+ing\b)",
    rf"followed by (?:an?|the|another|other|his|her|their|some|many) (?:\w+ )?(?:{_LIVING})s?\b"
    r"(?! \w+ing\b)",
)

_CLAUSE = rf"(?:{_DOING}|(?:he|she|they) \w).*"
"""A clause: "before he sits", "before sitting"; not "before the mirror", "runs after a ball"."""

# Before the first comma is the one action, after it the other.
LEADING = (
    rf"(?:{_SOON} )?after (?P<first>[^,]+),(?P<second>.+)",
    rf"(?:{_SOON} )?(?:before|prior to) (?P<second>(?={_CLAUSE})[^,]+),(?P<first>.+)",
)

# Within an action that no word above cuts.
TRAILING = (
    rf"(?P<first>.+?),?(?: {_SOON})? (?:before|prior to) (?P<second>{_CLAUSE})",
    rf"(?P<second>.+?),?(?: {_SOON})? after (?P<first>{_CLAUSE})",
    rf"(?P<second>.+?),?(?: (?:is|was|being))?(?: {_SOON})? preceded by (?P<first>.+)",
)


_FLAGS = re.IGNORECASE
_THEN = re.compile(rf" ?(?:[,;.] ?)?\b(?:and |but )?(?:{'|'.join(THEN)})\b ?,? ?", _FLAGS)
_NOT_THEN = re.compile(rf"(?<!\w)(?:{'|'.join(NOT_THEN)})(?!\w)", _FLAGS)
_LEADING = tuple(re.compile(pattern, _FLAGS) for pattern in LEADING)
_TRAILING = tuple(re.compile(pattern, _FLAGS) for pattern in TRAILING)
_FIRST = re.compile(r"(?:first|at first)\b ?,? ?", _FLAGS)
_SUBJECT = re.compile(
    r"(?:someone|somebody|he|she|they|(?:an?|the|this|one) "
    r"(?:(?:old|young|tall|small|tired|drunk) )?"
    r"(?:person|human|figure|man|woman|boy|girl|child|character|actor|dancer|guy|individual))\b",
    _FLAGS,
)


def sequence(text: str) -> list[str]:
    """The actions of a text in their order; one where it tells no order.

    "a man walks, then sits down" is "a man walks" and "a man sits down": an action without a
    subject has the first one's. "Before sitting down, he walks" is told in the order of time.

    Raises:
      InputError: there are more than `MOST_PARTS`.
    """
    parts = _ordered(" ".join(text.split()))
    if len(parts) < 2:
        return [text.strip()]
    if len(parts) > MOST_PARTS:
        raise InputError(f"{quoted(text)}: {len(parts)} actions; expected at most {MOST_PARTS}")
    parts[0] = _FIRST.sub("", parts[0], count=1) if _FIRST.match(parts[0]) else parts[0]
    subject = next(filter(None, map(_SUBJECT.match, parts)), None)
    return [_with_subject(part, subject[0]) for part in parts] if subject else parts


def _with_subject(action: str, subject: str) -> str:
    if _SUBJECT.match(action):
        return action
    if re.match(_DOING, action, _FLAGS):
        return f"{subject} {'are' if subject.lower() == 'they' else 'is'} {action}"
    return f"{subject} {action}"


def _ordered(text: str) -> list[str]:
    """The actions of a text or of a part of one, without subjects of others."""
    text = text.strip(" ,;.")
    # "After that, he waves" begins with no action.
    begins = _THEN.match(text)
    if not begins:
        for clause in _LEADING:
            if found := clause.fullmatch(text):
                return [*_ordered(found["first"]), *_ordered(found["second"])]
    parts = _cut(text)
    if len(parts) > 1:
        return [action for part in parts for action in _ordered(part)]
    for clause in _TRAILING:
        if found := clause.fullmatch(text):
            return [*_ordered(found["first"]), *_ordered(found["second"])]
    return [text] if text else []


def _cut(text: str) -> list[str]:
    """A text cut at the words of `THEN`; empty parts are left out."""
    kept = [found.span() for found in _NOT_THEN.finditer(text)]
    parts, after = [], 0
    for found in _THEN.finditer(text):
        start, end = found.span()
        if not any(first < end and start < last for first, last in kept):
            parts.append(text[after:start])
            after = end
    parts.append(text[after:])
    return [part for part in (part.strip(" ,;.") for part in parts) if part]
