"""The answers of a command's queries: found, shown and written."""

import contextlib
import os
import pathlib
import shlex
import sys
from collections.abc import Callable

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.library.answers import as_csv, as_json, print_answers
from motext_jax.library.figure import draw_answers
from motext_jax.library.kept import kept_library, ready_to_search
from motext_jax.library.library import Library, open_library
from motext_jax.library.named import LETTERS
from motext_jax.library.query import Query, Span
from motext_jax.library.request import Request
from motext_jax.outputs import check_outside
from motext_jax.shown import printable, quoted, shown
from motext_jax.terminal import console
from motext_jax.waiting import waiting
from motext_jax.whole_file import write_text


def answer(request: Request) -> None:
    """Searches a library, once it is up to date with the folder that is named.

    Where stdout takes JSON or CSV, it takes nothing else, and all that is said goes to stderr.
    """
    data, bare = sys.stdout, "-" in (request.json, request.csv)
    with contextlib.redirect_stdout(sys.stderr if bare else sys.stdout):
        library = _opened(request)
        for place in (request.export, request.csv):
            if place not in ("", "-"):
                check_outside(place, library.folder)
        queries = [library.resolved(query) for query in request.queries]
        each = request.each or 1
        with waiting("loading and compiling the model"):
            answers = [library.search(query, request.top, each) for query in queries]
        notes = []
        for query, found in zip(queries, answers, strict=True):
            if found and not bare:
                print_answers(title(query), found, console())
            notes.append(list(map(printable, library.notes(query, found, _instead))))
            for note in notes[-1]:
                print(f"{title(query)}: {note}")
            if query.within and not bare:
                print(*places(library, query), sep="\n")
        judged = any(query.text and query.like is None for query in queries)
        if judged and (why := library.uncalibrated()):
            print(why)
        asked = [_listed(query, str) for query in queries]
        for place, table in (
            (request.json, lambda: as_json(asked, answers, notes)),
            (request.csv, lambda: as_csv(asked, answers)),
        ):
            if place == "-":
                data.write(table())
            elif place:
                write_text(table(), pathlib.Path(place))
                print(f"wrote {place}")
        together = [answer for found in answers for answer in found]
        if not together:
            for place in filter(None, (request.export, request.out)):
                stays = "stays as it was" if os.path.lexists(place) else "is not written"
                print(f"nothing is found, so {place} {stays}")
            return
        if request.export:
            written = library.write(together, request.export, request.export_format)
            print(f"wrote {counted(len(written), 'file')} to {request.export}")
        if request.out:
            out = pathlib.Path(request.out)
            print(*draw_answers(list(map(title, queries)), answers, library, out), sep="\n")


def _opened(request: Request) -> Library:
    folder, model = request.folder, request.model
    address = request.library or kept_library(folder, model)
    if folder:
        ready_to_search(folder, address, model, fps=request.fps, out=sys.stderr)
    library = open_library(address, model)
    _check_takes(library)
    # With a folder it has been brought up to date, or who does so has been told of.
    if not folder and (unfinished := library.unfinished()):
        print(unfinished)
    library.fps = request.fps or library.fps
    return library


def _check_takes(library: Library) -> None:
    """Raises InputError for a library without a take, in which nothing can be found."""
    if library.takes():
        return
    if library.store.rows() and not library.unfinished():
        raise InputError(
            f"{library.folder}: nothing can be searched, for none of its files could be read; "
            f"{library.indexed_by()} says why"
        )
    raise InputError(
        f"{library.store.address}: the library has no take yet; wait until index is done, or start "
        f"it again: {library.indexed_by()}"
    )


def _instead(text: str, other: str) -> str:
    """The options that ask for one text and exclude another, as a shell takes them."""
    return f"--query={shlex.quote(text)} --not={shlex.quote(other)}"


def title(query: Query) -> str:
    """A query as a line, in which an example has its file's name."""
    return printable(_listed(query, quoted))


def _listed(query: Query, text_of: Callable[[str], str]) -> str:
    """A query's text, its example and what it excludes, with its texts as `text_of` has them."""
    parts = [text_of(query.text)] if query.text else []
    if query.like is not None:
        parts.append(f"like {_written(query.like)}")
    return ", ".join(parts + [f"not {text_of(text)}" for text in query.without])


def _written(like: Span) -> str:
    """An example as `Span.parse` reads it."""
    end = "" if like.end is None else f"{like.end:g}"
    mark = "m" if like.mirrored else ""
    span = f"@{like.start:g}-{end}{mark}" if like.start or end or mark else ""
    return f"{like.file}{span}"


def places(library: Library, query: Query) -> list[str]:
    """Sentences on where in the only file a query is answered, and where its mirror image is."""
    file, asked, said = shown(query.within, LETTERS), title(query), []
    for mirrored in (False, True) if query.mirrored else (False,):
        found = library.curve(query.within, query, mirrored)
        spans = ", ".join(f"{one.start:.1f}-{one.end:.1f} s" for one in found.places)
        image = ", mirrored" if mirrored else ""
        # Not "at no place": the table above lists unlikely ones.
        where = f"most like {asked} at {spans}" if spans else f"{asked} is unlikely at every place"
        said.append(f"{file}{image}: {where}")
    return said
