"""Texts that differ in one word of side, direction or speed: is the right motion preferred?"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.text.sides import words

WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "side": (("left", "right"), ("leftward", "rightward"), ("leftwards", "rightwards")),
    "direction": (
        ("forward", "backward"),
        ("forwards", "backwards"),
        ("ahead", "back"),
        ("up", "down"),
        ("clockwise", "counterclockwise"),
    ),
    "speed": (
        ("fast", "slow"),
        ("faster", "slower"),
        ("quick", "slow"),
        ("quickly", "slowly"),
        ("run", "walk"),
        ("runs", "walks"),
        ("running", "walking"),
    ),
}
"""Opposite words by their kind; the paper's limits (section 4) name words of speed."""

Words = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class WordPairWins:
    """Share of cases in which a text is nearer to its own motion than to its opposite's motion.

    Attributes:
      share: percent of these cases, averaged over the pairs of texts.
      pairs: number of pairs of texts.
    """

    share: float
    pairs: int


def one_word_pairs(texts: Iterable[Words]) -> dict[str, list[tuple[Words, Words]]]:
    """Pairs of texts that differ in one word, by the kind of word; each pair once."""
    distinct = dict.fromkeys(texts)
    found: dict[str, list[tuple[Words, Words]]] = {kind: [] for kind in WORDS}
    for text in distinct:
        for kind, opposites in WORDS.items():
            for one, opposite in opposites:
                for place in (k for k, word in enumerate(text) if word == one):
                    other = (*text[:place], opposite, *text[place + 1 :])
                    if other in distinct:
                        found[kind].append((text, other))
    return found


def word_pair_wins(
    texts: Sequence[str],
    embedded: Float[np.ndarray, "m d"],
    motion: Float[np.ndarray, "n d"],
    texts_of: Sequence[Collection[str]],
) -> dict[str, WordPairWins]:
    """Scores texts that differ in one word: each should be nearer to its own motion.

    Texts that differ only in capitals, spaces and punctuation are one text. A clip that has both
    texts of a pair is left out of it.

    Args:
      texts: distinct texts.
      embedded: the texts' unit-length embeddings.
      motion: unit-length embeddings of the clips, each once.
      texts_of: each clip's texts, among `texts`.

    Returns:
      The wins of each kind of word that has a pair. A tie is a miss; 50 percent is chance.
    """
    spelt: dict[Words, int] = {}
    for number, text in enumerate(texts):
        spelt.setdefault(tuple(words(text)), number)
    clips: dict[Words, set[int]] = {text: set() for text in spelt}
    for clip, own_texts in enumerate(texts_of):
        for text in own_texts:
            clips[tuple(words(text))].add(clip)
    results = {}
    for kind, pairs in one_word_pairs(spelt).items():
        wins, counted = [], 0
        for one, other in pairs:
            first = sorted(clips[one] - clips[other])
            second = sorted(clips[other] - clips[one])
            if not first or not second:
                continue
            counted += 1
            for side, right, wrong in ((one, first, second), (other, second, first)):
                own = motion[right] @ embedded[spelt[side]]
                others = np.sort(motion[wrong] @ embedded[spelt[side]])
                # The share of others strictly below each own motion.
                wins.append(np.mean(np.searchsorted(others, own) / len(others)))
        if counted:
            results[kind] = WordPairWins(100 * float(np.mean(wins)), counted)
    return results
