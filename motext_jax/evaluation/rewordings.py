"""Categories in words that training never saw: are they still understood?"""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

from motext_jax.evaluation.recognition import label_ranks

Rewordings = Mapping[str, Sequence[str]]
"""For a category's name other ways to say it."""


def reworded_recognition(
    reworded: Float[np.ndarray, "q d"],
    reworded_labels: Int[np.ndarray, "q"],
    names: Float[np.ndarray, "k d"],
    motion: Float[np.ndarray, "n d"],
    labels: Int[np.ndarray, "n"],
) -> dict[str, float | int]:
    """How well rewordings name their category, in percent; ties are misses.

    Args:
      reworded: embeddings of the rewordings, of every category one at least.
      reworded_labels: each one's category.
      names: embeddings of the categories' own names.
      motion: embeddings of the clips.
      labels: each clip's category.

    Returns:
      `first_motion`: the share of rewordings whose nearest clip is of their category.
      `nearest_name`: the share that is nearest to its own category's name.
      `top1`, `top1_norm`: the share of clips, and its mean over categories, whose nearest rewording
      is one of their own category.
    """
    own, cosines = reworded_labels[:, None] == labels, reworded @ motion.T
    right = np.max(np.where(own, cosines, -np.inf), axis=1)
    first = right > np.max(np.where(own, -np.inf, cosines), axis=1)
    nearest = label_ranks(reworded @ names.T, reworded_labels) < 1
    # A category's score is that of its best rewording.
    scores = np.full((len(motion), len(names)), -np.inf)
    np.maximum.at(scores.T, reworded_labels, (motion @ reworded.T).T)
    hits = label_ranks(scores, labels) < 1
    return {
        "first_motion": 100 * float(np.mean(first)),
        "nearest_name": 100 * float(np.mean(nearest)),
        "top1": 100 * float(np.mean(hits)),
        "top1_norm": 100 * float(np.mean([np.mean(hits[labels == k]) for k in np.unique(labels)])),
        "rewordings": len(reworded),
    }
