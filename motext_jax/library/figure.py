"""Found motions as strips of skeletons (as the paper's Figures 5 and 6), in a picture or a page."""

import itertools
import pathlib
from collections.abc import Sequence

from motext_jax.data.clips import ClipSet
from motext_jax.library.answers import shown_name, shown_spans
from motext_jax.library.library import Library
from motext_jax.library.query import Answer
from motext_jax.library.search import Hit
from motext_jax.motion.motion import Motion
from motext_jax.pictures.lettering import lacks
from motext_jax.pictures.page import page
from motext_jax.pictures.strips import TEXT_LETTERS, Row, strips
from motext_jax.shown import shown

COLUMNS = 3
"""The most motions side by side; more would be a picture that no screen shows."""

TITLE_LETTERS = 120
"""The most that is drawn of a query."""


def draw_hits(
    queries: Sequence[str],
    hits: Sequence[Sequence[Hit]],
    words: Sequence[Sequence[str]],
    clips: ClipSet,
    path: pathlib.Path,
) -> list[str]:
    """Writes rows for each query: its hits in order, with rank, score, word and caption.

    The words say how sure each hit of a query is; there are none where nobody knows. A query
    with more than `COLUMNS` hits has further rows, without a title. Without any hit nothing is
    written.

    Returns:
      Sentences that tell of the file.
    """
    rows = []
    for query, found, sure in zip(queries, hits, words, strict=True):
        motions = [clips.motion(hit.clip) for hit in found]
        captions = [
            f"{_judged(rank, hit.score, word)}  "
            f"{clips.captions[hit.clip][0] or clips.category(hit.clip)}  "
            f"({clips.name(hit.clip)})"
            for rank, (hit, word) in enumerate(itertools.zip_longest(found, sure), start=1)
        ]
        starts = [float(clips.starts[hit.clip]) for hit in found]
        rows += _rows(f"“{shown(query, TITLE_LETTERS)}”", motions, captions, starts)
    return _draw(rows, path)


def draw_answers(
    titles: Sequence[str], answers: Sequence[Sequence[Answer]], library: Library, path: pathlib.Path
) -> list[str]:
    """Writes rows for each query: its answers in order, from the library's small previews.

    Each has its rank, by which it is found in the table, its score and its word, and the seconds of
    each action of an order. Without any answer nothing is written.

    Returns:
      Sentences that tell of the file.
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
        captions = [
            f"{_judged(rank, answer.score, answer.word)}  {shown_name(answer)} "
            f"{', '.join(shown_spans(answer))} s"
            for rank, answer in enumerate(found, start=1)
        ]
        rows += _rows(title, motions, captions, starts)
    return _draw(rows, path)


def _judged(rank: int, score: float, word: str | None) -> str:
    """An answer's rank, its score, and how sure it is where that is known."""
    return f"{rank}.  {score:.2f}" + (f" ({word})" if word else "")


def _draw(rows: Sequence[Row], path: pathlib.Path) -> list[str]:
    """Writes a page or a picture, by the file's ending; nothing without a row."""
    if not rows:
        return []
    said = [f"wrote {path}"]
    if path.suffix.lower() == ".html":
        page("Motions found", rows, path)
        return said
    strips(rows, path)
    texts = (text for row in rows for text in (row.title, *row.captions))
    if any(lacks(shown(text, TEXT_LETTERS)) for text in texts):
        said.append(
            r"\u and a number stand in it for letters that no font of this machine has: install "
            "one, such as Noto Sans CJK, or write a .html file, which the browser's fonts show"
        )
    return said


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
