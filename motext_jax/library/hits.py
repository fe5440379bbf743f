"""Found clips on a terminal."""

from collections.abc import Sequence

from rich.console import Console

from motext_jax.data.clips import ClipSet
from motext_jax.library.search import Hit
from motext_jax.library.table import CAPTION_WIDTH, Column, print_found
from motext_jax.shown import shown

LETTERS = 160
"""The most letters of a caption and of a clip's name."""

WORD_LETTERS = 24
"""The longest word of a category that is never broken."""


def print_hits(
    title: str, hits: Sequence[Hit], words: Sequence[str], clips: ClipSet, out: Console
) -> None:
    """Prints a line for each hit, as `print_found` does.

    Args:
      title: the line above.
      hits: the hits of a query.
      words: how sure each is; none where nobody knows.
      clips: the clips that were searched.
      out: a console of `terminal`.
    """
    rows = [hit.clip for hit in hits]
    categories = [shown(clips.category(row)) for row in rows]
    longest = max((len(word) for name in categories for word in name.split()), default=0)
    columns = (
        Column("score", [f"{hit.score:.3f}" for hit in hits]),
        Column("match", words or [""] * len(hits)),
        Column("category", categories, max(min(longest, WORD_LETTERS), 1)),
        Column("caption", [shown(clips.captions[row][0], LETTERS) for row in rows], CAPTION_WIDTH),
    )
    names = [shown(clips.name(row), LETTERS) for row in rows]
    print_found(title, "clip", names, columns, out)
