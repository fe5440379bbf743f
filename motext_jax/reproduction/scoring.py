"""What a trained run is found to score, kept beside it in results.json and scores.npz."""

import dataclasses
import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from motext_jax.data.clips import ClipSet
from motext_jax.data.pipeline import with_mirrored
from motext_jax.evaluation.evaluate import category_scores, embed, evaluate_embedded
from motext_jax.evaluation.queries import answers, unseen_words
from motext_jax.evaluation.report import write_json
from motext_jax.evaluation.rewordings import reworded_recognition
from motext_jax.evaluation.word_pairs import word_pair_wins
from motext_jax.reproduction.experiments import RECOGNITION, RETRIEVAL
from motext_jax.reproduction.suite import FINISHED, Run
from motext_jax.training import trained
from motext_jax.training.metrics import read_metrics
from motext_jax.training.trained import TrainedModel

CURVE_POINTS = 200


@dataclasses.dataclass(frozen=True)
class Questions:
    """What models are asked besides a split's own texts.

    Attributes:
      queries: of models that were trained on annotations.
      rewordings: by category, of every model that embeds texts.
    """

    queries: tuple[str, ...]
    rewordings: Mapping[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Any]:
        """As JSON gives it back."""
        return json.loads(json.dumps(dataclasses.asdict(self)))


def score(run: Run, train: ClipSet, test: ClipSet, questions: Questions) -> bool:
    """Writes a trained run's results, unless they are there and answer the same questions.

    Returns:
      Whether they are new.
    """
    path = run.workdir / "results.json"
    if path.exists() and json.loads(path.read_text())["questions"] == questions.to_json():
        return False
    # The paper's tables take the last checkpoint.
    model = trained.load(run.workdir)
    model.run.check(test)
    motion = embed(model, test)
    results: dict[str, Any] = {
        "model": run.experiment.model,
        "task": run.experiment.task,
        "run": run.number,
        "step": model.step,
        "questions": questions.to_json(),
        "training": learning(run),
        "scores": evaluate_embedded(model, test, motion),
    }
    if run.experiment.task == RECOGNITION:
        found = category_scores(model, test, motion)
        train_clips = train.counts()
        np.savez(
            run.workdir / "scores.npz",
            names=np.array(found.names),
            labels=found.labels,
            scores=found.scores.astype(np.float32),
            train_clips=np.array([train_clips.get(name, 0) for name in found.names]),
        )
    if motion is not None:
        rewordings = _unseen(questions.rewordings, train, test)
        if rewordings:
            results["rewordings"] = _rewordings(model, test, motion, rewordings)
        results["word_pairs"] = _word_pairs(model, test, motion, run.experiment.task)
        if run.experiment.task == RETRIEVAL:
            results["queries"] = _queries(model, train, test, motion, questions.queries)
    write_json(results, path)
    return True


def learning(run: Run) -> dict[str, Any]:
    """How a run learned: its curves, its speed, and the time that its steps took.

    Compiling, validating and saving are not counted.
    """
    batch = run.config.train.batch_size
    lines = read_metrics(run.workdir)
    steps = [line for line in lines if "loss" in line]
    rates = [line["clips_per_second"] for line in steps if "clips_per_second" in line]
    seconds, before = 0.0, 0.0
    for line in steps:
        if "clips_per_second" in line:
            seconds += (line["step"] - before) * batch / line["clips_per_second"]
        before = line["step"]
    validation = [line for line in lines if "validation/score" in line]
    thinned = steps[:: max(1, len(steps) // CURVE_POINTS)]
    return {
        "machine": (run.workdir / FINISHED).read_text().strip(),
        "clips_per_second": statistics.median(rates) if rates else None,
        "seconds": seconds,
        "loss": [[line["step"], line["loss"]] for line in thinned],
        "validation": [[line["step"], line["validation/score"]] for line in validation],
    }


def _unseen(
    rewordings: Mapping[str, Sequence[str]], train: ClipSet, test: ClipSet
) -> dict[str, list[str]]:
    """Of the categories that have clips in the split the rewordings that are no training text."""
    learned = {*train.category_names, *(text for texts in train.captions for text in texts)}
    unseen = {
        name: [text for text in rewordings.get(name, ()) if text not in learned]
        for name in test.counts()
    }
    return {name: texts for name, texts in unseen.items() if texts}


def _rewordings(
    model: TrainedModel,
    clips: ClipSet,
    motion: Float[np.ndarray, "n d"],
    rewordings: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    names = list(rewordings)
    place = {name: k for k, name in enumerate(names)}
    texts = [(text, place[name]) for name in names for text in rewordings[name]]
    labels = np.array([place.get(clips.category(clip), -1) for clip in range(len(clips))])
    return reworded_recognition(
        model.encode_text([text for text, _ in texts]),
        np.array([label for _, label in texts]),
        model.encode_text(names),
        motion[labels >= 0],
        labels[labels >= 0],
    )


def _word_pairs(
    model: TrainedModel, clips: ClipSet, motion: Float[np.ndarray, "n d"], task: str
) -> dict[str, Any]:
    """Among the texts of the kind that the model was trained on."""
    texts_of = [
        clips.captions[clip] if task == RETRIEVAL else (clips.category(clip),)
        for clip in range(len(clips))
    ]
    texts = list(dict.fromkeys(text for own in texts_of for text in own if text))
    known = [[text for text in own if text] for own in texts_of]
    return word_pair_wins(texts, model.encode_text(texts), motion, known)


def _queries(
    model: TrainedModel,
    train: ClipSet,
    test: ClipSet,
    motion: Float[np.ndarray, "n d"],
    queries: Sequence[str],
) -> list[dict[str, Any]]:
    rows = [clip for clip in range(len(test)) if test.captions[clip][0]]
    captions = [test.captions[clip][0] for clip in rows]
    found = answers(model.encode_text(queries), model.encode_text(captions), motion[rows], captions)
    seen = with_mirrored(train) if model.run.config.data.mirror else train
    learned = {caption for captions in seen.captions for caption in captions}
    return [
        {
            "query": query,
            "unseen_words": unseen_words(query, learned),
            "searched": len(rows),
            **{
                kind: [
                    {**hit, "clip": rows[hit["clip"]], "caption": captions[hit["clip"]]}
                    for hit in hits
                ]
                for kind, hits in lists.items()
            },
        }
        for query, lists in zip(queries, found, strict=True)
    ]
