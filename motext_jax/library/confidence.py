"""Confidence in answers: a word for each hit, and a sentence for a query that found nothing."""

import dataclasses
from collections.abc import Sequence

from motext_jax.library.search import Hit
from motext_jax.shown import quoted, shown
from motext_jax.trained.calibration import NOTHING, Calibration
from motext_jax.trained.model import TrainedModel
from motext_jax.trained.words import new_words

SHOWN_WORDS = 5
"""The most words of a query that are named."""


@dataclasses.dataclass(frozen=True)
class Confidence:
    """The confidence in a query's hits.

    Attributes:
      words: a word for each hit, `likely`, `perhaps` or `nothing like it here`; none where the
        model is not calibrated.
      unread: the query's words that no training text had; none where these were not kept.
    """

    words: tuple[str, ...]
    unread: tuple[str, ...]

    @classmethod
    def of(cls, model: TrainedModel, query: str, hits: Sequence[Hit]) -> "Confidence":
        """The confidence in a model's hits."""
        unread = () if model.words is None else tuple(new_words(query, model.words))
        calibration: Calibration | None = model.calibration
        if calibration is None:
            return cls((), unread)
        return cls(tuple(calibration.word(hit.cosine, not unread) for hit in hits), unread)

    def sentences(self, query: str) -> list[str]:
        """The sentences that a reader must be told of the query; mostly none."""
        told = []
        if self.words and all(word == NOTHING for word in self.words):
            told.append(f"{quoted(query)}: {NOTHING}")
        if self.unread:
            named = ", ".join(shown(word) for word in self.unread[:SHOWN_WORDS])
            more = ", ..." if len(self.unread) > SHOWN_WORDS else ""
            told.append(
                f"{quoted(query)}: no text that the model was trained on has: {named}{more}"
            )
        return told
