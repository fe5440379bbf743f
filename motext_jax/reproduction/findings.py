"""What a report's numbers answer: comparisons of models, and sentences that they decide."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from motext_jax.reproduction.results import pairs

Results = Mapping[str, Any]
Spread = Mapping[str, Any]

NAMES = {"top1": "Top-1", "top5": "Top-5", "top1_norm": "Top-1-norm"}

_RUNS = {
    "one each": "one run each",
    "all above": "in all runs",
    "all below": "in all runs",
    "overlap": "the runs overlap",
}

_SCRATCH, _PRETRAINED = "CTRGCN-T", ("CTRGCN-C", "CTRGCN-MiniLM")


def comparisons(results: Results) -> list[dict[str, Any]]:
    """Contrast against cross-entropy, and pre-trained text towers against one from scratch.

    Each has the two models, what is measured, their means in percent, the difference, and what the
    runs say of it.
    """
    return [*_contrast(results), *_pretrained(results)]


def compare(model: str, against: str, measured: str, one: Spread, other: Spread) -> dict[str, Any]:
    """How far one spread lies from another, and whether the runs agree on it."""
    if len(one["runs"]) == len(other["runs"]) == 1:
        agreed = "one each"
    elif min(one["runs"]) > max(other["runs"]):
        agreed = "all above"
    elif max(one["runs"]) < min(other["runs"]):
        agreed = "all below"
    else:
        agreed = "overlap"
    return {
        "model": model,
        "against": against,
        "measured": measured,
        "means": [one["mean"], other["mean"]],
        "difference": one["mean"] - other["mean"],
        "runs": agreed,
    }


def signed(value: float) -> str:
    """With a sign that is as wide as a plus."""
    return f"{value:+.2f}".replace("-", "−")


def _contrast(results: Results) -> Iterator[dict[str, Any]]:
    rows = results["recognition"]
    for baseline, model in pairs(rows):
        for metric in ("top1", "top1_norm"):
            yield compare(
                model, baseline, NAMES[metric], rows[model][metric], rows[baseline][metric]
            )


def _pretrained(results: Results) -> Iterator[dict[str, Any]]:
    rows, reworded = results["recognition"], results["rewordings"]
    for model in _PRETRAINED:
        if model in rows and _SCRATCH in rows:
            for metric in ("top1", "top1_norm"):
                yield compare(
                    model, _SCRATCH, NAMES[metric], rows[model][metric], rows[_SCRATCH][metric]
                )
        for task in ("recognition", "retrieval"):
            one, other = (reworded.get(f"{name}, {task}") for name in (model, _SCRATCH))
            if one and other:
                for metric, name in (
                    ("first_motion", "rewordings, first motion"),
                    ("top1", "rewordings, Top-1"),
                ):
                    measured = f"{name} ({task})"
                    yield compare(model, _SCRATCH, measured, one[metric], other[metric])


def verdicts(results: Results) -> Iterator[str]:
    """The questions of the paper, answered in a sentence each."""
    found = results["comparisons"]
    contrast = [c for c in found if c["against"].endswith("(CE)")]
    pretrained = [c for c in found if c["against"] == _SCRATCH]
    names = (NAMES["top1"], NAMES["top1_norm"])
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
        dict.fromkeys(c["measured"] for c in pretrained if c["measured"] not in names),
    )


def _verdict(question: str, found: list[dict[str, Any]], measures: Iterable[str]) -> Iterator[str]:
    parts = []
    for measure in measures:
        own = [c for c in found if c["measured"] == measure]
        if own:
            # What is printed as +0.00 is not better.
            better = sum(c["difference"] >= 0.005 for c in own)
            differences = ", ".join(
                f"{c['model']} {signed(c['difference'])} ({_RUNS[c['runs']]})" for c in own
            )
            parts.append(f"{measure} is better in {better} of {len(own)}, {differences}")
    if parts:
        yield f"{question}: {'; '.join(parts)}."


def crossings(results: Results) -> Iterator[str]:
    """Whether the paper's crossing of Fig. 4 appears, a sentence for each pair of models."""
    found = results["growth"].get("crossings", [])
    for baseline, model in dict.fromkeys((c["baseline"], c["model"]) for c in found):
        parts = [_crossing(c) for c in found if (c["baseline"], c["model"]) == (baseline, model)]
        yield (
            "The paper sees cross-entropy ahead among few categories and behind among more; here, "
            f"{model} against {baseline}: {'; '.join(parts)}."
        )


def _crossing(found: Mapping[str, Any]) -> str:
    last, ahead, name = found["last_behind"], found["ahead_from"], NAMES[found["metric"]]
    baseline, model, changes = found["baseline"], found["model"], found["changes"]
    if last is None:
        return f"no crossing in {name}, where {baseline} is never ahead"
    if changes == 0:
        return f"no crossing in {name}, where {model} is never ahead"
    if changes == 1 and ahead is not None:
        return f"a crossing in {name}: behind up to {last} categories, ahead from {ahead} on"
    if changes == 1:
        return f"the other way round in {name}: behind from {found['behind_from']} categories on"
    end = f"{model} is ahead from {ahead} on" if ahead else f"{baseline} is ahead last, at {last}"
    return f"no single crossing in {name}: the lead changes {changes} times, and {end}"


def correlation(results: Results) -> Iterator[str]:
    """Whether retrieval by category goes with recognition."""
    found = results["category_retrieval"]["correlation"]
    if found["pearson"] is not None:
        yield (
            f"Over {len(found['runs'])} runs the Top-1 of retrieval by category and that of "
            f"recognition have a correlation (Pearson) of {found['pearson']:.2f}; the paper says "
            "that better recognition goes with better retrieval."
        )
    elif found["runs"]:
        yield (
            "Whether retrieval by category goes with recognition cannot be told from "
            f"so few runs as these ({len(found['runs'])}), or from runs that are alike in one of "
            "the two."
        )
