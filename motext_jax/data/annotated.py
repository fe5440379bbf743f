"""Annotated motions, which every source yields."""

import abc
import dataclasses
import pathlib
from collections.abc import Iterator, Sequence
from typing import Any

from motext_jax.errors import InputError
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
      read_as: a sentence on the axes, the unit and the joints that the file was found to have.
    """

    file: str
    motion: Motion
    captions: tuple[str, ...]
    category: str | None
    start: float = 0.0
    segment: str = ""
    pace: float = 1.0
    read_as: str = ""


class Source(abc.ABC):
    """A source of annotated motions.

    Attributes:
      categories: names of all splits' categories, the most frequent first; empty for none.
      shortest: the least seconds that the last piece of a motion is a clip of its own.
    """

    categories: tuple[str, ...]
    shortest: float = 0.5

    @abc.abstractmethod
    def files(self, split: str) -> Sequence[Any]:
        """The pieces that a split is read from, always in the same order.

        Cheap to list, and each can be sent to another process.

        Raises:
          InputError: there is no such split, or it is empty.
        """

    @abc.abstractmethod
    def read(self, file: Any) -> Iterator[AnnotatedMotion | InputError]:
        """The motions of one of `files`, and an error for each row or line that is left out.

        Raises:
          InputError: the file is missing or damaged.
        """

    def depends_on(self, file: Any) -> tuple[str, tuple[pathlib.Path, ...]]:
        """A text and files that decide what `read` gives for one of `files`."""
        return repr(file), ()

    def motions(self, split: str) -> Iterator[AnnotatedMotion]:
        """All motions of a split.

        Raises:
          InputError: a file or a row cannot be read; the first of them.
        """
        for file in self.files(split):
            for found in self.read(file):
                if isinstance(found, InputError):
                    raise found
                yield found
