"""The words of a description that negate what follows them."""

import re

from motext_jax.text.carrying import CONTRACTED, carrying_words

# "Not only walks but runs" negates nothing.
_NEGATING = re.compile(
    rf"\b(?:not|no|never|without|cannot|nobody|nothing|none|neither|nor|{CONTRACTED})\b"
    r"(?!\s+(?:only|just|merely|simply)\b)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;.]|\b(?:and|but|then|while|when|before|after)\b", re.IGNORECASE)

# "Says 'not me'", "nods no twice", "waves no with the hand": words that negate nothing done.
_SAID = re.compile(
    r"[\"“].+?[\"”]|(?<!\w)['‘].+?['’](?!\w)"
    r"|\b(?:(?:say|sign|gestur|nod|answer|mean|shak)\w*|head) no\b|\bno(?= (?:by|with|to|at)\b)",
    re.IGNORECASE,
)


def negated(text: str) -> str | None:
    """The first word that negates one that carries meaning; None where nothing is negated.

    "a man walks without a hat" has "without". "nods no" has none: "no" is what is said.
    """
    text = text.strip()
    done = _SAID.sub(lambda said: said[0] if said[0] == text else "said", text)
    for found in _NEGATING.finditer(done):
        if carrying_words(_CLAUSE_END.split(done[found.end() :])[0]):
            return found[0]
    return None
