"""The report's figures, in colours that a screen can exchange for its own (`DARK`)."""

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatter, NullFormatter, StrMethodFormatter

from motext_jax.configs.model_spec import ModelSpec
from motext_jax.data.clips import ClipSet
from motext_jax.pictures.lettering import plain_texts
from motext_jax.pictures.palette import INK, LINE, PAPER, SERIES, SOFT
from motext_jax.pictures.strips import Row, strips
from motext_jax.reproduction.experiments import ModelTask, Task
from motext_jax.reproduction.findings import NAMES
from motext_jax.reproduction.results import Categories, Growth
from motext_jax.reproduction.scored import Learning, QueryAnswer
from motext_jax.shown import shown
from motext_jax.whole_file import whole

_LEGEND_COLUMNS = 4

_STYLE: Any = {
    "svg.fonttype": "none",
    # A fixed salt keeps the ids of every file the same.
    "svg.hashsalt": "motext_jax",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "font.size": 9,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


@contextmanager
def _drawing(width: float, height: float, path: pathlib.Path) -> Iterator[Figure]:
    """Gives a figure of a size in inches; writes it when the block ends."""
    with plain_texts(), matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure
        with whole(path) as place:
            figure.savefig(place, metadata={"Date": None})


def draw_sizes(categories: Categories, path: pathlib.Path) -> None:
    """Clips of each category in training and in evaluation, the largest first (Fig. 3)."""
    names, places = categories.names, np.arange(len(categories.names))
    with _drawing(_across(len(names)), 3.6, path) as figure:
        axes = figure.subplots()
        axes.bar(places, categories.train_clips, color=SERIES[0], width=0.7, label="training")
        axes.plot(
            places,
            categories.clips,
            "o",
            color=SERIES[1],
            markeredgecolor=PAPER,
            markersize=6,
            label="evaluation",
        )
        axes.set_ylabel("clips")
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(_whole_numbers())
        axes.yaxis.set_minor_formatter(LogFormatter())
        axes.set_xlim(-0.7, len(names) - 0.3)
        _name(axes.xaxis, names, rotation=90)
        axes.grid(False, axis="x")
        axes.legend(loc="upper right", ncols=2)


def draw_confusion(categories: Categories, models: Sequence[ModelSpec], path: pathlib.Path) -> None:
    """Confusion matrices one below the other, categories in the same order (Fig. 3)."""
    names = categories.names
    side = _across(len(names)) * 0.85
    with _drawing(side + 1.2, (side + 0.6) * len(models), path) as figure:
        rows = figure.subplots(len(models), 1, squeeze=False)[:, 0]
        for axes, model in zip(rows, models, strict=True):
            matrix = np.array(categories.models[model].confusion, float)
            shares = 100 * matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
            # Cividis is even in lightness for every kind of colour vision.
            image = axes.imshow(shares, cmap="cividis", vmin=0, vmax=100, interpolation="nearest")
            axes.set_title(model.name)
            axes.set(xlabel="recognised as", ylabel="category")
            _name(axes.xaxis, names, rotation=90)
            _name(axes.yaxis, names)
            axes.grid(False)
            axes.spines[:].set_visible(False)
            bar = figure.colorbar(image, ax=axes, shrink=0.5, aspect=30)
            bar.set_label("share of the category's clips, %")
            bar.outline.set_visible(False)


def draw_growth(
    growth: Growth, pairs: Sequence[tuple[ModelSpec, ModelSpec]], path: pathlib.Path
) -> None:
    """The metrics as categories are added: cross-entropy dashed, contrast solid (Fig. 4)."""
    sizes = growth.sizes
    columns = min(len(pairs), 3)
    lines = -(-len(pairs) // columns)
    with _drawing(max(6.5, 0.8 + 3.3 * columns), 0.8 + 2.9 * lines, path) as figure:
        grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
        for axes in grid.flat[len(pairs) :]:
            axes.set_visible(False)
        for axes, (baseline, model) in zip(grid.flat, pairs, strict=False):
            for colour, metric in zip(SERIES, NAMES, strict=False):
                axes.plot(sizes, growth.models[baseline][metric], "--", color=colour)
                axes.plot(sizes, growth.models[model][metric], "-", color=colour)
            axes.set_title(f"{model.name} and {baseline.name}", fontsize=9)
            axes.set_xlabel("categories, the largest first")
            axes.xaxis.get_major_locator().set_params(integer=True)
        for axes in grid[:, 0]:
            axes.set_ylabel("%")
        handles = [
            Line2D([], [], color=colour, label=name)
            for colour, name in zip(SERIES, NAMES.values(), strict=False)
        ]
        handles += [
            Line2D([], [], color=SOFT, linestyle="-", label="contrastive"),
            Line2D([], [], color=SOFT, linestyle="--", label="cross-entropy"),
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))


def draw_recall(categories: Categories, models: Sequence[ModelSpec], path: pathlib.Path) -> None:
    """Each category's recall against its number of training clips."""
    with _drawing(7.5, 3.6, path) as figure:
        axes = figure.subplots()
        for colour, marker, model in zip(SERIES, "os^Dvpx", models, strict=False):
            axes.plot(
                np.maximum(categories.train_clips, 0.5),
                categories.models[model].recall,
                marker,
                color=colour,
                markersize=5,
                markerfacecolor="none",
                markeredgewidth=1.4,
                label=model.name,
            )
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(_whole_numbers())
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set(xlabel="training clips of the category", ylabel="recall (Top-1), %")
        axes.set_ylim(-4, 104)
        figure.legend(loc="outside upper center", ncols=min(len(models), _LEGEND_COLUMNS))


def draw_learning(training: Mapping[ModelTask, Sequence[Learning]], path: pathlib.Path) -> None:
    """Loss and validation score of every run: one colour a model, one row a task."""
    tasks = list(dict.fromkeys(trained.task for trained in training))
    models = list(dict.fromkeys(trained.model for trained in training))
    colour = dict(zip(models, SERIES, strict=False))
    with _drawing(9.5, 0.6 + 2.6 * len(tasks), path) as figure:
        grid = figure.subplots(len(tasks), 2, squeeze=False)
        for row, task in zip(grid, tasks, strict=True):
            score = "Top-1" if task == Task.RECOGNITION else "R@10"
            for axes, curve, label in zip(
                row,
                (lambda run: run.loss, lambda run: run.validation),
                ("loss, nats", f"validation {score}, %"),
                strict=True,
            ):
                for trained, runs in training.items():
                    for run in runs if trained.task == task else ():
                        points = np.array(curve(run)).reshape(-1, 2)
                        axes.plot(
                            *points.T,
                            color=colour[trained.model],
                            linewidth=1.1,
                            alpha=0.9,
                            marker="o" if len(points) < 20 else None,
                            markersize=3,
                        )
                axes.set(xlabel="step", ylabel=label)
                axes.xaxis.get_major_locator().set_params(integer=True)
                axes.set_title(task)
        handles = [Line2D([], [], color=c, label=model.name) for model, c in colour.items()]
        columns = min(len(handles), _LEGEND_COLUMNS)
        figure.legend(handles=handles, loc="outside upper center", ncols=columns)


def draw_answers(answer: QueryAnswer, clips: ClipSet, path: pathlib.Path) -> None:
    """A query's motions, one strip below the other (Fig. 5, 6)."""
    rows = [
        Row(
            f"“{answer.query}”" if place == 1 else "",
            [clips.motion(hit.clip)],
            [f"{place}. {hit.caption}"],
        )
        for place, hit in enumerate(answer.found.by_motion, start=1)
    ]
    with matplotlib.rc_context(_STYLE):
        strips(rows, path, strip_metres=13.0)


def _across(categories: int) -> float:
    """Width in inches of as many names side by side."""
    return max(7.0, 1.5 + 0.125 * categories)


def _whole_numbers() -> StrMethodFormatter:
    """Writes 1, 10, 100 instead of powers of ten."""
    return StrMethodFormatter("{x:.0f}")


def _name(axis: Any, names: Sequence[str], rotation: float = 0) -> None:
    size = 8 if len(names) <= 40 else 6.5
    labels = [shown(name, 40) for name in names]
    axis.set_ticks(np.arange(len(names)), labels, fontsize=size, rotation=rotation)
    axis.set_tick_params(length=0)
