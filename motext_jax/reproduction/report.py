"""The report: every table and figure of the paper, and what else its readers would ask."""

import json
import pathlib
from collections.abc import Iterator, Mapping, Sequence

from motext_jax.configs.model_spec import ModelSpec
from motext_jax.data.clips import ClipSet
from motext_jax.evaluation.records import to_json
from motext_jax.pictures.palette import DARK
from motext_jax.reproduction import category_sections, figures, text_sections
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
from motext_jax.reproduction.experiments import ModelTask
from motext_jax.reproduction.findings import correlation, crossings, signed, verdicts
from motext_jax.reproduction.results import Report
from motext_jax.reproduction.scored import Learning
from motext_jax.whole_file import write_json, write_text


def write_report(report: Report, clips: Mapping[ModelSpec, ClipSet], workdir: pathlib.Path) -> None:
    """Writes report.html, report.md and report.json, and the pictures under figures/.

    Args:
      report: the report's content.
      clips: the split that each retrieval model searched.
      workdir: the study's directory.
    """
    folder = workdir / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("query-*.svg"):
        old.unlink()
    title = f"Motion and text in one space: Horie et al. 2022 on {report.about.data}"
    blocks = list(_blocks(report, clips, folder))
    write_json(to_json(report), workdir / "report.json")
    texts = {
        "report.md": to_markdown(title, blocks, workdir),
        "report.html": to_html(title, blocks, DARK),
    }
    for name, text in texts.items():
        write_text(text, workdir / name)


def _blocks(
    report: Report, clips: Mapping[ModelSpec, ClipSet], folder: pathlib.Path
) -> Iterator[Block]:
    about, numbers, paper = report.about, report.numbers, report.paper
    yield Points(about.sentences)
    yield from _findings(report)
    yield from category_sections.recognition(numbers.recognition, paper)
    yield from category_sections.by_category(numbers.categories, folder)
    yield from category_sections.as_categories_grow(numbers.growth, numbers.retrained, folder)
    yield from category_sections.category_retrieval(numbers.category_retrieval, paper)
    yield from text_sections.caption_retrieval(numbers.caption_retrieval, about.no_retrieval)
    yield from text_sections.queries(numbers.queries, clips, folder)
    yield from text_sections.rewordings(numbers.rewordings, about.runs)
    yield from text_sections.word_pairs(numbers.word_pairs)
    yield from _training(numbers.training, folder)
    yield Heading("Configs")
    yield Paragraph("As config.json in each run's folder has them; runs differ in their seed.")
    for trained, config in numbers.configs.items():
        yield Folded(str(trained), json.dumps(config, indent=1))


def _findings(report: Report) -> Iterator[Block]:
    numbers = report.numbers
    yield Heading("What was found")
    yield Points(
        [
            *verdicts(report.comparisons),
            *crossings(numbers.growth),
            *correlation(numbers.category_retrieval.correlation),
        ]
    )
    if report.comparisons:
        yield Table(
            ["model", "against", "measured", "model, %", "against, %", "difference", "runs"],
            [
                [
                    found.model.name,
                    found.against.name,
                    found.measured,
                    *(f"{mean:.2f}" for mean in found.means),
                    signed(found.difference),
                    found.runs,
                ]
                for found in report.comparisons
            ],
            "Means over runs; what is measured is explained below, with its own table. The last "
            "column: whether all runs of the model lie above all of the other, below them, or the "
            "two overlap.",
            words=3,
        )


def _training(
    training: Mapping[ModelTask, Sequence[Learning]], folder: pathlib.Path
) -> Iterator[Block]:
    yield Heading("Training")
    figures.draw_learning(training, folder / "learning.svg")
    yield Picture(folder / "learning.svg", "Loss and validation score of every run.")
    rows = []
    for trained, runs in training.items():
        rates = [run.clips_per_second for run in runs if run.clips_per_second]
        rate = f"{sum(rates) / len(rates):.0f}" if rates else "–"
        minutes = " + ".join(f"{run.seconds / 60:.1f}" for run in runs)
        machines = ", ".join(dict.fromkeys(run.machine for run in runs))
        rows.append([str(trained), rate, minutes, machines])
    yield Table(
        ["model, trained for", "clips/s", "minutes of each run", "on"],
        rows,
        "Median rate of the training steps, and the time that they took, without compiling, "
        "validating and saving. Runs that share a machine slow each other down.",
    )
