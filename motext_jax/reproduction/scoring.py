"""Scores a trained run and keeps them beside it, in results.json and scores.npz."""

import dataclasses
import json
import statistics
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.data.clips import ClipSet
from motext_jax.data.mirroring import with_mirrored
from motext_jax.evaluation.evaluate import (
    CategoryScores,
    by_caption,
    by_category,
    category_scores,
    embed,
)
from motext_jax.evaluation.queries import AnnotatedHit, Answer, answers, unseen_words
from motext_jax.evaluation.records import to_json
from motext_jax.evaluation.rewordings import RewordedRecognition, reworded_recognition
from motext_jax.evaluation.scores import Scores
from motext_jax.evaluation.word_pairs import WordPairWins, word_pair_wins
from motext_jax.reproduction.experiments import Task
from motext_jax.reproduction.run import Run
from motext_jax.reproduction.scored import Asked, Learning, QueryAnswer, Questions, Scored
from motext_jax.trained import model as trained
from motext_jax.trained.model import TrainedModel
from motext_jax.training.metrics import read_metrics
from motext_jax.whole_file import whole, write_json

CURVE_POINTS = 200
FORMAT = 1
"""The format of results.json: a higher number has earlier results scored again."""


def score(run: Run, train: ClipSet, test: ClipSet, questions: Questions) -> bool:
    """Writes a trained run's results, unless they are there and answer the same questions.

    Returns:
      True if the results are new.
    """
    path = run.workdir / "results.json"
    asked = Asked(FORMAT, questions, test.fingerprint(), learning(run))
    if path.exists():
        before = json.loads(path.read_text())
        if all(before.get(key) == value for key, value in to_json(asked).items()):
            return False
    # The paper's tables take the last checkpoint.
    model = trained.load(run.workdir)
    model.manifest.check(test.skeleton, test.category_names)
    task, motion = run.experiment.task, embed(model, test)
    scores, queries, reworded, word_pairs = Scores(), None, None, None
    if task == Task.RECOGNITION:
        found = category_scores(model, test, motion)
        scores = by_category(model, test, found)
        _keep_scores(run, found, train.counts())
    elif motion is not None:
        scores = Scores(retrieval=by_caption(model, test, motion))
        queries = _queries(model, train, test, motion, questions.queries)
    if motion is not None:
        present = set(test.counts())
        names = [name for name in test.category_names if name in present]
        rewordings = _unseen(questions.rewordings, _learned(model, train), names)
        if rewordings:
            reworded = _rewordings(model, test, motion, names, rewordings)
        word_pairs = _word_pairs(model, test, motion, task)
    scored = Scored(
        run.experiment.model.name,
        task,
        run.number,
        model.step,
        asked,
        scores,
        queries,
        reworded,
        word_pairs,
    )
    write_json(to_json(scored), path)
    return True


def learning(run: Run) -> Learning:
    """A finished run's curves and speed, without compiling, validating and saving."""
    assert run.finished is not None
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
    return Learning(
        machine=run.finished.machine,
        clips_per_second=statistics.median(rates) if rates else None,
        seconds=seconds,
        loss=tuple((int(line["step"]), line["loss"]) for line in thinned),
        validation=tuple((int(line["step"]), line["validation/score"]) for line in validation),
    )


def _keep_scores(run: Run, found: CategoryScores, train_clips: Mapping[str, int]) -> None:
    """Writes scores.npz whole or not at all."""
    with whole(run.workdir / "scores.npz") as place:
        np.savez(
            place,
            names=np.array(found.names),
            labels=found.labels,
            scores=found.scores.astype(np.float32),
            train_clips=np.array([train_clips.get(name, 0) for name in found.names]),
        )


def _learned(model: TrainedModel, train: ClipSet) -> set[str]:
    """Every text that training may have shown."""
    seen = with_mirrored(train) if model.manifest.config.data.mirror else train
    return {*train.category_names, *(text for texts in seen.captions for text in texts)}


def _unseen(
    rewordings: Mapping[str, Sequence[str]], learned: set[str], names: Sequence[str]
) -> dict[str, list[str]]:
    """The rewordings of the named categories that are no training text."""
    known = {text.casefold() for text in learned}
    unseen = {
        name: [text for text in rewordings.get(name, ()) if text.casefold() not in known]
        for name in names
    }
    return {name: texts for name, texts in unseen.items() if texts}


def _rewordings(
    model: TrainedModel,
    clips: ClipSet,
    motion: Float[np.ndarray, "n d"],
    names: Sequence[str],
    rewordings: Mapping[str, Sequence[str]],
) -> RewordedRecognition:
    """Scores rewordings among all clips that have a category, and all of their categories."""
    texts = [(text, k) for k, name in enumerate(names) for text in rewordings.get(name, ())]
    sets = clips.label_sets()
    rows = [row for row in clips.unique().tolist() if sets[row]]
    index = [clips.category_names.index(name) for name in names]
    labels = np.array([[k in sets[row] for k in index] for row in rows])
    return reworded_recognition(
        model.encode_text([text for text, _ in texts]),
        np.array([label for _, label in texts]),
        model.encode_text(names),
        motion[rows],
        labels,
    )


def _word_pairs(
    model: TrainedModel, clips: ClipSet, motion: Float[np.ndarray, "n d"], task: Task
) -> dict[str, WordPairWins]:
    """Scores word pairs among texts of the kind that the model was trained on."""
    sets, rows = clips.label_sets(), clips.unique().tolist()
    if task == Task.RETRIEVAL:
        texts_of = [[text for text in clips.captions[row] if text] for row in rows]
    else:
        texts_of = [[clips.category_names[k] for k in sorted(sets[row])] for row in rows]
    texts = list(dict.fromkeys(text for own in texts_of for text in own))
    return word_pair_wins(texts, model.encode_text(texts), motion[rows], texts_of)


def _queries(
    model: TrainedModel,
    train: ClipSet,
    test: ClipSet,
    motion: Float[np.ndarray, "n d"],
    queries: Sequence[str],
) -> tuple[QueryAnswer, ...]:
    rows = [row for row in test.unique().tolist() if test.captions[row][0]]
    captions = [test.captions[clip][0] for clip in rows]
    found = answers(model.encode_text(queries), model.encode_text(captions), motion[rows], captions)
    learned = _learned(model, train) - set(train.category_names)

    def of_split(hits: Sequence[AnnotatedHit]) -> tuple[AnnotatedHit, ...]:
        return tuple(dataclasses.replace(hit, clip=rows[hit.clip]) for hit in hits)

    return tuple(
        QueryAnswer(
            query,
            tuple(unseen_words(query, learned)),
            len(rows),
            Answer(of_split(answer.by_annotation), of_split(answer.by_motion)),
        )
        for query, answer in zip(queries, found, strict=True)
    )
