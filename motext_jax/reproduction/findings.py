"""Comparisons of models with each other and with the paper, in numbers and in sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from motext_jax.configs.model_spec import ModelSpec
from motext_jax.evaluation.recognition import Metric
from motext_jax.reproduction import paper
from motext_jax.reproduction.experiments import ModelTask, Task
from motext_jax.reproduction.models import MODELS, pairs
from motext_jax.reproduction.results import (
    Agreement,
    Comparison,
    Correlation,
    Growth,
    Numbers,
    PairCrossing,
    Published,
    PublishedTables,
)
from motext_jax.reproduction.spread import Spread, spread

NAMES: Mapping[Metric, str] = {"top1": "Top-1", "top5": "Top-5", "top1_norm": "Top-1-norm"}
"""The metrics of recognition as tables name them."""

_COMPARED: tuple[Metric, ...] = ("top1", "top1_norm")

_RUNS: Mapping[Agreement, str] = {
    "one each": "one run each",
    "all above": "in all runs",
    "all below": "in all runs",
    "overlap": "the runs overlap",
}


def comparisons(numbers: Numbers) -> list[Comparison]:
    """Contrast against cross-entropy, and pre-trained text towers against one from scratch."""
    return [*_contrast(numbers), *_pretrained(numbers)]


def compare(
    model: ModelSpec, against: ModelSpec, measured: str, one: Spread, other: Spread
) -> Comparison:
    """Difference of two spreads' means, and the agreement of their runs."""
    agreed: Agreement = "overlap"
    if len(one.runs) == len(other.runs) == 1:
        agreed = "one each"
    elif min(one.runs) > max(other.runs):
        agreed = "all above"
    elif max(one.runs) < min(other.runs):
        agreed = "all below"
    means = (one.mean, other.mean)
    return Comparison(model, against, measured, means, one.mean - other.mean, agreed)


def signed(value: float) -> str:
    """Formats a difference with its sign; the minus is as wide as a plus."""
    return f"{value:+.2f}".replace("-", "−")


def _contrast(numbers: Numbers) -> Iterator[Comparison]:
    for baseline, model in pairs(numbers.recognition):
        yield from _recognised(numbers, model, baseline)


def _pretrained(numbers: Numbers) -> Iterator[Comparison]:
    for model, scratch in _text_pairs():
        if model in numbers.recognition and scratch in numbers.recognition:
            yield from _recognised(numbers, model, scratch)
        for task in Task:
            one, other = (
                numbers.rewordings.get(ModelTask(each, task)) for each in (model, scratch)
            )
            if one and other:
                for name, share in (
                    ("rewordings, first motion", lambda found: found.first_motion),
                    ("rewordings, Top-1", lambda found: found.top1),
                ):
                    measured = f"{name} ({task})"
                    yield compare(model, scratch, measured, one.of(share), other.of(share))


def _text_pairs() -> list[tuple[ModelSpec, ModelSpec]]:
    """Pairs of models with one motion tower: pre-trained text tower, text tower from scratch."""
    models = MODELS.values()
    return [
        (model, scratch)
        for model in models
        for scratch in models
        if model.has_pretrained_text and scratch.text == "scratch" and model.tower == scratch.tower
    ]


def _recognised(numbers: Numbers, model: ModelSpec, against: ModelSpec) -> Iterator[Comparison]:
    one, other = numbers.recognition[model], numbers.recognition[against]
    for metric in _COMPARED:
        yield compare(model, against, NAMES[metric], one.metric(metric), other.metric(metric))


def verdicts(found: Sequence[Comparison]) -> Iterator[str]:
    """The questions of the paper, answered in a sentence each."""
    contrast = [c for c in found if c.against.objective == "classifier"]
    pretrained = [c for c in found if c.against.text == "scratch"]
    names = [NAMES[metric] for metric in _COMPARED]
    yield from _verdict(
        "Contrast against cross-entropy with the same motion tower", contrast, names
    )
    yield from _verdict(
        "A pre-trained text tower against one from scratch, on the categories as trained",
        pretrained,
        names,
    )
    yield from _verdict(
        "The same, on rewordings of the categories that training never saw",
        pretrained,
        dict.fromkeys(c.measured for c in pretrained if c.measured not in names),
    )


def _verdict(question: str, found: Sequence[Comparison], measures: Iterable[str]) -> Iterator[str]:
    parts = []
    for measure in measures:
        own = [c for c in found if c.measured == measure]
        if own:
            # A difference that is printed as +0.00 is not better.
            better = sum(c.difference >= 0.005 for c in own)
            differences = ", ".join(
                f"{c.model.name} {signed(c.difference)} ({_RUNS[c.runs]})" for c in own
            )
            parts.append(f"{measure} is better in {better} of {len(own)}, {differences}")
    if parts:
        yield f"{question}: {'; '.join(parts)}."


def crossings(growth: Growth | None) -> Iterator[str]:
    """A sentence for each pair of models: does the paper's crossing of Fig. 4 appear?"""
    found = growth.crossings if growth else ()
    for baseline, model in dict.fromkeys((c.baseline, c.model) for c in found):
        parts = [_crossing(c) for c in found if (c.baseline, c.model) == (baseline, model)]
        yield (
            "The paper sees cross-entropy ahead among few categories and behind among more; here, "
            f"{model.name} against {baseline.name}: {'; '.join(parts)}."
        )


def _crossing(pair: PairCrossing) -> str:
    found, name = pair.crossing, NAMES[pair.metric]
    last, ahead, changes = found.last_behind, found.ahead_from, found.changes
    baseline, model = pair.baseline.name, pair.model.name
    if last is None:
        return f"no crossing in {name}, where {baseline} is never ahead"
    if changes == 0:
        return f"no crossing in {name}, where {model} is never ahead"
    if changes == 1 and ahead is not None:
        return f"a crossing in {name}: behind up to {last} categories, ahead from {ahead} on"
    if changes == 1:
        return f"the other way round in {name}: behind from {found.behind_from} categories on"
    end = f"{model} is ahead from {ahead} on" if ahead else f"{baseline} is ahead last, at {last}"
    return f"no single crossing in {name}: the lead changes {changes} times, and {end}"


def correlation(found: Correlation) -> Iterator[str]:
    """A sentence: does retrieval by category go with recognition?"""
    if found.pearson is not None:
        yield (
            f"Over {len(found.runs)} runs the Top-1 of retrieval by category and that of "
            f"recognition have a correlation (Pearson) of {found.pearson:.2f}; the paper says "
            "that better recognition goes with better retrieval."
        )
    elif found.runs:
        yield (
            "Whether retrieval by category goes with recognition cannot be told from "
            f"so few runs as these ({len(found.runs)}), or from runs that are alike in one of "
            "the two."
        )


def beside_paper(numbers: Numbers, categories: int) -> PublishedTables:
    """The paper's values on BABEL beside ours.

    Args:
      numbers: numbers of the finished runs.
      categories: BABEL's number of categories, 60 or 120.
    """
    return PublishedTables(
        recognition={
            model: _published(
                paper.recognition(categories, model.name),
                {"top1": row.top1, "top5": row.top5, "top1_norm": row.top1_norm},
            )
            for model, row in numbers.recognition.items()
        },
        category_retrieval={
            model: _published(
                paper.category_retrieval(categories, model.name),
                {f"top{n}": spread(run.top[n] for run in row.runs) for n in row.runs[0].top},
            )
            for model, row in numbers.category_retrieval.models.items()
        },
    )


def _published(values: Mapping[str, float], found: Mapping[str, Spread]) -> dict[str, Published]:
    return {
        metric: Published(value, found[metric].mean - value) for metric, value in values.items()
    }
