"""The two sides of a query: its vectors as it is asked, and those of its mirror image."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool, Float

from motext_jax.errors import InputError
from motext_jax.library.connectives import finished
from motext_jax.library.query import Query
from motext_jax.library.rows import Embedded
from motext_jax.library.sequence import best_chains
from motext_jax.text.sides import swap_left_right


@dataclasses.dataclass(frozen=True, eq=False)
class Side:
    """A query's vectors, as it is asked or mirrored.

    Attributes:
      wanted: one vector of unit length, or one for each action of a sequence.
      centred: the same, of texts less the centre; see `scores`.
      excluded: embeddings of excluded texts.
    """

    wanted: Float[np.ndarray, "m d"]
    centred: Float[np.ndarray, "m d"]
    excluded: Float[np.ndarray, "k d"]

    def cosines(self, embeddings: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "m n"]:
        """Cosines with each wanted vector; -inf where an excluded text is nearer."""
        return self._counted(_products(self.wanted, embeddings), embeddings)

    def scores(self, embeddings: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "m n"]:
        """Scores that windows are ordered by; -inf where an excluded text is nearer.

        Some windows are near to every text. So the score of a window w for a text t is their cosine
        less the window's mean cosine with the N texts b of a bank:

            score(t, w) = cos(t, w) - 1/N Σ cos(b, w) = (t - 1/N Σ b) · w

        It is the centring of Suzuki et al., "Centering similarity measures to reduce hubs" (EMNLP
        2013), by texts that are not the library's. An example's score is its cosine.
        """
        return self._counted(_products(self.centred, embeddings), embeddings)

    def _counted(
        self, found: Float[np.ndarray, "m n"], embeddings: Float[np.ndarray, "n d"]
    ) -> Float[np.ndarray, "m n"]:
        if not len(self.excluded):
            return found
        nearest = _products(self.excluded, embeddings).max(axis=0)
        return np.where(nearest >= _products(self.wanted, embeddings), -np.inf, found)


def sides_of(
    query: Query,
    parts: Sequence[str],
    centre: Float[np.ndarray, "d"],
    embed: Callable[[Sequence[str]], Float[np.ndarray, "n d"]],
    example: Callable[[bool], Float[np.ndarray, "d"]],
) -> list[Side]:
    """The vectors of a query, and second, if they differ, those of its mirror image.

    Args:
      query: the query.
      parts: its text, or the actions of a sequence.
      centre: mean embedding of a bank of texts; zeros leave scores at the cosines.
      embed: embeds texts.
      example: embeds the query's example, or its mirror image.

    Raises:
      InputError: what is asked for has no weight.
    """
    texts = _texts(query, [part for part in parts if part.strip()], len(centre), embed)
    if query.like is None:
        return [Side(wanted, wanted - centre, excluded) for wanted, excluded in texts]
    found = []
    for mirrored, (wanted, excluded) in enumerate(texts):
        weights = [*[query.text_weight] * len(wanted), query.like_weight]
        if not sum(weights):
            raise InputError("what is asked for has the weight 0; give it a weight above 0")
        vectors = np.stack([*wanted, example(bool(mirrored))])
        mean = np.average(vectors, axis=0, weights=weights)
        less = np.average([*[centre] * len(wanted), 0 * centre], axis=0, weights=weights)
        # A mean of two directions is shorter than they are, and its products are no cosines.
        length = max(float(np.linalg.norm(mean)), 1e-6)
        found.append(Side(mean[None] / length, (mean - less)[None] / length, excluded))
    return found


def scores(
    sides: Sequence[Side], seen: Embedded
) -> tuple[Float[np.ndarray, "n"], Bool[np.ndarray, "n"]]:
    """Each window's best score of a query's vectors, and marks of those by a mirror image."""
    best, flipped = np.full(len(seen), -np.inf), np.zeros(len(seen), bool)
    for mirrored, side in enumerate(sides):
        for own in side.scores(seen.embeddings):
            flipped = np.where(own > best, bool(mirrored), flipped)
            best = np.maximum(best, own)
    return best, flipped


def chained(sides: Sequence[Side], seen: Embedded, top: int) -> Float[np.ndarray, "n"]:
    """The score of the best chain that begins with each window; -inf where there is none.

    Only the best chain of each of the `top` best takes is looked for, by each side.
    """
    best = np.full(len(seen), -np.inf)
    for side in sides:
        cosines = side.cosines(seen.embeddings)
        for chain in best_chains(seen.takes, seen.starts, seen.ends, cosines, top):
            best[chain.rows[0]] = max(best[chain.rows[0]], chain.score)
    return best


def _texts(
    query: Query,
    wanted: Sequence[str],
    dimensions: int,
    embed: Callable[[Sequence[str]], Float[np.ndarray, "n d"]],
) -> list[tuple[Float[np.ndarray, "m d"], Float[np.ndarray, "k d"]]]:
    """Embeddings of wanted and of excluded texts; second, those of the mirrored query."""
    texts = list(map(finished, (*wanted, *query.without)))
    asked = [texts]
    if query.mirrored:
        swapped = list(map(swap_left_right, texts))
        # The mirror image of a text without sides would find everything twice.
        if swapped != texts or query.like is not None:
            asked.append(swapped)
    if not texts:
        none = np.zeros((0, dimensions), np.float32)
        return [(none, none)] * len(asked)
    parts = np.split(embed([text for side in asked for text in side]), len(asked))
    return [(part[: len(wanted)], part[len(wanted) :]) for part in parts]


def _products(
    vectors: Float[np.ndarray, "m d"], embeddings: Float[np.ndarray, "n d"]
) -> Float[np.ndarray, "m n"]:
    return np.stack([embeddings @ one.astype(np.float32) for one in vectors]).astype(float)


def unit(vector: Float[np.ndarray, "d"]) -> Float[np.ndarray, "d"]:
    """A vector at unit length."""
    return vector / max(float(np.linalg.norm(vector)), 1e-6)
