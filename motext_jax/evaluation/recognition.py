"""Recognition: is a clip's own category the best-scored one?"""

import dataclasses
from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from motext_jax.text.sides import twin_indices

Metric = Literal["top1", "top5", "top1_norm"]
METRICS: tuple[Metric, ...] = ("top1", "top5", "top1_norm")


@dataclasses.dataclass(frozen=True)
class Recognition:
    """Recognition of clips among classes (the paper's Table 1).

    Attributes:
      top1: percent of the clips whose class is the best-scored one.
      top5: percent of the clips whose class is among the best five.
      top1_norm: mean of Top-1 over the classes that have clips.
      clips: number of clips.
      classes: number of classes.
      classes_with_clips: number of classes that have a clip.
      by: name of the scoring, such as `classifier`; None if not given.
    """

    top1: float
    top5: float
    top1_norm: float
    clips: int
    classes: int
    classes_with_clips: int
    by: str | None = None

    def metric(self, name: Metric) -> float:
        """One of the three metrics."""
        return getattr(self, name)


@dataclasses.dataclass(frozen=True)
class AnyLabelRecognition:
    """Top-1 and Top-5 of distinct clips in percent, where any of a clip's classes is right."""

    top1: float
    top5: float
    clips: int


@dataclasses.dataclass(frozen=True)
class OwnSide:
    """The share of clips of sided classes that score their own class above its left/right twin.

    Attributes:
      own_above_twin: percent of these clips; chance is 50.
      clips: number of clips of sided classes.
    """

    own_above_twin: float
    clips: int


@dataclasses.dataclass(frozen=True)
class LeftRight:
    """The clips as they are, and their mirror images, whose own class is the twin."""

    own: OwnSide
    mirrored: OwnSide


def label_ranks(
    scores: Float[np.ndarray, "n k"], labels: Int[np.ndarray, "n"]
) -> Int[np.ndarray, "n"]:
    """Rank of each label: the number of other classes that score no worse; 0 is best.

    A tie counts against the label, so that a model with one score for everything scores 0.
    """
    own = np.take_along_axis(scores, labels[:, None], axis=1)
    return (scores >= own).sum(axis=1) - 1


def recognition(
    scores: Float[np.ndarray, "n k"], labels: Int[np.ndarray, "n"], by: str | None = None
) -> Recognition:
    """Top-1, Top-5 and Top-1-norm of each clip's scores for each class; `by` names the scoring."""
    ranks = label_ranks(scores, labels)
    present = np.unique(labels)
    per_class = [np.mean(ranks[labels == label] < 1) for label in present]
    return Recognition(
        top1=100 * float(np.mean(ranks < 1)),
        top5=100 * float(np.mean(ranks < 5)),
        top1_norm=100 * float(np.mean(per_class)),
        clips=len(labels),
        classes=scores.shape[1],
        classes_with_clips=len(present),
        by=by,
    )


def any_label_recognition(
    scores: Float[np.ndarray, "n k"], label_sets: Sequence[frozenset[int]]
) -> AnyLabelRecognition:
    """Top-1 and Top-5 in percent where any of a clip's categories is right (TMR++'s score).

    Args:
      scores: scores of distinct clips for each class.
      label_sets: each clip's categories, as columns of `scores`; one or more.
    """
    ranks = np.array(
        [
            min(label_ranks(row[None], np.array([label]))[0] for label in labels)
            for row, labels in zip(scores, label_sets, strict=True)
        ]
    )
    return AnyLabelRecognition(
        top1=100 * float(np.mean(ranks < 1)),
        top5=100 * float(np.mean(ranks < 5)),
        clips=len(ranks),
    )


def twin_labels(names: Sequence[str]) -> Int[np.ndarray, "k"]:
    """Index of each category's left/right twin; -1 where there is none."""
    twins = twin_indices(names)
    return np.array([-1 if twin in (None, own) else twin for own, twin in enumerate(twins)])


def left_right(
    scores: Float[np.ndarray, "n k"], labels: Int[np.ndarray, "n"], names: Sequence[str]
) -> OwnSide:
    """The share of clips of sided categories that score their own name above its twin's.

    Chance is 50 percent; a tie is a miss.
    """
    twins = twin_labels(list(names))[labels]
    sided = np.flatnonzero(twins >= 0)
    own, other = scores[sided, labels[sided]], scores[sided, twins[sided]]
    share = 100 * float(np.mean(own > other)) if len(sided) else float("nan")
    return OwnSide(share, len(sided))
