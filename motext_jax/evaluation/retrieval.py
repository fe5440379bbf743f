"""Retrieval: the rank of the first right answer."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.evaluation.records import among, named

RECALL_AT = (1, 2, 3, 5, 10)
BLOCK = 512
"""Queries that are ranked at once."""

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
    """

    own_clip: Directions = dataclasses.field(metadata=named("all"))
    identical_caption: Directions = dataclasses.field(metadata=named("identical-caption"))

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
    texts, motion = text[first].astype(np.float64), motion.astype(np.float64)
    clips = np.arange(len(captions))

    def both_ways(right: Callable[[Int[np.ndarray, "b"]], Bool[np.ndarray, "b n"]]) -> Directions:
        return Directions(
            *(
                recalls(_ranks_in_blocks(len(clips), scores, right), len(clips))
                for scores in (
                    lambda rows: texts[caption[rows]] @ motion.T,
                    lambda rows: (motion[rows] @ texts.T)[:, caption],
                )
            )
        )

    return CaptionRetrieval(
        own_clip=both_ways(lambda rows: rows[:, None] == clips),
        identical_caption=both_ways(lambda rows: caption[rows][:, None] == caption),
    )


def _ranks_in_blocks(
    n: int,
    scores: Callable[[Int[np.ndarray, "b"]], Float[np.ndarray, "b n"]],
    right: Callable[[Int[np.ndarray, "b"]], Bool[np.ndarray, "b n"]],
) -> Float[np.ndarray, "n"]:
    """Ranks some queries at a time: all of BABEL's validation clips would fill the memory."""
    blocks = np.split(np.arange(n), range(BLOCK, n, BLOCK))
    return np.concatenate([best_ranks(scores(rows), right(rows)) for rows in blocks])


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
