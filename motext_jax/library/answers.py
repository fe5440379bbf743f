"""Answers as a table on a terminal, as JSON and as CSV."""

import csv
import dataclasses
import io
import json
from collections.abc import Sequence

from rich.console import Console

from motext_jax.library.named import LETTERS, MIRRORED
from motext_jax.library.query import Answer
from motext_jax.library.table import CAPTION_WIDTH, Column, print_found
from motext_jax.shown import shown, whole_text

CAPTION_LETTERS = 80
"""The most letters of a caption."""

COLUMNS = ("query", "file", "start", "end", "score", "word", "mirrored", "captions", "parts")


def print_answers(title: str, answers: Sequence[Answer], out: Console) -> None:
    """Prints a line for each answer, as `print_found` does.

    Args:
      title: the line above.
      answers: the answers.
      out: a console of `terminal`.
    """
    columns = (
        Column("seconds", ["\n".join(shown_spans(answer)) for answer in answers]),
        Column("score", [f"{answer.score:.3f}" for answer in answers]),
        Column("match", [answer.word for answer in answers]),
        Column("caption", list(map(_caption, answers)), CAPTION_WIDTH),
    )
    print_found(title, "file", list(map(shown_name, answers)), columns, out)


def shown_name(answer: Answer) -> str:
    """The file of an answer, whole unless it is very long, and that it is a mirror image."""
    return shown(answer.file, LETTERS) + (MIRRORED if answer.mirrored else "")


def shown_spans(answer: Answer) -> list[str]:
    """The seconds of an answer, or of each action of a sequence."""
    spans = answer.parts or ((answer.start, answer.end),)
    return [f"{start:.1f}-{end:.1f}" for start, end in spans]


def _caption(answer: Answer) -> str:
    return shown("; ".join(answer.captions), CAPTION_LETTERS)


def as_json(
    queries: Sequence[str], answers: Sequence[Sequence[Answer]], notes: Sequence[Sequence[str]]
) -> str:
    """The answers of each query as one JSON list; each says its query and the query's notes."""
    trees = [
        {"query": query, **dataclasses.asdict(answer.rounded()), "notes": said}
        for query, found, said in zip(queries, answers, notes, strict=True)
        for answer in found
    ]
    return whole_text(json.dumps(trees, indent=2, ensure_ascii=False)) + "\n"


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
