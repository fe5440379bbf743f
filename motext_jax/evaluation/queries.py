"""Free queries, answered by annotation and by motion (the paper's Table 2, Fig. 5, 6)."""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.text.sides import words


@dataclasses.dataclass(frozen=True)
class AnnotatedHit:
    """A found clip.

    Attributes:
      clip: row of the clip.
      cosine: cosine of its annotation or its motion with the query.
      annotation_rank: rank of its annotation's similarity among all clips, from 1.
      caption: annotation of the clip.
    """

    clip: int
    cosine: float
    annotation_rank: int
    caption: str


@dataclasses.dataclass(frozen=True)
class Answer:
    """The first clips by annotation (text to text) and by motion (text to motion)."""

    by_annotation: tuple[AnnotatedHit, ...]
    by_motion: tuple[AnnotatedHit, ...]


def answers(
    query: Float[np.ndarray, "q d"],
    text: Float[np.ndarray, "n d"],
    motion: Float[np.ndarray, "n d"],
    captions: Sequence[str],
    top: int = 3,
) -> list[Answer]:
    """Answers each query.

    Args:
      query: unit-length embeddings of the queries.
      text: embeddings of each clip's caption.
      motion: embeddings of each clip.
      captions: each clip's caption; equal captions are ranked one after another.
      top: number of clips in each list.
    """
    _, first, caption = np.unique(np.asarray(captions), return_index=True, return_inverse=True)
    # Each distinct text is taken once: equal columns of a product may differ in their last bits.
    by_annotation = (query.astype(np.float64) @ text[first].astype(np.float64).T)[:, caption]
    by_motion = query.astype(np.float64) @ motion.astype(np.float64).T
    found = []
    for annotation_row, motion_row in zip(by_annotation, by_motion, strict=True):
        order = np.argsort(-annotation_row, kind="stable")
        rank = np.empty(len(order), int)
        rank[order] = np.arange(1, len(order) + 1)
        nearest = np.argsort(-motion_row, kind="stable")
        found.append(
            Answer(
                *(
                    tuple(
                        AnnotatedHit(int(k), float(row[k]), int(rank[k]), captions[k])
                        for k in clips[:top]
                    )
                    for row, clips in ((annotation_row, order), (motion_row, nearest))
                )
            )
        )
    return found


def unseen_words(query: str, captions: Iterable[str]) -> list[str]:
    """The query's words that no caption has, in their order; capitals do not matter."""
    seen = {word for caption in set(captions) for word in words(caption)}
    return [word for word in dict.fromkeys(words(query)) if word not in seen]
