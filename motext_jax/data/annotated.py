"""Annotated motions, which every source yields."""

import abc
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from motext_jax.motion.motion import Motion


@dataclasses.dataclass(frozen=True, eq=False)
class AnnotatedMotion:
    """A motion with its descriptions and its place in a file.

    A motion of several categories is yielded once for each.

    Attributes:
      file: the file, relative to the source's folder, or the source's id of the motion.
      motion: the whole motion, not yet cut into clips.
      captions: free-text descriptions; the first stands for the motion in retrieval scores.
      category: the action's name; None where the source has no categories.
      start: time of the first frame, in seconds of the file.
      segment: the annotated segment of the file that the motion is: an id of the source or a
        number.
      pace: seconds of the file for each second of the motion.
    """

    file: str
    motion: Motion
    captions: tuple[str, ...]
    category: str | None
    start: float = 0.0
    segment: str = ""
    pace: float = 1.0


class Source(abc.ABC):
    """A source of annotated motions.

    Attributes:
      categories: names of all splits' categories, the most frequent first; empty for none.
    """

    categories: tuple[str, ...]

    @abc.abstractmethod
    def files(self, split: str) -> Sequence[Any]:
        """The pieces that a split is read from, always in the same order.

        Cheap to list, and each can be sent to another process.

        Raises:
          InputError: there is no such split, or it is empty.
        """

    @abc.abstractmethod
    def read(self, file: Any) -> Iterator[AnnotatedMotion]:
        """The motions of one of `files`.

        Raises:
          InputError: the file is missing or damaged.
        """

    def motions(self, split: str) -> Iterator[AnnotatedMotion]:
        """All motions of a split."""
        for file in self.files(split):
            yield from self.read(file)
