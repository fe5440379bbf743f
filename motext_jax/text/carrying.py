"""Words of a description that carry meaning, and not only its grammar or who acts."""

import re

from motext_jax.text.sides import words

CONTRACTED = (
    r"(?:\w+n['’]t|"
    r"(?:do|does|did|is|are|was|were|has|have|had|ca|wo|could|would|should|ai|must|need)nt)"
)
"""A verb of grammar with "not", which many write without an apostrophe."""

CLAUSE_WORDS = (
    "and|but|or|while|whilst|when|whenever|where|until|till|unless|if|because|since|though|"
    "although|before|after"
)
"""The words that begin a clause of a sentence, or join two, wherever they stand."""

# Any description has some of them, so they tell no motion from another.
_GRAMMAR = """
    a an the this that these those some any each every another other others both all
    i you he she it we they me him her us them my your his its our their hers theirs one ones
    himself herself itself themselves oneself yourself who whom whose which what
    is are was were be been being am do does did doing done has have had having
    can could will would shall should may might must gets get getting got
    nor so as than then
    finally eventually afterward afterwards thereafter subsequently later next
    in on at to of by for from with without into onto upon about during
    not no never cannot neither nobody nothing none
    there here also too just only very quite rather
"""
_ACTORS = """
    person persons people human humans individual figure subject actor character player performer
    someone somebody anyone anybody man men woman women guy boy girl child kid body
    something somewhere somehow thing things motion motions movement movements action actions clip
"""
_EMPTY = frozenset(f"{_GRAMMAR} {_ACTORS}".split()) | frozenset(CLAUSE_WORDS.split("|"))


def carrying_words(text: str) -> tuple[str, ...]:
    """The words that carry meaning, in small letters, and then the numbers, each once."""
    # "he's" and "person's" are as "he" and "person".
    found = (
        word
        for word in words(text)
        if re.split("['’]", word)[0] not in _EMPTY and not re.fullmatch(CONTRACTED, word)
    )
    return tuple(dict.fromkeys([*found, *re.findall(r"\d+", text)]))
