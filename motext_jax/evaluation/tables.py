"""Scores as tables on a terminal."""

import math
from typing import Any

from rich.console import Console
from rich.table import Table

from motext_jax.shown import printable, shown

DIRECTIONS = {"text_to_motion": "text→motion", "motion_to_text": "motion→text"}


def print_tables(results: dict[str, Any], console: Console) -> None:
    """Prints what the results hold on a console of `terminal`."""
    title = shown(f"{results['model']} · step {results['step']} · {results['split']}")
    data = results["data"]
    console.print(
        printable(
            f"{data['source']}: {results['clips']} clips of {data['frames']} frames at "
            f"{data['fps']:g} fps, normalised by {data['normalise']}, each "
            f"{data['normalise_each']} on its own; trained on texts: {data['text']}"
        )
    )
    if "recognition" in results:
        console.print(_recognition(results, title))
    if "category_retrieval" in results:
        console.print(_category_retrieval(results["category_retrieval"], title))
    for protocol, directions in results.get("retrieval", {}).items():
        console.print(_retrieval(protocol, directions, title))


def _recognition(results: dict[str, Any], title: str) -> Table:
    scores = results["recognition"]
    caption = f"{scores['clips']} clips, {scores['classes_with_clips']} categories, {scores['by']}"
    table = _table(f"Recognition · {title}", caption, "score", "%")
    table.add_row("Top-1", _number(scores["top1"]))
    table.add_row("Top-5", _number(scores["top5"]))
    table.add_row("Top-1-norm", _number(scores["top1_norm"]))
    if "any_label" in results:
        any_label = results["any_label"]
        table.add_row(f"Top-1, any label ({any_label['clips']} clips)", _number(any_label["top1"]))
        table.add_row("Top-5, any label", _number(any_label["top5"]))
    if "left_right" in results:
        for key, name in (("own", "own side above its twin"), ("mirrored", "the same, mirrored")):
            share = results["left_right"][key]
            table.add_row(f"{name} ({share['clips']} clips)", _number(share["own_above_twin"]))
    return table


def _category_retrieval(scores: dict[str, Any], title: str) -> Table:
    caption = f"{scores['queries']} queries over {scores['N']} clips: a clip of the category found"
    tops = [key for key in scores if key.startswith("top")]
    table = _table(f"Retrieval by category · {title}", caption, *(f"Top-{key[3:]}" for key in tops))
    table.add_row(*(_number(scores[key]) for key in tops))
    return table


def _retrieval(protocol: str, directions: dict[str, Any], title: str) -> Table:
    first = directions["text_to_motion"]
    columns = [key for key in first if key != "N"]
    caption = f"among {first['N']} clips; a motion of several clips counts several times"
    heading = f"Retrieval by caption, {protocol} · {title}"
    table = _table(heading, caption, "direction", *columns)
    for direction, scores in directions.items():
        table.add_row(DIRECTIONS[direction], *(_number(scores[key]) for key in columns))
    return table


def _table(title: str, caption: str, *columns: str) -> Table:
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column in _WORDS else "right", no_wrap=True)
    return table


_WORDS = ("score", "direction")


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"
