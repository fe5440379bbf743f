"""A library of embedded clips, searched by text."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.data.clips import ClipSet
from motext_jax.library.facts import centre
from motext_jax.library.query import check_counts
from motext_jax.trained.model import TrainedModel


@dataclasses.dataclass(frozen=True)
class Hit:
    """A found clip: its row in the library's clips, and its score for the query."""

    clip: int
    score: float


@dataclasses.dataclass(frozen=True, eq=False)
class MotionLibrary:
    """Clips with their unit-length embeddings."""

    model: TrainedModel
    clips: ClipSet
    embeddings: Float[np.ndarray, "n d"]

    @classmethod
    def of(cls, model: TrainedModel, clips: ClipSet) -> "MotionLibrary":
        """Embeds every clip."""
        return cls(model, clips, model.encode_motion(clips.clips))

    def search(self, queries: Sequence[str], top: int) -> list[list[Hit]]:
        """The `top` best clips of each query, the best first; see `sides.Side.scores`.

        Raises:
          InputError: `top` is below 1.
        """
        check_counts(top=top)
        texts = self.model.encode_text(queries) - np.asarray(centre(self.model), np.float32)
        scores = texts @ self.embeddings.T
        best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
        return [
            [Hit(int(clip), float(row[clip])) for clip in clips]
            for row, clips in zip(scores, best, strict=True)
        ]
