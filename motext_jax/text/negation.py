"""The words of a description that negate what follows them."""

import re

from motext_jax.text.carrying import CLAUSE_WORDS, CONTRACTED, carrying_words

ENDS = " ,;.!?"
"""The signs and spaces around a clause that are no part of it."""

# "Not only walks but runs" negates nothing; "waves no with the hand" says a no.
_NEGATING = re.compile(
    r"\b(?:not|no(?:one)?|never|without|cannot|nobody|nothing|none|neither|nor|"
    rf"{CONTRACTED})\b(?!\s+(?:only|just|merely|simply)\b|(?<=no)\W+(?:by|with|to|twice)\b)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(rf"[,;.]|\b(?:then|{CLAUSE_WORDS})\b", re.IGNORECASE)

# Apostrophes stand between letters, and the sign of an inch behind a number.
_QUOTED = re.compile(r"(?<!\w)(?:[\"“][^\"“”]+[\"”]|['‘](?:[^'‘’]|(?<=\w)['’](?=\w))+['’])")


def negated(text: str) -> str | None:
    """The first word that negates one that carries meaning; None where nothing is negated.

    "a man walks without a hat" has "without". "says 'do not'" has none: that is what is said.
    """
    text = text.strip(ENDS)
    for clause in _CLAUSE_END.split(_QUOTED.sub(lambda said: _done(said[0], text), text)):
        found = _NEGATING.search(clause)
        if found and carrying_words(clause[found.end() :]):
            return found[0]
    return None


def _done(said: str, text: str) -> str:
    """A quotation as what is done: all of a text is, or a word that is stressed."""
    return said if said == text or " " not in said else "said"
