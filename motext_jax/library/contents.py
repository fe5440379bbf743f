"""The contents of a library at one moment: its takes, their windows, captions and previews."""

import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.errors import InputError
from motext_jax.library import inverted_lists
from motext_jax.library.inverted_lists import InvertedLists
from motext_jax.library.named import did_you_mean
from motext_jax.library.nearest import CANDIDATES, EXACT
from motext_jax.library.query import Poses, Query, Span, Take
from motext_jax.library.rows import Embedded, Row
from motext_jax.library.sequence import GAP, OVERLAP
from motext_jax.library.store import Store
from motext_jax.library.where import condition
from motext_jax.shown import quoted, spelled

Score = Callable[[Embedded], Float[np.ndarray, "n"]]
"""A function that gives the score of each window for a query; -inf for one that is no answer. Of a
sequence, a window has the score of the chain that begins with it."""

ORDERED = EXACT
"""The most windows of a large library that are read for a sequence."""


@dataclasses.dataclass(frozen=True, eq=False)
class Contents:
    """A library's takes and windows at one moment.

    Attributes:
      store: the tables.
      version: their version.
      rows: the row of each file.
      takes: the takes, by name.
      number: each file's number in `takes`.
      windows: all windows, with the number of their take; those of a take together, by their ends.
        None in a large library, of more than `EXACT`.
      left_out: a sentence for each file that is no take, on why; its name is `spelled`.
      lists: the windows of a large library in memory; None where they are read from the tables.
    """

    store: Store
    version: int
    rows: Mapping[str, Row]
    takes: Sequence[Take]
    number: Mapping[str, int]
    windows: Embedded | None
    left_out: Mapping[str, str]
    lists: InvertedLists | None = None

    @classmethod
    def read(cls, store: Store, version: int) -> "Contents":
        """The tables as of now; `version` is theirs, asked for before."""
        rows = sorted(store.rows().values(), key=lambda row: row.file)
        good = {row.file: row for row in rows if not row.reason}
        takes = list(map(_take, good.values()))
        number = {take.file: number for number, take in enumerate(takes)}
        left_out = {row.file: row.reason for row in rows if row.reason}
        found = cls(store, version, good, takes, number, None, left_out)
        if sum(take.windows for take in takes) > EXACT:
            return found
        return dataclasses.replace(found, windows=found.grouped(store.windows()))

    def in_memory(self, check: Callable[[], object] = lambda: None) -> "Contents":
        """The same with all windows in memory; of a large library it takes seconds.

        Args:
          check: as of `InvertedLists.of`.

        Raises:
          InputError: the windows are more than `inverted_lists.MOST`, cannot be read, or are more
            than the takes count by now.
        """
        if self.windows is not None or self.lists is not None:
            return self
        if (count := int(self.counts.sum())) > inverted_lists.MOST:
            raise InputError(f"{count:,} windows; expected at most {inverted_lists.MOST:,}")
        parts = map(self.numbered, self.store.batches())
        dimensions = self.store.facts.dimensions
        lists = InvertedLists.of(parts, self.counts, dimensions, check)
        return dataclasses.replace(self, lists=lists)

    # Found once: a loop over all takes at every query would cost more than the index of vectors.
    @functools.cached_property
    def ids(self) -> Int[np.ndarray, "k"]:
        """The takes' numbers in the tables."""
        return np.array([row.take for row in self.rows.values()], np.int64)

    @functools.cached_property
    def order(self) -> Int[np.ndarray, "k"]:
        """The takes in the order of these numbers."""
        return np.argsort(self.ids)

    @functools.cached_property
    def counts(self) -> Int[np.ndarray, "k"]:
        """The number of windows of each take."""
        return np.array([take.windows for take in self.takes], np.int64)

    @functools.cached_property
    def words(self) -> Mapping[str, list[int]]:
        """The takes of each word of the captions."""
        found: dict[str, list[int]] = {}
        for number, take in enumerate(self.takes):
            for word in dict.fromkeys(_words_of(take.caption_text)):
                found.setdefault(word, []).append(number)
        return found

    def take(self, file: str) -> Take:
        """A take by its file's name; raises InputError where it is none."""
        if file not in self.number:
            why = self.left_out.get(spelled(file), "")
            near = f": {why}" if why else did_you_mean(file, self.number)
            raise InputError(f"the library has no take {quoted(file)}{near}")
        return self.takes[self.number[file]]

    def row(self, file: str) -> Row:
        """The row of a file; errors as `take`."""
        return self.rows[self.take(file).file]

    def span(self, like: Span) -> tuple[float, float]:
        """Start and end of an example, in seconds of its file.

        Raises:
          InputError: there is no such file, or no such seconds in it.
        """
        return self.take(like.file).within(like.start, like.end)

    def asked(self, query: Query) -> Bool[np.ndarray, "k"]:
        """Marks the takes that a query asks for."""
        asked = np.ones(len(self.takes), bool)
        if query.within:
            asked[:] = False
            asked[self.number[self.take(query.within).file]] = True
        if query.where.strip():
            test = condition(query.where)
            asked &= np.fromiter(map(test, self.takes), bool, len(self.takes))
        for word in _words_of(query.captions):
            having = np.zeros(len(self.takes), bool)
            having[self.words.get(word, [])] = True
            asked &= having
        return asked

    def itself(self, like: Span, seen: Embedded) -> Bool[np.ndarray, "n"]:
        """Marks the windows that an example is in."""
        start, end = self.span(like)
        own = seen.takes == self.number[like.file]
        return own & (seen.starts < end) & (seen.ends > start)

    def seen(
        self,
        asked: Bool[np.ndarray, "k"],
        vectors: Sequence[Float[np.ndarray, "d"]],
        top: int,
        score: Score,
        actions: int = 1,
    ) -> Embedded:
        """The windows to compare: all of the takes that are asked for, or of the best of many.

        Args:
          asked: marks the takes that are asked for.
          vectors: the vectors that windows are compared with; of a sequence one for each action,
            and the same again for its mirror image.
          top: the takes that are needed of many.
          score: gives the score of each window; a take has that of its best.
          actions: number of a sequence's actions.
        """
        if self.windows is not None:
            if asked.all():
                return self.windows
            return self.windows.select(asked[self.windows.takes])
        numbers = np.flatnonzero(asked)
        most = EXACT
        if self.lists is not None and actions == 1:
            # Beside those in memory only the windows of few takes are soon compared.
            most = inverted_lists.REFINED * inverted_lists.CANDIDATES
        if self.counts[numbers].sum() > most:
            numbers = self._best(asked, vectors, top, score, actions)
        return self.of(numbers)

    def _best(
        self,
        asked: Bool[np.ndarray, "k"],
        vectors: Sequence[Float[np.ndarray, "d"]],
        top: int,
        score: Score,
        actions: int,
    ) -> Int[np.ndarray, "m"]:
        """The takes with the best windows, in memory or by the index; arguments as in `seen`.

        Where the candidates are of too few takes, more are asked for, of others.
        A sequence's bound is loose: each action's best windows may be of other takes. So at most
        `ORDERED` windows are read for it, of the takes that are nearest to all its actions; where
        those are not enough, a better take may be missed.
        """
        left, unread = asked.copy(), ORDERED
        count = CANDIDATES if self.lists is None else inverted_lists.CANDIDATES
        best = np.full(len(self.takes), -np.inf)
        while True:
            windows, bounds = self._candidates(left, vectors, count)
            numbers = np.unique(windows.takes)
            bound = float(bounds.reshape(-1, actions).mean(axis=1).max())
            if actions > 1:
                # A window near to one action says nothing of the others, and actions that overlap
                # gain a little.
                chosen = self._nearest(windows, vectors, actions, unread)
                windows, bound = self.of(chosen), bound + GAP * OVERLAP
                unread -= len(windows)
                if len(chosen) < len(numbers):
                    bound = -np.inf
            np.maximum.at(best, windows.takes, score(windows))
            # No window that has not been seen is above the bound, nor a chain of such windows.
            if bound == -np.inf or np.count_nonzero(best >= bound) >= top:
                break
            if actions == 1:
                # Those that were seen need not be the best of these takes, or none of them counts.
                whole = self.of(numbers[best[numbers] < bound])
                np.maximum.at(best, whole.takes, score(whole))
            left[numbers] = False
            count *= 2
        order = np.argsort(-best, kind="stable")[:top]
        return np.sort(order[best[order] > -np.inf])

    def _nearest(
        self,
        windows: Embedded,
        vectors: Sequence[Float[np.ndarray, "d"]],
        actions: int,
        most: int,
    ) -> Int[np.ndarray, "m"]:
        """The takes of some windows that have at most so many windows themselves, sorted.

        The first to be chosen has the highest mean, over a sequence's actions, of its best cosine.
        """
        numbers, own = np.unique(windows.takes, return_inverse=True)
        if self.counts[numbers].sum() <= most:
            return numbers
        near = np.full((len(vectors), len(numbers)), -1.0)
        for number, vector in enumerate(vectors):
            np.maximum.at(near[number], own, windows.embeddings @ vector.astype(np.float32))
        mean = near.reshape(-1, actions, len(numbers)).mean(axis=1).max(axis=0)
        order = np.argsort(-mean, kind="stable")
        return np.sort(numbers[order[np.cumsum(self.counts[numbers[order]]) <= most]])

    def _candidates(
        self, asked: Bool[np.ndarray, "k"], vectors: Sequence[Float[np.ndarray, "d"]], count: int
    ) -> tuple[Embedded, Float[np.ndarray, "v"]]:
        """Windows of marked takes near to any vector, and bounds of all others' cosines with each.

        The bounds are -inf where there are no others.
        """
        found = [self._near(asked, vector, count) for vector in vectors]
        bounds = np.array([bound for _, bound in found])
        # One vector's windows are all that there are.
        if bounds.min() == -np.inf:
            bounds[:] = -np.inf
        return _joined([windows for windows, _ in found]), bounds

    def _near(
        self, asked: Bool[np.ndarray, "k"], vector: Float[np.ndarray, "d"], count: int
    ) -> tuple[Embedded, float]:
        """Windows of marked takes near to a vector, and a bound of all others' cosines with it.

        It bounds those of the lists or partitions that were looked at; others are rarely above it.
        """
        if not asked.any():
            found = self.of(np.flatnonzero(asked))
        elif self.lists is not None:
            found = self.lists.nearest(vector, count, asked)
        elif 2 * np.count_nonzero(asked) < len(asked):
            found = self.store.nearest(vector, count, takes=self.ids[asked].tolist())
        else:
            found = self.store.nearest(vector, count, without=self.ids[~asked].tolist())
        cosines = found.embeddings.astype(np.float32) @ vector.astype(np.float32)
        bound = float(cosines.min()) if len(found) == count else -np.inf
        return found if self.lists is not None else self.grouped(found), bound

    def of(self, numbers: Int[np.ndarray, "m"]) -> Embedded:
        """All windows of some takes."""
        if self.windows is not None:
            return self.windows.select(np.isin(self.windows.takes, numbers))
        if self.lists is not None:
            return self.lists.of_takes(numbers)
        return self.grouped(self.store.windows(self.ids[numbers].tolist()))

    def numbered(self, found: Embedded) -> Embedded:
        """Windows with the number of their take for its id.

        Windows of other takes, which nobody sees, are dropped.
        """
        if not len(self.ids) or not len(found):
            return found.select(slice(0, 0))
        at = np.searchsorted(self.ids, found.takes, sorter=self.order)
        takes = self.order[np.minimum(at, len(self.ids) - 1)]
        seen = self.ids[takes] == found.takes
        return dataclasses.replace(found, takes=takes).select(seen)

    def grouped(self, found: Embedded) -> Embedded:
        """As `numbered`, those of a take together and by their ends, with float32 embeddings."""
        found = self.numbered(found)
        found = found.select(np.lexsort((found.ends, found.takes)))
        return dataclasses.replace(found, embeddings=found.embeddings.astype(np.float32))

    def poses(self, file: str, start: float = 0.0, end: float | None = None) -> Poses:
        """The small preview of a take; see `library.Library.poses`."""
        self.take(file).within(start, end)
        found = self.store.poses(self.row(file).take)
        if found is None:
            raise InputError(
                f"{quoted(file)} has been indexed anew or forgotten; open the library again"
            )
        body = self.store.facts.body
        count = len(found.positions)
        first = min(max(int((start - found.start) * found.fps + 1e-6), 0), count - 1)
        after = count if end is None else round((end - found.start) * found.fps)
        after = min(max(after, first + 1), count)
        sides = [""] * len(body.joints)
        for left, right in body.left_right_pairs:
            sides[left], sides[right] = "left", "right"
        return Poses(
            found.positions[first:after],
            found.fps,
            body.parents,
            tuple(sides),
            found.start + first / found.fps,
        )


def _take(row: Row) -> Take:
    return Take(
        row.file,
        row.offset + row.seconds,
        row.fps,
        row.skeleton,
        tuple(dict.fromkeys(one.text for one in row.captions)),
        row.windows,
        row.captions,
    )


def _joined(parts: Sequence[Embedded]) -> Embedded:
    """Windows of several answers of the index, each once."""
    names = [field.name for field in dataclasses.fields(Embedded)]
    all_of = Embedded(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    order = np.lexsort((all_of.starts, all_of.ends, all_of.takes))
    keys = [column[order] for column in (all_of.takes, all_of.starts, all_of.ends)]
    new = np.any([np.r_[True, key[1:] != key[:-1]] for key in keys], axis=0)
    return all_of.select(order[new[: len(order)]])


def _words_of(text: str) -> Iterable[str]:
    return re.findall(r"\w+", text.casefold())
