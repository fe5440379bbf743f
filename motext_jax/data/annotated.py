"""Annotated motions, which every source yields."""

import abc
import contextlib
import dataclasses
import os
import pathlib
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from motext_jax.config import DataConfig
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion
from motext_jax.nearest_name import nearest_name
from motext_jax.shown import quoted, shown


@dataclasses.dataclass(frozen=True, eq=False)
class AnnotatedMotion:
    """A motion with its descriptions and its place in a file.

    A motion of several categories is yielded once for each.

    Attributes:
      file: the file, relative to the source's folder, or the source's id of the motion.
      motion: the whole motion, not yet cut into clips.
      captions: free-text descriptions, of which the first stands for the motion in retrieval
        scores; a single empty text for none.
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


def check_folder(config: DataConfig) -> None:
    """Raises InputError unless `data.root` names a folder, for the sources that read one."""
    if not config.root:
        raise InputError(
            "data.root is empty; give the data set's folder: --config.data.root=FOLDER, or with "
            "prepare --data.root=FOLDER"
        )
    root = pathlib.Path(config.root)
    if not os.path.lexists(root):
        raise InputError(f"data.root is {quoted(config.root)}; there is no such folder")
    if not os.path.isdir(root):
        raise InputError(
            f"data.root is {quoted(config.root)}, which is no folder; give the folder that holds "
            "the data set's files"
        )


class NoSplit(InputError):
    """A split that a data set does not have, and not one that cannot be read."""


def no_split(where: object, split: str, found: Iterable[str]) -> NoSplit:
    """The error for a split that is not there; it names those that are, and the nearest.

    Args:
      where: the file or the folder.
      split: name of the split.
      found: names of the splits that are there.
    """
    names = sorted(found)
    said = (
        f"{where}: there is no split {quoted(split)}; it has: {shown(', '.join(names)) or 'none'}"
    )
    if near := nearest_name(split, names):
        said += f"; did you mean {shown(near)}?"
    elif names:
        other = "val" if "val" in names else names[0]
        option = f"--split={shlex.quote(shown(other))}"
        said += f"; to score or search another one, give eval or search {option}"
    return NoSplit(said)


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

    def all_files(self, splits: Sequence[str]) -> Sequence[Any]:
        """The pieces of those of some splits that are there, each once; errors as `files`."""
        found: dict[Any, None] = {}
        for split in splits:
            with contextlib.suppress(NoSplit):
                found |= dict.fromkeys(self.files(split))
        # Without any, listing one says what is wrong.
        return list(found) or self.files(splits[-1])

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
