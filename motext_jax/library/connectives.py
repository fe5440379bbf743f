"""Texts of several actions, cut at the words that tell their order, or that one is not done."""

import re
from collections.abc import Iterator

from motext_jax.errors import InputError
from motext_jax.shown import quoted
from motext_jax.text.carrying import CLAUSE_WORDS
from motext_jax.text.negation import ENDS, negated

MOST_PARTS = 8
"""The most parts of a sequence."""

_SOON = r"(?:immediately|directly|shortly|right|just|soon|straight|quickly|then)"
_NUMBER = r"(?:one|two|three|four|five|six|ten|several|some|another|\d+)"
_WHILE = (
    rf"(?:an?|{_NUMBER}|a few|a couple of) (?:(?:short|little|long|brief|more) )?"
    r"(?:while|moment|second|minute|hour|day|pause|break|time)s?"
)

_PRONOUN = "(?:he|she|they)"
_WHO = (
    rf"(?:someone|somebody|{_PRONOUN}|(?:an?|the|this|one) "
    r"(?:(?:old|young|tall|small|tired|drunk) )?"
    r"(?:person|human|figure|man|woman|boy|girl|child|character|actor|dancer|guy|individual))\b"
)
_LIVING = (
    "person|human|figure|man|woman|boy|girl|child|kid|baby|character|actor|dancer|guy|individual|"
    "friend|partner|opponent|crowd|group|camera|dog|cat|horse|animal"
)
_SOMEBODY_ELSE = (
    r"(?:(?:someone|somebody|him|her|them|me|us|others)\b|"
    rf"(?:an?|the|another|other|his|her|their|some|many) (?:\w+ )?(?:{_LIVING})s?\b)(?! \w+ing\b)"
)

_NOUN_IN_ING = (
    "(?:some|any|every|no)thing|thing|king|ring|string|spring|wing|ceiling|building|evening|"
    "morning|railing|opening|clothing|swing|sling"
)
_ING = rf"(?!(?:{_NOUN_IN_ING})\b)\w+ing\b"
# "after barking dogs" is no clause: a noun may follow only a word that describes none.
_DOING = (
    rf"(?:(?:doing|performing|executing|having|taking|making|using|being|starting|beginning|"
    rf"stopping|trying|finishing|continuing)\b|{_ING}(?: (?:and|or) {_ING})*"
    r"(?= ?(?:$|[,;.])| (?:an?|the|this|that|his|her|their|its|him|them|it|some|any|one|two|three|"
    r"\d+|some\w+|any\w+|up|down|in|out|on|off|over|under|around|about|along|away|back|by|at|to|"
    r"from|of|into|onto|through|across|past|against|like|with|for|near|between|behind|left|right|"
    r"still|straight|upright|again|once|twice|(?:and|or)(?! \w+ing\b)|but|while|as|then|"
    r"before|after|very|too|\w+(?:ly|wards?|ways|wise))\b))"
)
_NOT_VERB = (
    r"his|hers|this|its|us|as|plus|always|perhaps|sometimes|across|hands|arms|legs|knees|elbows|"
    rf"shoulders|(?:up|down)stairs|(?:in|out)doors|(?:{_LIVING})s|\w+(?:ss|us|wards|ways)"
)
_VERB = rf"(?:(?:\w+ly|again|also|soon|now) )?(?!(?:{_NOT_VERB})\b)\w+s\b"
_BE = "(?:is|are|was|were)"

# Between two actions, the earlier one first.
THEN = (
    "(?:only )?then",
    rf"(?:{_SOON} )?(?:after|upon) (?:that|this|which)",
    rf"after {_WHILE}(?= ?(?:$|[,;.])| (?:{_WHO}|{_VERB}|{_DOING}))",
    "afterwards?",
    "thereafter",
    "subsequently",
    "finally",
    rf"(?:(?:which|that) )?(?:(?:{_BE}|being) )?(?:{_SOON} )?followed (?:{_SOON} )?by",
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
    rf"followed by {_SOMEBODY_ELSE}",
)

UNFINISHED = (
    f"{CLAUSE_WORDS}|he|she|they|who|which|is|are|was|were|be|been|being|has|have|had|will|"
    "would|can|could|do|does|did|as|so|than|not|never|even|ever|only|just|the|his|their|my|your|"
    "its|to|of|from|with|into|onto|at|for"
)
"""The words that no action ends with: "he runs until he | then stops" stays whole."""

_CLAUSE = rf"(?:{_DOING}|{_PRONOUN} \w)"
"""The begin of a clause: "before he sits", "before sitting"; not "before the mirror"."""

_EVENT = rf"(?:{_CLAUSE}|{_WHO} {_VERB}|(?:an?|{_NUMBER}) )"
"""The begin of an action: also "after a jump"; not "after lunch", "after the door"."""

# "After lunch he walks, then sits": the comma ends no action if another subject stands before it.
_ALONE = rf"(?![^,]+ (?:{_PRONOUN}\b|{_WHO} {_VERB}))"
# "After sitting, standing and walking, he bows": a list.
_NO_LIST = r"(?! ?\w+ing\b[^,]*,)"

# Before the first comma is the one action, after it the other.
LEADING = (
    rf"(?:{_SOON} )?after (?P<first>(?={_EVENT}){_ALONE}[^,;.]+),{_NO_LIST}(?P<second>.+)",
    rf"(?:{_SOON} )?(?:before|prior to) (?P<second>(?={_CLAUSE}){_ALONE}[^,;.]+),{_NO_LIST}"
    r"(?P<first>[^;.]+)",
)

# Within an action that no word above cuts. A comma or full stop beside "after" hides what is
# after what.
TRAILING = (
    rf"(?P<first>.+?),?(?: {_SOON})? (?:before|prior to) (?P<second>{_CLAUSE}.*)",
    rf"(?P<second>[^,;.]+?),?(?: {_SOON})? after (?P<first>(?={_CLAUSE})[^,;.]+)",
    rf"(?P<second>[^,;.]+?),?(?: (?:is|was|being))?(?: {_SOON})? preceded by "
    rf"(?P<first>(?!{_SOMEBODY_ELSE})[^,;.]+)",
)

# Words that go on with something else, that point back to what is done, and that negate it twice.
_OPEN = (
    "as|by|for|yet|except|instead|during|it|so|that|anything|go|"
    r"(?:stop|ceas|quit|fail|avoid|forget)\w*"
)

# An action, and up to the end of the text another one that is not done: the forms that are certain
# without a parser. In "a man without a hat waves" more is done than stands before "without", in "a
# woman leads a man and he isn't dancing" it is open who is not.
EXCLUDING = (
    rf"(?P<done>(?:{_WHO} (?:{_BE} )?)?(?:{_VERB}|{_ING}).*?)"
    rf"(?:,? without (?={_ING})|(?:,|,? (?:and|but)) "
    rf"(?:(?:no|(?:{_BE} )?not|{_BE}n['’]?t) (?={_ING})|never (?={_VERB}|{_ING})|"
    r"(?:does|do)(?: not|n['’]?t) ))"
    rf"(?!.*\b(?:{CLAUSE_WORDS}|{_OPEN})\b)"
    r"(?P<excluded>\w+(?:[ '’-]\w+)*)"
)


_FLAGS = re.IGNORECASE
_THEN = re.compile(
    rf" ?(?:[,;.] ?)?\b(?:(?:and|but)(?: |, ?))?(?:{'|'.join(THEN)})\b ?,? ?", _FLAGS
)
_NOT_THEN = re.compile(rf"(?<!\w)(?:{'|'.join(NOT_THEN)})(?!\w)", _FLAGS)
_DANGLING = re.compile(r"\b(?:then|followed by)$", _FLAGS)
_LEADING = tuple(re.compile(pattern, _FLAGS) for pattern in LEADING)
_TRAILING = tuple(re.compile(pattern, _FLAGS) for pattern in TRAILING)
_FIRST = re.compile(
    rf"(?:at )?first(?: ?, ?| (?=(?:an?|the|his|her|their)\b|{_WHO}|{_ING}|"
    rf"{_VERB}(?! (?:of|in|{_BE})\b)))",
    _FLAGS,
)
_SUBJECT = re.compile(_WHO, _FLAGS)
# "He walks. She then sits": the connective stands behind the subject of its action.
_LATE_THEN = re.compile(
    rf"(?:(?<=[;.] ){_WHO}(?: {_BE})?|"
    rf"(?:(?<=[,;.] )|(?<=\band )|(?<=\bbut ))(?:{_PRONOUN}(?: {_BE})?|{_BE}))"
    r" (?P<then>then|afterwards?|thereafter|subsequently|finally)(?= \w)(?! followed\b)",
    _FLAGS,
)
# "It" may be an object ("kicks it"), and after an article any word is a noun ("a can", "a while").
_UNFINISHED = re.compile(
    rf"(?:^|\W)(?<!\ba )(?<!\bthe )(?:{UNFINISHED})$|"
    r"(?:^|[,;.] ?|\b(?:and|but|while|when|as|until|till|if|because|that|which|what|where) )"
    rf"(?:{_WHO}|it)$",
    _FLAGS,
)
# A comma or a full stop ends a clause, whatever its last word ("as high as he can, then rests").
# The first of two commas does not ("he is, then, gone").
_ENDED = re.compile(r" ?(?:[;.].*|,.*\w ?)", _FLAGS)
# "He is | finally sitting", "the ball will | then be thrown": a subject waits for its verb.
_OPEN_WORD = rf"(?:{UNFINISHED}|it)\b"
_WAITING = (
    rf"(?:{_WHO},? |(?:(?:the|his|her|their) )?(?:(?!{_OPEN_WORD}|what\b)\w+ ){{1,3}}"
    r"(?<!\ba )(?=(?:is|are|was|were|has|have|had|will|can)\b))"
)
_NO_ACTION = re.compile(
    rf"{_WHO}|{_WHILE}|long|shortly|{_WAITING}?{_OPEN_WORD}(?: {_OPEN_WORD})*", _FLAGS
)
_AND = re.compile(r"(?:^|[ ,;.]+)(?:and|but)$", _FLAGS)
# "Runs after rolling balls" tells no order, and "after rolling runs" and "after rolling balls, he
# runs" do.
_HIDDEN = re.compile(
    rf"\b(?:after|before|prior to) (?:{_CLAUSE}|{_WHO} {_VERB}|{_ING} (?:{_PRONOUN}\b|{_WHO}))|"
    rf"(?:^|[,;.] ?)(?:{_WHO} )?(?:{_SOON} )?(?:after|before|prior to) (?:\w+ly )?{_ING}"
    rf"(?:\W+{_VERB}|[^,]*, ?\w)",
    _FLAGS,
)
_EXCLUDING = re.compile(EXCLUDING, _FLAGS)


def sequence(text: str) -> list[str]:
    """The actions of a text in their order; one where it tells none, or none for certain.

    "a man walks, then sits down" is "a man walks" and "a man sits down": an action without a
    subject has that of the others, if they have one and the same. "Before sitting down, he walks"
    is told in the order of time. "Walks, then" is "walks".

    Raises:
      InputError: there are more than `MOST_PARTS`.
    """
    whole = finished(text)
    parts = _ordered(_LATE_THEN.sub(_then_first, " ".join(whole.split())))
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
    return bool(_HIDDEN.search(action)) or any(
        before and not _NO_ACTION.fullmatch(before)
        for found in _connectives(action)
        for before in [action[: found.start()].strip(ENDS)]
    )


def excluding(text: str) -> tuple[str, str] | None:
    """The one action of a text, and the other one that it excludes; None where that is uncertain.

    "a man walks without swinging his arms" is "a man walks" and "swinging his arms".
    """
    found = _EXCLUDING.fullmatch(" ".join(text.split()).strip(ENDS))
    if not found or is_ordered(text) or any(map(negated, found.groups())):
        return None
    return found["done"], found["excluded"]


def _without_first(action: str) -> str:
    return _FIRST.sub("", action, count=1) if _FIRST.match(action) else action


def _then_first(found: re.Match[str]) -> str:
    subject = found[0].removesuffix(f" {found['then']}")
    return f"{found['then']} {subject}"


def _with_subject(action: str, subject: str) -> str:
    """An action with a subject, where it begins with a verb; a noun phrase has none."""
    if _SUBJECT.match(action):
        return action
    many = subject.lower() == "they"
    if re.match(rf"{_DOING}(?! {_BE}\b)", action, _FLAGS):
        return f"{subject} {'are' if many else 'is'} {action}"
    verb = r"(?!(?:an?|the|his|her|their|its|it|one|two|three|\w+s)\b)\w" if many else _VERB
    return f"{subject} {action}" if re.match(verb, action, _FLAGS) else action


def _ordered(text: str) -> list[str]:
    """The actions of a text or of a part of one, without subjects of others."""
    text = text.strip(ENDS)
    # "After that, he waves" begins with no action.
    if not _THEN.match(text):
        for clause in _LEADING:
            if found := clause.fullmatch(text):
                return [*_ordered(found["first"]), *_ordered(found["second"])]
    parts = _cut(text)
    if len(parts) > 1:
        return [action for part in parts for action in _ordered(part)]
    for clause in _TRAILING:
        found = clause.fullmatch(parts[0]) if parts else None
        if found and not _UNFINISHED.search(found[1]):
            return [*_ordered(found["first"]), *_ordered(found["second"])]
    return parts


def _cut(text: str) -> list[str]:
    """A text cut at the words of `THEN`; empty parts are left out."""
    parts, after = [], 0
    for found in _connectives(text):
        start, end = found.span()
        part = _AND.sub("", text[after:start].strip(ENDS)).strip(ENDS)
        if _UNFINISHED.search(part) and not _ENDED.fullmatch(found[0]):
            continue
        parts.append(part)
        after = end
    parts.append(text[after:].strip(ENDS))
    return [part for part in parts if part]


def _connectives(text: str) -> Iterator[re.Match[str]]:
    """The words of `THEN` in a text that none of `NOT_THEN` has."""
    kept = [found.span() for found in _NOT_THEN.finditer(text)]
    for found in _THEN.finditer(text):
        start, end = found.span()
        if not any(first < end and start < last for first, last in kept):
            yield found
