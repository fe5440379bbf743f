"""Categories in words that training never saw: are they still understood?"""

import dataclasses

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.evaluation.recognition import label_ranks


@dataclasses.dataclass(frozen=True)
class RewordedRecognition:
    """Scores of rewordings as names of their categories; shares are in percent.

    Attributes:
      first_motion: share of rewordings whose nearest clip has their category.
      nearest_name: share of rewordings that are nearest to their own category's name.
      top1: share of asked clips whose nearest rewording is of a category that they have.
      top1_norm: mean of `top1` over categories.
      rewordings: number of rewordings.
      categories: number of reworded categories.
      clips: number of clips.
      asked_clips: number of clips that have a reworded category.
    """

    first_motion: float
    nearest_name: float
    top1: float
    top1_norm: float
    rewordings: int
    categories: int
    clips: int
    asked_clips: int


def reworded_recognition(
    reworded: Float[np.ndarray, "q d"],
    reworded_labels: Int[np.ndarray, "q"],
    names: Float[np.ndarray, "k d"],
    motion: Float[np.ndarray, "n d"],
    labels: Bool[np.ndarray, "n k"],
) -> RewordedRecognition:
    """Scores rewordings as names of their categories; ties are misses.

    Args:
      reworded: embeddings of the rewordings.
      reworded_labels: each rewording's category; some categories may have no rewording.
      names: embeddings of all categories' own names.
      motion: embeddings of the clips, each once.
      labels: True where a clip has a category.
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
    return RewordedRecognition(
        first_motion=100 * float(np.mean(first)),
        nearest_name=100 * float(np.mean(nearest)),
        top1=100 * float(np.mean(hits[can_be_right])),
        top1_norm=100 * float(np.mean(by_category)),
        rewordings=len(reworded),
        categories=len(asked),
        clips=len(motion),
        asked_clips=int(can_be_right.sum()),
    )


def _best(scores: Float[np.ndarray, "q n"], of: Bool[np.ndarray, "q n"]) -> Float[np.ndarray, "q"]:
    return np.max(np.where(of, scores, -np.inf), axis=1)
