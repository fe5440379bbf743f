"""Files that a person names in a query, by the names that they have in a library."""

import dataclasses
import os
import pathlib
from collections.abc import Callable, Collection, Mapping

from motext_jax.errors import InputError
from motext_jax.library.query import Query, Span
from motext_jax.library.reading import example
from motext_jax.nearest_name import nearest_name
from motext_jax.shown import quoted, shown, spelled

LETTERS = 400
"""The most letters of a name in a table of answers."""

MIRRORED = " (mirrored)"
"""Follows the name of a mirrored answer in a table."""


def name_of(text: str, names: Collection[str], folder: str | os.PathLike) -> str:
    """The library's name of a file; empty where the library has no such file.

    Args:
      text: its name, its path, or its name as a table of answers shows it.
      names: all names.
      folder: the library's folder.
    """
    if text in names:
        return text
    above, last = os.path.split(text)
    # A link of the folder is itself a file of it, and one from elsewhere names a file of it.
    for path in (os.path.join(os.path.realpath(above), last), os.path.realpath(text)):
        inside = pathlib.Path(os.path.relpath(path, os.path.realpath(folder))).as_posix()
        if inside in names:
            return inside
    if os.path.normpath(text) in names:
        return os.path.normpath(text)
    text = text.removesuffix(MIRRORED)
    if text in names:
        return text
    changed = (name for name in names if not _shown_as_it_is(name))
    return next((name for name in changed if shown(name, LETTERS) == text), "")


@dataclasses.dataclass(frozen=True)
class Files:
    """The files that a query may name.

    Attributes:
      names: the library's names of its takes; before it is indexed, of all its files.
      folder: its folder.
      seconds: gives the end of a file's motion, in seconds of the file.
      fps: frames a second of a file from outside that does not say its own; 0 for none.
      left_out: a sentence for each file that is no take, on why; its name is `spelled`.
    """

    names: Collection[str]
    folder: str | os.PathLike
    seconds: Callable[[str], float]
    fps: float
    left_out: Mapping[str, str]

    def name_of(self, text: str) -> str:
        """As the function `name_of`."""
        return name_of(text, self.names, self.folder)

    def why_not(self, text: str) -> str:
        """The end of a sentence on a name of no take: the reason, or the nearest name of one."""
        if file := name_of(spelled(text), self.left_out, self.folder):
            return f": {self.left_out[file]}"
        return did_you_mean(text, self.names)


def resolved(query: Query, files: Files) -> Query:
    """The query with the library's names of its files, which are looked at.

    Raises:
      InputError: a file is not there or cannot be read, the example is none of its seconds, or all
        of the only file that is searched.
    """
    if query.within:
        within = files.name_of(query.within)
        if not within:
            raise InputError(
                f"{_named(query.within)}, which is to be searched, is no take of the library"
                f"{files.why_not(query.within)}"
            )
        query = dataclasses.replace(query, within=within)
    if query.like is None:
        return query
    like = _example(query.like, files)
    same = like.file == query.within and not like.outside and not like.start
    if same and (like.end is None or like.end >= files.seconds(like.file)):
        raise InputError(
            f"the example and what is searched are both all of {quoted(like.file)}, and a motion "
            "is no answer to itself; give seconds of it as the example, such as FILE@3.0-5.5"
        )
    return dataclasses.replace(query, like=like)


def _example(like: Span, files: Files) -> Span:
    file = files.name_of(like.file)
    if not file:
        if not os.path.isfile(like.file):
            before, at, span = like.file.rpartition("@")
            form = "seconds of a file are written as FILE@3.0-5.5"
            if before and (files.name_of(before) or os.path.isfile(before)):
                raise InputError(
                    f"the example {_named(like.file)}: {quoted(span)} is no span; {form}"
                )
            raise InputError(
                f"the example {_named(like.file)} is no take of the library and no path of a file"
                f"{files.why_not(like.file)}{f'; {form}' if at else ''}"
            )
        example(like, files.fps)
        return dataclasses.replace(like, outside=True)
    if like.start and like.start >= files.seconds(file):
        raise InputError(
            f"{_named(like.file)} has {files.seconds(file):.2f} s, and the example starts at "
            f"{like.start:g} s; give a span within it"
        )
    return dataclasses.replace(like, file=file)


def _shown_as_it_is(name: str) -> bool:
    """True for a name that `shown` does not change; it costs a fiftieth of showing it."""
    return len(name) <= LETTERS and name.isprintable() and " ".join(name.split()) == name


def _named(file: str) -> str:
    """A file's name in quotation marks, whole unless it is very long."""
    return f"'{shown(file, LETTERS)}'"


def did_you_mean(text: str, names: Collection[str]) -> str:
    """The end of a sentence on a name that is not there: the nearest one; empty if none is near."""
    # A folder is left out or mistaken more often than a file's own name.
    last = os.path.basename(text)

    def in_any_folder(own: str) -> str:
        """The nearest of the files whose own name it is."""
        return nearest_name(text, [n for n in names if os.path.basename(n) == own], cutoff=0)

    near = (
        in_any_folder(last)
        or nearest_name(text, names, cutoff=0.5)
        or in_any_folder(nearest_name(last, {os.path.basename(name) for name in names}))
    )
    return f"; did you mean {_named(near)}?" if near else ""
