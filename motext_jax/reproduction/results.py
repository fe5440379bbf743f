"""All numbers of a report, from the results that its runs left."""

import dataclasses
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from motext_jax.evaluation.categories import (
    METRICS,
    confusion,
    crossing,
    growth,
    most_confused,
    recall_by_third,
    recalls_by_category,
)
from motext_jax.reproduction import paper
from motext_jax.reproduction.experiments import RECOGNITION, RETRIEVAL, Experiment
from motext_jax.reproduction.suite import Run

CONFUSED_PAIRS = 5
CORRELATED_RUNS = 5
"""Over fewer than this a correlation says nothing."""

Finished = Mapping[Experiment, Sequence["Result"]]


@dataclasses.dataclass(frozen=True, eq=False)
class Result:
    """What a run left: its results.json, and for recognition its scores.npz.

    Attributes:
      values: of results.json.
      config: as the run resolved it.
      names: the categories, the largest training set first.
      train_clips: of each category.
      labels: of each clip of the split.
      scores: of each clip for each category.
    """

    values: Mapping[str, Any]
    config: Mapping[str, Any]
    names: tuple[str, ...] = ()
    train_clips: tuple[int, ...] = ()
    labels: Int[np.ndarray, "n"] = dataclasses.field(default_factory=lambda: np.zeros(0, int))
    scores: Float[np.ndarray, "n k"] = dataclasses.field(default_factory=lambda: np.zeros((0, 0)))


def read(run: Run) -> Result:
    """A finished run's result."""
    values, config = (
        json.loads((run.workdir / name).read_text()) for name in ("results.json", "config.json")
    )
    if run.experiment.task != RECOGNITION:
        return Result(values, config)
    with np.load(run.workdir / "scores.npz") as arrays:
        order = np.argsort(-arrays["train_clips"], kind="stable")
        place = np.argsort(order)
        return Result(
            values,
            config,
            tuple(arrays["names"][order].tolist()),
            tuple(arrays["train_clips"][order].tolist()),
            place[arrays["labels"]],
            arrays["scores"][:, order],
        )


def collect(runs: Sequence[Run]) -> dict[str, Any]:
    """The report's numbers, from finished runs; means and standard deviations are over runs.

    Everything is in percent, a share of clips or queries, unless its name says otherwise.
    """
    finished: dict[Experiment, list[Result]] = {}
    for run in runs:
        finished.setdefault(run.experiment, []).append(read(run))
    whole = {e: results for e, results in finished.items() if not e.largest}
    recognition = {e.model: results for e, results in whole.items() if e.task == RECOGNITION}
    retrieval = {e.model: results for e, results in whole.items() if e.task == RETRIEVAL}
    return {
        "recognition": _recognition(recognition),
        "categories": _categories(recognition),
        "growth": _growth(recognition),
        "retrained": _retrained(finished),
        "category_retrieval": _category_retrieval(recognition),
        "caption_retrieval": {
            model: spread_tree([result.values["scores"]["retrieval"] for result in results])
            for model, results in retrieval.items()
        },
        "queries": {model: results[0].values["queries"] for model, results in retrieval.items()},
        "rewordings": _by_task(whole, "rewordings"),
        "word_pairs": _by_task(whole, "word_pairs"),
        "training": {
            f"{e.model}, {e.task}": [result.values["training"] for result in results]
            for e, results in whole.items()
        },
        "configs": {f"{e.model}, {e.task}": results[0].config for e, results in whole.items()},
    }


def spread(values: Iterable[float]) -> dict[str, Any]:
    """Mean, standard deviation (None of one run) and each run's value."""
    runs = [float(value) for value in values]
    deviation = statistics.stdev(runs) if len(runs) > 1 else None
    return {"mean": statistics.fmean(runs), "sd": deviation, "runs": runs}


def spread_tree(trees: Sequence[Any]) -> Any:
    """`spread` of every number in trees of one shape."""
    first = trees[0]
    if isinstance(first, dict):
        return {key: spread_tree([tree[key] for tree in trees]) for key in first}
    return spread(trees)


def _by_task(finished: Finished, key: str) -> dict[str, Any]:
    return {
        f"{e.model}, {e.task}": spread_tree([result.values[key] for result in results])
        for e, results in finished.items()
        if results[0].values.get(key)
    }


def _recognition(models: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    """Table 1, with the share of sided clips that are nearer to their own side."""
    rows = {}
    for model, results in models.items():
        scores = [result.values["scores"] for result in results]
        row = {metric: spread(s["recognition"][metric] for s in scores) for metric in METRICS}
        if "left_right" in scores[0]:
            row["own_side"] = spread(s["left_right"]["own"]["own_above_twin"] for s in scores)
        rows[model] = row
    return rows


def _categories(models: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    """What is known by category: sizes, recall, what is taken for what (Fig. 3)."""
    if not models:
        return {}
    first = next(iter(models.values()))[0]
    found: dict[str, Any] = {
        "names": list(first.names),
        "train_clips": list(first.train_clips),
        "clips": np.bincount(first.labels, minlength=len(first.names)).tolist(),
        "models": {},
    }
    for model, results in models.items():
        matrix = sum(confusion(result.scores, result.labels) for result in results)
        recalls = [recalls_by_category(result.scores, result.labels) for result in results]
        found["models"][model] = {
            "recall": np.mean(recalls, axis=0).tolist(),
            "thirds": spread_tree([recall_by_third(row) for row in recalls]),
            "confusion": np.asarray(matrix).tolist(),
            "most_confused": most_confused(np.asarray(matrix), first.names, CONFUSED_PAIRS),
        }
    return found


def _growth(models: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    """Fig. 4: the metrics as categories are added, and where contrast overtakes cross-entropy."""
    sizes = list(range(2, max((len(rs[0].names) for rs in models.values()), default=0) + 1))
    if not sizes:
        return {}
    curves = {}
    for model, results in models.items():
        runs = [growth(result.scores, result.labels, sizes) for result in results]
        curves[model] = {
            metric: np.mean([run[metric] for run in runs], axis=0).tolist() for metric in METRICS
        }
    crossings = [
        {"baseline": baseline, "model": model, "metric": metric}
        | crossing(sizes, curves[baseline][metric], curves[model][metric])
        for baseline, model in pairs(curves)
        for metric in METRICS
    ]
    return {"sizes": sizes, "models": curves, "crossings": crossings}


def pairs(models: Iterable[str]) -> list[tuple[str, str]]:
    """Every contrastive model with the cross-entropy model of the same motion tower."""
    names = list(models)
    tower: Callable[[str], str] = lambda name: name.split("(")[0].split("-")[0]  # noqa: E731
    return [
        (baseline, model)
        for baseline in names
        for model in names
        if baseline.endswith("(CE)") and model != baseline and tower(model) == tower(baseline)
    ]


def _retrained(finished: Finished) -> dict[str, Any]:
    """Fig. 4 with a model trained anew for every number of categories."""
    found: dict[str, Any] = {}
    for experiment, results in finished.items():
        if experiment.largest:
            scores = [result.values["scores"]["recognition"] for result in results]
            found.setdefault(experiment.model, {})[str(experiment.largest)] = {
                metric: spread(s[metric] for s in scores) for metric in METRICS
            }
    return found


def _category_retrieval(models: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    """Table 3, and whether it goes with recognition over all runs, as the paper says."""
    rows, points = {}, []
    for model, results in models.items():
        scores = [result.values["scores"] for result in results]
        if "category_retrieval" not in scores[0]:
            continue
        rows[model] = spread_tree([s["category_retrieval"] for s in scores])
        points += [
            (s["recognition"]["top1"], s["category_retrieval"]["top1"], model) for s in scores
        ]
    values = np.array([point[:2] for point in points]).reshape(-1, 2).T
    known = values.shape[1] >= CORRELATED_RUNS and bool((values.std(axis=1) > 0).all())
    return {
        "models": rows,
        "correlation": {
            "pearson": float(np.corrcoef(values)[0, 1]) if known else None,
            "runs": [{"model": m, "recognition": x, "retrieval": y} for x, y, m in points],
        },
    }


def with_paper(results: Mapping[str, Any], categories: int) -> dict[str, Any]:
    """The paper's values of Tables 1 and 3 on BABEL beside those that were found."""
    rows = {
        "recognition": (results["recognition"], paper.recognition),
        "category_retrieval": (
            results["category_retrieval"]["models"],
            paper.category_retrieval,
        ),
    }
    return {
        table: {
            model: {
                metric: {"paper": value, "difference": row[metric]["mean"] - value}
                for metric, value in published(categories, model).items()
            }
            for model, row in found.items()
        }
        for table, (found, published) in rows.items()
    }
