"""Texts of an action and of another one that is not done."""

import re

from motext_jax.library.connectives import is_ordered
from motext_jax.text.carrying import CLAUSE_WORDS
from motext_jax.text.clauses import BE, ING, VERB, WHO
from motext_jax.text.negation import ENDS, negated

# Words that go on with something else, that point back to what is done, and that negate it twice.
_OPEN = (
    "as|by|for|yet|except|instead|during|it|so|that|anything|go|"
    r"(?:stop|ceas|quit|fail|avoid|forget)\w*"
)

# An action, and up to the end of the text another one that is not done: the forms that are certain
# without a parser. In "a man without a hat waves" more is done than stands before "without", in "a
# woman leads a man and he isn't dancing" it is open who is not.
EXCLUDING = (
    rf"(?P<done>(?:{WHO} (?:{BE} )?)?(?:{VERB}|{ING}).*?)"
    rf"(?:,? without (?={ING})|(?:,|,? (?:and|but)) "
    rf"(?:(?:no|(?:{BE} )?not|{BE}n['’]?t) (?={ING})|never (?={VERB}|{ING})|"
    r"(?:does|do)(?: not|n['’]?t) ))"
    rf"(?!.*\b(?:{CLAUSE_WORDS}|{_OPEN})\b)"
    r"(?P<excluded>\w+(?:[ '’-]\w+)*)"
)

_EXCLUDING = re.compile(EXCLUDING, re.IGNORECASE)


def excluding(text: str) -> tuple[str, str] | None:
    """The one action of a text, and the other one that it excludes; None where that is uncertain.

    "a man walks without swinging his arms" is "a man walks" and "swinging his arms".
    """
    found = _EXCLUDING.fullmatch(" ".join(text.split()).strip(ENDS))
    if not found or is_ordered(text) or any(map(negated, found.groups())):
        return None
    return found["done"], found["excluded"]
