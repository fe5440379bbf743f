"""All scores of a model on a split, as typed records."""

import dataclasses

from motext_jax.config import DataConfig
from motext_jax.evaluation.recognition import AnyLabelRecognition, LeftRight, Recognition
from motext_jax.evaluation.records import among
from motext_jax.evaluation.retrieval import CaptionRetrieval, CategoryRetrieval


@dataclasses.dataclass(frozen=True)
class Scores:
    """A model's scores on a split; None where the split or the model has nothing to score.

    Attributes:
      recognition: of the clips that have a category.
      any_label: of distinct clips, where clips have several categories.
      left_right: of clips of sided categories.
      category_retrieval: each category's name as a query.
      retrieval: captions and clips, both ways.
    """

    recognition: Recognition | None = None
    any_label: AnyLabelRecognition | None = None
    left_right: LeftRight | None = None
    category_retrieval: CategoryRetrieval | None = None
    retrieval: CaptionRetrieval | None = None


@dataclasses.dataclass(frozen=True)
class ClipSettings:
    """Options of the data set that decide what a clip is; see `config.DataConfig`."""

    source: str
    fps: float
    frames: int
    normalise: str
    normalise_each: str
    text: str
    root: str

    @classmethod
    def of(cls, data: DataConfig, root: str | None = None) -> "ClipSettings":
        """The settings of a config's data section; `root` where the folder has moved."""
        names = ("source", "fps", "frames", "normalise", "normalise_each", "text")
        return cls(**{name: getattr(data, name) for name in names}, root=root or data.root)


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """A checkpoint's scores on a split, as WORKDIR/eval/<step>.json holds them.

    Attributes:
      model: its name in tables.
      step: the checkpoint's.
      split: the split's name.
      data: how its clips were made.
      clips: how many clips it has.
      scores: what the model scores on them.
    """

    model: str
    step: int
    split: str
    data: ClipSettings
    clips: int
    scores: Scores = dataclasses.field(metadata=among())
