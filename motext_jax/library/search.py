"""A library of embedded clips, searched by text."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.data.clips import ClipSet
from motext_jax.trained.model import TrainedModel


@dataclasses.dataclass(frozen=True)
class Hit:
    """A found clip: its row in the library's clips, and the cosine with the query."""

    clip: int
    cosine: float


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
        """The `top` nearest clips of each query, the nearest first."""
        cosines = self.model.encode_text(queries) @ self.embeddings.T
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :top]
        return [
            [Hit(int(clip), float(row[clip])) for clip in clips]
            for row, clips in zip(cosines, nearest, strict=True)
        ]
