"""Ranks of n captions and n clips in each other's lists, without their n × n matrix of cosines.

First the device counts, in tiles of float32 cosines, what is above each pair's own. Where cosines
are within float32's rounding of it, the row or column of the tile is counted in float64 afterwards.
"""

import dataclasses
import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

TILE = 1024
"""Rows and columns of a tile. A core's cache holds half of one."""


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
    group = np.bincount(caption)
    texts, clips = texts.astype(np.float64)[caption], clips.astype(np.float64)
    by_text = _Side(texts, clips)
    by_clip = _Side(clips, texts)
    rows = zip(_tiles(by_text.queries), _tiles(by_text.bounds), strict=True)
    columns = jax.device_put([_tiles(by_clip.queries), _tiles(by_clip.bounds)])
    for number, strip in enumerate(rows):
        above_texts, near_texts, above_clips, near_clips = map(np.asarray, _strip(*strip, *columns))
        of_strip = slice(number * TILE, (number + 1) * TILE)
        by_text.add(slice(None), of_strip, above_texts, near_texts)
        by_clip.add(number, slice(None), above_clips.reshape(1, -1), near_clips.reshape(1, -1))
    by_text.settle()
    by_clip.settle()
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
def _strip(
    texts: Float[Array, "t d"],
    text_bounds: Float[Array, "t 2"],
    clips: Float[Array, "m t d"],
    clip_bounds: Float[Array, "m t 2"],
) -> tuple[Int[Array, "m t"], Bool[Array, "m t"], Int[Array, "m t"], Bool[Array, "m t"]]:
    """A row of m tiles.

    Returns:
      For each tile the clips above each text's bounds, and whether any is between them; then
      the texts above each clip's bounds, and whether any is between them. Nothing is counted where
      any is between.
    """

    def tile(
        clips: Float[Array, "t d"], bounds: Float[Array, "t 2"]
    ) -> tuple[Int[Array, "t"], Bool[Array, "t"], Int[Array, "t"], Bool[Array, "t"]]:
        cosines = jnp.dot(texts, clips.T, precision=jax.lax.Precision.HIGHEST)
        low, high = text_bounds.T[:, :, None]
        near_texts = jnp.any((cosines > low) & (cosines <= high), axis=1)
        above_texts = jnp.where(near_texts, 0, jnp.sum(cosines > high, axis=1))
        low, high = bounds.T[:, None]
        near_clips = jnp.any((cosines > low) & (cosines <= high), axis=0)
        above_clips = jnp.where(near_clips, 0, jnp.sum(cosines > high, axis=0))
        return above_texts, near_texts, above_clips, near_clips

    return jax.lax.map(lambda operands: tile(*operands), (clips, clip_bounds))


class _Side:
    """The lists of all texts, or of all clips.

    Attributes:
      queries: the embeddings that have the lists.
      items: the embeddings in the lists.
      own: cosine of each query with the item of its number.
      bounds: `own` less and more float32's rounding, the most that a tile's cosine is wrong by.
      tie: float64's rounding.
      above: items with a greater cosine than the own item's; whole tiles of queries.
      level: items with the own item's cosine; it is one of them.
      near: for each tile of items the queries that are counted in float64.
    """

    def __init__(self, queries: Float[np.ndarray, "n d"], items: Float[np.ndarray, "n d"]):
        self.queries, self.items = queries, items
        self.own = np.einsum("nd,nd->n", queries, items)
        size, dimensions = queries.shape
        scale = math.prod(float(np.linalg.norm(s, axis=1).max()) for s in (queries, items))
        if not math.isfinite(scale):
            raise ValueError("the embeddings hold NaN or infinity")
        # A sum of d products in any order (Higham 2002, equation 3.5, and Cauchy-Schwarz), and four
        # more roundings: of both inputs, of the bounds and for products below float32's range.
        margin = max((dimensions + 4) * 2**-24 * scale, float(np.finfo(np.float32).tiny))
        self.bounds = self.own[:, None] + [-margin, margin]
        self.tie = dimensions * 2**-52 * scale
        padded = -(-size // TILE) * TILE
        self.above, self.level = np.zeros(padded, int), np.zeros(padded, int)
        self.near = np.zeros((padded // TILE, padded), bool)

    def add(
        self,
        tiles: slice | int,
        queries: slice,
        above: Int[np.ndarray, "m q"],
        near: Bool[np.ndarray, "m q"],
    ) -> None:
        """Adds what the device counted for some queries in tiles of items."""
        self.above[queries] += above.sum(axis=0)
        self.near[tiles, queries] = near

    def settle(self) -> None:
        """Counts in float64 what the device left open."""
        size = len(self.own)
        for tile, near in enumerate(self.near[:, :size]):
            items = self.items[tile * TILE :][:TILE]
            unsure = np.flatnonzero(near)
            for some in np.split(unsure, range(TILE, len(unsure), TILE)):
                excess = self.queries[some] @ items.T - self.own[some, None]
                self.above[some] += np.count_nonzero(excess > self.tie, axis=1)
                self.level[some] += np.count_nonzero(abs(excess) <= self.tie, axis=1)

    def ranks(self, right: Int[np.ndarray, "n"] | int) -> Float[np.ndarray, "n"]:
        """Each query's rank, where so many of the level items are right ones."""
        above, level = self.above[: len(self.own)], self.level[: len(self.own)]
        assert level.all(), "an own item is not level with itself"
        return above + (level - right) / 2


def _tiles(values: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "m t d"]:
    """Whole tiles in float32. The last is filled up with NaN, neither above a number nor near."""
    filling = [(0, -len(values) % TILE), (0, 0)]
    tiles = np.pad(values.astype(np.float32), filling, constant_values=np.nan)
    return tiles.reshape(-1, TILE, values.shape[1])
