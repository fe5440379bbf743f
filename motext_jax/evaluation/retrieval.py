"""Retrieval: where in the ranking is a right answer?"""

import numpy as np
from jaxtyping import Bool, Float, Int

RECALL_AT = (1, 2, 3, 5, 10)
CATEGORY_TOP = (1, 5, 10, 20, 50, 100)


def best_ranks(
    scores: Float[np.ndarray, "q n"], right: Bool[np.ndarray, "q n"]
) -> Float[np.ndarray, "q"]:
    """Rank (0 is best) of each query's best right item among the wrong ones, ties averaged."""
    best = np.max(np.where(right, scores, -np.inf), axis=1, keepdims=True)
    above = ((scores > best) & ~right).sum(axis=1)
    level = ((scores == best) & ~right).sum(axis=1)
    return above + level / 2


def recalls(
    scores: Float[np.ndarray, "q n"], right: Bool[np.ndarray, "q n"]
) -> dict[str, float | int]:
    """R@1, 2, 3, 5, 10 in percent and the median rank, 1 being best."""
    ranks = best_ranks(scores, right)
    values: dict[str, float | int] = {f"R@{k}": 100 * float(np.mean(ranks < k)) for k in RECALL_AT}
    return {**values, "MedR": float(np.median(ranks)) + 1, "N": scores.shape[1]}


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
    similarity = (text[first].astype(np.float64) @ motion.astype(np.float64).T)[caption]
    protocols = {
        "all": np.eye(len(captions), dtype=bool),
        "identical-caption": caption[:, None] == caption[None, :],
    }
    return {
        name: {
            "text_to_motion": recalls(similarity, right),
            "motion_to_text": recalls(similarity.T, right.T),
        }
        for name, right in protocols.items()
    }


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
