"""A report's numbers, as typed records; shares are in percent.

Means and standard deviations are over runs.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from motext_jax.configs.model_spec import ModelSpec
from motext_jax.evaluation.categories import ConfusedPair, Crossing
from motext_jax.evaluation.recognition import Metric
from motext_jax.evaluation.records import among, none_as
from motext_jax.evaluation.retrieval import CaptionRetrieval, CategoryRetrieval
from motext_jax.evaluation.rewordings import RewordedRecognition
from motext_jax.evaluation.word_pairs import WordPairWins
from motext_jax.reproduction.about import About
from motext_jax.reproduction.experiments import ModelTask
from motext_jax.reproduction.scored import Learning, QueryAnswer, Questions
from motext_jax.reproduction.spread import OverRuns, Spread

Agreement = Literal["one each", "all above", "all below", "overlap"]


@dataclasses.dataclass(frozen=True)
class RecognitionRow:
    """A model's row of Table 1.

    Attributes:
      top1: share of clips whose category is the best-scored one.
      top5: share of clips whose category is among the best five.
      top1_norm: mean of Top-1 over categories.
      own_side: share of sided categories' clips that are nearer to their own side; None without
        such clips.
    """

    top1: Spread
    top5: Spread
    top1_norm: Spread
    own_side: Spread | None = None

    def metric(self, name: Metric) -> Spread:
        """One of the three metrics."""
        return getattr(self, name)


@dataclasses.dataclass(frozen=True)
class ModelCategories:
    """A model's recognition by category (Fig. 3).

    Attributes:
      recall: each category's Top-1, as a mean over runs.
      thirds: mean recall of the `head`, `middle` and `tail` third, as far as they have clips.
      confusion: clips of each category by their best-scored category, all runs together.
      most_confused: the largest shares of `confusion` off its diagonal.
    """

    recall: tuple[float, ...]
    thirds: Mapping[str, Spread]
    confusion: tuple[tuple[int, ...], ...]
    most_confused: tuple[ConfusedPair, ...]


@dataclasses.dataclass(frozen=True)
class Categories:
    """All models' recognition by category.

    Attributes:
      names: the categories, the largest training set first.
      train_clips: number of training clips of each category.
      clips: number of clips of each category in the evaluated split.
      models: each model's recognition by category.
    """

    names: tuple[str, ...]
    train_clips: tuple[int, ...]
    clips: tuple[int, ...]
    models: Mapping[ModelSpec, ModelCategories]


@dataclasses.dataclass(frozen=True)
class PairCrossing:
    """Sizes at which a contrastive model overtakes a cross-entropy model in a metric."""

    baseline: ModelSpec
    model: ModelSpec
    metric: Metric
    crossing: Crossing = dataclasses.field(metadata=among())


@dataclasses.dataclass(frozen=True)
class Growth:
    """The metrics as categories are added (Fig. 4).

    Attributes:
      sizes: numbers of categories.
      models: each model's metrics at each size, as means over runs.
      crossings: crossing of each pair of models in each metric.
    """

    sizes: tuple[int, ...]
    models: Mapping[ModelSpec, Mapping[Metric, tuple[float, ...]]]
    crossings: tuple[PairCrossing, ...]


@dataclasses.dataclass(frozen=True)
class CorrelatedRun:
    """A run's Top-1 in recognition and in retrieval by category."""

    model: ModelSpec
    recognition: float
    retrieval: float


@dataclasses.dataclass(frozen=True)
class Correlation:
    """Pearson's correlation over runs; None if they are too few or alike."""

    pearson: float | None
    runs: tuple[CorrelatedRun, ...]


@dataclasses.dataclass(frozen=True)
class CategoryRetrievals:
    """Table 3, and its correlation with recognition, which the paper claims."""

    models: Mapping[ModelSpec, OverRuns[CategoryRetrieval]]
    correlation: Correlation


@dataclasses.dataclass(frozen=True)
class Numbers:
    """All numbers of the finished runs.

    Attributes:
      recognition: Table 1.
      categories: Fig. 3; None without a recognition run.
      growth: Fig. 4; None without a recognition run.
      retrained: Fig. 4 with models trained anew, by their number of categories.
      category_retrieval: Table 3.
      caption_retrieval: retrieval by models that were trained on annotations.
      queries: Table 2, from each such model's first run.
      rewordings: scores on rewordings, of models that embed texts.
      word_pairs: scores on texts that differ in one word, of the same models, by kind of word.
      training: learning curves and speed of each run.
      configs: the resolved config of each first run.
    """

    recognition: Mapping[ModelSpec, RecognitionRow]
    categories: Categories | None = dataclasses.field(metadata=none_as({}))
    growth: Growth | None = dataclasses.field(metadata=none_as({}))
    retrained: Mapping[ModelSpec, Mapping[int, RecognitionRow]]
    category_retrieval: CategoryRetrievals
    caption_retrieval: Mapping[ModelSpec, OverRuns[CaptionRetrieval]]
    queries: Mapping[ModelSpec, tuple[QueryAnswer, ...]]
    rewordings: Mapping[ModelTask, OverRuns[RewordedRecognition]]
    word_pairs: Mapping[ModelTask, Mapping[str, OverRuns[WordPairWins]]]
    training: Mapping[ModelTask, tuple[Learning, ...]]
    configs: Mapping[ModelTask, Mapping[str, Any]]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Two models in one measure.

    Attributes:
      model: the first model.
      against: the model that it is compared with.
      measured: name of the measure.
      means: means of `model` and of `against` over their runs.
      difference: mean of `model` minus mean of `against`.
      runs: position of the runs of `model` relative to those of `against`.
    """

    model: ModelSpec
    against: ModelSpec
    measured: str
    means: tuple[float, float]
    difference: float
    runs: Agreement


@dataclasses.dataclass(frozen=True)
class Published:
    """The paper's value, and the difference of ours from it."""

    paper: float
    difference: float


@dataclasses.dataclass(frozen=True)
class PublishedTables:
    """The paper's Tables 1 and 3 beside our values, by model and metric."""

    recognition: Mapping[ModelSpec, Mapping[str, Published]]
    category_retrieval: Mapping[ModelSpec, Mapping[str, Published]]


@dataclasses.dataclass(frozen=True)
class Report:
    """Everything in report.json.

    Attributes:
      about: the study in words.
      numbers: numbers of the finished runs.
      comparisons: comparisons of pairs of models.
      questions: queries and rewordings that models were asked.
      paper: the paper's values; None unless the data set is BABEL.
    """

    about: About
    numbers: Numbers = dataclasses.field(metadata=among())
    comparisons: tuple[Comparison, ...]
    questions: Questions
    paper: PublishedTables | None = None
