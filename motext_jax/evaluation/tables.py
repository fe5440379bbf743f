"""Scores as tables on a terminal."""

import math

from rich.console import Console
from rich.table import Table

from motext_jax.counted import counted
from motext_jax.evaluation.retrieval import CategoryRetrieval, Directions
from motext_jax.evaluation.scores import Evaluation, Scores
from motext_jax.shown import printable, shown

SHARED_CAPTIONS = (
    "Some clips have the same caption. Under `all` a caption's own clip alone is right, which "
    "bounds R@1; under `identical-caption` every clip of that caption is right."
)


def print_tables(evaluation: Evaluation, console: Console) -> None:
    """Prints a table for each score that there is, on a console of `terminal`."""
    title = shown(f"{evaluation.model} · step {evaluation.step} · {evaluation.split}")
    data, scores = evaluation.data, evaluation.scores
    console.print(
        printable(
            f"{data.source}: {counted(evaluation.clips, 'clip')} of {data.frames} frames at "
            f"{data.fps:g} fps, normalised by {data.normalise}, each {data.normalise_each} on its "
            f"own; trained on texts: {data.text}"
        )
    )
    if scores.recognition is not None:
        console.print(_recognition(scores, title))
    if scores.category_retrieval is not None:
        console.print(_category_retrieval(scores.category_retrieval, title))
    if scores.retrieval is not None:
        found = scores.retrieval
        for protocol, directions in found.protocols.items():
            console.print(_retrieval(protocol, directions, title))
        if found.own_clip != found.identical_caption:
            console.print(SHARED_CAPTIONS)


def _recognition(scores: Scores, title: str) -> Table:
    found, any_label, sides = scores.recognition, scores.any_label, scores.left_right
    assert found is not None
    categories = counted(found.classes_with_clips, "category", "categories")
    caption = f"{counted(found.clips, 'clip')}, {categories}, {found.by}"
    table = _table(f"Recognition · {title}", caption, "score", "%")
    for asked, how in ((found, ""), (scores.sentence_recognition, ", by sentences")):
        if asked is not None:
            table.add_row(f"Top-1{how}", _number(asked.top1))
            table.add_row(f"Top-5{how}", _number(asked.top5))
            table.add_row(f"Top-1-norm{how}", _number(asked.top1_norm))
    if any_label is not None:
        clips = counted(any_label.clips, "clip")
        table.add_row(f"Top-1, any label ({clips})", _number(any_label.top1))
        table.add_row("Top-5, any label", _number(any_label.top5))
    if sides is not None:
        for share, name in (
            (sides.own, "own side above its twin"),
            (sides.mirrored, "the same, mirrored"),
        ):
            table.add_row(f"{name} ({counted(share.clips, 'clip')})", _number(share.own_above_twin))
    return table


def _category_retrieval(found: CategoryRetrieval, title: str) -> Table:
    queries = counted(found.queries, "query", "queries")
    caption = f"{queries} over {counted(found.items, 'clip')}: a clip of the category found"
    table = _table(f"Retrieval by category · {title}", caption, *(f"Top-{n}" for n in found.top))
    table.add_row(*map(_number, found.top.values()))
    return table


def _retrieval(protocol: str, directions: Directions, title: str) -> Table:
    first = directions.text_to_motion
    clips = counted(first.items, "clip")
    caption = f"among {clips}; a motion of several clips counts several times"
    heading = f"Retrieval by caption, {protocol} · {title}"
    table = _table(heading, caption, "direction", *first.columns)
    for direction, found in directions.by_name.items():
        table.add_row(direction, *map(_number, found.columns.values()))
    return table


def _table(title: str, caption: str, *columns: str) -> Table:
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column in _WORDS else "right", no_wrap=True)
    return table


_WORDS = ("score", "direction")


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"
