"""A label as a sentence: `wave left hand` is "a person waves the left hand".

For labels as data sets have them: an imperative, a verb's -ing form, or a noun. English alone, and
by a few rules; a verb that they do not know is taken for a regular one.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_THIRD = {"be": "is", "do": "does", "go": "goes", "have": "has"}

# Words that end in "ing" and are no participles.
_NO_PARTICIPLES = _words(
    "bring cling fling ring sing sling spring sting string swing thing wing wring"
)

# A first word that is no verb: what follows is a noun's.
_BEFORE_NOUNS = _words(
    "a an the left right both one two no high low big small long short fast slow quick front back "
    "side forward backward double single"
)
_NOUNS = _words(
    "exercise exercises gesture gestures jack jacks motion motions movement movements pose poses "
    "stance stances"
)

# Verbs that may follow another one without a word between: "walk turn left".
_FOLLOWING = _words("bend bow crouch jump kick kneel punch run sit squat stand stop turn walk wave")
# A noun after these: "do jump", "throw punch".
_WITH_NOUNS = _words("do have make perform practise practice take throw start stop")

_BODY = _words(
    "ankle arm body chest chin ear elbow eye finger fist foot forearm hand head heel hip knee "
    "leg neck nose shoulder thumb toe torso waist wrist"
)
_PART = re.compile(
    r"(?<!the )(?<!a )(?<!an )(?<!his )(?<!her )(?<!their )(?<!one )(?<!left )"
    r"(?<!right )" + rf"\b((?:left |right )?(?:{'|'.join(sorted(_BODY))}))\b(?! and\b| to\b)"
)
_SUBJECT = re.compile(
    r"(?:(?:a|the|one) )?(?:person|man|woman|human|someone|somebody|he|she|they)\b"
)


def sentence(label: str) -> str:
    """A sentence about a person who does what the label says.

    One that already is about somebody stays as it is.
    """
    text = " ".join(label.replace("_", " ").lower().split()).rstrip(".")
    if not text or _SUBJECT.match(text):
        return text
    first, *rest = text.split(" ")
    if (rest and rest[-1] in _NOUNS and first not in _WITH_NOUNS) or first in _BEFORE_NOUNS:
        article = "" if first in ("a", "an", "the", "both", "two", "no") or _plural(text) else "a "
        return f"a person does {article}{text}"
    if rest and first.removesuffix("s") in _BODY:
        return f"a person has the {text}"
    if first.endswith("ing") and first not in _NO_PARTICIPLES:
        return f"a person is {_with_articles(text)}"
    words = [third_person(first)]
    before = first
    for word in rest:
        follows = word in _FOLLOWING and len(words) == 1 and first not in _WITH_NOUNS
        if follows:
            words += ["and", third_person(word)]
        elif before in ("and", "then") and word in _FOLLOWING:
            words.append(third_person(word))
        else:
            words.append(word)
        before = word
    return f"a person {_with_articles(' '.join(words))}"


def third_person(verb: str) -> str:
    """A verb's third person singular: walks, pushes, carries."""
    if verb.endswith(","):
        return f"{third_person(verb[:-1])},"
    if verb in _THIRD:
        return _THIRD[verb]
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def _with_articles(text: str) -> str:
    """The text with "the" before parts of the body: "raises left arm"."""
    verb, _, rest = text.partition(" ")
    return " ".join(filter(None, [verb, _PART.sub(r"the \1", rest)]))


def _plural(text: str) -> bool:
    return text.endswith("s") and not text.endswith("ss")
