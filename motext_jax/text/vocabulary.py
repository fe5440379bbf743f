"""The words of English: those of the vocabularies of two text towers, and more verbs of motion."""

import functools
import re
from collections.abc import Iterator

import tokenizers

from motext_jax.text.tokenizer import ENGLISH, is_common

ABBREVIATED = 3
"""The most letters of a word that may be an abbreviation: CLIP's vocabulary has so many of them,
from the Web, that BERT's alone says which is a word."""

# A stem of one syllable doubles its last letter before an ending ("clapping", not "claping"), a
# longer one rarely does ("swaggering").
_DOUBLES = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")


def is_english(word: str) -> bool:
    """True for a word that BERT's or CLIP's vocabulary has whole, a rarer verb, or a form of one.

    Each vocabulary has some 30,000 words, by how often they are written: most of English, few of
    its forms, and not "stoop" or "swerve". The rarer verbs are WordNet's of motion, contact, body
    and competition: what people do, where a rare word would be taken for a mistyped one.

    Args:
      word: a word in small letters.
    """
    return any(map(_is_whole, (word, *_stems(word))))


def is_third_person(word: str) -> bool:
    """True for the third person of a verb, as "barks": BERT's vocabulary has its -ing form."""
    return word.endswith("s") and any(
        _wordpiece().token_to_id(_progressive(stem)) is not None for stem in _stems(word)
    )


def _progressive(stem: str) -> str:
    if _DOUBLES.fullmatch(stem):
        return f"{stem}{stem[-1]}ing"
    return f"{stem.removesuffix('e')}ing"


def _is_whole(word: str) -> bool:
    if _wordpiece().token_to_id(word) is not None:
        return True
    return word in _verbs() or (len(word) > ABBREVIATED and is_common(word))


def _stems(word: str) -> Iterator[str]:
    """The words of which a word is the plural, the third person, the past or the -ing form."""
    if word.endswith("s"):
        yield word[:-1]
    if found := re.fullmatch(r"(\w+(?:ss|x|z|ch|sh))es", word):
        yield found[1]
    if found := re.fullmatch(r"(\w\w+)ie[sd]", word):
        yield f"{found[1]}y"
    if found := re.fullmatch(r"(\w\w+)(?:ed|ing)", word):
        stem = found[1]
        yield f"{stem}e"
        if not _DOUBLES.fullmatch(stem):
            yield stem
        if stem[-1] == stem[-2]:
            yield stem[:-1]


@functools.cache
def _wordpiece() -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_str(_read("tokenizer.json"))


@functools.cache
def _verbs() -> frozenset[str]:
    return frozenset(_read("verbs.txt").split())


def _read(name: str) -> str:
    return (ENGLISH / name).read_text(encoding="utf-8")
