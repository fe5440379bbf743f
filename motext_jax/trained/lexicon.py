"""Words that a text tower can place: those of its training texts, and others near one of them."""

import difflib
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

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

    def places(self, word: str) -> bool:
        """True for a known word, a misspelt one, a compound with one, and one of near meaning."""
        tests = (self._is_spelled, self._is_compound, self._means)
        return word in self._set or any(test(word) for test in tests)

    def _is_spelled(self, word: str) -> bool:
        """True for a word of four letters or more with nearly the letters of a known one."""
        # Who mistypes a word rarely does so in its first letter.
        like = [
            known
            for known in self._known
            if known[0] == word[0] and abs(len(known) - len(word)) <= 2 and len(known) >= PART
        ]
        return len(word) >= PART and bool(difflib.get_close_matches(word, like, 1, SPELLED))

    def _is_compound(self, word: str) -> bool:
        ends = (part for k in range(PART, len(word)) for part in (word[:k], word[-k:]))
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
