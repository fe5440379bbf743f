"""Answers as a table on a terminal, as JSON and as CSV."""

import csv
import dataclasses
import io
import json
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from motext_jax.library.named import LETTERS, MIRRORED
from motext_jax.library.query import Answer
from motext_jax.shown import shown, whole_text
from motext_jax.terminal import WIDE

CAPTION_LETTERS = 80
"""The most letters of a caption."""

CAPTION_WIDTH = 16
"""The least letters of a line of a caption in a table."""

TITLE_LETTERS = 160
"""The most letters of a title."""

COLUMNS = ("query", "file", "start", "end", "score", "word", "mirrored", "captions", "parts")


def print_answers(title: str, answers: Sequence[Answer], out: Console) -> None:
    """Prints a line for each answer, in a table if it is narrow enough, else below each name.

    Names are never broken, so that they can be found and copied.

    Args:
      title: the line above.
      answers: the answers.
      out: a console of `terminal`.
    """
    table = Table(title=shown(title, TITLE_LETTERS), title_justify="left")
    table.add_column("")
    # Rich would break a name at its blanks, and where it must, inside a word.
    longest = max((cell_len(shown_name(answer)) for answer in answers), default=0)
    table.add_column("file", no_wrap=True, min_width=longest)
    table.add_column("seconds", no_wrap=True)
    table.add_column("score", no_wrap=True)
    worded = any(answer.word for answer in answers)
    captioned = any(answer.captions for answer in answers)
    if worded:
        table.add_column("match", no_wrap=True)
    if captioned:
        table.add_column("caption", overflow="fold", min_width=CAPTION_WIDTH)
    for rank, answer in enumerate(answers, start=1):
        words = [answer.word] if worded else []
        captions = [_caption(answer)] if captioned else []
        spans = "\n".join(shown_spans(answer))
        table.add_row(
            str(rank), shown_name(answer), spans, f"{answer.score:.3f}", *words, *captions
        )
    if out.measure(table, options=out.options.update(max_width=WIDE)).minimum <= out.width:
        out.print(table)
        return
    out.print(shown(title, TITLE_LETTERS))
    for rank, answer in enumerate(answers, start=1):
        out.print(f"{rank}  {shown_name(answer)}", soft_wrap=True)
        rest = (
            ", ".join(shown_spans(answer)),
            f"{answer.score:.3f}",
            answer.word,
            _caption(answer),
        )
        out.print(Padding("  ".join(filter(None, rest)), (0, 0, 0, 3)))


def shown_name(answer: Answer) -> str:
    """The file of an answer, whole unless it is very long, and that it is a mirror image."""
    return shown(answer.file, LETTERS) + (MIRRORED if answer.mirrored else "")


def shown_spans(answer: Answer) -> list[str]:
    """The seconds of an answer, or of each action of a sequence."""
    spans = answer.parts or ((answer.start, answer.end),)
    return [f"{start:.1f}-{end:.1f}" for start, end in spans]


def _caption(answer: Answer) -> str:
    return shown("; ".join(answer.captions), CAPTION_LETTERS)


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
