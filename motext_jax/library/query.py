"""Queries to a library and their answers, in seconds of files."""

import dataclasses
import math
import re

import numpy as np
from jaxtyping import Int16

from motext_jax.errors import InputError
from motext_jax.library.connectives import finished, sequence
from motext_jax.motion.motion import Motion
from motext_jax.shown import is_unicode, quoted
from motext_jax.skeleton import Skeleton
from motext_jax.trained.calibration import UNLIKELY

MOST_LETTERS = 2_000
"""The most letters of each text of a query; no text tower reads as many."""


@dataclasses.dataclass(frozen=True)
class Span:
    """A part of a file, by which like motions are found.

    Attributes:
      file: the file's name in the library.
      start: seconds of the file.
      end: seconds of the file; None for its end.
      outside: the file is none of the library's, and `file` is its path.
      mirrored: the example is the mirror image of these seconds.
    """

    file: str
    start: float = 0.0
    end: float | None = None
    outside: bool = False
    mirrored: bool = False

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Reads `FILE`, `FILE@3.0-5.5`, or `FILE@3.0-5.5m` for its mirror image.

        Raises:
          InputError: the end is not after the start.
        """
        found = re.fullmatch(r"(.*)@(\d+(?:\.\d*)?)-(\d+(?:\.\d*)?)?(m?)", text, re.DOTALL)
        if not found:
            return cls(text)
        file, start, end, mirrored = found.groups()
        span = cls(file, float(start), float(end) if end else None, mirrored=bool(mirrored))
        if span.end is not None and span.end <= span.start:
            raise InputError(f"{quoted(text)}: a span ends after its start, as FILE@3.0-5.5 does")
        return span

    def check(self) -> None:
        """Raises InputError unless it is a file's name and seconds."""
        seconds = (self.start, *([] if self.end is None else [self.end]))
        if not isinstance(self.file, str) or not all(
            isinstance(one, int | float) for one in seconds
        ):
            raise InputError(
                f"{quoted(self)}; expected a file's name and seconds, as Span('a.bvh', 3.0, 5.5)"
            )


@dataclasses.dataclass(frozen=True)
class Query:
    """A query; it has a text, an example or both.

    Attributes:
      text: a description. With "then" between actions it is a sequence of them.
      like: an example.
      without: descriptions: answers that are nearer to one of them than to the query are left out.
      where: a condition on takes; see `where.condition`.
      captions: words that a take's captions must have.
      mirrored: mirror images of takes are answers, too.
      within: the only file to search; empty for all.
      text_weight: the text's weight beside an example.
      like_weight: the example's weight beside a text.
    """

    text: str | None = None
    like: Span | None = None
    without: tuple[str, ...] = ()
    where: str = ""
    captions: str = ""
    mirrored: bool = False
    within: str = ""
    text_weight: float = 1.0
    like_weight: float = 1.0

    @classmethod
    def of(cls, query: "Query | str") -> "Query":
        """A query, or that of a text."""
        return query if isinstance(query, Query) else cls(query)

    @property
    def actions(self) -> list[str]:
        """The actions of its text in their order; empty beside an example, which is one motion.

        Raises:
          InputError: they are too many.
        """
        return sequence(self.text) if self.text and self.like is None else []

    @property
    def texts(self) -> list[str]:
        """Its actions, or its text beside an example; empty without a text."""
        return self.actions or [finished(text) for text in (self.text,) if text]

    def check(self) -> None:
        """Raises InputError unless the query can be answered."""
        if not isinstance(self.without, tuple | list):
            raise InputError(
                f"without={quoted(self.without)}; expected several texts, as ('a curtsy',)"
            )
        if not isinstance(self.like, Span | None):
            raise InputError(
                f"like={quoted(self.like)}; expected a Span, as Span('a.bvh', 3.0, 5.5)"
            )
        if self.like is not None:
            self.like.check()
        for one in (self.text or "", *self.without, self.captions, self.where, self.within):
            if not isinstance(one, str):
                raise InputError(f"{quoted(one)} is no text; give a query as a text or as a Query")
            if len(one) > MOST_LETTERS:
                raise InputError(
                    f"{quoted(one[:40])} has {len(one):,} letters; expected at most "
                    f"{MOST_LETTERS:,}"
                )
            if not is_unicode(one):
                raise InputError(f"{quoted(one)} is no Unicode text")
        if not (self.text or "").strip() and self.like is None:
            raise InputError("the query is empty; give a text, an example or both")
        if not all(one.strip() for one in self.without):
            raise InputError("an excluded description is empty; give a text")
        weights = self.text_weight, self.like_weight
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or not any(weights):
            raise InputError(
                f"the weights are {weights[0]:g} and {weights[1]:g}; expected numbers from 0, not "
                "both 0"
            )


def check_counts(**counts: int) -> None:
    """Raises InputError for a number of answers below 1; each has its argument's name."""
    for name, count in counts.items():
        if not count >= 1:
            raise InputError(f"{name}={count}; expected a whole number from 1")


@dataclasses.dataclass(frozen=True)
class Answer:
    """A found place.

    Attributes:
      file: the file.
      start: seconds of the file.
      end: seconds of the file.
      score: the best window's score, by which answers are ordered: its cosine with a text less its
        mean cosine with names of actions (see `sides.Side.scores`); with an example its cosine;
        of a sequence the mean of its actions' cosines, less the gaps between them.
      word: likely, perhaps or unlikely; empty where nobody knows.
      captions: captions that are said of the place.
      mirrored: the mirror image of the place is the answer.
      parts: start and end of each action of a sequence.
    """

    file: str
    start: float
    end: float
    score: float
    word: str = ""
    captions: tuple[str, ...] = ()
    mirrored: bool = False
    parts: tuple[tuple[float, float], ...] = ()

    def rounded(self) -> "Answer":
        """The answer as it is written: seconds to milliseconds, its score to four decimals."""
        return dataclasses.replace(
            self,
            start=round(self.start, 3),
            end=round(self.end, 3),
            score=round(self.score, 4),
            parts=tuple((round(start, 3), round(end, 3)) for start, end in self.parts),
        )


@dataclasses.dataclass(frozen=True)
class Curve:
    """The likeness to a query over the time of a take.

    Attributes:
      seconds: times, in seconds of the file.
      scores: the score at each, as of `Answer`.
      intervals: the stretches near its highest peak, in the order of time.
    """

    seconds: tuple[float, ...]
    scores: tuple[float, ...]
    intervals: tuple[Answer, ...]

    @property
    def places(self) -> tuple[Answer, ...]:
        """The places that answer the query: the intervals but for the unlikely ones."""
        return tuple(one for one in self.intervals if one.word != UNLIKELY)


@dataclasses.dataclass(frozen=True)
class Spoken:
    """A caption of a span of a file.

    Attributes:
      start: seconds of the file.
      end: seconds of the file; 0 for its end.
      text: the caption.
    """

    start: float
    end: float
    text: str


@dataclasses.dataclass(frozen=True)
class Take:
    """A take of a library.

    Attributes:
      file: its name, relative to the library's folder.
      seconds: the end of its motion, in seconds of the file.
      fps: the file's frames a second.
      skeleton: the file's format and number of joints: "bvh of 31 joints".
      captions: its captions, each once.
      windows: the number of its windows.
      spoken: its captions with their seconds.
    """

    file: str
    seconds: float
    fps: float
    skeleton: str
    captions: tuple[str, ...] = ()
    windows: int = 0
    spoken: tuple[Spoken, ...] = ()

    @property
    def caption_text(self) -> str:
        """All captions in one text."""
        return "\n".join(self.captions)

    def within(self, start: float, end: float | None = None) -> tuple[float, float]:
        """Start and end of a span, in seconds of the file; it ends with the take at the latest.

        Raises:
          InputError: it begins outside of the take, or ends before it begins.
        """
        last = self.seconds if end is None else min(end, self.seconds)
        if not 0 <= start < last:
            upto = "" if end is None else f" to {end:g}"
            raise InputError(
                f"{quoted(self.file)}: no span from {start:g}{upto} s in a take of "
                f"{self.seconds:.2f} s"
            )
        return start, last

    def said(self, start: float, end: float) -> tuple[str, ...]:
        """The captions of a span, each once."""
        there = (one.text for one in self.spoken if one.start < end and (one.end or end) > start)
        return tuple(dict.fromkeys(there))


@dataclasses.dataclass(frozen=True, eq=False)
class Poses:
    """A small preview of a take.

    Attributes:
      positions: in millimetres, y up, the floor at zero, around the middle of the way.
      fps: frames a second.
      parents: each joint's parent; -1 for the root.
      sides: "left", "right" or "" of each joint.
      start: time of the first frame, in seconds of the file.
    """

    positions: Int16[np.ndarray, "t v 3"]
    fps: float
    parents: tuple[int, ...] = ()
    sides: tuple[str, ...] = ()
    start: float = 0.0

    def motion(self, skeleton: Skeleton) -> Motion:
        """The preview as a motion of that skeleton, in metres."""
        return Motion(self.positions.astype(np.float32) / 1000, self.fps, skeleton)
