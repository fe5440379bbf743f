"""All scores of a model on a split."""

from typing import Any

import numpy as np

from motext_jax.data.clips import ClipSet
from motext_jax.evaluation.recognition import left_right, recognition, twin_labels
from motext_jax.evaluation.retrieval import caption_retrieval, category_retrieval
from motext_jax.motion.motion import mirror
from motext_jax.training.trained import TrainedModel


def evaluate(model: TrainedModel, clips: ClipSet) -> dict[str, Any]:
    """Recognition, left against right, retrieval by category and by caption.

    A clip is recognised among the categories that have clips in the split. Recognition is left out
    where the source has no categories, retrieval where the model has no text tower.
    """
    results: dict[str, Any] = {"clips": len(clips)}
    labelled = np.flatnonzero(clips.categories >= 0)
    if len(labelled):
        results |= _by_category(model, clips, labelled)
    if model.is_contrastive:
        first = tuple(captions[0] for captions in clips.captions)
        motion = model.encode_motion(clips.clips)
        results["retrieval"] = caption_retrieval(model.encode_text(first), motion, first)
    return results


def validation_score(model: TrainedModel, clips: ClipSet) -> dict[str, float]:
    """What ranks checkpoints, under `score`: Top-1, or text-to-motion R@10 without categories."""
    labelled = np.flatnonzero(clips.categories >= 0)
    if len(labelled):
        scores, labels, _ = _scores(model, clips, labelled)
        top1 = float(recognition(scores, labels)["top1"])
        return {"score": top1, "top1": top1}
    first = tuple(captions[0] for captions in clips.captions)
    motion = model.encode_motion(clips.clips)
    found = caption_retrieval(model.encode_text(first), motion, first)
    recall = float(found["identical-caption"]["text_to_motion"]["R@10"])
    return {"score": recall, "R@10": recall}


def _by_category(model: TrainedModel, clips: ClipSet, labelled: np.ndarray) -> dict[str, Any]:
    scores, labels, names = _scores(model, clips, labelled)
    results: dict[str, Any] = {"recognition": recognition(scores, labels)}
    sided = labelled[twin_labels(names)[labels] >= 0]
    if len(sided):
        mirrored = mirror(clips.clips[sided], clips.skeleton)
        twins = twin_labels(names)[labels[np.isin(labelled, sided)]]
        results["left_right"] = {
            "own": left_right(scores, labels, names),
            "mirrored": left_right(model.category_scores(mirrored, names), twins, names),
        }
    if model.is_contrastive:
        results["category_retrieval"] = category_retrieval(scores.T, labels)
    return results


def _scores(
    model: TrainedModel, clips: ClipSet, labelled: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Scores of the labelled clips, their labels, and the names of the categories with clips."""
    present, labels = np.unique(clips.categories[labelled], return_inverse=True)
    names = [clips.category_names[index] for index in present]
    return model.category_scores(clips.clips[labelled], names), labels, names
