"""An opened library: takes, search, curves, previews."""

import dataclasses
import difflib
import functools
import os
import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float

from motext_jax.errors import InputError
from motext_jax.library.cutting import write_answers
from motext_jax.library.localise import curve_of
from motext_jax.library.places import best_places
from motext_jax.library.query import Answer, Curve, Query, Span, sequence
from motext_jax.library.reading import read_whole
from motext_jax.library.sequence import best_chains
from motext_jax.library.store import Embedded, Poses, Row, Spoken, Store
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


@dataclasses.dataclass(frozen=True)
class Take:
    """A take of a library.

    Attributes:
      file: its name, relative to the library's folder.
      seconds: its duration.
      fps: the file's frames a second.
      skeleton: the file's format and number of joints.
      captions: its captions with their seconds.
      windows: the number of its windows.
      start: time of its first frame, in seconds of the file.
    """

    file: str
    seconds: float
    fps: float
    skeleton: str
    captions: tuple[Spoken, ...] = ()
    windows: int = 0
    start: float = 0.0

    @property
    def caption_text(self) -> str:
        """All captions in one text."""
        return "\n".join(one.text for one in self.captions)

    def said(self, start: float, end: float) -> tuple[str, ...]:
        """The captions of a span, each once."""
        there = (one.text for one in self.captions if one.start < end and (one.end or end) > start)
        return tuple(dict.fromkeys(there))


class Library:
    """An opened library, as it was when it was opened or last refreshed.

    Attributes:
      store: its tables.
      folder: the folder of the files.
    """

    def __init__(self, store: Store, model: str | TrainedModel = ""):
        self.store = store
        self._given = model
        self.folder = pathlib.Path(store.facts.folder)
        self.refresh()

    def refresh(self) -> None:
        """Reads the tables anew, after an indexer has changed them."""
        rows = sorted(self.store.rows().values(), key=lambda row: row.file)
        self._rows = {row.file: row for row in rows if not row.reason}
        self._takes = [
            Take(r.file, r.seconds, r.fps, r.skeleton, r.captions, r.windows, r.offset)
            for r in self._rows.values()
        ]
        self._number = {take.file: number for number, take in enumerate(self._takes)}
        self._windows = self._grouped(self.store.windows())
        self.__dict__.pop("_words", None)

    def _grouped(self, found: Embedded) -> Embedded:
        """Windows with the number of their take in `_takes`, together and by their ends."""
        ids = np.array([row.take for row in self._rows.values()], np.int64)
        order = np.argsort(ids)
        if not len(ids) or not len(found):
            return found.select(slice(0, 0))
        at = np.minimum(np.searchsorted(ids[order], found.takes), len(ids) - 1)
        seen = ids[order][at] == found.takes
        found = dataclasses.replace(found, takes=order[at]).select(seen)
        found = found.select(np.lexsort((found.ends, found.takes)))
        return dataclasses.replace(found, embeddings=found.embeddings.astype(np.float32))

    @functools.cached_property
    def model(self) -> TrainedModel:
        """The model that made the library, loaded when it is first asked for.

        Raises:
          InputError: it is not where the library says, or another one by now.
        """
        facts = self.store.facts
        given = self._given or facts.model
        model = given if isinstance(given, TrainedModel) else load_model(given)
        facts.check(model, self.store.address)
        return model

    def takes(self) -> list[Take]:
        """All takes, by name."""
        return list(self._takes)

    def take(self, file: str) -> Take:
        """A take by its file's name.

        Raises:
          InputError: the library has no such file.
        """
        if file not in self._number:
            near = difflib.get_close_matches(file, self._number, n=1, cutoff=0.5)
            hint = f"; did you mean {quoted(near[0])}?" if near else ""
            raise InputError(f"{self.store.address}: the library has no file {quoted(file)}{hint}")
        return self._takes[self._number[file]]

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
        seen = self._windows.select(self._asked(query)[self._windows.takes])
        if not len(seen):
            return []
        if len(parts) > 1:
            return self._sequences(query, parts, seen, top)
        scores, flipped = self._scores(query, seen)
        if query.like is not None and not query.like.outside:
            scores = np.where(self._itself(query.like, seen), -np.inf, scores)
        each = top if query.within else each
        found = best_places(seen.takes, seen.starts, seen.ends, scores, top, each)
        words = self._judged(query, [place.score for place in found])
        return [
            self._answer(
                seen.takes[place.row], place.start, place.end, place.score, word, flipped[place.row]
            )
            for place, word in zip(found, words, strict=True)
        ]

    def resolved(self, query: Query) -> Query:
        """The query with its example outside of the library, if the library has no such file."""
        like = query.like
        if like is None or like.file in self._number or not os.path.isfile(like.file):
            return query
        inside = os.path.relpath(os.path.realpath(like.file), os.path.realpath(self.folder))
        if inside in self._number:
            return dataclasses.replace(query, like=dataclasses.replace(like, file=inside))
        return dataclasses.replace(query, like=dataclasses.replace(like, outside=True))

    def _answer(
        self, take: int, start: float, end: float, score: float, word: str, mirrored: bool, **more
    ) -> Answer:
        of = self._takes[take]
        said = of.said(start, end)
        if mirrored:
            said = tuple(map(swap_left_right, said))
        return Answer(of.file, start, end, score, word, said, bool(mirrored), **more)

    def _sequences(
        self, query: Query, parts: Sequence[str], seen: Embedded, top: int
    ) -> list[Answer]:
        """Takes in which actions follow each other."""
        vectors = self._texts(query, parts)
        chains = []
        for mirrored, (wanted, excluded) in enumerate(vectors):
            cosines = np.stack([_left(vector, excluded, seen.embeddings) for vector in wanted])
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
            take, mean = seen.takes[rows[0]], sum(each) / len(each)
            answer = self._answer(take, start, end, mean, word, mirrored, parts=tuple(spans))
            answers.setdefault(answer.file, answer)
        return list(answers.values())[:top]

    def _asked(self, query: Query) -> Bool[np.ndarray, "k"]:
        """Marks the takes that a query asks for."""
        asked = np.ones(len(self._takes), bool)
        if query.within:
            asked[:] = False
            asked[self._number[self.take(query.within).file]] = True
        if query.where.strip():
            test = condition(query.where)
            asked &= np.fromiter(map(test, self._takes), bool, len(self._takes))
        for word in _words_of(query.captions):
            having = np.zeros(len(self._takes), bool)
            having[self._words.get(word, [])] = True
            asked &= having
        return asked

    @functools.cached_property
    def _words(self) -> Mapping[str, list[int]]:
        """The takes of each word of the captions."""
        found: dict[str, list[int]] = {}
        for number, take in enumerate(self._takes):
            for word in dict.fromkeys(_words_of(take.caption_text)):
                found.setdefault(word, []).append(number)
        return found

    def _scores(
        self, query: Query, seen: Embedded
    ) -> tuple[Float[np.ndarray, "n"], Bool[np.ndarray, "n"]]:
        """Each window's cosine with the query, and whether it is that of its mirror image."""
        texts = self._texts(query, [query.text] if query.text and query.text.strip() else [])
        scores, flipped = np.full(len(seen), -np.inf), np.zeros(len(seen), bool)
        for mirrored, (wanted, excluded) in enumerate(texts):
            weighted = [(query.text_weight, vector) for vector in wanted]
            if query.like is not None:
                weighted.append((query.like_weight, self._example(query.like, bool(mirrored))))
            total = sum(weight for weight, _ in weighted)
            if not total:
                raise InputError("what is asked for has the weight 0; give it a weight above 0")
            vector = sum(weight * one for weight, one in weighted) / total
            own = _left(vector, excluded, seen.embeddings)
            flipped = np.where(own > scores, bool(mirrored), flipped)
            scores = np.maximum(scores, own)
        return scores, flipped

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

    def _example(self, like: Span, mirrored: bool) -> Float[np.ndarray, "d"]:
        """The embedding of an example, of unit length."""
        if like.outside or mirrored:
            motion = self._outside(like) if like.outside else self._preview(like)
            motion = motion.mirrored() if mirrored else motion
            vectors = self.model.encode_motion(span_clips(motion, self.store.facts.data))
            return _unit(vectors.mean(axis=0))
        start, end = self._span(like)
        own = self._windows.select(self._windows.takes == self._number[like.file])
        shared = np.minimum(own.ends, end) - np.maximum(own.starts, start)
        union = np.maximum(own.ends, end) - np.minimum(own.starts, start)
        # The nearest window, and all that are as near as it.
        weights = np.maximum(shared, 0) / np.maximum(union, 1e-6)
        weights = np.where(weights >= min(LIKE, weights.max()), weights**4, 0)
        return _unit(weights @ own.embeddings)

    def _span(self, like: Span) -> tuple[float, float]:
        """Start and end of an example, in seconds of its file."""
        take = self.take(like.file)
        last = take.start + take.seconds
        end = last if like.end is None else min(like.end, last)
        if like.start >= end:
            raise InputError(
                f"{quoted(like.file)} has {last:.2f} s, and the example starts at "
                f"{like.start:g} s; give a span within it"
            )
        return like.start, end

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

    def _preview(self, like: Span) -> Motion:
        """The motion of an example of the library, from the small preview."""
        start, end = self._span(like)
        poses = self.poses(like.file, start, end)
        joints = poses.positions.astype(np.float32) / 1000
        motion = Motion(joints, poses.fps, self.store.facts.body)
        return resample(motion, self.store.facts.data.fps)

    def _itself(self, like: Span, seen: Embedded) -> Bool[np.ndarray, "n"]:
        """Marks the windows that the example is in."""
        start, end = self._span(like)
        own = seen.takes == self._number[like.file]
        return own & (seen.starts < end) & (seen.ends > start)

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

    def curve(self, file: str, query: Query) -> Curve:
        """The likeness of a take to a query over time, and the places that answer it."""
        query = dataclasses.replace(query, within=file)
        query.check()
        number = self._number[self.take(file).file]
        seen = self._windows.select(self._windows.takes == number)
        parts = sequence(query.text) if query.text and query.like is None else []
        if len(parts) > 1:
            each = [self._scores(dataclasses.replace(query, text=part), seen)[0] for part in parts]
            scores = np.max(each, axis=0)
        else:
            scores = self._scores(query, seen)[0]
        return curve_of(seen.starts, seen.ends, scores)

    def poses(self, file: str, start: float = 0.0, end: float | None = None) -> Poses:
        """The small preview of a take.

        Args:
          file: its file's name.
          start: seconds of the file.
          end: seconds of the file; None for its end.

        Raises:
          InputError: there is no such file, or it was forgotten since the library was opened.
        """
        row: Row = self._rows[self.take(file).file]
        found = self.store.poses(row.take)
        if found is None:
            raise InputError(
                f"{quoted(file)} has been indexed anew or forgotten; open the library again"
            )
        body = self.store.facts.body
        last = found.start + len(found.positions) / found.fps
        frames = Motion(found.positions, found.fps, body).frames(
            max(start - found.start, 0), max((last if end is None else end) - found.start, 1e-6)
        )
        sides = [""] * len(body.joints)
        for left, right in body.left_right_pairs:
            sides[left], sides[right] = "left", "right"
        return Poses(
            found.positions[frames.start : frames.stop],
            found.fps,
            found.start + frames.start / found.fps,
            body.parents,
            tuple(sides),
        )

    def write(
        self, answers: Sequence[Answer], folder: str | os.PathLike, form: str = "bvh"
    ) -> list[pathlib.Path]:
        """Writes answers' spans as files, cut from the originals; see `cutting.write_answers`."""
        rows = [self._rows[self.take(answer.file).file] for answer in answers]
        fps = self.store.facts.fps
        return write_answers(self.folder, rows, answers, pathlib.Path(folder), form, fps)


def open_library(address: str | os.PathLike, model: str | TrainedModel = "") -> Library:
    """Opens a library that `python -m motext_jax.index` made.

    Args:
      address: its folder, or its address at an object store.
      model: the model that made it, or its place; empty for where the library says.

    Raises:
      InputError: there is no library, or it is damaged.
    """
    return Library(Store.open(address), model)


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
