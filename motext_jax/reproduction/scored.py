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
    """What models are asked besides a split's own texts.

    Attributes:
      queries: of models that were trained on annotations.
      rewordings: by category, of every model that embeds texts.
    """

    queries: tuple[str, ...]
    rewordings: Mapping[str, tuple[str, ...]]


@dataclasses.dataclass(frozen=True)
class Learning:
    """How a run learned.

    Attributes:
      machine: the machine that trained it, in words.
      clips_per_second: median rate of its steps; None where none was timed.
      seconds: the time that its steps took.
      loss: at some of its steps.
      validation: the score that ranks checkpoints.
    """

    machine: str
    clips_per_second: float | None
    seconds: float
    loss: tuple[Point, ...]
    validation: tuple[Point, ...]


@dataclasses.dataclass(frozen=True)
class Asked:
    """All that a run's scores depend on; where it is the same, they are not computed again.

    Attributes:
      format: a higher number has earlier results scored again.
      questions: asked besides the split's own texts.
      clips: the split's fingerprint.
      training: how the run learned.
    """

    format: int
    questions: Questions
    clips: str
    training: Learning


@dataclasses.dataclass(frozen=True)
class QueryAnswer:
    """A query and the clips that are found.

    Attributes:
      query: the text.
      unseen_words: its words that no training annotation has.
      searched: how many clips there are.
      found: the first of them, by annotation and by motion.
    """

    query: str
    unseen_words: tuple[str, ...]
    searched: int
    found: Answer = dataclasses.field(metadata=among())


@dataclasses.dataclass(frozen=True)
class Scored:
    """A trained run's scores.

    Attributes:
      model: its name in tables.
      task: the task that it was trained for.
      run: its number.
      step: the checkpoint's.
      asked: all that the scores depend on.
      scores: on the split's own texts.
      queries: answers of a model that was trained on annotations.
      rewordings: of a model that embeds texts, where categories are reworded.
      word_pairs: of a model that embeds texts, by kind of word.
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
