"""The report's sections on categories: Tables 1 and 3, Figures 3 and 4."""

import pathlib
from collections.abc import Iterator, Mapping, Sequence

from motext_jax.configs.model_spec import ModelSpec
from motext_jax.reproduction import figures
from motext_jax.reproduction.cells import published_cells, spread_cell
from motext_jax.reproduction.document import Block, Heading, Picture, Points, Table
from motext_jax.reproduction.findings import NAMES, correlation, crossings
from motext_jax.reproduction.models import pairs
from motext_jax.reproduction.results import (
    Categories,
    CategoryRetrievals,
    Growth,
    PublishedTables,
    RecognitionRow,
)
from motext_jax.reproduction.spread import spread


def recognition(
    rows: Mapping[ModelSpec, RecognitionRow], paper: PublishedTables | None
) -> Iterator[Block]:
    """Table 1, on BABEL beside the paper's."""
    yield Heading("Table 1: recognition")
    columns, cells = ["model"], {model: [model.name] for model in rows}
    for metric, name in NAMES.items():
        columns += [name, "paper", "difference"] if paper else [name]
        for model, row in rows.items():
            cells[model].append(spread_cell(row.metric(metric)))
            if paper:
                cells[model] += published_cells(paper.recognition[model].get(metric))
    if any(row.own_side for row in rows.values()):
        columns.append("own side")
        for model, row in rows.items():
            cells[model].append(spread_cell(row.own_side))
    yield Table(
        columns,
        list(cells.values()),
        "Percent of the evaluation split's clips: the category is the best-scored, or among the "
        "best five; Top-1-norm is the mean over categories. Own side: clips of a sided category "
        "that score it above its left/right twin, 50 being chance. Mean ± standard deviation over "
        "runs, where there are several; the last checkpoint of each.",
    )


def by_category(categories: Categories | None, folder: pathlib.Path) -> Iterator[Block]:
    """Fig. 3, recall against size, and the most confused pairs."""
    if categories is None:
        return
    models = list(categories.models)
    yield Heading("Figure 3: categories")
    figures.draw_sizes(categories, folder / "categories.svg")
    most, least = max(categories.train_clips), min(n for n in categories.train_clips if n)
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
        f"order of the figure above: {' and '.join(model.name for model in shown)}.",
    )
    yield Heading("Recall and size", 2)
    figures.draw_recall(categories, models, folder / "recall.svg")
    yield Picture(folder / "recall.svg", "Every category's recall against its training clips.")
    yield Table(
        ["model", "head", "middle", "tail"],
        [
            [m.name, *(spread_cell(row.thirds.get(part)) for part in ("head", "middle", "tail"))]
            for m, row in categories.models.items()
        ],
        "Mean recall of the largest, the middle and the smallest third of the categories, percent.",
    )
    yield Heading("Most confused", 2)
    yield Table(
        ["model", "category", "taken for", "share, %", "clips"],
        [
            [
                model.name,
                pair.category,
                pair.taken_for,
                f"{pair.share:.2f}",
                f"{pair.clips} of {pair.of}",
            ]
            for model, row in categories.models.items()
            for pair in row.most_confused
        ],
        "The pairs with the largest share of a category's clips taken for another, all runs "
        "together.",
        words=3,
    )


def _confused_pair(models: Sequence[ModelSpec]) -> list[ModelSpec]:
    """A cross-entropy and a contrastive model of one motion tower, as in the paper; or any two."""
    found = pairs(models)
    return list(found[-1]) if found else list(models[:2])


def as_categories_grow(
    growth: Growth | None,
    retrained: Mapping[ModelSpec, Mapping[int, RecognitionRow]],
    folder: pathlib.Path,
) -> Iterator[Block]:
    """Fig. 4."""
    found = pairs(growth.models) if growth else []
    if growth is None or not found:
        return
    yield Heading("Figure 4: as categories are added")
    figures.draw_growth(growth, found, folder / "growth.svg")
    yield Picture(
        folder / "growth.svg",
        "Clips and candidates restricted to the categories with the most training clips; mean over "
        "runs, percent. Cross-entropy dashed, contrast solid.",
    )
    yield Points(list(crossings(growth)))
    if retrained:
        yield Table(
            ["model", "categories", *NAMES.values()],
            [
                [model.name, str(size), *(spread_cell(row.metric(metric)) for metric in NAMES)]
                for model, sizes in retrained.items()
                for size, row in sizes.items()
            ],
            "The same with a model trained anew on those categories alone.",
        )


def category_retrieval(found: CategoryRetrievals, paper: PublishedTables | None) -> Iterator[Block]:
    """Table 3, on BABEL beside the paper's."""
    rows = found.models
    if not rows:
        return
    first = next(iter(rows.values()))
    yield Heading("Table 3: retrieval by category")
    columns, cells = ["model"], {model: [model.name] for model in rows}
    for n in first.runs[0].top:
        columns += [f"Top-{n}", "paper", "difference"] if paper else [f"Top-{n}"]
        for model, row in rows.items():
            cells[model].append(spread_cell(spread(run.top[n] for run in row.runs)))
            if paper:
                cells[model] += published_cells(paper.category_retrieval[model].get(f"top{n}"))
    queries = first.of(lambda run: run.queries).mean
    clips = first.of(lambda run: run.items).mean
    yield Table(
        columns,
        list(cells.values()),
        f"Percent of {queries:.0f} category names, each asked over {clips:.0f} clips, with a clip "
        "of the category among the first N. Classifiers cannot be asked.",
    )
    yield Points(list(correlation(found.correlation)))
