"""Retrieval: the rank of the first right answer."""

import dataclasses
from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.evaluation.ranking import Ranks, caption_ranks
from motext_jax.evaluation.records import among, named

RECALL_AT = (1, 2, 3, 5, 10)
CATEGORY_TOP = (1, 5, 10, 20, 50, 100)


@dataclasses.dataclass(frozen=True)
class Recalls:
    """Retrieval in one direction.

    Attributes:
      recall: R@K in percent, by K.
      median_rank: median rank; 1 is best.
      items: number of ranked items.
    """

    recall: Mapping[int, float] = dataclasses.field(metadata=among("R@"))
    median_rank: float = dataclasses.field(metadata=named("MedR"))
    items: int = dataclasses.field(metadata=named("N"))

    @property
    def columns(self) -> dict[str, float]:
        """The scores by the names that tables give them."""
        return {f"R@{k}": value for k, value in self.recall.items()} | {"MedR": self.median_rank}


@dataclasses.dataclass(frozen=True)
class Directions:
    """Clips ranked for each text, and texts ranked for each clip."""

    text_to_motion: Recalls
    motion_to_text: Recalls

    @property
    def by_name(self) -> dict[str, Recalls]:
        """Both directions by the names that tables give them."""
        return {"text→motion": self.text_to_motion, "motion→text": self.motion_to_text}


@dataclasses.dataclass(frozen=True)
class CaptionRetrieval:
    """Retrieval by caption under two protocols.

    Attributes:
      own_clip: the protocol where a caption's own clip alone is right.
      identical_caption: the protocol where any clip of exactly that caption is right.
      captions: number of distinct captions; None in files from before it was kept.
    """

    own_clip: Directions = dataclasses.field(metadata=named("all"))
    identical_caption: Directions = dataclasses.field(metadata=named("identical-caption"))
    captions: int | None = None

    @property
    def protocols(self) -> dict[str, Directions]:
        """Both protocols by the names that files and tables give them."""
        return {"all": self.own_clip, "identical-caption": self.identical_caption}


@dataclasses.dataclass(frozen=True)
class CategoryRetrieval:
    """Each category's name as a query over all clips (the paper's Table 3).

    Attributes:
      top: percent of the queries with a clip of the category among the first N, by N.
      queries: number of queries, one a category.
      items: number of clips that are searched.
    """

    top: Mapping[int, float] = dataclasses.field(metadata=among("top"))
    queries: int
    items: int = dataclasses.field(metadata=named("N"))


def best_ranks(
    scores: Float[np.ndarray, "q n"], right: Bool[np.ndarray, "q n"]
) -> Float[np.ndarray, "q"]:
    """Rank (0 is best) of each query's best right item among the wrong ones; ties are averaged."""
    best = np.max(np.where(right, scores, -np.inf), axis=1, keepdims=True)
    above = ((scores > best) & ~right).sum(axis=1)
    level = ((scores == best) & ~right).sum(axis=1)
    return above + level / 2


def recalls(ranks: Float[np.ndarray, "q"], items: int) -> Recalls:
    """R@1, 2, 3, 5, 10 in percent and the median rank, from ranks that begin at 0."""
    recall = {k: 100 * float(np.mean(ranks < k)) for k in RECALL_AT}
    return Recalls(recall, float(np.median(ranks)) + 1, items)


def caption_retrieval(
    text: Float[np.ndarray, "n d"],
    motion: Float[np.ndarray, "n d"],
    captions: tuple[str, ...],
) -> CaptionRetrieval:
    """Both directions under both protocols; row k of `text` is clip k's caption."""
    _, first, caption = np.unique(np.asarray(captions), return_index=True, return_inverse=True)
    # Each distinct text is taken once: equal rows of a product may differ in their last bits.
    own_clip, identical_caption = caption_ranks(text[first], motion, caption)
    return CaptionRetrieval(_directions(own_clip), _directions(identical_caption), len(first))


def _directions(ranks: Ranks) -> Directions:
    size = len(ranks.text_to_motion)
    return Directions(recalls(ranks.text_to_motion, size), recalls(ranks.motion_to_text, size))


def category_retrieval(
    scores: Float[np.ndarray, "k n"], labels: Int[np.ndarray, "n"]
) -> CategoryRetrieval:
    """Retrieval with each category's name as a query over all clips (the paper's Table 3).

    Top-N is the percentage of queries with a clip of their category among the first N. A category
    without a clip is no query.
    """
    queries = np.unique(labels)
    ranks = best_ranks(scores[queries], queries[:, None] == labels[None, :])
    top = {n: 100 * float(np.mean(ranks < n)) for n in CATEGORY_TOP}
    return CategoryRetrieval(top, len(queries), scores.shape[1])
