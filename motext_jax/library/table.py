"""Found motions as a table on a terminal."""

from collections.abc import Sequence

from rich.table import Table

from motext_jax.counted import counted
from motext_jax.data.clips import ClipSet
from motext_jax.library.confidence import Confidence
from motext_jax.library.search import Hit
from motext_jax.shown import shown

LETTERS = 160
"""The most letters of a query, of a caption and of a clip's name."""

WORD_LETTERS = 24
"""The longest word of a category that is never broken."""


def hits_table(
    queries: Sequence[str],
    hits: Sequence[Sequence[Hit]],
    clips: ClipSet,
    sure: Sequence[Confidence] = (),
) -> Table:
    """A table with a line for each hit, for a console of `terminal`.

    Args:
      queries: the queries.
      hits: the hits of each.
      clips: the clips that were searched.
      sure: how sure they are, of each query; without any word there is no column for it.
    """
    worded = any(confidence.words for confidence in sure)
    names = {hit.clip: shown(clips.category(hit.clip)) for found in hits for hit in found}
    longest = max((len(word) for name in names.values() for word in name.split()), default=0)
    table = Table(title=f"{counted(len(clips), 'clip')} searched", title_justify="left")
    table.add_column("query", overflow="fold")
    table.add_column("")
    table.add_column("score", no_wrap=True)
    if worded:
        table.add_column("match", no_wrap=True)
    table.add_column("category", overflow="fold", min_width=min(longest, WORD_LETTERS))
    table.add_column("caption", overflow="fold")
    # A path has no spaces to break at, and a reader wants its end.
    table.add_column("clip", overflow="fold")
    for number, (query, found) in enumerate(zip(queries, hits, strict=True)):
        for rank, hit in enumerate(found, start=1):
            words = sure[number].words[rank - 1 : rank] if worded else ()
            table.add_row(
                shown(query, LETTERS) if rank == 1 else "",
                str(rank),
                f"{hit.score:.3f}",
                *words,
                names[hit.clip],
                shown(clips.captions[hit.clip][0], LETTERS),
                shown(clips.name(hit.clip), LETTERS),
                end_section=rank == len(found),
            )
    return table
