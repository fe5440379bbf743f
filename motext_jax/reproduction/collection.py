"""The numbers of a report, collected from the files of its runs."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float, Int

from motext_jax.configs.model_spec import ModelSpec
from motext_jax.evaluation.categories import (
    confusion,
    crossing,
    growth,
    most_confused,
    recall_by_third,
    recalls_by_category,
)
from motext_jax.evaluation.recognition import METRICS, Recognition
from motext_jax.evaluation.records import from_json
from motext_jax.evaluation.word_pairs import WordPairWins
from motext_jax.reproduction.experiments import Experiment, Task
from motext_jax.reproduction.models import pairs
from motext_jax.reproduction.results import (
    Categories,
    CategoryRetrievals,
    CorrelatedRun,
    Correlation,
    Growth,
    ModelCategories,
    Numbers,
    PairCrossing,
    RecognitionRow,
)
from motext_jax.reproduction.run import Run
from motext_jax.reproduction.scored import Scored
from motext_jax.reproduction.spread import OverRuns, spread

CONFUSED_PAIRS = 5
CORRELATED_RUNS = 5
"""Over fewer than this a correlation says nothing."""

Record = TypeVar("Record")


@dataclasses.dataclass(frozen=True, eq=False)
class Result:
    """A finished run's files.

    Attributes:
      scored: content of results.json.
      config: the resolved config.
      names: the categories, the largest training set first; empty for a retrieval run.
      train_clips: number of training clips of each category.
      labels: each clip's category, as an index into `names`.
      scores: each clip's score for each category.
    """

    scored: Scored
    config: Mapping[str, Any]
    names: tuple[str, ...] = ()
    train_clips: tuple[int, ...] = ()
    labels: Int[np.ndarray, "n"] = dataclasses.field(default_factory=lambda: np.zeros(0, int))
    scores: Float[np.ndarray, "n k"] = dataclasses.field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def recognition(self) -> Recognition:
        """The scores of a recognition run."""
        assert self.scored.scores.recognition is not None
        return self.scored.scores.recognition


ByModel = Mapping[ModelSpec, Sequence[Result]]
"""Each model's runs for one task, on all categories."""


def read(run: Run) -> Result:
    """A finished run's result."""
    values, config = (
        json.loads((run.workdir / name).read_text()) for name in ("results.json", "config.json")
    )
    scored = from_json(Scored, values)
    if run.experiment.task != Task.RECOGNITION:
        return Result(scored, config)
    with np.load(run.workdir / "scores.npz") as arrays:
        order = np.argsort(-arrays["train_clips"], kind="stable")
        place = np.argsort(order)
        return Result(
            scored,
            config,
            tuple(arrays["names"][order].tolist()),
            tuple(arrays["train_clips"][order].tolist()),
            place[arrays["labels"]],
            arrays["scores"][:, order],
        )


def collect(runs: Sequence[Run]) -> Numbers:
    """The report's numbers, from finished runs."""
    finished: dict[Experiment, list[Result]] = {}
    for run in runs:
        finished.setdefault(run.experiment, []).append(read(run))
    whole = {e: results for e, results in finished.items() if not e.largest}
    recognition = {e.model: results for e, results in whole.items() if e.task == Task.RECOGNITION}
    retrieval = {e.model: results for e, results in whole.items() if e.task == Task.RETRIEVAL}
    by_task = {e.model_task: results for e, results in whole.items()}
    return Numbers(
        recognition={model: _recognition(results) for model, results in recognition.items()},
        categories=_categories(recognition),
        growth=_growth(recognition),
        retrained=_retrained(finished),
        category_retrieval=_category_retrieval(recognition),
        caption_retrieval=_over_runs(retrieval, lambda result: result.scored.scores.retrieval),
        queries={
            model: results[0].scored.queries
            for model, results in retrieval.items()
            if results[0].scored.queries is not None
        },
        rewordings=_over_runs(by_task, lambda result: result.scored.rewordings),
        word_pairs=_word_pairs(by_task),
        training={
            key: tuple(result.scored.asked.training for result in results)
            for key, results in by_task.items()
        },
        configs={key: results[0].config for key, results in by_task.items()},
    )


Key = TypeVar("Key")


def _over_runs(
    finished: Mapping[Key, Sequence[Result]], part: Callable[[Result], Record | None]
) -> dict[Key, OverRuns[Record]]:
    """A part of the results of those runs that have it."""
    found = {
        key: tuple(record for result in results if (record := part(result)) is not None)
        for key, results in finished.items()
    }
    return {key: OverRuns(records) for key, records in found.items() if records}


def _word_pairs(
    finished: Mapping[Key, Sequence[Result]],
) -> dict[Key, dict[str, OverRuns[WordPairWins]]]:
    """Scores by kind of word; runs of one experiment have the same kinds."""
    found = {
        key: [result.scored.word_pairs for result in results if result.scored.word_pairs]
        for key, results in finished.items()
    }
    return {
        key: {kind: OverRuns(tuple(run[kind] for run in runs)) for kind in runs[0]}
        for key, runs in found.items()
        if runs
    }


def _recognition(results: Sequence[Result]) -> RecognitionRow:
    """A row of Table 1, with the share of sided clips that are nearer to their own side."""
    sides = [side for r in results if (side := r.scored.scores.left_right) is not None]
    return RecognitionRow(
        top1=spread(result.recognition.top1 for result in results),
        top5=spread(result.recognition.top5 for result in results),
        top1_norm=spread(result.recognition.top1_norm for result in results),
        own_side=spread(side.own.own_above_twin for side in sides) if sides else None,
    )


def _categories(models: ByModel) -> Categories | None:
    """Sizes, recall and confusion by category (Fig. 3)."""
    if not models:
        return None
    first = next(iter(models.values()))[0]
    return Categories(
        names=first.names,
        train_clips=first.train_clips,
        clips=tuple(np.bincount(first.labels, minlength=len(first.names)).tolist()),
        models={model: _by_category(results) for model, results in models.items()},
    )


def _by_category(results: Sequence[Result]) -> ModelCategories:
    matrix = np.sum([confusion(result.scores, result.labels) for result in results], axis=0)
    recalls = [recalls_by_category(result.scores, result.labels) for result in results]
    thirds = [recall_by_third(row) for row in recalls]
    return ModelCategories(
        recall=tuple(np.mean(recalls, axis=0).tolist()),
        thirds={part: spread(run[part] for run in thirds) for part in thirds[0]},
        confusion=tuple(map(tuple, matrix.tolist())),
        most_confused=tuple(most_confused(matrix, results[0].names, CONFUSED_PAIRS)),
    )


def _growth(models: ByModel) -> Growth | None:
    """Fig. 4: the metrics as categories are added, and contrast's crossings of cross-entropy."""
    sizes = range(2, max((len(results[0].names) for results in models.values()), default=0) + 1)
    if not sizes:
        return None
    curves = {}
    for model, results in models.items():
        runs = [growth(result.scores, result.labels, sizes) for result in results]
        curves[model] = {
            metric: tuple(np.mean([run[metric] for run in runs], axis=0).tolist())
            for metric in METRICS
        }
    crossings = (
        PairCrossing(
            baseline,
            model,
            metric,
            crossing(sizes, curves[baseline][metric], curves[model][metric]),
        )
        for baseline, model in pairs(curves)
        for metric in METRICS
    )
    return Growth(tuple(sizes), curves, tuple(crossings))


def _retrained(
    finished: Mapping[Experiment, Sequence[Result]],
) -> dict[ModelSpec, dict[int, RecognitionRow]]:
    """Fig. 4 with a model trained anew for every number of categories."""
    found: dict[ModelSpec, dict[int, RecognitionRow]] = {}
    for experiment, results in finished.items():
        if experiment.largest:
            row = dataclasses.replace(_recognition(results), own_side=None)
            found.setdefault(experiment.model, {})[experiment.largest] = row
    return found


def _category_retrieval(models: ByModel) -> CategoryRetrievals:
    """Table 3, and its correlation with recognition over all runs."""
    points = tuple(
        CorrelatedRun(model, result.recognition.top1, found.top[1])
        for model, results in models.items()
        for result in results
        if (found := result.scored.scores.category_retrieval) is not None
    )
    values = np.array([(p.recognition, p.retrieval) for p in points]).reshape(-1, 2).T
    known = values.shape[1] >= CORRELATED_RUNS and bool((values.std(axis=1) > 0).all())
    pearson = float(np.corrcoef(values)[0, 1]) if known else None
    rows = _over_runs(models, lambda result: result.scored.scores.category_retrieval)
    return CategoryRetrievals(rows, Correlation(pearson, points))
