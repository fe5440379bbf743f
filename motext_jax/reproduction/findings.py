"""What a report's numbers say, in sentences that the numbers alone decide."""

from collections.abc import Iterator, Mapping
from typing import Any

from motext_jax.reproduction.results import pairs

Results = Mapping[str, Any]
Spread = Mapping[str, Any]

NAMES = {"top1": "Top-1", "top5": "Top-5", "top1_norm": "Top-1-norm"}


def findings(results: Results) -> list[str]:
    """The answers to the questions that the paper asks."""
    return [
        *_contrast(results),
        *_pretrained(results),
        *crossings(results),
        *_correlation(results),
    ]


def compare(one: Spread, other: Spread) -> str:
    """How far one spread lies from another, and whether the runs agree on it."""
    difference = one["mean"] - other["mean"]
    if len(one["runs"]) == len(other["runs"]) == 1:
        agreed = "one run each"
    elif min(one["runs"]) > max(other["runs"]):
        agreed = "every run above every run"
    elif max(one["runs"]) < min(other["runs"]):
        agreed = "every run below every run"
    else:
        agreed = "the runs overlap"
    return f"{one['mean']:.2f} against {other['mean']:.2f} ({signed(difference)}; {agreed})"


def signed(value: float) -> str:
    """With a sign that is as wide as a plus."""
    return f"{value:+.2f}".replace("-", "−")


def _contrast(results: Results) -> Iterator[str]:
    rows = results["recognition"]
    for baseline, model in pairs(rows):
        for metric in ("top1_norm", "top1"):
            ours, theirs = rows[model][metric], rows[baseline][metric]
            verdict = "beats" if ours["mean"] > theirs["mean"] else "does not beat"
            yield (f"{model} {verdict} {baseline} on {NAMES[metric]}: {compare(ours, theirs)}.")


def _pretrained(results: Results) -> Iterator[str]:
    """The pre-trained text towers against the one from scratch, with the same motion tower."""
    scratch = "CTRGCN-T"
    for model in ("CTRGCN-C", "CTRGCN-MiniLM"):
        rows = results["recognition"]
        if model in rows and scratch in rows:
            for metric in ("top1", "top1_norm"):
                values = compare(rows[model][metric], rows[scratch][metric])
                yield f"{model} and {scratch}, categories as trained, {NAMES[metric]}: {values}."
        for task in ("recognition", "retrieval"):
            found = results["rewordings"]
            one, other = found.get(f"{model}, {task}"), found.get(f"{scratch}, {task}")
            if one and other:
                for metric, name in (
                    ("first_motion", "rewordings whose first motion is right"),
                    ("top1", "clips whose nearest rewording is right"),
                ):
                    values = compare(one[metric], other[metric])
                    yield f"{model} and {scratch}, trained for {task}, {name}: {values}."


def crossings(results: Results) -> Iterator[str]:
    """Whether the paper's crossing of Fig. 4 appears, a sentence for each pair of models."""
    found = results["growth"].get("crossings", [])
    for baseline, model in dict.fromkeys((c["baseline"], c["model"]) for c in found):
        parts = []
        for one in found:
            if (one["baseline"], one["model"]) != (baseline, model) or one["metric"] not in (
                "top1",
                "top5",
            ):
                continue
            last, ahead = one["last_behind"], one["ahead_from"]
            name = NAMES[one["metric"]]
            if ahead is None:
                parts.append(f"not in {name}, where {baseline} is ahead at all {last} categories")
            elif last is None:
                parts.append(f"not in {name}, where {model} is never behind")
            else:
                parts.append(f"in {name}: last behind at {last} categories, not from {ahead} on")
        yield (
            f"The crossing of the paper's Figure 4 (cross-entropy ahead among few categories, "
            f"behind among more), {model} and {baseline}: {'; '.join(parts)}."
        )


def _correlation(results: Results) -> Iterator[str]:
    found = results["category_retrieval"]["correlation"]
    if found["pearson"] is not None:
        yield (
            f"Over {len(found['runs'])} runs the Top-1 of retrieval by category and that of "
            f"recognition have a correlation (Pearson) of {found['pearson']:.2f}; the paper says "
            "that better recognition goes with better retrieval."
        )
    elif found["runs"]:
        yield (
            f"The correlation of retrieval by category with recognition cannot be told from these "
            f"{len(found['runs'])} runs: they are too few, or all alike in one of the two."
        )
