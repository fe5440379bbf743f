"""Recognition by category: confusion, recall, and the metrics as categories are added."""

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from motext_jax.evaluation.recognition import METRICS, Metric, label_ranks, recognition


@dataclasses.dataclass(frozen=True)
class Crossing:
    """Sizes at which the second of two curves overtakes the first; None for no such size.

    Attributes:
      changes: number of times that the lead changes; sizes with equal values are skipped.
      behind_from: smallest size at which the second curve is below the first.
      last_behind: largest size at which the second curve is below the first.
      ahead_from: smallest size above `last_behind` at which the second curve is above.
    """

    changes: int
    behind_from: int | None
    last_behind: int | None
    ahead_from: int | None


@dataclasses.dataclass(frozen=True)
class ConfusedPair:
    """A category whose clips are taken for another.

    Attributes:
      category: the clips' own category.
      taken_for: the category that they are taken for.
      share: percent of the clips of `category` that are taken for the other.
      clips: number of clips that are taken for the other.
      of: number of clips of `category`.
    """

    category: str
    taken_for: str
    share: float
    clips: int
    of: int


def confusion(
    scores: Float[np.ndarray, "n k"], labels: Int[np.ndarray, "n"]
) -> Int[np.ndarray, "k k"]:
    """Clips of each category (rows) by their best-scored category (columns), as in Fig. 3.

    A tie counts against the clip's own category, as in `recognition`; the first of the other
    best-scored categories counts.
    """
    k = scores.shape[1]
    own = np.arange(k) == labels[:, None]
    best = np.max(scores, axis=1, keepdims=True)
    others = (scores == best) & ~own
    taken = np.where(others.any(axis=1), others.argmax(axis=1), labels)
    return np.bincount(labels * k + taken, minlength=k * k).reshape(k, k)


def recalls_by_category(
    scores: Float[np.ndarray, "n k"], labels: Int[np.ndarray, "n"]
) -> Float[np.ndarray, "k"]:
    """Each category's Top-1 in percent; NaN without clips."""
    hits = np.bincount(labels, label_ranks(scores, labels) < 1, minlength=scores.shape[1])
    clips = np.bincount(labels, minlength=scores.shape[1])
    return np.where(clips > 0, 100 * hits / np.maximum(clips, 1), np.nan)


def recall_by_third(recalls: Float[np.ndarray, "k"]) -> dict[str, float]:
    """Mean recall of the largest, the middle and the smallest third of the categories.

    Args:
      recalls: recalls of the categories, the largest category first; NaN is left out. If the
        number of categories is no multiple of three, the earlier thirds are larger.

    Returns:
      `head`, `middle` and `tail`, as far as they have a recall.
    """
    thirds = zip(("head", "middle", "tail"), np.array_split(recalls, 3), strict=True)
    return {name: float(np.nanmean(part)) for name, part in thirds if np.isfinite(part).any()}


def growth(
    scores: Float[np.ndarray, "n k"], labels: Int[np.ndarray, "n"], sizes: Sequence[int]
) -> dict[Metric, list[float]]:
    """Recognition of the largest categories' clips among these categories alone (Fig. 4).

    Args:
      scores: each clip's score for each category, the largest category first.
      labels: each clip's category, as a column of `scores`.
      sizes: numbers of categories to keep; each category has at least one clip.

    Returns:
      Each of `METRICS` at every size, in percent.
    """
    found = [recognition(scores[labels < k, :k], labels[labels < k]) for k in sizes]
    return {metric: [values.metric(metric) for values in found] for metric in METRICS}


def crossing(sizes: Sequence[int], one: Sequence[float], other: Sequence[float]) -> Crossing:
    """Finds where `other` overtakes `one`: in the paper's Fig. 4 CE is ahead first, then behind.

    The paper's crossing has one change and no None.
    """
    leads = [(size, b - a) for size, a, b in zip(sizes, one, other, strict=True) if a != b]
    behind = [size for size, lead in leads if lead < 0]
    last = behind[-1] if behind else None
    after = [size for size, lead in leads if lead > 0 and size > (last or 0)]
    signs = [lead > 0 for _, lead in leads]
    return Crossing(
        changes=sum(a != b for a, b in itertools.pairwise(signs)),
        behind_from=behind[0] if behind else None,
        last_behind=last,
        ahead_from=after[0] if after else None,
    )


def most_confused(
    matrix: Int[np.ndarray, "k k"], names: Sequence[str], top: int
) -> list[ConfusedPair]:
    """The pairs of categories with the largest share of one's clips taken for the other."""
    clips = np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    shares = 100 * matrix / clips
    np.fill_diagonal(shares, 0)
    order = np.argsort(-shares, axis=None, kind="stable")[:top]
    pairs = [divmod(int(place), len(names)) for place in order]
    return [
        ConfusedPair(
            category=names[own],
            taken_for=names[other],
            share=float(shares[own, other]),
            clips=int(matrix[own, other]),
            of=int(clips[own, 0]),
        )
        for own, other in pairs
        if shares[own, other] > 0
    ]
