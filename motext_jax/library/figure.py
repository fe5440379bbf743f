"""Found motions as strips of skeletons (as the paper's Figures 5 and 6)."""

import pathlib
from collections.abc import Sequence

from motext_jax.data.clips import ClipSet
from motext_jax.library.search import Hit
from motext_jax.pictures.strips import Row, strips


def draw_hits(
    queries: Sequence[str], hits: Sequence[Sequence[Hit]], clips: ClipSet, path: pathlib.Path
) -> None:
    """Writes a row for each query: its hits in order, each with its cosine and its caption."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        Row(
            f"“{query}”",
            [clips.motion(hit.clip) for hit in found],
            [
                f"{hit.cosine:.2f}  {clips.captions[hit.clip][0]}  ({clips.name(hit.clip)})"
                for hit in found
            ],
        )
        for query, found in zip(queries, hits, strict=True)
    ]
    strips(rows, path)
