"""K-means: centroids of vectors, and the nearest centroid of each (Lloyd, 1982)."""

from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Float32, Int, Shaped

ROUNDS = 10
"""Times that centroids are moved."""

BLOCK = 2_048
"""Rows of a block. They stay in a core's cache, and a search of another thread waits for one block
at most."""


def k_means(vectors: Float32[np.ndarray, "n d"], count: int) -> Float32[np.ndarray, "k d"]:
    """Centroids of at most so many clusters of vectors, the same each time.

    They begin at vectors drawn by chance. One that is nearest to no vector is left out.
    """
    chosen = np.random.default_rng(0).choice(len(vectors), min(count, len(vectors)), replace=False)
    found = vectors[np.sort(chosen)]
    for _ in range(ROUNDS):
        own = nearest(blocks(vectors), found)
        order = np.argsort(own, kind="stable")
        numbers, firsts = np.unique(own[order], return_index=True)
        sums = np.add.reduceat(vectors[order], firsts, axis=0)
        found = sums / np.bincount(own)[numbers, None].astype(np.float32)
    return found


def nearest(
    parts: Iterable[Float32[np.ndarray, "b d"]], centroids: Float32[np.ndarray, "k d"]
) -> Int[np.ndarray, "n"]:
    """The number of the centroid that is nearest to each vector of all parts."""
    # |v - c|² is least where v · c - |c|²/2 is greatest.
    half = np.square(centroids).sum(axis=1) / 2
    own = [np.argmax(part @ centroids.T - half, axis=1) for part in parts]
    return np.concatenate([np.zeros(0, np.int64), *own])


def blocks(rows: Shaped[np.ndarray, "n ..."]) -> Iterator[Shaped[np.ndarray, "b ..."]]:
    """Rows in parts of `BLOCK`."""
    for first in range(0, len(rows), BLOCK):
        yield rows[first : first + BLOCK]
