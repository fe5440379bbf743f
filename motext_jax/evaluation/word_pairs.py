"""Texts that differ in one word of side, direction or speed: is the right motion preferred?"""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

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
"""Opposites by what they tell; the paper's limits (section 4) name words of speed."""


def one_word_pairs(texts: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """For each kind of word the pairs of texts that differ in one such word, each pair once.

    Words are what stands between spaces, commas aside.
    """
    place = {_words(text): number for number, text in enumerate(texts)}
    found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in WORDS}
    for words, number in place.items():
        for kind, opposites in WORDS.items():
            for one, opposite in opposites:
                for position, word in enumerate(words):
                    if word != one:
                        continue
                    other = place.get((*words[:position], opposite, *words[position + 1 :]))
                    if other is not None:
                        found[kind].append((number, other))
    return found


def word_pair_wins(
    texts: Sequence[str],
    embedded: Float[np.ndarray, "m d"],
    motion: Float[np.ndarray, "n d"],
    texts_of: Sequence[Sequence[str]],
) -> dict[str, dict[str, float | int]]:
    """How often a text is nearer to its own motion than to one of the text that differs in a word.

    Args:
      texts: distinct.
      embedded: the texts' unit-length embeddings.
      motion: the clips'.
      texts_of: each clip's texts, among `texts`.

    Returns:
      For each kind of word with a pair: `share`, in percent, of all (text, own motion, other's
      motion), averaged over the pairs of texts; a tie is a miss and 50 is chance. And `pairs`, how
      many pairs of texts there are.
    """
    number = {text: index for index, text in enumerate(texts)}
    clips: list[list[int]] = [[] for _ in texts]
    for clip, own_texts in enumerate(texts_of):
        for text in own_texts:
            clips[number[text]].append(clip)
    results = {}
    for kind, pairs in one_word_pairs(texts).items():
        wins = []
        for one, other in pairs:
            for right, wrong in ((one, other), (other, one)):
                own = motion[clips[right]] @ embedded[right]
                others = np.sort(motion[clips[wrong]] @ embedded[right])
                # Those strictly below each own motion.
                wins.append(np.mean(np.searchsorted(others, own) / len(others)))
        if pairs:
            results[kind] = {"share": 100 * float(np.mean(wins)), "pairs": len(pairs)}
    return results


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.lower().replace(",", " ").split())
