"""Answers as a table on a terminal, as JSON and as CSV."""

import csv
import dataclasses
import io
import json
from collections.abc import Sequence

from rich.table import Table

from motext_jax.library.named import LETTERS, MIRRORED
from motext_jax.library.query import Answer
from motext_jax.shown import shown, whole_text
from motext_jax.trained.calibration import UNLIKELY

CAPTION_LETTERS = 80
"""The most letters of a caption."""

COLUMNS = ("query", "file", "start", "end", "score", "word", "mirrored", "captions", "parts")


def answers_table(title: str, answers: Sequence[Answer]) -> Table:
    """A table with a line for each answer, for a console of `terminal`.

    Names are whole: one that is too long goes on in the next line.
    """
    table = Table(title=shown(title, 160), title_justify="left")
    table.add_column("")
    # A path has no spaces to break at.
    table.add_column("file", overflow="fold", ratio=3)
    table.add_column("seconds", no_wrap=True, min_width=9)
    table.add_column("score", no_wrap=True, min_width=5)
    worded = any(answer.word for answer in answers)
    captioned = any(answer.captions for answer in answers)
    if worded:
        table.add_column("match", no_wrap=True, min_width=len(UNLIKELY))
    if captioned:
        table.add_column("caption", overflow="fold", ratio=2)
    for rank, answer in enumerate(answers, start=1):
        cells = [
            str(rank),
            shown(answer.file, LETTERS) + (MIRRORED if answer.mirrored else ""),
            _seconds(answer),
            f"{answer.score:.3f}",
        ]
        if worded:
            cells.append(answer.word)
        if captioned:
            cells.append(shown("; ".join(answer.captions), CAPTION_LETTERS))
        table.add_row(*cells)
    return table


def _seconds(answer: Answer) -> str:
    spans = answer.parts or ((answer.start, answer.end),)
    return "\n".join(f"{start:.1f}-{end:.1f}" for start, end in spans)


def as_json(queries: Sequence[str], answers: Sequence[Sequence[Answer]]) -> str:
    """The answers of each query as one JSON list; each says its query."""
    trees = [
        {"query": query, **dataclasses.asdict(answer.rounded())}
        for query, found in zip(queries, answers, strict=True)
        for answer in found
    ]
    return whole_text(json.dumps(trees, indent=2, ensure_ascii=False))


def as_csv(queries: Sequence[str], answers: Sequence[Sequence[Answer]]) -> str:
    """The answers of each query as one CSV table; captions and parts are joined by `; `.

    Parts are the seconds of each action of a sequence, as `1.0-4.25; 4.5-7.5`.
    """
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for query, found in zip(queries, answers, strict=True):
        for answer in map(Answer.rounded, found):
            row = vars(answer) | {
                "query": _plain(query),
                "file": _plain(answer.file),
                "captions": _plain("; ".join(answer.captions)),
                "parts": "; ".join(f"{start}-{end}" for start, end in answer.parts),
            }
            writer.writerow(row)
    return whole_text(file.getvalue())


def _plain(text: str) -> str:
    """The text, which no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
