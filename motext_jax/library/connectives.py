"""Texts of several actions, cut at the words that tell their order."""

import re
from collections.abc import Iterator

from motext_jax.errors import InputError
from motext_jax.shown import quoted
from motext_jax.text.carrying import CLAUSE_WORDS
from motext_jax.text.clauses import (
    ACTION,
    BE,
    DOING,
    ING,
    NOUN_OF_ACTION,
    NUMBER,
    PRONOUN,
    SOMEBODY_ELSE,
    SUBJECT,
    VERB,
    WHO,
)
from motext_jax.text.negation import ENDS
from motext_jax.text.vocabulary import is_third_person

MOST_PARTS = 8
"""The most parts of a sequence."""

_SOON = r"(?:immediately|directly|shortly|right|just|soon|straight|quickly|then)"
_TIME = (
    rf"(?:an?|the|{NUMBER}) (?:(?:short|little|long|brief|more) )?"
    r"(?:while|moment|second|minute|hour|day|pause|break|time)s?"
)

# Between two actions, the earlier one first.
THEN = (
    "(?:only )?then",
    rf"(?:{_SOON} )?(?:after|upon) (?:that|this|which)",
    "afterwards?",
    "thereafter",
    rf"(?:(?:which|that) )?(?:(?:{BE}|being) )?(?:{_SOON} )?followed (?:{_SOON} )?by",
)

# The same after a comma, a full stop or "and"; elsewhere they are a part of one action.
ADVERBS = (
    "subsequently",
    "finally",
    "eventually",
    r"next(?! to\b)",
    rf"(?:{_TIME} )?later(?: on)?(?! than\b)",
    rf"after {_TIME}",
)

# Words that look like a connective and tell no order. A person who is followed by another is no
# sequence; one of whom something is done then ("followed by a man jumping") is.
NOT_THEN = (
    r"(?:every )?now and then",
    r"(?:back|since|by|until|till|even|just|only|but) then\b(?! \w)",
    r"(?:since|by|until|till|back|even) then",
    # Writers mean "than".
    r"(?:rather|other|more|less) then",
    r"(?:higher|lower|faster|slower|longer|shorter|further|farther|closer|bigger|wider) then "
    r"(?:his|her|him|them|their|the|an?|usual|before|normal)",
    r"and then some\b(?! \w)",
    r"(?:named|called|mrs?\.?|ms\.?|miss|words?|says?|reads?) then",
    r"""["'“‘]then["'”’]""",
    # A name, unless a sentence begins with it.
    r"(?<=\w )(?-i:Then)",
    rf"followed by {SOMEBODY_ELSE}",
    # "Step after step", "runs after rolling balls".
    r"(?P<again>\w+) after (?P=again)",
    r"(?:runs?|running|chas(?:es?|ing)|go|goes|going|looks?|looking) after \w+ing \w+s",
)

# Before an action that is done first, and before one that is done second.
_CLAUSE = rf"(?:{DOING}|{SUBJECT})"
EARLIER = (
    rf"(?:after (?={_CLAUSE}|{NOUN_OF_ACTION})|upon (?={DOING})|"
    rf"following (?={NOUN_OF_ACTION})|(?:once|as soon as) (?={SUBJECT}))"
)
LATER = rf"(?:(?:before|prior to) (?={_CLAUSE}|{NOUN_OF_ACTION})|(?:until|till) (?={_CLAUSE}))"

UNFINISHED = (
    f"{CLAUSE_WORDS}|he|she|they|who|which|is|are|was|were|be|been|being|has|have|had|will|"
    "would|can|could|do|does|did|as|so|than|not|never|even|ever|only|just|the|his|their|my|your|"
    "its|to|of|from|with|into|onto|at|for"
)
"""The words that no action ends with: "he runs until he | then stops" stays whole."""

# A comma or the next subject ends the action that stands first; "after sitting, standing and
# walking" is a list.
_ENDING = rf"(?:,(?! ?\w+ing\b[^,]*,)| (?={SUBJECT}))"
# "After walking sits down, then waves": nothing ends it.
_FRONT = rf"(?!(?:\w+ly )?{ING} {VERB} (?!{SUBJECT})\w)(?:{SUBJECT})?[^,;.]+?{_ENDING}"
LEADING = (
    rf"(?:{_SOON} )?{EARLIER}(?P<first>{_FRONT})(?P<second>.+)",
    rf"(?:{_SOON} )?{LATER}(?P<second>{_FRONT})(?P<first>[^;.]+)",
)

# Within an action that no word above cuts. A comma or full stop beside "after" hides what is
# after what.
TRAILING = (
    rf"(?P<first>.+?),?(?: {_SOON})? (?P<how>{LATER})(?P<second>.+)",
    rf"(?P<second>[^,;.]+?),?(?: {_SOON})? (?P<how>{EARLIER})(?P<first>[^,;.]+)",
    rf"(?P<second>[^,;.]+?),?(?: (?:is|was|being))?(?: {_SOON})? (?P<how>preceded by) "
    rf"(?P<first>(?!{SOMEBODY_ELSE})[^,;.]+)",
)

_FLAGS = re.IGNORECASE
_AND = r"(?:[,;.] ?)?\b(?:and|but)\b ?,? ?"
_BREAK = rf"(?:{_AND}|[,;.] ?)"
_ADVERB = rf"(?:{'|'.join(ADVERBS)})\b"
_THEN = re.compile(
    rf" ?(?:{_BREAK}?\b(?:{'|'.join(THEN)})\b|(?:^|{_BREAK}){_ADVERB})"
    rf"(?:[ ,]*\b(?:{'|'.join(THEN)}|{_ADVERB})\b)* ?,? ?"
    # "Walks and, after sitting, waves": an order of its own follows.
    rf"| ?(?:{_AND}|[;.] ?)(?=(?:{_SOON} )?(?:{EARLIER}|{LATER}){_FRONT})",
    _FLAGS,
)
_NOT_THEN = re.compile(rf"(?<!\w)(?:{'|'.join(NOT_THEN)})(?!\w)", _FLAGS)
_DANGLING = re.compile(r"\b(?:then|followed by)$", _FLAGS)
_LEADING = tuple(re.compile(pattern, _FLAGS) for pattern in LEADING)
_TRAILING = tuple(re.compile(pattern, _FLAGS) for pattern in TRAILING)
_FIRST = re.compile(
    rf"(?:at )?first(?: ?, ?| (?=(?:an?|the|his|her|their)\b|{WHO}|{ING}|"
    rf"(?:{VERB}|(?:{ACTION})\b)(?! (?:of|in|{BE})\b)))",
    _FLAGS,
)
_SUBJECT = re.compile(WHO, _FLAGS)
# "He walks. She then sits", "walks and sits afterwards": the connective stands within or behind
# its action.
_AFTER_BREAK = r"(?:(?<=[,;.] )|(?<=\band )|(?<=\bbut ))"
_LATE_WORD = rf"(?:then|afterwards?|thereafter|{_ADVERB})"
_LATE_THEN = re.compile(
    rf"(?:(?:(?<=[;.] ){WHO}(?: {BE})?|{_AFTER_BREAK}(?:{PRONOUN}(?: {BE})?|{BE}))"
    rf"(?= {_LATE_WORD} \w)(?! \w+ followed\b)|"
    rf"{_AFTER_BREAK}(?:{SUBJECT}|(?={VERB}|{DOING}))[^,;.]*?(?= (?!then){_LATE_WORD}$))"
    rf" (?P<then>{_LATE_WORD})",
    _FLAGS,
)
_ARROW = re.compile(r" ?(?:[-=]+>|→) ?| > ")
# "It" may be an object ("kicks it"), and after an article any word is a noun ("a can", "a while").
_UNFINISHED = re.compile(
    rf"(?:^|\W)(?<!\ba )(?<!\bthe )(?:{UNFINISHED})$|"
    r"(?:^|[,;.] ?|\b(?:and|but|while|when|as|until|till|if|because|that|which|what|where) )"
    rf"(?:{WHO}|it)$",
    _FLAGS,
)
_LAST_WORDS = 60
"""Letters of a part in which the words that it ends with stand."""

# A comma or a full stop ends a clause, whatever its last word ("as high as he can, then rests").
# The first of two commas does not ("he is, then, gone").
_ENDED = re.compile(r" ?(?:[;.].*|,.*\w ?)", _FLAGS)
# "He is | finally sitting", "the ball will | then be thrown": a subject waits for its verb.
_OPEN_WORD = rf"(?:{UNFINISHED}|it)\b"
_WAITING = (
    rf"(?:{WHO},? |(?:(?:the|his|her|their) )?(?:(?!{_OPEN_WORD}|what\b)\w+ ){{1,3}}"
    r"(?<!\ba )(?=(?:is|are|was|were|has|have|had|will|can)\b))"
)
_NO_ACTION = re.compile(
    rf"{WHO}|{_TIME}|long|shortly|{_WAITING}?{_OPEN_WORD}(?: {_OPEN_WORD})*", _FLAGS
)
_LAST_AND = re.compile(r"(?:^|[ ,;.]+)(?:and|but)$", _FLAGS)
# "Before the dog barks" may tell an order, of which one part is no action of the person.
_TELLING = re.compile(
    rf"\b(?:{EARLIER}|{LATER}|(?:after|before|prior to|until|till|once|as soon as) "
    rf"(?:(?!{_TIME})(?:an?|the|this|his|her|their) (?:\w+ )?\w+|it) "
    rf"(?:{BE}|has|have|(?P<verb>\w+s))\b)",
    _FLAGS,
)


def sequence(text: str) -> list[str]:
    """The actions of a text in their order; one where it tells none, or none for certain.

    "a man walks, then sits down" is "a man walks" and "a man sits down": an action without a
    subject has that of the others, if they have one and the same. "Before sitting down, he walks"
    is told in the order of time. "Walks, then" is "walks".

    Raises:
      InputError: there are more than `MOST_PARTS`.
    """
    whole = finished(text)
    said = _ARROW.sub(", then ", " ".join(whole.strip(ENDS).split()))
    parts = _ordered(_LATE_THEN.sub(_then_first, said))
    if len(parts) < 2 or any(map(_NO_ACTION.fullmatch, parts)):
        return [whole]
    if len(parts) > MOST_PARTS:
        raise InputError(f"{quoted(text)}: {len(parts)} actions; expected at most {MOST_PARTS}")
    parts[0] = _without_first(parts[0])
    subjects = [found[0] for found in map(_SUBJECT.match, parts) if found]
    pronouns = {name.lower() for name in subjects} & {"he", "she", "they"}
    names = {name.lower() for name in subjects} - pronouns
    if not subjects or max(len(names), len(pronouns)) > 1:
        return parts
    return [_with_subject(part, subjects[0]) for part in parts]


def dangling(text: str) -> str:
    """The words of order that a text ends with, though an action must follow them; or nothing."""
    text = " ".join(text.split()).strip(ENDS)
    found = _DANGLING.search(text)
    meant = (other.end() < len(text) for other in _NOT_THEN.finditer(text))
    return found[0] if found and all(meant) else ""


def finished(text: str) -> str:
    """A text without the words of order that it ends with, nor the "first" that goes with them.

    "First walks, and then" is "walks". A text of nothing else stays as it is.
    """
    rest = text.strip()
    while dangling(rest):
        rest = " ".join(rest.split()).strip(ENDS)
        *_, last = _THEN.finditer(rest)
        rest = _without_first(rest[: last.start()].strip(ENDS))
    return rest or text.strip()


def is_ordered(text: str) -> bool:
    """True for a text of several actions in their order, also of too many."""
    try:
        return len(sequence(text)) > 1
    except InputError:
        return True


def tells_order(action: str) -> bool:
    """True for one of the actions of `sequence` that still tells an order, which nobody can read.

    "before sitting down walks" does: no comma says where the one action ends.
    """
    kept = _kept(action)
    clauses = (found for found in _TELLING.finditer(action) if _free(found.span(), kept))
    if any(not found["verb"] or is_third_person(found["verb"]) for found in clauses):
        return True
    return any(
        before and after and not _NO_ACTION.fullmatch(before)
        for found in _connectives(action)
        for before in [action[: found.start()].strip(ENDS)]
        for after in [action[found.end() :].strip(ENDS)]
    )


def _without_first(action: str) -> str:
    return _FIRST.sub("", action, count=1) if _FIRST.match(action) else action


def _then_first(found: re.Match[str]) -> str:
    action = found[0].removesuffix(f" {found['then']}")
    return f"{found['then']} {action}"


def _with_subject(action: str, subject: str) -> str:
    """An action with a subject, where it begins with a verb; a noun phrase has none."""
    if _SUBJECT.match(action):
        return action
    many = subject.lower() == "they"
    if re.match(rf"{DOING}(?! {BE}\b)", action, _FLAGS):
        return f"{subject} {'are' if many else 'is'} {action}"
    verb = r"(?!(?:an?|the|his|her|their|its|it|one|two|three|\w+s)\b)\w" if many else VERB
    return f"{subject} {action}" if re.match(verb, action, _FLAGS) else action


def _ordered(text: str) -> list[str]:
    """The actions of a text or of a part of one, without subjects of others."""
    text = text.strip(ENDS)
    for clause in _LEADING:
        if found := clause.fullmatch(text):
            return [*_ordered(found["first"]), *_ordered(found["second"])]
    parts = _cut(text)
    if parts != [text]:
        return [action for part in parts for action in _ordered(part)]
    for clause in _TRAILING:
        found = clause.fullmatch(text)
        if found and _free(found.span("how"), _kept(text)) and not _is_unfinished(found[1]):
            return [*_ordered(found["first"]), *_ordered(found["second"])]
    return [text]


def _cut(text: str) -> list[str]:
    """A text cut at the words of `THEN`; empty parts are left out."""
    parts, after = [], 0
    for found in _connectives(text):
        start, end = found.span()
        part = _LAST_AND.sub("", text[after:start].strip(ENDS)).strip(ENDS)
        if _is_unfinished(part) and not _ENDED.fullmatch(found[0]):
            continue
        parts.append(part)
        after = end
    parts.append(text[after:].strip(ENDS))
    return [part for part in parts if part]


def _is_unfinished(part: str) -> bool:
    # From the last words on alone: a long text is asked at each connective.
    return bool(_UNFINISHED.search(part, max(0, len(part) - _LAST_WORDS)))


def _connectives(text: str) -> Iterator[re.Match[str]]:
    """The words of `THEN` in a text that none of `NOT_THEN` has."""
    kept = _kept(text)
    return (found for found in _THEN.finditer(text) if _free(found.span(), kept))


def _kept(text: str) -> list[tuple[int, int]]:
    """The spans of a text that look like a connective and are none."""
    return [found.span() for found in _NOT_THEN.finditer(text)]


def _free(span: tuple[int, int], kept: list[tuple[int, int]]) -> bool:
    """True for a span that overlaps none of the kept ones."""
    return not any(first < span[1] and span[0] < last for first, last in kept)
