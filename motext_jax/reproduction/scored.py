"""The scores of a run, as its results.json holds them."""

import dataclasses
from collections.abc import Mapping

from motext_jax.evaluation.queries import Answer
from motext_jax.evaluation.records import among
from motext_jax.evaluation.rewordings import RewordedRecognition
from motext_jax.evaluation.scores import Scores
from motext_jax.evaluation.word_pairs import WordPairWins

Point = tuple[int, float]
"""A step and a value."""


@dataclasses.dataclass(frozen=True)
class Questions:
    """Questions to models besides a split's own texts.

    Attributes:
      queries: texts for models that were trained on annotations.
      rewordings: other words for each category, for every model that embeds texts.
    """

    queries: tuple[str, ...]
    rewordings: Mapping[str, tuple[str, ...]]


@dataclasses.dataclass(frozen=True)
class Learning:
    """The course of a run's training.

    Attributes:
      machine: the machine that trained it, in words.
      clips_per_second: median rate of its steps; None if none was timed.
      seconds: duration of its steps.
      loss: loss at some of its steps.
      validation: score that ranks checkpoints, at every validation.
    """

    machine: str
    clips_per_second: float | None
    seconds: float
    loss: tuple[Point, ...]
    validation: tuple[Point, ...]


@dataclasses.dataclass(frozen=True)
class Asked:
    """All that a run's scores depend on; while it is the same, they are not computed again.

    Attributes:
      format: format of results.json; a higher number has earlier results scored again.
      questions: questions besides the split's own texts.
      clips: the split's fingerprint.
      training: the course of the run's training.
    """

    format: int
    questions: Questions
    clips: str
    training: Learning


@dataclasses.dataclass(frozen=True)
class QueryAnswer:
    """A query and the clips that it finds.

    Attributes:
      query: text of the query.
      unseen_words: words of the query that no training annotation has.
      searched: number of clips that are searched.
      found: the first clips, by annotation and by motion.
    """

    query: str
    unseen_words: tuple[str, ...]
    searched: int
    found: Answer = dataclasses.field(metadata=among())


@dataclasses.dataclass(frozen=True)
class Scored:
    """A trained run's scores.

    Attributes:
      model: the model's name in tables.
      task: the task that it was trained for.
      run: number of the run.
      step: the checkpoint's step.
      asked: all that the scores depend on.
      scores: scores on the split's own texts.
      queries: answers to queries; None unless the model was trained on annotations.
      rewordings: scores on rewordings; None for a classifier, or without rewordings.
      word_pairs: scores on texts that differ in one word, by kind of word; None for a classifier.
    """

    model: str
    task: str
    run: int
    step: int
    asked: Asked = dataclasses.field(metadata=among())
    scores: Scores
    queries: tuple[QueryAnswer, ...] | None = None
    rewordings: RewordedRecognition | None = None
    word_pairs: Mapping[str, WordPairWins] | None = None
