"""Retrieval: where in the ranking is a right answer?"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float, Int

RECALL_AT = (1, 2, 3, 5, 10)
BLOCK = 512
"""Queries that are ranked at once."""

CATEGORY_TOP = (1, 5, 10, 20, 50, 100)


def best_ranks(
    scores: Float[np.ndarray, "q n"], right: Bool[np.ndarray, "q n"]
) -> Float[np.ndarray, "q"]:
    """Rank (0 is best) of each query's best right item among the wrong ones, ties averaged."""
    best = np.max(np.where(right, scores, -np.inf), axis=1, keepdims=True)
    above = ((scores > best) & ~right).sum(axis=1)
    level = ((scores == best) & ~right).sum(axis=1)
    return above + level / 2


def recalls(ranks: Float[np.ndarray, "q"], items: int) -> dict[str, float | int]:
    """R@1, 2, 3, 5, 10 in percent and the median rank, 1 being best."""
    values: dict[str, float | int] = {f"R@{k}": 100 * float(np.mean(ranks < k)) for k in RECALL_AT}
    return {**values, "MedR": float(np.median(ranks)) + 1, "N": items}


def caption_retrieval(
    text: Float[np.ndarray, "n d"],
    motion: Float[np.ndarray, "n d"],
    captions: tuple[str, ...],
) -> dict[str, dict[str, dict[str, float | int]]]:
    """Both directions under two protocols.

    all: the right answer is the diagonal. identical-caption: any clip with exactly the same caption
    is right too.
    """
    _, first, caption = np.unique(np.asarray(captions), return_index=True, return_inverse=True)
    # Each distinct text once: equal rows of a product may differ in their last bits.
    texts, motion = text[first].astype(np.float64), motion.astype(np.float64)
    directions = {
        "text_to_motion": lambda rows: texts[caption[rows]] @ motion.T,
        "motion_to_text": lambda rows: (motion[rows] @ texts.T)[:, caption],
    }
    clips = np.arange(len(captions))
    protocols = {
        "all": lambda rows: rows[:, None] == clips,
        "identical-caption": lambda rows: caption[rows][:, None] == caption,
    }
    return {
        protocol: {
            direction: recalls(_ranks_in_blocks(len(clips), scores, right), len(clips))
            for direction, scores in directions.items()
        }
        for protocol, right in protocols.items()
    }


def _ranks_in_blocks(
    n: int,
    scores: Callable[[Int[np.ndarray, "b"]], Float[np.ndarray, "b n"]],
    right: Callable[[Int[np.ndarray, "b"]], Bool[np.ndarray, "b n"]],
) -> Float[np.ndarray, "n"]:
    """Some queries at a time: all of BABEL's validation clips at once would fill the memory."""
    blocks = np.split(np.arange(n), range(BLOCK, n, BLOCK))
    return np.concatenate([best_ranks(scores(rows), right(rows)) for rows in blocks])


def category_retrieval(
    scores: Float[np.ndarray, "k n"], labels: Int[np.ndarray, "n"]
) -> dict[str, float | int]:
    """Each category name is one query over all clips (the paper's Table 3).

    Top-N: the share of queries, in percent, for which a clip of that category is among the first N.
    Categories without a clip ask nothing.
    """
    queries = np.unique(labels)
    ranks = best_ranks(scores[queries], queries[:, None] == labels[None, :])
    top = {f"top{n}": 100 * float(np.mean(ranks < n)) for n in CATEGORY_TOP}
    return {**top, "queries": len(queries), "N": scores.shape[1]}
