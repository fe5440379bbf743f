"""The words of a run's training texts: a query with others asks for what it never read of.

WORKDIR/words.txt, one word a line: the most frequent first, then those of the model that the run
began with. An exported folder's has the same words by the alphabet.
"""

import itertools
import pathlib
import re
import string
from collections import Counter
from collections.abc import Iterable

from motext_jax.errors import InputError
from motext_jax.input_file import read_bytes, reading
from motext_jax.text.carrying import carrying_words
from motext_jax.text.sides import words
from motext_jax.text.vocabulary import is_english
from motext_jax.whole_file import write_text

MOST = 100_000
"""Words of a file at most; English has fewer in use."""

LETTERS = 40
"""The most letters of a word; a longer run of letters is left out."""

MISTYPED = 3
"""The fewest letters of a word that is taken for mistyped. One of so few is near to many, so it
must sound as the one that is meant, or have its letters."""


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The words of texts in small letters, the most frequent first, at most `MOST`."""
    counts = Counter(word for text in texts for word in words(text) if len(word) <= LETTERS)
    return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:MOST])


def write_words(found: Iterable[str], path: pathlib.Path) -> None:
    """Writes a file of words, each once, up to `MOST`; none where there is no word."""
    kept = list(itertools.islice(dict.fromkeys(found), MOST))
    if kept:
        write_text("".join(f"{word}\n" for word in kept), path)


def read_words(path: pathlib.Path) -> frozenset[str]:
    """The words of a file.

    Raises:
      InputError: there is no such file, or it holds more or longer words than one can.
    """
    content = read_bytes(path)
    # A letter has at most 4 bytes.
    if len(content) > MOST * (4 * LETTERS + 1):
        raise InputError(f"{path}: {len(content):,} bytes; expected at most {MOST:,} words")
    with reading(path, "a list of words in UTF-8"):
        lines = content.decode().splitlines()
    if len(lines) > MOST or any(len(line) > LETTERS for line in lines):
        raise InputError(
            f"{path}: expected at most {MOST:,} words of at most {LETTERS} letters, one a line"
        )
    return frozenset(filter(None, lines))


def new_words(query: str, known: frozenset[str]) -> list[str]:
    """The query's words that carry meaning and are not among the known ones, in their order.

    Numbers are none: they are not kept of the training texts. "Ball's" is none if "ball" is known.
    """
    return [
        word
        for word in carrying_words(query)
        if known.isdisjoint((word, re.sub("['’]s$", "", word))) and not word.isdecimal()
    ]


def meant(word: str, known: frozenset[str]) -> str:
    """The known word that a mistyped one is one slip away from; empty where none or several are.

    A slip exchanges two neighbouring letters, or it drops, adds or changes one (Damerau, 1964). The
    first are looked at first, then words that sound the same ("wavs" is "waves", not "wave"), then
    the others. Who mistypes a word rarely does so in its first letter. An English word is not
    mistyped: "hiking" is not meant for "hiding".
    """
    if not MISTYPED <= len(word) <= LETTERS or is_english(word):
        return ""
    cuts = [(word[:k], word[k:]) for k in range(1, len(word) + 1)]
    exchanged = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    dropped = {a + b[1:] for a, b in cuts if b}
    added = {a + letter + b for a, b in cuts for letter in string.ascii_lowercase}
    changed = {a + letter + b[1:] for a, b in cuts for letter in string.ascii_lowercase if b}
    others = (dropped | added | changed) & known
    alike = {other for other in others if _sound(other) == _sound(word)}
    for slips in (exchanged & known, alike, others if len(word) > MISTYPED else ()):
        if slips:
            return next(iter(slips)) if len(slips) == 1 else ""
    return ""


def _sound(word: str) -> str:
    """A word's letters without those that are hardly heard: a doubled one, and an e."""
    letters = re.sub(r"(.)\1+", r"\1", word.replace("c", "k"))
    return letters[:1] + letters[1:].replace("e", "")
