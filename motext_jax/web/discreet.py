"""A library whose sentences name no folder of the server."""

import contextlib
import functools
import logging
import os
import pathlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence

from motext_jax.errors import InputError
from motext_jax.library.instead import Instead
from motext_jax.library.query import Answer, Curve, Poses, Query, Take
from motext_jax.web.shelf import Library

ADDRESS = "an address"
"""The words for a host or a bucket."""

# Hosts, passwords, buckets and what is asked of them: nothing of it is a visitor's.
_WEB = re.compile(
    r"""(?:[\w+.-]*https?://|[A-Za-z][\w+.-]*://[^\s/"@]*:[^\s/"@]*@)[^\s"<>]*[^\s"'<>,;:.)\]]""",
    re.IGNORECASE,
)
# A path or an address (s3://…) before a sentence's colon, or in quotation marks, may have spaces; a
# colon before a digit is a port's, and a stroke after a space or a bracket is another path's.
# A stroke within a word ("and/or") begins no path.
_ROOT = r"(?:(?P<address>[A-Za-z][\w+.-]*://)|(?:[A-Za-z]:)?[/\\])"
_FIRST = re.compile(rf"\A{_ROOT}(?P<path>(?:[^:/\\]|:(?=\d)|(?<![\s('\"])[/\\])+)(?=:)")
_QUOTED = re.compile(rf"""(?P<mark>['"]){_ROOT}(?P<path>[^'"]*)(?P=mark)""")
_BARE = re.compile(rf"""(?<![\w./\\:'")]){_ROOT}(?P<path>[^\s'",;]*[^\s'",;:.)])""")


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

    def left_out(self, file: str) -> str:
        """As the library's."""
        with self._discreet():
            return without_folders(
                self._library.left_out(file), self.folder, *_places(self._library)
            )

    def search(self, query: Query, top: int = 10) -> list[Answer]:
        """As the library's."""
        with self._discreet():
            return self._library.search(query, top=top)

    def notes(self, query: Query, answers: Sequence[Answer], instead: Instead) -> list[str]:
        """As the library's."""
        with self._discreet():
            return self._library.notes(query, answers, instead)

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
            sentence = without_folders(str(error), self.folder, *_places(self._library))
            if sentence == str(error):
                raise
            logging.getLogger("uvicorn.error").warning("%s", error)
            raise InputError(sentence) from None


def without_folders(sentence: str, folder: pathlib.Path, *places: str) -> str:
    """A sentence without folders of this machine, buckets and hosts.

    Args:
      sentence: the sentence.
      folder: the folder below which files keep their folders.
      places: the library's address, and its model's place.
    """
    sentence = _WEB.sub(ADDRESS, sentence)
    names = {place: f"{os.sep}{pathlib.Path(place).name}" for place in _others()}
    buckets = {}
    for place in (place.rstrip("/") for place in (str(folder), *places)):
        root = re.fullmatch(rf"{_ROOT}(?P<path>.*)", place)
        if root and root["address"]:
            names[place] = _last(root)
            if place in sentence:
                buckets[re.split(r"[/?]", root["path"])[0]] = ADDRESS
        elif os.sep in place:
            names |= {form: pathlib.Path(form).name for form in (*_forms(place), place)}
    names |= {f"{form}{os.sep}": "" for form in _forms(folder)}
    # A path that is known may have spaces and commas, where another would seem to end.
    sentence = _replaced(sentence, names, r"(?<![\w./\\-])", r"(?:(?<=[/\\])|(?![\w-]|\.\w))")
    # A store may name its bucket alone, before a key, or as the first part of a host's name.
    beyond = r"""(?![\w-])(?:\.[\w-]+)*(?:[/?][^\s'"(),;:]*)?"""
    sentence = _replaced(sentence, buckets, r"(?<![\w-])", beyond)
    sentence = _QUOTED.sub(lambda found: f"{found['mark']}{_last(found)}{found['mark']}", sentence)
    return _BARE.sub(_last, _FIRST.sub(_last, sentence))


def _places(library: Library) -> tuple[str, ...]:
    """The library's address and its model's place; none for one that is kept nowhere."""
    store = getattr(library, "store", None)
    return () if store is None else (store.address, store.facts.model)


def _replaced(sentence: str, names: Mapping[str, str], before: str, after: str) -> str:
    """A sentence with other names for places, the longest first, between two patterns."""
    places = sorted(filter(None, names), key=len, reverse=True)
    if not places:
        return sentence
    known = rf"{before}(?P<place>{'|'.join(map(re.escape, places))}){after}"
    return re.sub(known, lambda found: names[found["place"]], sentence)


def _last(found: re.Match) -> str:
    path = found["path"].partition("?")[0] if found["address"] else found["path"]
    *above, last = re.split(r"[/\\]", path.rstrip("/\\"))
    # Of an address the first name is the bucket's or the host's.
    return ADDRESS if found["address"] and not above else last


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
