"""All scores of a model on a split."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from motext_jax.data.clips import ClipArray, ClipSet
from motext_jax.data.mirroring import mirror_images
from motext_jax.errors import InputError
from motext_jax.evaluation.recognition import (
    AnyLabelRecognition,
    LeftRight,
    Recognition,
    any_label_recognition,
    left_right,
    recognition,
    twin_labels,
)
from motext_jax.evaluation.retrieval import (
    CaptionRetrieval,
    caption_retrieval,
    category_retrieval,
)
from motext_jax.evaluation.scores import Scores, WholeMotionScores
from motext_jax.evaluation.whole_motions import WholeMotions, whole_motions
from motext_jax.text.sentence import sentence
from motext_jax.trained.model import TrainedModel


@dataclasses.dataclass(frozen=True, eq=False)
class CategoryScores:
    """Scores of clips for categories.

    Attributes:
      rows: rows of the clips of the split that have a category.
      labels: each clip's category, as a column of `scores`.
      names: the categories that have clips in the split.
      scores: each clip's cosine with each category's text, or the classifier's logit.
      by: name of the scoring.
    """

    rows: Int[np.ndarray, "n"]
    labels: Int[np.ndarray, "n"]
    names: tuple[str, ...]
    scores: Float[np.ndarray, "n k"]
    by: str

    def recognition(self) -> Recognition:
        """Top-1, Top-5 and Top-1-norm."""
        return recognition(self.scores, self.labels, self.by)


def evaluate(model: TrainedModel, clips: ClipSet, sentences: bool = False) -> Scores:
    """Scores recognition, left against right, and retrieval by category and by caption.

    Every item is a clip: a motion of several clips counts several times. A clip is recognised among
    the categories that have clips in the split. Where a motion has several, whole motions are
    recognised as well. Recognition is left out where the source has no categories, retrieval where
    the model has no text tower.

    Args:
      model: the model.
      clips: the split.
      sentences: True to recognise by sentences too, "a person waves" beside "wave".
    """
    scores, motion = Scores(), embed(model, clips)
    if (clips.categories >= 0).any():
        found = category_scores(model, clips, motion)
        said = by_sentence(model, found, motion) if sentences and motion is not None else None
        scores = dataclasses.replace(
            by_category(model, clips, found),
            sentence_recognition=said.recognition() if said else None,
            whole_motions=by_whole_motion(clips, found, said),
        )
    if motion is not None:
        scores = dataclasses.replace(scores, retrieval=by_caption(model, clips, motion))
    return scores


def embed(model: TrainedModel, clips: ClipSet) -> Float[np.ndarray, "n d"] | None:
    """Every clip's embedding; None for a classifier, which has no shared space."""
    return model.encode_motion(clips.clips) if model.is_contrastive else None


def category_scores(
    model: TrainedModel, clips: ClipSet, motion: Float[np.ndarray, "n d"] | None
) -> CategoryScores:
    """Scores the labelled clips for the categories that they have; `motion` is from `embed`."""
    rows = np.flatnonzero(clips.categories >= 0)
    present, labels = np.unique(clips.categories[rows], return_inverse=True)
    names = tuple(clips.category_names[index] for index in present)
    labelled = clips.select(rows).clips
    scores = _scores(model, labelled, names, None if motion is None else motion[rows])
    by = "nearest category text" if model.is_contrastive else "classifier"
    return CategoryScores(rows, labels, names, scores, by)


def validation_score(model: TrainedModel, clips: ClipSet) -> dict[str, float]:
    """Validation scores; `score` ranks checkpoints: Top-1, or text-to-motion recall.

    A model that embeds texts has a recall if it was trained on captions alone, or if the split has
    fewer than two categories; without captions it has Top-1. The recall is R@10, and R@1 for up to
    ten clips, which are all among the first ten.
    """
    motion = embed(model, clips)
    categories = set(clips.categories.tolist()) - {-1}
    learned = model.manifest.config.data.text != "caption" and len(categories) > 1
    captioned = None if learned or motion is None else by_caption(model, clips, motion)
    if captioned is None:
        if not categories:
            none = "no categories" if motion is None else "neither categories nor captions"
            raise InputError(f"the validation split has {none} to score by")
        top1 = category_scores(model, clips, motion).recognition().top1
        return {"score": top1, "top1": top1}
    texts = captioned.identical_caption.text_to_motion
    k = 10 if texts.items > 10 else 1
    return {"score": texts.recall[k], f"R@{k}": texts.recall[k]}


def by_category(model: TrainedModel, clips: ClipSet, found: CategoryScores) -> Scores:
    """Recognition, left against right, and retrieval by category."""
    labelled, labels, names, scores = found.rows, found.labels, found.names, found.scores
    any_label = sides = None
    if len(clips.unique()) < len(clips):
        any_label = _any_label(clips, labelled, scores)
    twins = twin_labels(names)[labels]
    sided = twins >= 0
    if sided.any():
        mirrored_scores = _scores(model, mirror_images(clips, labelled[sided]).clips, names)
        sides = LeftRight(
            own=left_right(scores, labels, names),
            mirrored=left_right(mirrored_scores, twins[sided], names),
        )
    return Scores(
        recognition=found.recognition(),
        any_label=any_label,
        left_right=sides,
        category_retrieval=category_retrieval(scores.T, labels) if model.is_contrastive else None,
    )


def by_sentence(
    model: TrainedModel, found: CategoryScores, motion: Float[np.ndarray, "n d"]
) -> CategoryScores:
    """The same clips' scores for a sentence of each category; see `text.sentence`."""
    texts = [sentence(name) for name in found.names]
    return dataclasses.replace(
        found,
        scores=motion[found.rows] @ model.encode_text(texts).T,
        by=f'nearest sentence, such as "{texts[0]}"',
    )


def by_whole_motion(
    clips: ClipSet, found: CategoryScores, said: CategoryScores | None = None
) -> WholeMotionScores | None:
    """Scores motions by the mean of their clips' scores; None where each is a single clip.

    A label is of a whole motion, and a short action is in one of its clips only. Action recognition
    scores videos the same way, by the mean of their clips.

    Args:
      clips: the split.
      found: its labelled clips' scores for the categories' names.
      said: their scores for sentences.
    """
    motions = whole_motions(clips.select(found.rows))
    if len(motions.firsts) == len(found.rows):
        return None
    whole = _whole(found, motions)
    sides = left_right(whole.scores, whole.labels, whole.names)
    return WholeMotionScores(
        recognition=whole.recognition(),
        own_side=sides if sides.clips else None,
        sentence_recognition=_whole(said, motions).recognition() if said else None,
    )


def _whole(found: CategoryScores, motions: WholeMotions) -> CategoryScores:
    return dataclasses.replace(
        found,
        rows=found.rows[motions.firsts],
        labels=found.labels[motions.firsts],
        scores=motions.mean(found.scores),
    )


def _any_label(clips: ClipSet, labelled: np.ndarray, scores: np.ndarray) -> AnyLabelRecognition:
    """Each distinct clip once, with all of its categories."""
    present, sets = np.unique(clips.categories[labelled]), clips.label_sets()
    rows = clips.select(labelled).unique()
    columns = [
        frozenset(np.searchsorted(present, list(sets[row])).tolist()) for row in labelled[rows]
    ]
    return any_label_recognition(scores[rows], columns)


def by_caption(
    model: TrainedModel, clips: ClipSet, motion: Float[np.ndarray, "n d"]
) -> CaptionRetrieval | None:
    """Retrieval among the clips that have a caption, each once whatever its categories."""
    rows = np.array([row for row in clips.unique() if clips.captions[row][0]], int)
    if not len(rows):
        return None
    first = tuple(clips.captions[row][0] for row in rows)
    return caption_retrieval(model.encode_text(first), motion[rows], first)


def _scores(
    model: TrainedModel, clips: ClipArray, names: Sequence[str], motion: np.ndarray | None = None
) -> np.ndarray:
    if not model.is_contrastive:
        return model.classify(clips, names)
    motion = model.encode_motion(clips) if motion is None else motion
    return motion @ model.encode_text(names).T
