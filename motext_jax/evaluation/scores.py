"""All scores of a model on a split, as typed records."""

import dataclasses

from motext_jax.config import DataConfig
from motext_jax.evaluation.recognition import (
    AnyLabelRecognition,
    LeftRight,
    OwnSide,
    Recognition,
)
from motext_jax.evaluation.records import among
from motext_jax.evaluation.retrieval import CaptionRetrieval, CategoryRetrieval


@dataclasses.dataclass(frozen=True)
class WholeMotionScores:
    """Recognition of whole motions; the field `clips` of each result counts motions.

    Attributes:
      recognition: recognition by the mean of a motion's clips.
      own_side: own side against its twin; None without sided categories.
      sentence_recognition: recognition by a sentence for each category instead of its name.
    """

    recognition: Recognition
    own_side: OwnSide | None = None
    sentence_recognition: Recognition | None = None


@dataclasses.dataclass(frozen=True)
class Scores:
    """A model's scores on a split; None where the split or the model has nothing to score.

    Attributes:
      recognition: recognition of the clips that have a category.
      any_label: recognition of distinct clips, where clips have several categories.
      left_right: own side against its twin, for clips of sided categories.
      category_retrieval: retrieval with each category's name as a query.
      retrieval: retrieval by caption, in both directions.
      sentence_recognition: recognition by a sentence for each category instead of its name.
      whole_motions: recognition of whole motions, where some have several clips.
    """

    recognition: Recognition | None = None
    any_label: AnyLabelRecognition | None = None
    left_right: LeftRight | None = None
    category_retrieval: CategoryRetrieval | None = None
    retrieval: CaptionRetrieval | None = None
    sentence_recognition: Recognition | None = None
    whole_motions: WholeMotionScores | None = None


@dataclasses.dataclass(frozen=True)
class ClipSettings:
    """Options of the data set that define its clips; see `config.DataConfig`."""

    source: str
    fps: float
    frames: int
    normalise: str
    normalise_each: str
    text: str
    root: str

    @classmethod
    def of(cls, data: DataConfig, root: str | None = None) -> "ClipSettings":
        """The settings of a config's data section; `root` is given if the folder has moved."""
        names = ("source", "fps", "frames", "normalise", "normalise_each", "text")
        return cls(**{name: getattr(data, name) for name in names}, root=root or data.root)


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """A checkpoint's scores on a split, as WORKDIR/eval/<step>.json holds them.

    Attributes:
      model: the model's name in tables.
      step: the checkpoint's step.
      split: the split's name.
      data: settings that the split's clips were made with.
      clips: number of clips of the split.
      scores: the model's scores on the split.
    """

    model: str
    step: int
    split: str
    data: ClipSettings
    clips: int
    scores: Scores = dataclasses.field(metadata=among())
