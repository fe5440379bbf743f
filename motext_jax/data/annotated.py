"""What every source yields: a motion and what was said of it."""

import abc
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from motext_jax.motion.motion import Motion


@dataclasses.dataclass(frozen=True, eq=False)
class AnnotatedMotion:
    """A motion with its descriptions.

    Attributes:
      id: a file's stem or a number; the same motion with several categories stands once for each,
        under one id, and no other two share theirs within a split.
      motion: the whole motion, not yet cut into clips.
      captions: free-text descriptions; the first stands for the motion in retrieval scores.
      category: the action's name; None where the source has no categories.
    """

    id: str
    motion: Motion
    captions: tuple[str, ...]
    category: str | None


class Source(abc.ABC):
    """Where annotated motions come from.

    Attributes:
      categories: names of all splits' categories, the most frequent first; empty for none.
    """

    categories: tuple[str, ...]

    @abc.abstractmethod
    def files(self, split: str) -> Sequence[Any]:
        """What a split is read from, piece by piece, in an order that never changes.

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
