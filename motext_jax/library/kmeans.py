"""K-means: centroids of vectors, and the nearest centroid of each (Lloyd, 1982)."""

import numpy as np
from jaxtyping import Float, Float32, Int

ROUNDS = 10
"""Times that centroids are moved."""

BLOCK = 2_048
"""Vectors that are compared with all centroids at once; a search of another thread waits for one
such product at most."""


def k_means(vectors: Float32[np.ndarray, "n d"], count: int) -> Float32[np.ndarray, "k d"]:
    """Centroids of at most so many clusters of vectors, the same each time.

    They begin at vectors drawn by chance. One that is nearest to no vector is left out.
    """
    chosen = np.random.default_rng(0).choice(len(vectors), min(count, len(vectors)), replace=False)
    found = vectors[np.sort(chosen)]
    for _ in range(ROUNDS):
        own = nearest(vectors, found)
        order = np.argsort(own, kind="stable")
        numbers, firsts = np.unique(own[order], return_index=True)
        sums = np.add.reduceat(vectors[order], firsts, axis=0)
        found = sums / np.bincount(own)[numbers, None].astype(np.float32)
    return found


def nearest(
    vectors: Float[np.ndarray, "n d"], centroids: Float32[np.ndarray, "k d"]
) -> Int[np.ndarray, "n"]:
    """The number of the centroid that is nearest to each vector."""
    # |v - c|² is least where v · c - |c|²/2 is greatest.
    half = np.square(centroids).sum(axis=1) / 2
    found = np.empty(len(vectors), np.int64)
    for first in range(0, len(vectors), BLOCK):
        part = vectors[first : first + BLOCK].astype(np.float32)
        found[first : first + BLOCK] = np.argmax(part @ centroids.T - half, axis=1)
    return found
