"""Ranks of n captions and n clips in each other's lists, without their n × n matrix of cosines.

A tile of the matrix is a float32 product on the device. It settles every
cosine but those that lie within rounding of a pair's own; these are computed again in float64.
"""

import dataclasses
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

TILE = 2048
"""Rows and columns of a tile."""

DENSE = 1 / 64
"""Part of a tile's cosines above which float64 has the whole tile at once, and not pair by pair."""


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
      clips: embeddings.
      caption: each clip's caption, as a row of `texts`; every text has a clip.

    Returns:
      The ranks where a caption's own clip alone is right, and those where any clip of the same
      caption is.
    """
    size = len(clips)
    _, first, group = np.unique(caption, return_index=True, return_counts=True)
    # In the clips' lists the first of equal captions stands for all of them.
    weights = np.zeros(size, int)
    weights[first] = group
    texts, clips = texts.astype(np.float64)[caption], clips.astype(np.float64)
    by_text, by_clip = sides = (
        _Side.of(texts, clips, np.ones(size, int)),
        _Side.of(clips, texts, weights),
    )
    for rows in _blocks(size):
        for columns in _blocks(size):
            parts = rows, columns
            tile = _tile(
                *(side.narrow[part] for side, part in zip(sides, parts, strict=True)),
                weights[rows].astype(np.int32),
                *(side.bounds[:, part] for side, part in zip(sides, parts, strict=True)),
            )
            cosines, over_text, over_clip = map(np.asarray, tile)
            by_text.add(rows, columns, cosines, over_text)
            by_clip.add(columns, rows, cosines.T, over_clip)
    # A caption's nearest clip is above its others, which are no wrong ones.
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


@dataclasses.dataclass(frozen=True, eq=False)
class _Side:
    """The lists of all texts, or of all clips.

    Attributes:
      queries: the embeddings that have the lists.
      items: the embeddings in the lists.
      weights: the number of items that each embedding stands for.
      own: cosine of each query with the item of its number.
      narrow: the queries in float32.
      bounds: `own` less and more float32's rounding, the most that a tile's cosine is wrong by.
      tie: float64's rounding.
      above: items of the tiles so far with a greater cosine than the own item.
      level: items with the same cosine; the own item is one of them.
    """

    queries: Float[np.ndarray, "n d"]
    items: Float[np.ndarray, "n d"]
    weights: Int[np.ndarray, "n"]
    own: Float[np.ndarray, "n"]
    narrow: Float[np.ndarray, "n d"]
    bounds: Float[np.ndarray, "2 n"]
    tie: float
    above: Int[np.ndarray, "n"]
    level: Int[np.ndarray, "n"]

    @classmethod
    def of(cls, queries: np.ndarray, items: np.ndarray, weights: np.ndarray) -> "_Side":
        """Lists to which no tile was added yet."""
        own = np.einsum("nd,nd->n", queries, items)
        dimensions = queries.shape[1]
        scale = float(np.prod([np.linalg.norm(side, axis=1).max() for side in (queries, items)]))
        # The rounding of a sum of d products grows with the root of d (Higham and Mary 2019); six
        # times that is not seen. Four more are of the inputs, the bounds and the products.
        margin = max((6 * dimensions**0.5 + 4) * 2**-24 * scale, np.finfo(np.float32).tiny)
        return cls(
            queries,
            items,
            weights,
            own,
            queries.astype(np.float32),
            np.stack([own - margin, own + margin]).astype(np.float32),
            dimensions * 2**-52 * scale,
            np.zeros(len(own), int),
            np.zeros(len(own), int),
        )

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
        row, column = np.nonzero(near)
        query, item = unsure[row] + queries.start, column + items.start
        excess = self._exact(query, item, unsure + queries.start, items, near) - self.own[query]
        weights = self.weights[item]
        np.add.at(self.above, query, weights * (excess > self.tie))
        np.add.at(self.level, query, weights * (abs(excess) <= self.tie))

    def ranks(self, right: Int[np.ndarray, "n"] | int) -> Float[np.ndarray, "n"]:
        """Each query's rank, where so many of the level items are right ones."""
        return self.above + (self.level - right) / 2

    def _exact(
        self,
        query: Int[np.ndarray, "p"],
        item: Int[np.ndarray, "p"],
        queries: Int[np.ndarray, "u"],
        items: slice,
        near: Bool[np.ndarray, "u i"],
    ) -> Float[np.ndarray, "p"]:
        """The float64 cosines of some pairs, which are the true places of `near`."""
        if len(query) > DENSE * near.size:
            return (self.queries[queries] @ self.items[items].T)[near]
        return np.einsum("pd,pd->p", self.queries[query], self.items[item])


def _blocks(size: int) -> Iterator[slice]:
    return (slice(start, min(start + TILE, size)) for start in range(0, size, TILE))
