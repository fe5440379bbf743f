"""The report: every table and figure of the paper, and what else its readers would ask."""

import json
import pathlib
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from motext_jax.data.clips import ClipSet
from motext_jax.evaluation.tables import DIRECTIONS
from motext_jax.pictures.palette import DARK
from motext_jax.reproduction import figures
from motext_jax.reproduction.document import (
    Block,
    Folded,
    Heading,
    Paragraph,
    Picture,
    Points,
    Table,
    to_html,
    to_markdown,
)
from motext_jax.reproduction.findings import NAMES, correlation, crossings, signed, verdicts
from motext_jax.reproduction.results import pairs
from motext_jax.whole_file import write_json, write_text

Results = Mapping[str, Any]

QUERY_LETTERS = 80

_PROTOCOLS = {
    "all": "where a caption's own clip alone is right",
    "identical-caption": "where any clip of exactly that caption is right",
}


def write_report(results: Results, clips: Mapping[str, ClipSet], workdir: pathlib.Path) -> None:
    """Writes report.html, report.md and report.json, and the pictures under figures/.

    Args:
      results: of `results.collect`, with `comparisons`, `about` and on BABEL `paper`.
      clips: the split that was searched by each retrieval model.
      workdir: where to.
    """
    folder = workdir / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("query-*.svg"):
        old.unlink()
    title = f"Motion and text in one space: Horie et al. 2022 on {results['about']['data']}"
    blocks = list(_blocks(results, clips, folder))
    write_json(dict(results), workdir / "report.json")
    texts = {
        "report.md": to_markdown(title, blocks, workdir),
        "report.html": to_html(title, blocks, DARK),
    }
    for name, text in texts.items():
        write_text(text, workdir / name)


def _blocks(
    results: Results, clips: Mapping[str, ClipSet], folder: pathlib.Path
) -> Iterator[Block]:
    about = results["about"]
    yield Points(about["sentences"])
    yield from _findings(results)
    yield from _recognition(results)
    yield from _by_category(results, folder)
    yield from _growth(results, folder)
    yield from _category_retrieval(results)
    yield from _caption_retrieval(results)
    yield from _queries(results, clips, folder)
    yield from _words(results)
    yield from _training(results, folder)
    yield Heading("Configs")
    yield Paragraph("As config.json in each run's folder has them; runs differ in their seed.")
    for name, config in results["configs"].items():
        yield Folded(name, json.dumps(config, indent=1))


def _findings(results: Results) -> Iterator[Block]:
    yield Heading("What was found")
    yield Points([*verdicts(results), *crossings(results), *correlation(results)])
    if results["comparisons"]:
        yield Table(
            ["model", "against", "measured", "model, %", "against, %", "difference", "runs"],
            [
                [
                    found["model"],
                    found["against"],
                    found["measured"],
                    *(f"{mean:.2f}" for mean in found["means"]),
                    signed(found["difference"]),
                    found["runs"],
                ]
                for found in results["comparisons"]
            ],
            "Means over runs; what is measured is explained below, with its own table. The last "
            "column: whether all runs of the model lie above all of the other, below them, or the "
            "two overlap.",
            words=3,
        )


def _recognition(results: Results) -> Iterator[Block]:
    rows, paper = results["recognition"], results.get("paper", {}).get("recognition", {})
    yield Heading("Table 1: recognition")
    columns, cells = ["model"], {model: [model] for model in rows}
    for metric, name in NAMES.items():
        columns += [name, "paper", "difference"] if paper else [name]
        for model, row in rows.items():
            cells[model].append(_spread(row[metric]))
            if paper:
                cells[model] += _published(paper[model].get(metric))
    if any("own_side" in row for row in rows.values()):
        columns.append("own side")
        for model, row in rows.items():
            cells[model].append(_spread(row.get("own_side")))
    yield Table(
        columns,
        list(cells.values()),
        "Percent of the evaluation split's clips: the category is the best-scored, or among the "
        "best five; Top-1-norm is the mean over categories. Own side: clips of a sided category "
        "that score it above its left/right twin, 50 being chance. Mean ± standard deviation over "
        "runs, where there are several; the last checkpoint of each.",
    )


def _by_category(results: Results, folder: pathlib.Path) -> Iterator[Block]:
    categories = results["categories"]
    if not categories:
        return
    models = list(categories["models"])
    yield Heading("Figure 3: categories")
    figures.draw_sizes(categories, folder / "categories.svg")
    most, least = max(categories["train_clips"]), min(n for n in categories["train_clips"] if n)
    yield Picture(
        folder / "categories.svg",
        f"Clips of each category, logarithmic. The largest has {most / least:.0f} times the "
        f"training clips of the smallest ({most} and {least}).",
    )
    shown = _confused_pair(models)
    figures.draw_confusion(categories, shown, folder / "confusion.svg")
    yield Picture(
        folder / "confusion.svg",
        "What clips of each category (rows) are recognised as (columns), all runs together, in the "
        f"order of the figure above: {' and '.join(shown)}.",
    )
    yield Heading("Recall and size", 2)
    figures.draw_recall(categories, models, folder / "recall.svg")
    yield Picture(folder / "recall.svg", "Every category's recall against its training clips.")
    thirds = {model: categories["models"][model]["thirds"] for model in models}
    yield Table(
        ["model", "head", "middle", "tail"],
        [
            [m, *(_spread(row.get(part)) for part in ("head", "middle", "tail"))]
            for m, row in thirds.items()
        ],
        "Mean recall of the largest, the middle and the smallest third of the categories, percent.",
    )
    yield Heading("Most confused", 2)
    yield Table(
        ["model", "category", "taken for", "share, %", "clips"],
        [
            [
                model,
                pair["category"],
                pair["taken_for"],
                f"{pair['share']:.2f}",
                f"{pair['clips']} of {pair['of']}",
            ]
            for model in models
            for pair in categories["models"][model]["most_confused"]
        ],
        "The pairs with the largest share of a category's clips taken for another, all runs "
        "together.",
        words=3,
    )


def _confused_pair(models: Sequence[str]) -> list[str]:
    """Cross-entropy and contrast with the same motion tower, as the paper shows; else any two."""
    found = pairs(models)
    return list(found[-1]) if found else list(models[:2])


def _growth(results: Results, folder: pathlib.Path) -> Iterator[Block]:
    growth = results["growth"]
    found = pairs(growth.get("models", ()))
    if not found:
        return
    yield Heading("Figure 4: as categories are added")
    figures.draw_growth(growth, found, folder / "growth.svg")
    yield Picture(
        folder / "growth.svg",
        "Clips and candidates restricted to the categories with the most training clips; mean over "
        "runs, percent. Cross-entropy dashed, contrast solid.",
    )
    yield Points(list(crossings(results)))
    if results["retrained"]:
        yield Table(
            ["model", "categories", *NAMES.values()],
            [
                [model, size, *(_spread(row[metric]) for metric in NAMES)]
                for model, sizes in results["retrained"].items()
                for size, row in sizes.items()
            ],
            "The same with a model trained anew on those categories alone.",
        )


def _category_retrieval(results: Results) -> Iterator[Block]:
    rows = results["category_retrieval"]["models"]
    if not rows:
        return
    paper = results.get("paper", {}).get("category_retrieval", {})
    first = next(iter(rows.values()))
    metrics = [key for key in first if key.startswith("top")]
    yield Heading("Table 3: retrieval by category")
    columns, cells = ["model"], {model: [model] for model in rows}
    for metric in metrics:
        columns += [f"Top-{metric[3:]}", "paper", "difference"] if paper else [f"Top-{metric[3:]}"]
        for model, row in rows.items():
            cells[model].append(_spread(row[metric]))
            if paper:
                cells[model] += _published(paper[model].get(metric))
    queries, clips = first["queries"]["mean"], first["N"]["mean"]
    yield Table(
        columns,
        list(cells.values()),
        f"Percent of {queries:.0f} category names, each asked over {clips:.0f} clips, with a clip "
        "of the category among the first N. Classifiers cannot be asked.",
    )
    yield Points(list(correlation(results)))


def _caption_retrieval(results: Results) -> Iterator[Block]:
    rows = results["caption_retrieval"]
    yield Heading("Retrieval by annotation")
    if not rows:
        yield Paragraph(results["about"]["no_retrieval"])
        return
    first = next(iter(rows.values()))
    keys = [key for key in first["all"]["text_to_motion"] if key != "N"]
    clips = first["all"]["text_to_motion"]["N"]["mean"]
    for protocol in first:
        yield Table(
            ["model", "direction", *keys],
            [
                [model, DIRECTIONS[direction], *(_spread(values[key]) for key in keys)]
                for model, protocols in rows.items()
                for direction, values in protocols[protocol].items()
            ],
            f"Protocol {protocol!r}, {_PROTOCOLS[protocol]}; {clips:.0f} clips; R@K in percent, "
            "MedR a rank. Trained on annotations.",
            words=2,
        )


def _queries(
    results: Results, clips: Mapping[str, ClipSet], folder: pathlib.Path
) -> Iterator[Block]:
    found = results["queries"]
    if not found:
        return
    yield Heading("Table 2: by annotation and by motion", 2)
    for model, answers in found.items():
        yield Heading(model, 3)
        yield Table(
            ["query", "by annotation", "rank", "by motion", "rank"],
            [
                [
                    _short(answer["query"]) if place == 0 else "",
                    by_text["caption"],
                    str(by_text["annotation_rank"]),
                    by_motion["caption"],
                    str(by_motion["annotation_rank"]),
                ]
                for answer in answers
                for place, (by_text, by_motion) in enumerate(
                    zip(answer["by_annotation"], answer["by_motion"], strict=True)
                )
            ],
            f"{model}, run 1: the first three clips by their annotations' similarity to the query, "
            "and by their motions'; each with its rank by annotation among "
            f"{answers[0]['searched']} clips, equal annotations one after another.",
            words=5,
        )
    yield Heading("New words", 3)
    unseen = next(iter(found.values()))
    yield Table(
        ["query", "words that no training annotation has"],
        [
            [_short(answer["query"]), ", ".join(answer["unseen_words"]) or "none"]
            for answer in unseen
        ],
        "Words that are new to a text tower from scratch mean nothing to it.",
        words=2,
    )
    yield Heading("Figures 5 and 6: the first three motions", 2)
    for model, answers in found.items():
        yield Heading(model, 3)
        for number, answer in enumerate(answers, start=1):
            path = folder / f"query-{model}-{number}.svg"
            figures.draw_answers(answer, clips[model], path)
            query = _short(answer["query"])
            yield Picture(path, f"“{query}”: the first three motions of {model}, run 1")


def _words(results: Results) -> Iterator[Block]:
    if results["rewordings"]:
        yield Heading("Rewordings that training never saw")
        first = next(iter(results["rewordings"].values()))
        yield Table(
            ["model, trained for", "first motion", "nearest name", "Top-1", "Top-1-norm"],
            [
                [
                    name,
                    *(
                        _spread(row[key])
                        for key in ("first_motion", "nearest_name", "top1", "top1_norm")
                    ),
                ]
                for name, row in results["rewordings"].items()
            ],
            f"Percent of {first['rewordings']['mean']:.0f} rewordings of "
            f"{first['categories']['mean']:.0f} actions whose nearest motion is of "
            f"the action that they reword, among {first['clips']['mean']:.0f} clips; of those that "
            "are nearest to their own action's name, text to text; and of those actions' "
            f"{first['asked_clips']['mean']:.0f} clips whose nearest rewording is one of their own "
            "action, with its mean over actions. Classifiers cannot be asked. The rewordings are "
            "in report.json under questions.",
        )
        columns = range(results["about"]["runs"])
        runs = {name: row["first_motion"]["runs"] for name, row in results["rewordings"].items()}
        yield Table(
            ["model, trained for", *(f"run {k + 1}" for k in columns)],
            [
                [name, *(f"{values[k]:.2f}" if k < len(values) else "–" for k in columns)]
                for name, values in runs.items()
            ],
            "The share whose nearest motion is right, of each run.",
        )
    if results["word_pairs"]:
        yield Heading("Words of side, direction and speed")
        kinds = list(dict.fromkeys(kind for row in results["word_pairs"].values() for kind in row))
        header = [column for kind in kinds for column in (f"{kind}, %", "pairs")]
        yield Table(
            ["model, trained for", *header],
            [
                [
                    name,
                    *(
                        cell
                        for kind in kinds
                        for cell in (
                            (_spread(row[kind]["share"]), f"{row[kind]['pairs']['mean']:.0f}")
                            if kind in row
                            else ("–", "–")
                        )
                    ),
                ]
                for name, row in results["word_pairs"].items()
            ],
            "How often, in percent, a text is nearer to a motion of its own than to one whose text "
            "differs in one word (left and right; forward and backward, up and down, ...; fast and "
            "slow, run and walk, ...), averaged over so many pairs of texts; 50 is chance.",
        )


def _training(results: Results, folder: pathlib.Path) -> Iterator[Block]:
    training = results["training"]
    yield Heading("Training")
    figures.draw_learning(training, folder / "learning.svg")
    yield Picture(folder / "learning.svg", "Loss and validation score of every run.")
    rows = []
    for name, runs in training.items():
        rates = [run["clips_per_second"] for run in runs if run["clips_per_second"]]
        rate = f"{sum(rates) / len(rates):.0f}" if rates else "–"
        minutes = " + ".join(f"{run['seconds'] / 60:.1f}" for run in runs)
        machines = ", ".join(dict.fromkeys(run["machine"] for run in runs))
        rows.append([name, rate, minutes, machines])
    yield Table(
        ["model, trained for", "clips/s", "minutes of each run", "on"],
        rows,
        "Median rate of the training steps, and the time that they took, without compiling, "
        "validating and saving. Runs that share a machine slow each other down.",
    )


def _short(query: str) -> str:
    return textwrap.shorten(query, QUERY_LETTERS, placeholder=" …")


def _spread(spread: Mapping[str, Any] | None) -> str:
    if spread is None:
        return "–"
    deviation = "" if spread["sd"] is None else f" ± {spread['sd']:.2f}"
    return f"{spread['mean']:.2f}{deviation}"


def _published(value: Mapping[str, float] | None) -> list[str]:
    if value is None:
        return ["–", "–"]
    return [f"{value['paper']:.2f}", signed(value["difference"])]
