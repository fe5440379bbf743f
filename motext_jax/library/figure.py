"""Found motions as strips of skeletons (as the paper's Figures 5 and 6), in a picture or a page."""

import pathlib
from collections.abc import Sequence

from motext_jax.data.clips import ClipSet
from motext_jax.library.library import Library
from motext_jax.library.query import Answer
from motext_jax.library.search import Hit
from motext_jax.motion.motion import Motion
from motext_jax.pictures.page import page
from motext_jax.pictures.strips import Row, strips
from motext_jax.shown import shown

COLUMNS = 3
"""The most motions side by side; more would be a picture that no screen shows."""

TITLE_LETTERS = 120
"""The most that is drawn of a query."""


def draw_hits(
    queries: Sequence[str], hits: Sequence[Sequence[Hit]], clips: ClipSet, path: pathlib.Path
) -> None:
    """Writes rows for each query: its hits in order, each with its cosine and its caption.

    A query with more than `COLUMNS` hits has further rows, without a title. Without any
    hit nothing is written.
    """
    rows = []
    for query, found in zip(queries, hits, strict=True):
        motions = [clips.motion(hit.clip) for hit in found]
        captions = [
            f"{hit.cosine:.2f}  {clips.captions[hit.clip][0]}  ({clips.name(hit.clip)})"
            for hit in found
        ]
        starts = [float(clips.starts[hit.clip]) for hit in found]
        rows += _rows(f"“{shown(query, TITLE_LETTERS)}”", motions, captions, starts)
    _draw(rows, path)


def draw_answers(
    titles: Sequence[str], answers: Sequence[Sequence[Answer]], library: Library, path: pathlib.Path
) -> None:
    """Writes rows for each query: its answers in order, from the library's small previews.

    Without any answer nothing is written.
    """
    body = library.store.facts.body
    rows = []
    for title, found in zip(titles, answers, strict=True):
        motions, starts = [], []
        for answer in found:
            poses = library.poses(answer.file, answer.start, answer.end)
            motion = poses.motion(body)
            motions.append(motion.mirrored() if answer.mirrored else motion)
            starts.append(poses.start)
        captions = [f"{a.cosine:.2f}  {a.file} {a.start:.1f}-{a.end:.1f} s" for a in found]
        rows += _rows(title, motions, captions, starts)
    _draw(rows, path)


def _draw(rows: Sequence[Row], path: pathlib.Path) -> None:
    """Writes a page or a picture, by the file's ending; nothing without a row."""
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".html":
        page("Motions found", rows, path)
    else:
        strips(rows, path)


def _rows(
    title: str, motions: Sequence[Motion], captions: Sequence[str], starts: Sequence[float]
) -> list[Row]:
    """Rows of at most `COLUMNS` motions; the first has the title."""
    return [
        Row(
            "" if start else title,
            motions[start : start + COLUMNS],
            captions[start : start + COLUMNS],
            starts[start : start + COLUMNS],
        )
        for start in range(0, len(motions), COLUMNS)
    ]
