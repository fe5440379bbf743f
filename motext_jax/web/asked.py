"""Requests read into queries and spans; each limit has its sentence."""

import dataclasses
import math
import re
from collections.abc import Mapping

from starlette.datastructures import QueryParams

from motext_jax.errors import InputError
from motext_jax.library.query import MOST_LETTERS, Query, Span
from motext_jax.shown import printable, quoted
from motext_jax.web.shelf import Shelf

FILE_LETTERS = 1000
"""The longest name of a file."""

ANSWERS, FEW = 96, 24
"""The most answers of a search, and how many there are where nothing is said."""

UNLIKE = 4
"""The most texts that answers are to be unlike."""

_SPAN = re.compile(
    r"(?P<file>.+)@(?P<start>\d+(\.\d+)?)-(?P<end>\d+(\.\d+)?)(?P<mirrored>m?)", re.DOTALL
)

FILTERS = frozenset({"name", "captions", "longer", "shorter"})
"""Parameters that choose takes."""

_QUERY = FILTERS | {"query", "like", "not", "balance", "mirrored"}


def check_names(given: QueryParams, allowed: frozenset[str]) -> None:
    """Raises InputError for a parameter that means nothing, or is given twice."""
    for name in given:
        if name not in allowed:
            raise InputError(f"{quoted(name)}: no such parameter; expected {_listed(allowed)}")
        if name != "not" and len(given.getlist(name)) > 1:
            raise InputError(f"{name} is given twice; give it once")


def query(given: QueryParams, shelf: Shelf, *others: str) -> Query:
    """The query of a request's parameters.

    Args:
      given: the parameters, named as the command's flags where it has them: query, like
        (FILE@START-END), not (up to `UNLIKE` times), balance (the words' share against the
        example's, 0 to 1), name (part of a file's name), captions (words), longer and shorter
        (seconds), mirrored (0 or 1).
      shelf: the takes; an example is a span of one of them.
      others: parameters that are the caller's own.

    Raises:
      InputError: a parameter is unknown, too long or no number, or nothing is asked.
    """
    check_names(given, _QUERY.union(others))
    like = span(given["like"], shelf) if given.get("like") else None
    words = text(given, "query")
    if not words and like is None:
        raise InputError("nothing is asked; type what someone does, or choose a span of a take")
    unlike = tuple(filter(None, (_short("not", part) for part in given.getlist("not"))))
    if len(unlike) > UNLIKE:
        raise InputError(f"not: {len(unlike)} texts; expected at most {UNLIKE}")
    balance = number(given, "balance", 0.5, most=1.0)
    return Query(
        text=words or None,
        like=like,
        without=unlike,
        where=where(given),
        captions=text(given, "captions"),
        mirrored=switch(given, "mirrored"),
        text_weight=2 * balance,
        like_weight=2 * (1 - balance),
    )


def span(written: str, shelf: Shelf) -> Span:
    """A span of a take, written FILE@START-END, in seconds; with an m, its mirror image.

    Raises:
      InputError: it is written otherwise, or is not in a take of the library.
    """
    found = _SPAN.fullmatch(written) if len(written) <= FILE_LETTERS else None
    if not found:
        raise InputError(f"{quoted(written)}: expected FILE@START-END, as walk.bvh@3.0-5.5")
    span = checked(found["file"], float(found["start"]), float(found["end"]), shelf)
    return dataclasses.replace(span, mirrored=bool(found["mirrored"]))


def checked(file: str, start: float, end: float, shelf: Shelf) -> Span:
    """A span that begins within a take; it may end after it, which a query's answers say.

    Raises:
      InputError: there is no such take, or no such seconds in it.
    """
    shelf.take(file).within(start, end)
    return Span(file, start, end)


def where(given: Mapping[str, str]) -> str:
    """The filters by length and name as the library's condition.

    It is made here, so that no visitor writes one. In a name, % stands for any letters and _ for
    one, as everywhere in conditions.

    Raises:
      InputError: a length is no number, no take can have both lengths, or the name is too long.
    """
    parts = []
    longer, shorter = number(given, "longer", 0.0), number(given, "shorter", math.inf)
    if longer > shorter:
        raise InputError(f"no take is at least {longer:g} s and at most {shorter:g} s long")
    if longer:
        parts.append(f"seconds >= {longer:.3f}")
    if shorter < math.inf:
        parts.append(f"seconds <= {shorter:.3f}")
    if name := text(given, "name"):
        literal = name.replace("'", "''")
        parts.append(f"file ilike '%{literal}%'")
    return " and ".join(parts)


def text(given: Mapping[str, str], name: str) -> str:
    """A text without control characters, stripped.

    Raises:
      InputError: it has more than `MOST_LETTERS` letters.
    """
    return _short(name, given.get(name, ""))


def number(given: Mapping[str, str], name: str, default: float, *, most: float = math.inf) -> float:
    """A number from 0 to `most`.

    Raises:
      InputError: it is another.
    """
    written = given.get(name, "")
    if not written:
        return default
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not (0 <= value <= most and math.isfinite(value)):
        upto = "" if math.isinf(most) else f" to {most:g}"
        raise InputError(f"{name}={quoted(written)}: expected a number from 0{upto}")
    return value


def count(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`.

    Raises:
      InputError: it is another.
    """
    written = given.get(name) or str(default)
    # Unicode has other digits, and a number of a million of them takes seconds to read.
    if not re.fullmatch("[0-9]{1,6}", written) or not 1 <= int(written) <= most:
        raise InputError(f"{name}={quoted(written)}: expected a whole number from 1 to {most}")
    return int(written)


def switch(given: Mapping[str, str], name: str) -> bool:
    """True for 1, and False for 0 or nothing.

    Raises:
      InputError: it is something else.
    """
    written = given.get(name) or "0"
    if written not in ("0", "1"):
        raise InputError(f"{name}={quoted(written)}: expected 0 or 1")
    return written == "1"


def _short(name: str, given: str) -> str:
    if len(given) > MOST_LETTERS:
        raise InputError(f"{name}: {len(given):,} letters; expected at most {MOST_LETTERS:,}")
    return printable(given).strip()


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
