"""A library whose sentences name no folder of the server."""

import contextlib
import functools
import logging
import os
import pathlib
import re
import tempfile
from collections.abc import Iterator, Sequence

from motext_jax.errors import InputError
from motext_jax.library.query import Answer, Curve, Poses, Query, Take
from motext_jax.web.shelf import Library

# A path or an address (s3://…) before a sentence's colon, or in quotation marks, may have spaces; a
# colon before a digit is a port's. A stroke within a word ("and/or") begins no path.
_ROOT = r"(?:(?P<address>[A-Za-z][\w+.-]*://)|(?:[A-Za-z]:)?[/\\])"
_FIRST = re.compile(rf"\A{_ROOT}(?P<path>(?:[^:(),]|:(?=\d))+)(?=:)")
_QUOTED = re.compile(rf"""(?P<mark>['"]){_ROOT}(?P<path>[^'"]*)(?P=mark)""")
_BARE = re.compile(rf"""(?<![\w./\\:'"]){_ROOT}(?P<path>[^\s'",;]*[^\s'",;:.)])""")


class Discreet:
    """A library for visitors.

    Files in its sentences are named relative to its folder, and any other path or address by its
    last name; the terminal is told the whole sentence.
    """

    def __init__(self, library: Library):
        """Wraps a library."""
        self._library = library
        self.folder = library.folder

    def takes(self) -> list[Take]:
        """As the library's."""
        with self._discreet():
            return self._library.takes()

    def search(self, query: Query, top: int = 10) -> list[Answer]:
        """As the library's."""
        with self._discreet():
            return self._library.search(query, top=top)

    def poses(self, file: str, start: float = 0, end: float | None = None) -> Poses:
        """As the library's."""
        with self._discreet():
            return self._library.poses(file, start, end)

    def curve(self, file: str, query: Query, mirrored: bool = False) -> Curve:
        """As the library's."""
        with self._discreet():
            return self._library.curve(file, query, mirrored)

    def cut(
        self, answers: Sequence[Answer], folder: pathlib.Path, format: str = "bvh"
    ) -> Iterator[pathlib.Path]:
        """As the library's."""
        with self._discreet():
            yield from self._library.cut(answers, folder, format)

    @contextlib.contextmanager
    def _discreet(self) -> Iterator[None]:
        try:
            yield
        except InputError as error:
            sentence = without_folders(str(error), self._library.folder)
            if sentence == str(error):
                raise
            logging.getLogger("uvicorn.error").warning("%s", error)
            raise InputError(sentence) from None


def without_folders(sentence: str, library: pathlib.Path) -> str:
    """A sentence without folders of this machine, buckets and hosts.

    Args:
      sentence: the sentence.
      library: the folder below which files keep their folders.
    """
    # A path that is known may have spaces and commas, where another would seem to end.
    for folder in _forms(library):
        sentence = sentence.replace(f"{folder}{os.sep}", "")
    for folder in (*_forms(library), *_others()):
        sentence = sentence.replace(folder, f"{os.sep}{pathlib.Path(folder).name}")
    sentence = _QUOTED.sub(lambda found: f"{found['mark']}{_last(found)}{found['mark']}", sentence)
    return _BARE.sub(_last, _FIRST.sub(_last, sentence))


def _last(found: re.Match) -> str:
    *above, last = re.split(r"[/\\]", found["path"].rstrip("/\\"))
    # Of an address the first name is the bucket's or the host's.
    return "an address" if found["address"] and not above else last


def _forms(folder: str | os.PathLike) -> list[str]:
    """A folder's absolute and real path; none for the root, which says nothing."""
    forms = {os.path.abspath(folder), os.path.realpath(folder)}
    return sorted((form for form in forms if form != os.sep), key=len, reverse=True)


@functools.cache
def _others() -> tuple[str, ...]:
    """Folders that sentences may name beside a library's, the longest first."""
    folders = (os.getcwd(), os.path.expanduser("~"), tempfile.gettempdir())
    forms = {form for folder in folders for form in _forms(folder)}
    return tuple(sorted(forms, key=len, reverse=True))
