"""Confidence in answers: a word for each hit, and a sentence for a query that found nothing."""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

from motext_jax.library.excluding import excluding
from motext_jax.library.instead import Instead
from motext_jax.library.search import Hit
from motext_jax.shown import printable, quoted, shown
from motext_jax.text.carrying import carrying_words
from motext_jax.text.negation import negated
from motext_jax.trained.model import UNLIKELY, TrainedModel

SHOWN_WORDS = 5
"""The most words of a query that are named."""


@dataclasses.dataclass(frozen=True)
class Confidence:
    """The confidence in a query's hits.

    Attributes:
      words: a word for each hit, `likely`, `perhaps` or `unlikely`; none where the
        model is not calibrated.
      unread: the query's words that no training text had, each with the one that is likely meant
        or an empty text; none where the words of the training texts were not kept.
      lost: none of the query's words means anything to the model.
    """

    words: tuple[str, ...]
    unread: Mapping[str, str]
    lost: bool = False

    @classmethod
    def of(cls, model: TrainedModel, query: str, hits: Sequence[Hit]) -> "Confidence":
        """The confidence in a model's hits."""
        words, unread = model.judge(query, [hit.score for hit in hits])
        return cls(words, unread, model.is_lost(query))

    def sentences(self, query: str, instead: Instead | None = None) -> list[str]:
        """The sentences that a reader must be told of the query; mostly none.

        Args:
          query: the query.
          instead: the way to exclude a text; None where nothing can be excluded.
        """
        told = []
        if self.words and all(word == UNLIKELY for word in self.words):
            told.append(f"perhaps nothing like it is here: all that is found is {UNLIKELY}")
        if self.unread:
            unread = itertools.islice(self.unread.items(), SHOWN_WORDS)
            named = ", ".join(
                f"{shown(word)} (did you mean {meant}?)" if meant else shown(word)
                for word, meant in unread
            )
            more = ", ..." if len(self.unread) > SHOWN_WORDS else ""
            told.append(f"no text that the model was trained on has: {named}{more}")
        if self.lost and not any(self.unread.values()):
            told.append(
                "the model knows none of its words, nor any near them; say it in other words"
                if carrying_words(query)
                else "no word of it tells a motion; say what is done"
            )
        if word := negated(query):
            parts = excluding(query) if instead else None
            how = f", as {instead(*map(printable, parts))}" if instead and parts else ""
            told.append(f"the model hardly reads {quoted(word)}; ask for what is done{how}")
        return told
