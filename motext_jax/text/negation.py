"""The words of a description that negate what follows them."""

import re

from motext_jax.text.carrying import carrying_words

_NEGATING = re.compile(r"\b(?:not|no|never|without|cannot|\w+n['’]t)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;.]|\b(?:and|but|then|by)\b", re.IGNORECASE)


def negated(text: str) -> tuple[str, str, str] | None:
    """The first negating word, what is asked for before it, and what it negates; None without any.

    "a man walks without swinging his arms" is "without", "a man walks" and "swinging his arms".
    What is asked for is empty where only grammar and an actor stand there: "someone who does not
    wave". A word that negates none that carries meaning ("nods no") is none.
    """
    for found in _NEGATING.finditer(text):
        after = _CLAUSE_END.split(text[found.end() :])[0].strip()
        if carrying_words(after):
            return found[0], _asked(text[: found.start()]), after
    return None


def _asked(before: str) -> str:
    """A text without the words at its end that carry no meaning."""
    kept = before.split()
    while kept and not carrying_words(kept[-1]):
        kept.pop()
    return " ".join(kept).rstrip(" ,;.")
