"""Sentences that a reader must be told of a query's answers, wherever these are shown."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from motext_jax.counted import counted
from motext_jax.library.confidence import Confidence
from motext_jax.library.connectives import dangling, finished, is_ordered, tells_order
from motext_jax.library.instead import Instead
from motext_jax.library.query import Answer, Query, Span
from motext_jax.library.reading import last_second
from motext_jax.library.where import columns
from motext_jax.library.windows import SECONDS
from motext_jax.shown import quoted
from motext_jax.trained.calibration import UNLIKELY

if TYPE_CHECKING:
    from motext_jax.library.library import Library

SKELETONS = 5
"""The most skeletons that are named, the most frequent first."""

ROUNDED = 0.05
"""Seconds by which an example may end after its file: a table rounds to tenths."""


def notes(
    library: "Library", query: Query, answers: Sequence[Answer], instead: Instead
) -> list[str]:
    """The sentences, which do not name the query; mostly none.

    Args:
      library: the library.
      query: the query, with the library's names of its files.
      answers: its answers.
      instead: as of `Confidence.sentences`.
    """
    said = [] if answers else [_why_none(library, query)]
    words = tuple(answer.word for answer in answers if answer.word)
    sure = Confidence(words, library.unread(query), library.is_lost(query))
    said += (
        sure.sentences(query.text or "", instead)
        + _unfinished(query)
        + _orders_not_read(query)
        + _parts_not_there(library, query)
        + _cut(library, query)
        + _widened(library, query)
    )
    if set(words) == {UNLIKELY} and (query.where.strip() or query.captions.strip()):
        passing = library.passing(query)
        if passing < len(library.takes()):
            said.append(f"the filters left {passing:,} of {_takes(library)} to be searched")
    return said


def _unfinished(query: Query) -> list[str]:
    """Sentences on texts that end with a word of order."""
    texts = (query.text or "", *query.without)
    return [
        f"nothing follows {quoted(word)} in {quoted(text)}; say what is done then"
        for text in texts
        if (word := dangling(text))
    ]


def _orders_not_read(query: Query) -> list[str]:
    """Sentences on texts that tell an order where it is not looked at, or not understood."""
    beside = (query.text,) if query.text and query.like is not None else ()
    return [
        f"the order in {quoted(text)} is not looked at: it is read as one description"
        for text in (*query.without, *beside)
        if is_ordered(text) or tells_order(finished(text))
    ] + [
        f"the order in {quoted(action)} is not understood: it is read as one description; write "
        "it as FIRST, then SECOND"
        for action in query.actions
        if tells_order(action)
    ]


def _parts_not_there(library: "Library", query: Query) -> list[str]:
    """Sentences on the actions of an order of which there is nothing: its score does not tell."""
    if len(query.actions) < 2:
        return []
    each = (dataclasses.replace(query, text=part) for part in query.actions)
    found = ((part.text, library.search(part, 1)) for part in each)
    return [
        f"nothing like {quoted(text or '')} here, so an order with it means little"
        for text, best in found
        if best and best[0].word == UNLIKELY
    ]


def _cut(library: "Library", query: Query) -> list[str]:
    """A sentence on an example that goes on after the end of its file."""
    like = query.like
    if like is None or like.end is None:
        return []
    last = _last(library, like)
    if like.end <= last + ROUNDED:
        return []
    return [f"the example ends at {last:.2f} s, with its file"]


def _widened(library: "Library", query: Query) -> list[str]:
    """A sentence on an example that is too short for a motion."""
    like = query.like
    if like is None:
        return []
    last = _last(library, like)
    seconds = (last if like.end is None else min(like.end, last)) - like.start
    if seconds >= min(SECONDS[0], last) - ROUNDED:
        return []
    return [
        f"the example is {seconds:.2f} s long; it is looked at with the {SECONDS[0]:g} s around it"
    ]


def _last(library: "Library", like: Span) -> float:
    """The last second of an example's file."""
    return last_second(like, library.fps) if like.outside else library.take(like.file).seconds


def _why_none(library: "Library", query: Query) -> str:
    """The reason for which a query has no answer."""
    if not library.passing(query):
        takes, why = library.takes(), [f"none of {_takes(library)} passes the filters"]
        if query.captions and not any(take.captions for take in takes):
            why.append("no take has captions")
        # Nobody knows by heart how they are written.
        if "skeleton" in columns(query.where):
            kinds = [kind for kind, _ in Counter(take.skeleton for take in takes).most_common()]
            more = ", ..." if kinds[SKELETONS:] else ""
            why.append(f"skeletons here: {', '.join(map(quoted, kinds[:SKELETONS]))}{more}")
        return "; ".join(why)
    if len(query.actions) > 1:
        return f"no take has these {len(query.actions)} actions one after the other"
    if query.without:
        return "all that is found is nearer to what is excluded"
    return "no take but the example itself"


def _takes(library: "Library") -> str:
    return counted(len(library.takes()), "take")
