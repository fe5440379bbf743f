"""The answers of a command's queries, shown and written."""

import pathlib
import sys
from collections.abc import Sequence

from motext_jax.library.answers import answers_table, as_csv, as_json
from motext_jax.library.confidence import Confidence
from motext_jax.library.library import Library
from motext_jax.library.query import Answer, Query
from motext_jax.shown import quoted
from motext_jax.terminal import console
from motext_jax.whole_file import write_text


def title(query: Query) -> str:
    """A query as a line of a table."""
    parts = [quoted(query.text)] if query.text else []
    if query.like is not None:
        end = "" if query.like.end is None else f"{query.like.end:g}"
        mark = "m" if query.like.mirrored else ""
        span = f"@{query.like.start:g}-{end}{mark}" if query.like.start or end or mark else ""
        parts.append(f"like {query.like.file}{span}")
    parts += [f"not {quoted(text)}" for text in query.without]
    return ", ".join(parts)


def show(library: Library, query: Query, answers: Sequence[Answer]) -> None:
    """Prints a query's answers, and what a reader must be told of them."""
    if not answers:
        none = "no take that is asked for" if library.takes() else "the library has no take yet"
        print(f"{title(query)}: {none}")
        return
    console().print(answers_table(title(query), answers))
    sure = Confidence(tuple(a.word for a in answers if a.word), library.unread(query))
    for line in sure.sentences(query.text or ""):
        print(line)


def show_curve(library: Library, query: Query) -> None:
    """Prints where in a take a query is answered."""
    for mirrored in (False, True) if query.mirrored else (False,):
        found = library.curve(query.within, query, mirrored)
        spans = ", ".join(f"{one.start:.1f}-{one.end:.1f} s" for one in found.intervals)
        image = ", mirrored" if mirrored else ""
        print(f"{query.within}{image}: {title(query)} is at {spans or 'no place'}")


def write(answers: Sequence[Answer], json: str, csv: str) -> None:
    """Writes answers as JSON and CSV; `-` is the terminal, and an empty name is none."""
    for name, form in ((json, as_json), (csv, as_csv)):
        if name == "-":
            sys.stdout.write(form(answers).rstrip("\n") + "\n")
        elif name:
            write_text(form(answers).rstrip("\n") + "\n", pathlib.Path(name))
            print(f"wrote {name}")
