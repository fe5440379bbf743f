"""Ranks of n captions and n clips in each other's lists, without their n × n matrix of cosines.

A tile of cosines is a float32 product on the device. Cosines within its rounding of a pair's own
are computed again in float64.
"""

import dataclasses
import math
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

TILE = 2048
"""Rows and columns of a tile."""

DENSE = 1 / 64
"""Share of near cosines above which rows of a tile are computed again whole, instead of pairs."""


@dataclasses.dataclass(frozen=True)
class Ranks:
    """The rank of each query's best right item among the wrong ones; 0 is best, ties are averaged.

    Attributes:
      text_to_motion: for each text.
      motion_to_text: for each clip.
    """

    text_to_motion: Float[np.ndarray, "n"]
    motion_to_text: Float[np.ndarray, "n"]


def caption_ranks(
    texts: Float[np.ndarray, "k d"],
    clips: Float[np.ndarray, "n d"],
    caption: Int[np.ndarray, "n"],
) -> tuple[Ranks, Ranks]:
    """Ranks n captions and n clips in each other's lists.

    Cosines that differ by float64's rounding are ties.

    Args:
      texts: embeddings of the distinct captions.
      clips: embeddings of one clip or more.
      caption: each clip's caption, as a row of `texts`; every text has a clip.

    Returns:
      The ranks where a caption's own clip alone is right, and those where any clip of the same
      caption is.

    Raises:
      ValueError: the embeddings hold NaN or infinity.
    """
    size = len(clips)
    _, first, group = np.unique(caption, return_index=True, return_counts=True)
    # In the clips' lists the first of equal captions stands for all of them.
    weights = np.zeros(size, int)
    weights[first] = group
    texts, clips = texts.astype(np.float64)[caption], clips.astype(np.float64)
    by_text = _Side(texts, clips, np.ones(size, int))
    by_clip = _Side(clips, texts, weights)
    for rows in _blocks(size):
        for columns in _blocks(size):
            tile = _tile(
                texts=by_text.narrow[rows],
                clips=by_clip.narrow[columns],
                weights=weights[rows].astype(np.int32),
                text_bounds=by_text.bounds[:, rows],
                clip_bounds=by_clip.bounds[:, columns],
            )
            cosines, over_text, over_clip = map(np.asarray, tile)
            by_text.add(rows, columns, cosines, over_text)
            by_clip.add(columns, rows, cosines.T, over_clip)
    # A caption's best clip decides its rank; its other clips are not wrong answers.
    order = np.lexsort((-by_text.own, caption))
    nearest = order[np.searchsorted(caption[order], np.arange(len(group)))][caption]
    level = by_text.own >= by_text.own[nearest] - by_text.tie
    right = np.bincount(caption[level])[caption]
    return (
        Ranks(by_text.ranks(1), by_clip.ranks(1)),
        Ranks(by_text.ranks(right)[nearest], by_clip.ranks(group[caption])),
    )


@jax.jit
def _tile(
    texts: Float[Array, "r d"],
    clips: Float[Array, "c d"],
    weights: Int[Array, "r"],
    text_bounds: Float[Array, "2 r"],
    clip_bounds: Float[Array, "2 c"],
) -> tuple[Float[Array, "r c"], Int[Array, "2 r"], Int[Array, "2 c"]]:
    """The cosines; and for each text and clip the items above its lower and its upper bound."""
    cosines = jnp.dot(texts, clips.T, precision=jax.lax.Precision.HIGHEST)
    in_rows = [jnp.sum(cosines > bound[:, None], axis=1) for bound in text_bounds]
    weighted = weights[:, None]
    in_columns = [
        jnp.sum(jnp.where(cosines > bound[None], weighted, 0), axis=0) for bound in clip_bounds
    ]
    return cosines, jnp.stack(in_rows), jnp.stack(in_columns)


class _Side:
    """The lists of all texts, or of all clips, as far as tiles were added.

    Attributes:
      queries: the embeddings that have the lists.
      items: the embeddings in the lists.
      weights: the number of items that each embedding stands for.
      own: cosine of each query with the item of its number.
      narrow: the queries in float32.
      bounds: `own` less and more float32's rounding, the most that a tile's cosine is wrong by.
      tie: float64's rounding.
      above: items with a greater cosine than the own item's.
      level: items with the own item's cosine; it is one of them.
    """

    def __init__(
        self,
        queries: Float[np.ndarray, "n d"],
        items: Float[np.ndarray, "n d"],
        weights: Int[np.ndarray, "n"],
    ):
        self.queries, self.items, self.weights = queries, items, weights
        self.own = np.einsum("nd,nd->n", queries, items)
        self.narrow = queries.astype(np.float32)
        size, dimensions = queries.shape
        scale = math.prod(float(np.linalg.norm(s, axis=1).max()) for s in (queries, items))
        if not math.isfinite(scale):
            raise ValueError("the embeddings hold NaN or infinity")
        # A sum of d products in any order (Higham 2002, equation 3.5, and Cauchy-Schwarz), and four
        # more roundings: of both inputs, of the bounds and for products below float32's range.
        margin = max((dimensions + 4) * 2**-24 * scale, float(np.finfo(np.float32).tiny))
        self.bounds = np.stack([self.own - margin, self.own + margin]).astype(np.float32)
        self.tie = dimensions * 2**-52 * scale
        self.above, self.level = np.zeros(size, int), np.zeros(size, int)

    def add(
        self,
        queries: slice,
        items: slice,
        cosines: Float[np.ndarray, "q i"],
        over: Int[np.ndarray, "2 q"],
    ) -> None:
        """Adds a tile of float32 cosines, with the number of items over either bound."""
        over_lower, over_upper = over
        self.above[queries] += over_upper
        unsure = np.flatnonzero(over_lower != over_upper)
        low, high = self.bounds[:, queries][:, unsure, None]
        some = cosines[unsure]
        near = (some > low) & (some <= high)
        query, weights = unsure + queries.start, self.weights[items]
        if near.sum() > DENSE * near.size:
            excess = self.queries[query] @ self.items[items].T - self.own[query][:, None]
            self.above[query] += (near & (excess > self.tie)) @ weights
            self.level[query] += (near & (abs(excess) <= self.tie)) @ weights
            return
        row, column = np.nonzero(near)
        query, item, weights = query[row], column + items.start, weights[column]
        excess = np.einsum("pd,pd->p", self.queries[query], self.items[item]) - self.own[query]
        np.add.at(self.above, query, weights * (excess > self.tie))
        np.add.at(self.level, query, weights * (abs(excess) <= self.tie))

    def ranks(self, right: Int[np.ndarray, "n"] | int) -> Float[np.ndarray, "n"]:
        """Each query's rank, where so many of the level items are right ones."""
        assert self.level.all(), "an own item is not level with itself"
        return self.above + (self.level - right) / 2


def _blocks(size: int) -> Iterator[slice]:
    return (slice(start, min(start + TILE, size)) for start in range(0, size, TILE))
