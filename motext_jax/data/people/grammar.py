"""English for what a person does: verbs conjugated from their base form, sides and possessives.

A wording is a verb phrase in its base form. The first word, and each word after "*", is a verb;
"{own}" is a possessive, "{side}" and "{other}" are sides, "{clock}" is the sense of a turn to the
side, and "[a|b]" is a choice.
"""

import dataclasses
import itertools
import re
from collections.abc import Callable

import numpy as np

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_VOWELS = "aeiou"

# Third person and -ing of verbs that the rules get wrong.
_THIRD = {"have": "has", "be": "is", "do": "does", "go": "goes"}
_PROGRESSIVE = {
    "be": "being",
    "lie": "lying",
    "tie": "tying",
    "die": "dying",
    "row": "rowing",
    "sew": "sewing",
    "tee": "teeing",
    "see": "seeing",
    "flee": "fleeing",
    "bus": "busing",
    "dye": "dyeing",
}
# Verbs of two syllables whose last consonant is not doubled, though they end as those that are.
_SINGLE = re.compile(
    r"(?:beckon|threaten|power|open|listen|happen|hammer|cover|offer|wander|stagger|limber|shoulder|stretch|lower|enter"
    r"|answer|gather|shiver|shudder|recover|swagger|hunker|saunter|droop|color|visit|exit|edit"
    r"|balance|salute|gallop|wallop|march|straighten|tighten|sharpen|clean|lean|rotate|hover"
    r"|scatter|flutter|totter|clamber|linger|loosen|fasten|applaud|ponder|meander|slither|surrender"
    r"|signal|paddle|vacuum|box|mix|relax|fix|row|sew|throw|bow|draw|saw|chew|blow|mow)"
)


def third_person(verb: str) -> str:
    """The third person singular: walk, walks; push, pushes; carry, carries."""
    if verb in _THIRD:
        return _THIRD[verb]
    if verb.endswith("oo"):
        return verb + "s"
    if re.search(r"(s|x|z|ch|sh|o)$", verb):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def progressive(verb: str) -> str:
    """The -ing form: walk, walking; wave, waving; sit, sitting; lie, lying."""
    if verb in _PROGRESSIVE:
        return _PROGRESSIVE[verb]
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    doubled = re.search(r"(?:^|[^aeiou])[aeiou][bdfgklmnprstvz]$", verb) or re.search(
        r"qu[aeiou][bdgmnprt]$", verb
    )
    if doubled and not _SINGLE.fullmatch(verb):
        return verb + verb[-1] + "ing"
    return verb + "ing"


_PART = (
    r"hands?|arms?|legs?|foot|knees?|fist|shoulders?|elbow|thigh|triceps|head|face|ears?|mouth|eyes"
    r"|nose|chin|belly|heart|hips?|chest|neck|hair|teeth|forehead|forearms|toes|heels|torso|stomach"
    r"|finger|watch|upper body|(?<=\{side\} )side|(?<=lie on )side"
)
# A hand that is shaken with somebody and a heart that is drawn are nobody's own.
_UNOWNED = re.compile(
    r"(?<!\{own\} )(?<!both )(?<!the )(?<!one )(?<!high )(?<!hands and )(?<!\ba )"
    r"(?!(?<=shake )hands)"
    r"(?<!\w)(?<!\{side\} )(?<!\{other\} )"
    rf"((?:\{{side\}} |\{{other\}} )?(?:{_PART})|(?:(?<=scratch )|(?<=behind )|(?<=lie on ))back)\b"
)


def owned(name: str) -> str:
    """A bare name as a wording: "{own}" before parts of the body, "*" before a second verb."""
    return re.sub(r" and (?=turn|stand)", " and *", _UNOWNED.sub(r"{own} \1", name))


def conjugated(wording: str, form: str) -> str:
    """A wording with its verbs in a form: "base", "third" or "progressive"."""
    changes: dict[str, Callable[[str], str]] = {
        "base": str,
        "third": third_person,
        "progressive": progressive,
    }
    change = changes[form]
    words = wording.split(" ")
    for number, word in enumerate(words):
        if number == 0 or word.startswith("*"):
            verb = word.removeprefix("*")
            stem, comma = verb.removesuffix(","), "," if verb.endswith(",") else ""
            first, hyphen, rest = stem.partition("-")
            words[number] = change(first) + hyphen + rest + comma
    return " ".join(words)


def choices(wording: str) -> list[str]:
    """Every wording that the choices of one stand for."""
    parts = _CHOICE.split(wording)
    options = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    return ["".join(chosen) for chosen in itertools.product(*options)]


def chosen(wording: str, rng: np.random.Generator) -> str:
    """A wording with one of each of its choices."""
    return _CHOICE.sub(lambda found: str(rng.choice(found[1].split("|"))), wording)


@dataclasses.dataclass(frozen=True)
class Voice:
    """Who is spoken of, and in which form.

    Attributes:
      form: "bare", "third", "progressive", "gerund" or "imperative".
      subject: the words for the person; empty in the forms without one.
      own: the possessive that stands for "{own}"; empty leaves it out.
    """

    form: str
    subject: str = ""
    own: str = ""


_THE = ("the", "their")
_SUBJECTS = (
    ("a person", _THE),
    ("a person", _THE),
    ("a person", _THE),
    ("the person", _THE),
    ("someone", _THE),
    ("somebody", ("the", "their")),
    ("a human", _THE),
    ("a figure", ("the", "its")),
    ("a man", ("his", "the")),
    ("a woman", ("her", "the")),
    ("he", ("his",)),
    ("she", ("her",)),
    ("the man", ("his",)),
    ("the woman", ("her",)),
    ("a guy", ("his",)),
    ("the actor", ("the", "his")),
    ("the figure", ("the", "its")),
    ("an individual", _THE),
    ("this person", _THE),
)
_CHILDREN = (
    ("a child", ("the", "their")),
    ("a kid", ("the", "their")),
    ("a boy", ("his",)),
    ("a girl", ("her",)),
    ("the child", ("the", "their")),
)


def draw_voice(rng: np.random.Generator, child: bool = False, adjective: str = "") -> Voice:
    """A voice for a caption.

    Args:
      rng: the numbers come from this.
      child: the person is as small as a child.
      adjective: a word for the person, which stands in the subject where there is one.
    """
    form = str(
        rng.choice(
            ("bare", "third", "progressive", "gerund", "imperative"),
            p=(0.24, 0.4, 0.18, 0.08, 0.1),
        )
    )
    if adjective and form not in ("third", "progressive"):
        form = "third"
    if form == "imperative":
        return Voice(form, own=str(rng.choice(("your", "the"), p=(0.75, 0.25))))
    if form in ("bare", "gerund"):
        return Voice(form, own=str(rng.choice(("", "the", "your"), p=(0.7, 0.2, 0.1))))
    subjects = _CHILDREN if child and rng.random() < 0.5 else _SUBJECTS
    subject, owns = subjects[rng.integers(len(subjects))]
    if adjective:
        nouns = ("person", "man", "woman") if not child else ("child", "kid")
        noun = str(rng.choice(nouns))
        article = "an" if adjective[0] in _VOWELS else "a"
        subject = f"{article} {adjective} {noun}"
        owns = {"man": ("his",), "woman": ("her",)}.get(noun, _THE)
    return Voice(form, subject, str(rng.choice(owns)))


_OWN = re.compile(r"\{own\} (own )?")


def said(wording: str, voice: Voice, side: str, other: str, form: str = "") -> str:
    """A wording without choices as the words after the subject.

    Args:
      wording: see the module.
      voice: the possessive and the form.
      side: the word for "{side}".
      other: the word for "{other}".
      form: the verbs' form; by default the voice's own.
    """
    form = form or {"third": "third", "progressive": "progressive", "gerund": "progressive"}.get(
        voice.form, "base"
    )
    text = conjugated(wording, form)
    if voice.own:
        text = text.replace("{own} own", f"{voice.own} own" if voice.own != "the" else "the")
        text = text.replace("{own}", voice.own)
    else:
        text = _OWN.sub("", text)
    clock = {"left": "counterclockwise", "right": "clockwise"}.get(side, "")
    return text.replace("{side}", side).replace("{other}", other).replace("{clock}", clock)


def sentence(voice: Voice, words: str) -> str:
    """The subject, if there is one, with "is" where the form needs it, and the words."""
    if voice.form == "progressive":
        return f"{voice.subject} is {words}"
    if voice.form == "third":
        return f"{voice.subject} {words}"
    return words
