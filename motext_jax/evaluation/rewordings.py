"""Categories in words that training never saw: are they still understood?"""

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.evaluation.recognition import label_ranks


def reworded_recognition(
    reworded: Float[np.ndarray, "q d"],
    reworded_labels: Int[np.ndarray, "q"],
    names: Float[np.ndarray, "k d"],
    motion: Float[np.ndarray, "n d"],
    labels: Bool[np.ndarray, "n k"],
) -> dict[str, float | int]:
    """How well rewordings name their category, in percent; ties are misses.

    Args:
      reworded: embeddings of the rewordings.
      reworded_labels: each one's category; some categories may have none.
      names: embeddings of all categories' own names.
      motion: embeddings of the clips, each once.
      labels: which categories each clip has.

    Returns:
      `first_motion`: the share of rewordings whose nearest clip, of all, has their category.
      `nearest_name`: the share that is nearest to its own category's name.
      `top1`, `top1_norm`: the share of clips, and its mean over categories, whose nearest rewording
      is of a category that they have; of clips that have a category with rewordings.
      `rewordings`, `categories`: how many there are, and of how many categories. `clips`: all;
      `asked_clips`: those that have such a category.
    """
    cosines = reworded @ motion.T
    right = labels[:, reworded_labels].T
    first = _best(cosines, right) > _best(cosines, ~right)
    nearest = label_ranks(reworded @ names.T, reworded_labels) < 1
    # A category's score is that of its best rewording.
    scores = np.full((len(names), len(motion)), -np.inf)
    np.maximum.at(scores, reworded_labels, cosines)
    hits = _best(scores.T, labels) > _best(scores.T, ~labels)
    asked = np.unique(reworded_labels)
    can_be_right = labels[:, asked].any(axis=1)
    by_category = [np.mean(hits[labels[:, k]]) for k in asked if labels[:, k].any()]
    return {
        "first_motion": 100 * float(np.mean(first)),
        "nearest_name": 100 * float(np.mean(nearest)),
        "top1": 100 * float(np.mean(hits[can_be_right])),
        "top1_norm": 100 * float(np.mean(by_category)),
        "rewordings": len(reworded),
        "categories": len(asked),
        "clips": len(motion),
        "asked_clips": int(can_be_right.sum()),
    }


def _best(scores: Float[np.ndarray, "q n"], of: Bool[np.ndarray, "q n"]) -> Float[np.ndarray, "q"]:
    return np.max(np.where(of, scores, -np.inf), axis=1)
