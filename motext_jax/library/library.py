"""An opened library: takes, search, curves, previews."""

import dataclasses
import difflib
import functools
import os
import pathlib
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.errors import InputError
from motext_jax.library.connectives import sequence
from motext_jax.library.cutting import cut_answers
from motext_jax.library.localise import intervals, likeness
from motext_jax.library.nearest import CANDIDATES, EXACT
from motext_jax.library.places import best_places
from motext_jax.library.query import Answer, Curve, Poses, Query, Span, Take
from motext_jax.library.reading import read_whole
from motext_jax.library.sequence import best_chains
from motext_jax.library.store import Embedded, Row, Store
from motext_jax.library.where import condition
from motext_jax.library.windows import span_clips
from motext_jax.motion.files import Given
from motext_jax.motion.motion import Motion, resample
from motext_jax.shown import quoted
from motext_jax.text.sides import swap_left_right
from motext_jax.trained.calibration import LIKELY, NOTHING, PERHAPS
from motext_jax.trained.model import TrainedModel
from motext_jax.trained.model import load as load_model

LIKE = 0.5
"""The least overlap, over union, of an example with a window that stands for it."""

_RANK = {LIKELY: 0, PERHAPS: 1, NOTHING: 2}


@dataclasses.dataclass(frozen=True, eq=False)
class _Shelf:
    """A library's takes and windows at one moment.

    Attributes:
      version: the tables' version.
      rows: the row of each file.
      takes: the takes, by name.
      number: each file's number in `takes`.
      windows: all windows, with the number of their take; those of a take together, by their ends.
        None where they are too many to be in memory.
    """

    version: int
    rows: Mapping[str, Row]
    takes: Sequence[Take]
    number: Mapping[str, int]
    windows: Embedded | None

    @property
    def ids(self) -> list[int]:
        """The takes' numbers in the tables."""
        return [row.take for row in self.rows.values()]

    @functools.cached_property
    def words(self) -> Mapping[str, list[int]]:
        """The takes of each word of the captions."""
        found: dict[str, list[int]] = {}
        for number, take in enumerate(self.takes):
            for word in dict.fromkeys(_words_of(take.caption_text)):
                found.setdefault(word, []).append(number)
        return found


@dataclasses.dataclass(frozen=True, eq=False)
class _Side:
    """A query's vectors, as it is asked or mirrored.

    Attributes:
      wanted: one vector, or one for each action of a sequence.
      excluded: embeddings of excluded texts.
    """

    wanted: Float[np.ndarray, "m d"]
    excluded: Float[np.ndarray, "k d"]


class Library:
    """An opened library; several threads may ask it at once.

    It answers as the library was when it was opened, or when `takes` was last called.

    Attributes:
      store: its tables.
      folder: the folder of the files.
    """

    def __init__(self, store: Store, model: str | TrainedModel = ""):
        self.store = store
        self._given = model
        self._model: TrainedModel | None = None
        self._lock = threading.RLock()
        self.folder = pathlib.Path(store.facts.folder)
        self._shelf = self._read(store.version())

    def _read(self, version: int) -> _Shelf:
        """The tables as of now."""
        rows = sorted(self.store.rows().values(), key=lambda row: row.file)
        good = {row.file: row for row in rows if not row.reason}
        takes = [
            Take(
                row.file,
                row.offset + row.seconds,
                row.fps,
                row.skeleton,
                tuple(dict.fromkeys(one.text for one in row.captions)),
                row.windows,
                row.captions,
            )
            for row in good.values()
        ]
        number = {take.file: number for number, take in enumerate(takes)}
        shelf = _Shelf(version, good, takes, number, None)
        if sum(take.windows for take in takes) > EXACT:
            return shelf
        return dataclasses.replace(shelf, windows=_grouped(self.store.windows(), shelf.ids))

    @property
    def model(self) -> TrainedModel:
        """The model that made the library, loaded when it is first asked for.

        Raises:
          InputError: it is not where the library says, or another one by now.
        """
        with self._lock:
            if self._model is None:
                facts = self.store.facts
                given = self._given or facts.model
                model = given if isinstance(given, TrainedModel) else load_model(given)
                facts.check(model, self.store.address)
                self._model = model
            return self._model

    def takes(self) -> list[Take]:
        """All takes by name, also those that an indexer has added since."""
        with self._lock:
            version = self.store.version()
            if version != self._shelf.version:
                self._shelf = self._read(version)
            return list(self._shelf.takes)

    def take(self, file: str) -> Take:
        """A take by its file's name.

        Raises:
          InputError: the library has no such file.
        """
        return _take_of(self._shelf, file)

    def search(self, query: Query, top: int = 10, each: int = 1) -> list[Answer]:
        """The best answers, the best first.

        Args:
          query: the query.
          top: the most answers.
          each: the most answers of one take.

        Raises:
          InputError: the query cannot be answered; the sentence says why.
        """
        query.check()
        parts = sequence(query.text) if query.text and query.like is None else []
        shelf = self._shelf
        asked = _asked(query, shelf)
        sides = self._sides(query, shelf, parts or [query.text or ""])
        seen = self._seen(shelf, asked, sides, whole=len(parts) > 1)
        if not len(seen):
            return []
        if len(parts) > 1:
            return self._sequences(parts, sides, shelf, seen, top)
        scores, flipped = _scores(sides, seen)
        if query.like is not None and not query.like.outside:
            scores = np.where(_itself(query.like, shelf, seen), -np.inf, scores)
        each = top if query.within else each
        found = best_places(seen.takes, seen.starts, seen.ends, scores, top, each)
        words = self._judged(query, [place.score for place in found])
        return [
            _answer(
                shelf.takes[seen.takes[place.row]],
                place.start,
                place.end,
                place.score,
                word,
                bool(flipped[place.row]),
            )
            for place, word in zip(found, words, strict=True)
        ]

    def resolved(self, query: Query) -> Query:
        """The query with its example outside of the library, if the library has no such file."""
        like = query.like
        if like is None or like.file in self._shelf.number or not os.path.isfile(like.file):
            return query
        inside = os.path.relpath(os.path.realpath(like.file), os.path.realpath(self.folder))
        if inside in self._shelf.number:
            return dataclasses.replace(query, like=dataclasses.replace(like, file=inside))
        return dataclasses.replace(query, like=dataclasses.replace(like, outside=True))

    def _sequences(
        self, parts: Sequence[str], sides: Sequence[_Side], shelf: _Shelf, seen: Embedded, top: int
    ) -> list[Answer]:
        """Takes in which actions follow each other."""
        chains = []
        for mirrored, side in enumerate(sides):
            cosines = np.stack([_left(one, side.excluded, seen.embeddings) for one in side.wanted])
            found = best_chains(seen.takes, seen.starts, seen.ends, cosines, top)
            chains += [(chain, cosines, bool(mirrored)) for chain in found]
        chains.sort(key=lambda one: -one[0].score)
        answers: dict[str, Answer] = {}
        for chain, cosines, mirrored in chains:
            rows = list(chain.rows)
            spans = [(float(seen.starts[row]), float(seen.ends[row])) for row in rows]
            each = [float(cosines[k, row]) for k, row in enumerate(rows)]
            words = [self._word(part, one) for part, one in zip(parts, each, strict=True)]
            # A sequence is as sure as its least sure action.
            word = max(words, key=lambda one: _RANK.get(one, -1))
            start, end = spans[0][0], max(end for _, end in spans)
            take, mean = shelf.takes[seen.takes[rows[0]]], sum(each) / len(each)
            answer = _answer(take, start, end, mean, word, mirrored, tuple(spans))
            answers.setdefault(answer.file, answer)
        return list(answers.values())[:top]

    def _sides(self, query: Query, shelf: _Shelf, parts: Sequence[str]) -> list[_Side]:
        """The vectors of a query, and second, if they differ, those of its mirror image.

        Args:
          query: the query.
          shelf: the library's takes.
          parts: the query's text, or the actions of a sequence.
        """
        texts = self._texts(query, [part for part in parts if part.strip()])
        if query.like is None:
            return [_Side(*one) for one in texts]
        sides = []
        for mirrored, (wanted, excluded) in enumerate(texts):
            weights = [*[query.text_weight] * len(wanted), query.like_weight]
            if not sum(weights):
                raise InputError("what is asked for has the weight 0; give it a weight above 0")
            vectors = np.stack([*wanted, self._example(query.like, shelf, bool(mirrored))])
            # A mean of two directions is shorter than they are, and its products are no cosines.
            vector = _unit(np.average(vectors, axis=0, weights=weights)).astype(np.float32)
            sides.append(_Side(vector[None], excluded))
        return sides

    def _seen(
        self, shelf: _Shelf, asked: Bool[np.ndarray, "k"], sides: Sequence[_Side], whole: bool
    ) -> Embedded:
        """The windows to compare: all of the takes that are asked for, or candidates of many.

        Args:
          shelf: the library's takes.
          asked: marks the takes that are asked for.
          sides: the query's vectors.
          whole: all windows of the candidates' takes are needed.
        """
        if shelf.windows is not None:
            if asked.all():
                return shelf.windows
            return shelf.windows.select(asked[shelf.windows.takes])
        numbers, ids = np.flatnonzero(asked), shelf.ids
        if sum(shelf.takes[number].windows for number in numbers.tolist()) <= EXACT:
            return self._of(shelf, numbers)
        found = [self.store.nearest(vector, CANDIDATES) for side in sides for vector in side.wanted]
        windows = _grouped(_joined(found), ids)
        windows = windows.select(asked[windows.takes])
        return self._of(shelf, np.unique(windows.takes)) if whole else windows

    def _of(self, shelf: _Shelf, numbers: Int[np.ndarray, "m"]) -> Embedded:
        """All windows of some takes."""
        if shelf.windows is not None:
            return shelf.windows.select(np.isin(shelf.windows.takes, numbers))
        ids = shelf.ids
        return _grouped(self.store.windows([ids[number] for number in numbers]), ids)

    def _texts(
        self, query: Query, wanted: Sequence[str]
    ) -> list[tuple[Float[np.ndarray, "m d"], Float[np.ndarray, "k d"]]]:
        """Embeddings of wanted and of excluded texts; second, those of the mirrored query."""
        texts = [*wanted, *query.without]
        sides = [texts]
        if query.mirrored:
            swapped = list(map(swap_left_right, texts))
            # The mirror image of a text without sides would find everything twice.
            if swapped != texts or query.like is not None:
                sides.append(swapped)
        if not texts:
            none = np.zeros((0, self.store.facts.dimensions), np.float32)
            return [(none, none)] * len(sides)
        found = self.model.encode_text([text for side in sides for text in side])
        parts = np.split(found, len(sides))
        return [(part[: len(wanted)], part[len(wanted) :]) for part in parts]

    def _example(self, like: Span, shelf: _Shelf, mirrored: bool) -> Float[np.ndarray, "d"]:
        """The embedding of an example, or of its mirror image, of unit length."""
        mirrored = mirrored != like.mirrored
        if like.outside or mirrored:
            motion = self._outside(like) if like.outside else self._preview(like, shelf)
            motion = motion.mirrored() if mirrored else motion
            vectors = self.model.encode_motion(span_clips(motion, self.store.facts.data))
            return _unit(vectors.mean(axis=0))
        start, end = _span(like, shelf)
        own = self._of(shelf, np.array([shelf.number[like.file]]))
        shared = np.minimum(own.ends, end) - np.maximum(own.starts, start)
        union = np.maximum(own.ends, end) - np.minimum(own.starts, start)
        # The nearest window, and all that are as near as it.
        weights = np.maximum(shared, 0) / np.maximum(union, 1e-6)
        weights = np.where(weights >= min(LIKE, weights.max()), weights**4, 0)
        return _unit(weights @ own.embeddings)

    def _outside(self, like: Span) -> Motion:
        """The motion of an example that is none of the library's."""
        if not os.path.isfile(like.file):
            raise InputError(f"{quoted(like.file)} is no file of the library and no path of a file")
        motion, start = read_whole(like.file, Given(), self.store.facts.fps)
        end = motion.seconds if like.end is None else like.end - start
        if like.start - start >= motion.seconds or end <= 0:
            raise InputError(
                f"{quoted(like.file)} has {start + motion.seconds:.2f} s, and the example is from "
                f"{like.start:g} s on; give a span within it"
            )
        return motion.part(motion.frames(max(like.start - start, 0), end))

    def _preview(self, like: Span, shelf: _Shelf) -> Motion:
        """The motion of an example of the library, from the small preview."""
        start, end = _span(like, shelf)
        poses = self.poses(like.file, start, end)
        return resample(poses.motion(self.store.facts.body), self.store.facts.data.fps)

    def _judged(self, query: Query, cosines: Sequence[float]) -> list[str]:
        """A word for each cosine; empty ones for an example, whose cosines nobody has judged."""
        if query.like is not None or not query.text:
            return [""] * len(cosines)
        words, _ = self.model.judge(query.text, cosines)
        return list(words) or [""] * len(cosines)

    def _word(self, text: str, cosine: float) -> str:
        words, _ = self.model.judge(text, [cosine])
        return words[0] if words else ""

    def unread(self, query: Query) -> tuple[str, ...]:
        """The words of a query's text that no training text of the model had."""
        return self.model.judge(query.text, [])[1] if query.text else ()

    def curve(self, file: str, query: Query, mirrored: bool = False) -> Curve:
        """The likeness of a take to a query over time, and the places that answer it.

        Of a sequence it is the likeness to the action that is most like each moment.

        Args:
          file: the take's file.
          query: the query; its filters, and its `mirrored`, mean nothing here.
          mirrored: it is the likeness of the take's mirror image.

        Raises:
          InputError: there is no such file, or the query cannot be answered.
        """
        query.check()
        shelf = self._shelf
        take = _take_of(shelf, file)
        seen = self._of(shelf, np.array([shelf.number[file]]))
        parts = sequence(query.text) if query.text and query.like is None else []
        query = dataclasses.replace(query, mirrored=mirrored)
        # A mirror image is like a query as the take is like the mirrored query.
        side = self._sides(query, shelf, parts or [query.text or ""])[-1]
        scores, _ = _scores([side], seen)
        times, cosines = likeness(seen.starts, seen.ends, scores)
        found = intervals(times, cosines)
        peaks = [peak for *_, peak in found]
        words = self._judged(query, peaks) if len(parts) < 2 else [""] * len(peaks)
        return Curve(
            tuple(np.round(times, 3).tolist()),
            tuple(np.round(cosines, 4).tolist()),
            tuple(
                _answer(take, start, end, peak, word, mirrored)
                for (start, end, peak), word in zip(found, words, strict=True)
            ),
        )

    def poses(self, file: str, start: float = 0.0, end: float | None = None) -> Poses:
        """The small preview of a take.

        Args:
          file: its file's name.
          start: seconds of the file.
          end: seconds of the file; None for its end.

        Raises:
          InputError: there is no such file, or it was forgotten since the library was opened.
        """
        shelf = self._shelf
        found = self.store.poses(shelf.rows[_take_of(shelf, file).file].take)
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

    def write(
        self, answers: Sequence[Answer], folder: str | os.PathLike, format: str = "bvh"
    ) -> list[pathlib.Path]:
        """Writes answers' spans as files, cut from the originals; see `cutting.cut_answers`."""
        return list(self.cut(answers, folder, format))

    def cut(
        self, answers: Sequence[Answer], folder: str | os.PathLike, format: str = "bvh"
    ) -> Iterator[pathlib.Path]:
        """As `write`, one file after the other: each is written when it is asked for."""
        shelf = self._shelf
        rows = [shelf.rows[_take_of(shelf, answer.file).file] for answer in answers]
        fps = self.store.facts.fps
        return cut_answers(self.folder, rows, answers, pathlib.Path(folder), format, fps)


def open_library(address: str | os.PathLike, model: str | TrainedModel = "") -> Library:
    """Opens a library that `python -m motext_jax.index` made.

    Args:
      address: its folder, or its address at an object store.
      model: the model that made it, or its place; empty for where the library says.

    Raises:
      InputError: there is no library, or it is damaged.
    """
    return Library(Store.open(address), model)


def _grouped(found: Embedded, ids: Sequence[int]) -> Embedded:
    """Windows with the number of their take for its id, together and by their ends.

    Windows of other takes, which nobody sees, are dropped.
    """
    if not len(ids) or not len(found):
        return found.select(slice(0, 0))
    order = np.argsort(np.array(ids, np.int64))
    by_id = np.array(ids, np.int64)[order]
    at = np.minimum(np.searchsorted(by_id, found.takes), len(ids) - 1)
    seen = by_id[at] == found.takes
    found = dataclasses.replace(found, takes=order[at]).select(seen)
    found = found.select(np.lexsort((found.ends, found.takes)))
    return dataclasses.replace(found, embeddings=found.embeddings.astype(np.float32))


def _joined(parts: Sequence[Embedded]) -> Embedded:
    """Windows of several answers of the index, each once."""
    names = [field.name for field in dataclasses.fields(Embedded)]
    all_of = Embedded(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    order = np.lexsort((all_of.ends, all_of.starts, all_of.takes))
    keys = [column[order] for column in (all_of.takes, all_of.starts, all_of.ends)]
    new = np.any([np.r_[True, key[1:] != key[:-1]] for key in keys], axis=0)
    return all_of.select(order[new[: len(order)]])


def _scores(
    sides: Sequence[_Side], seen: Embedded
) -> tuple[Float[np.ndarray, "n"], Bool[np.ndarray, "n"]]:
    """Each window's best cosine with a query's vectors, and marks of those by a mirror image."""
    scores, flipped = np.full(len(seen), -np.inf), np.zeros(len(seen), bool)
    for mirrored, side in enumerate(sides):
        for vector in side.wanted:
            own = _left(vector, side.excluded, seen.embeddings)
            flipped = np.where(own > scores, bool(mirrored), flipped)
            scores = np.maximum(scores, own)
    return scores, flipped


def _take_of(shelf: _Shelf, file: str) -> Take:
    if file not in shelf.number:
        near = difflib.get_close_matches(file, shelf.number, n=1, cutoff=0.5)
        hint = f"; did you mean {quoted(near[0])}?" if near else ""
        raise InputError(f"the library has no file {quoted(file)}{hint}")
    return shelf.takes[shelf.number[file]]


def _asked(query: Query, shelf: _Shelf) -> Bool[np.ndarray, "k"]:
    """Marks the takes that a query asks for."""
    asked = np.ones(len(shelf.takes), bool)
    if query.within:
        asked[:] = False
        asked[shelf.number[_take_of(shelf, query.within).file]] = True
    if query.where.strip():
        test = condition(query.where)
        asked &= np.fromiter(map(test, shelf.takes), bool, len(shelf.takes))
    for word in _words_of(query.captions):
        having = np.zeros(len(shelf.takes), bool)
        having[shelf.words.get(word, [])] = True
        asked &= having
    return asked


def _answer(
    take: Take,
    start: float,
    end: float,
    score: float,
    word: str,
    mirrored: bool,
    parts: tuple[tuple[float, float], ...] = (),
) -> Answer:
    said = take.said(start, end)
    if mirrored:
        said = tuple(map(swap_left_right, said))
    return Answer(take.file, start, end, score, word, said, mirrored, parts)


def _span(like: Span, shelf: _Shelf) -> tuple[float, float]:
    """Start and end of an example, in seconds of its file."""
    last = _take_of(shelf, like.file).seconds
    end = last if like.end is None else min(like.end, last)
    if like.start >= end:
        raise InputError(
            f"{quoted(like.file)} has {last:.2f} s, and the example starts at {like.start:g} s; "
            "give a span within it"
        )
    return like.start, end


def _itself(like: Span, shelf: _Shelf, seen: Embedded) -> Bool[np.ndarray, "n"]:
    """Marks the windows that the example is in."""
    start, end = _span(like, shelf)
    own = seen.takes == shelf.number[like.file]
    return own & (seen.starts < end) & (seen.ends > start)


def _left(
    vector: Float[np.ndarray, "d"],
    excluded: Float[np.ndarray, "k d"],
    embeddings: Float[np.ndarray, "n d"],
) -> Float[np.ndarray, "n"]:
    """Cosines with a vector; -inf where an excluded text is nearer."""
    found = embeddings @ vector.astype(np.float32)
    if len(excluded):
        nearer = (embeddings @ excluded.T.astype(np.float32)).max(axis=1) >= found
        found = np.where(nearer, -np.inf, found)
    return found.astype(np.float64)


def _unit(vector: Float[np.ndarray, "d"]) -> Float[np.ndarray, "d"]:
    return vector / max(float(np.linalg.norm(vector)), 1e-6)


def _words_of(text: str) -> Iterable[str]:
    return re.findall(r"\w+", text.casefold())
