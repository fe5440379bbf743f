"""Words that a text tower can place: those of its training texts, and others near one of them."""

import difflib
import functools
import string
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int

from motext_jax.text.carrying import carrying_words

SPELLED = 0.8
"""The least likeness (difflib's ratio) of a misspelt word to the one that is meant."""

PART = 4
"""The fewest letters of a known word by which a longer one that begins or ends with it is known."""

WHOLE_NEAR, PIECES_NEAR = 0.4, 0.7
"""The least cosine of a word with a known one of near meaning.

The second is for words that the table holds in pieces alone ("pi", "##rou", "##ette"): the sum of
the pieces' vectors is a word's meaning for compounds ("cart", "##wheel"), and else near anything.
Of 1,200 invented words 2 % have a cosine of 0.7, and 70 % one of 0.4."""


KEPT = 4096
"""The most words whose answer is kept: a query is asked about several times."""


class Lexicon:
    """The words that a text tower learned of, with vectors for others where it has some.

    Args:
      known: the words of the training texts.
      table: the tower's vectors of tokens; None where it knows no other words.
      encode: texts to their tokens, without markers.
    """

    def __init__(
        self,
        known: frozenset[str],
        table: Float[np.ndarray, "v d"] | None = None,
        encode: Callable[[list[str]], list[list[int]]] | None = None,
    ):
        self._known = sorted(word for word in known if carrying_words(word))
        self._set = frozenset(self._known)
        self._table, self._encode = table, encode
        self._vectors: Float[np.ndarray, "n d"] | None = None
        self._longest = max(map(len, self._known), default=0)
        self._placed = functools.lru_cache(KEPT)(self._tested)
        self._beginning = functools.cache(self._counted)

    def places(self, word: str) -> bool:
        """True for a known word, a misspelt one, a compound with one, and one of near meaning."""
        return self._placed(word)

    def _tested(self, word: str) -> bool:
        tests = (self._is_spelled, self._is_compound, self._means)
        return word in self._set or any(test(word) for test in tests)

    def _is_spelled(self, word: str) -> bool:
        """True for a word of four letters or more with nearly the letters of a known one."""
        if not PART <= len(word) <= self._longest + 2:
            return False
        # Who mistypes a word rarely does so in its first letter.
        beginning, counts = self._beginning(word[0])
        lengths, shared = counts.sum(axis=1), np.minimum(counts, _counts([word])).sum(axis=1)
        # Letters in any order: no fewer than difflib's, which takes a hundred times as long.
        alike = 2 * shared >= SPELLED * (lengths + len(word)) - 1e-6
        near = np.flatnonzero(alike & (abs(lengths - len(word)) <= 2))
        return bool(difflib.get_close_matches(word, [beginning[i] for i in near], 1, SPELLED))

    def _counted(self, letter: str) -> tuple[list[str], Int[np.ndarray, "n 27"]]:
        """The known words of four letters or more that begin with a letter, and their letters."""
        found = [word for word in self._known if word[0] == letter and len(word) >= PART]
        return found, _counts(found)

    def _is_compound(self, word: str) -> bool:
        sizes = range(PART, min(len(word), self._longest + 1))
        ends = (part for k in sizes for part in (word[:k], word[-k:]))
        return not self._set.isdisjoint(ends)

    def _means(self, word: str) -> bool:
        """True for a word whose vector is near a known one's."""
        if self._table is None or self._encode is None:
            return False
        if self._vectors is None:
            self._vectors = self._summed(self._encode(self._known))
        (tokens,) = self._encode([word])
        cosines = self._vectors @ self._summed([tokens])[0]
        return bool(cosines.max(initial=0) >= (WHOLE_NEAR if len(tokens) == 1 else PIECES_NEAR))

    def _summed(self, rows: Sequence[Sequence[int]]) -> Float[np.ndarray, "n d"]:
        """The sum of each row's vectors, of unit length; zeros where there is none."""
        assert self._table is not None
        sums = np.zeros((len(rows), self._table.shape[1]), np.float32)
        for total, tokens in zip(sums, rows, strict=True):
            total += self._table[np.asarray(tokens, int)].astype(np.float32).sum(axis=0)
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)


def _counts(words: Sequence[str]) -> Int[np.ndarray, "n 27"]:
    """How often each word has each English letter, and all other letters together."""
    counts = np.zeros((len(words), len(string.ascii_lowercase) + 1), np.int32)
    for row, word in zip(counts, words, strict=True):
        row[:-1] = [word.count(letter) for letter in string.ascii_lowercase]
        row[-1] = len(word) - row.sum()
    return counts
