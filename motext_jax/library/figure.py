"""Found motions as strips of skeletons (as the paper's Figures 5 and 6)."""

import pathlib
from collections.abc import Sequence

from motext_jax.data.clips import ClipSet
from motext_jax.library.search import Hit
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

    A query with more than `COLUMNS` hits has further rows, without a title.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        Row(
            "" if start else f"“{shown(query, TITLE_LETTERS)}”",
            [clips.motion(hit.clip) for hit in found[start : start + COLUMNS]],
            [
                f"{hit.cosine:.2f}  {clips.captions[hit.clip][0]}  ({clips.name(hit.clip)})"
                for hit in found[start : start + COLUMNS]
            ],
        )
        for query, found in zip(queries, hits, strict=True)
        for start in range(0, len(found), COLUMNS)
    ]
    strips(rows, path)
