"""An opened library: takes, search, curves, previews."""

import dataclasses
import itertools
import os
import pathlib
import threading
from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool, Float

from motext_jax.library.contents import Contents
from motext_jax.library.cutting import cut_answers
from motext_jax.library.examples import embedding
from motext_jax.library.facts import Facts
from motext_jax.library.instead import Instead
from motext_jax.library.kept import indexed_by
from motext_jax.library.live_contents import LiveContents
from motext_jax.library.localise import intervals, likeness, middles
from motext_jax.library.named import Files, resolved
from motext_jax.library.notes import notes
from motext_jax.library.places import best_places
from motext_jax.library.query import Answer, Curve, Poses, Query, Span, Take, check_counts
from motext_jax.library.rows import Embedded
from motext_jax.library.sequence import best_chains, cut_apart
from motext_jax.library.sides import Side, chained, scores, sides_of
from motext_jax.library.store import Store
from motext_jax.library.unfinished import is_unfinished
from motext_jax.outputs import check_new_folder
from motext_jax.shown import spelled
from motext_jax.text.sides import swap_left_right
from motext_jax.trained.calibration import PERHAPS, WORDS, missing
from motext_jax.trained.model import TrainedModel
from motext_jax.trained.model import load as load_model


class Library:
    """An opened library; several threads may ask it at once.

    It answers as the library was when it was opened, or when `takes` was last called.

    Attributes:
      store: its tables.
      folder: the folder of the files.
      fps: frames a second of examples from outside that do not say theirs; 0 for none.
    """

    def __init__(self, store: Store, model: str | os.PathLike[str] | TrainedModel = ""):
        self.store = store
        self._given = model
        self._model: TrainedModel | None = None
        self._loading = threading.Lock()
        self.folder, self.fps = pathlib.Path(store.facts.folder), store.facts.fps
        self._live = LiveContents(store)

    @property
    def model(self) -> TrainedModel:
        """The model that made the library, loaded when it is first asked for.

        Raises:
          InputError: it is not where the library says, or another one by now.
        """
        if self._model is not None:
            return self._model
        with self._loading:
            if self._model is None:
                facts = self.store.facts
                given = self._given or facts.model
                model = given if isinstance(given, TrainedModel) else load_model(given)
                facts.check(model, self.store.address)
                # Of a library from before the centre was kept, which nobody may be able to write.
                self.store.facts = facts.completed(model)
                self._model = model
            return self._model

    def takes(self) -> list[Take]:
        """All takes by name, also those that an indexer has added since.

        While another thread reads what was added, the takes of before.
        """
        return list(self._live.look().takes)

    @property
    def _contents(self) -> Contents:
        return self._live.contents

    def keep_in_memory(self) -> threading.Thread:
        """Holds all windows in memory from now on, for a program that is asked many times.

        Those of a small library are there at any rate; those of a large one are read by a thread,
        see `InvertedLists`. Until that is done, answers are found by LanceDB's index; also when an
        indexer has added takes, until `takes` finds no more of them and has the windows read anew.

        Returns:
          The thread. It ends with the program. That the windows are too many, or a fault in it, is
          logged and costs no answer.
        """
        return self._live.keep_in_memory()

    def take(self, file: str) -> Take:
        """A take by its file's name.

        Raises:
          InputError: the library has no such file, or it was left out; the sentence says why.
        """
        return self._contents.take(file)

    def passing(self, query: Query) -> int:
        """The number of takes that pass a query's filters."""
        return int(self._contents.asked(query).sum())

    def search(self, query: Query | str, top: int = 10, each: int = 1) -> list[Answer]:
        """The best answers, the best first.

        Args:
          query: the query, or its text.
          top: the most answers.
          each: the most answers of one take.

        Raises:
          InputError: the query cannot be answered; the sentence says why.
        """
        check_counts(top=top, each=each)
        query = Query.of(query)
        query.check()
        parts = query.actions
        contents = self._contents
        asked = contents.asked(query)
        sides = self._sides(query, contents, parts)
        vectors = [vector for side in sides for vector in side.centred]

        def scored(seen: Embedded) -> tuple[Float[np.ndarray, "n"], Bool[np.ndarray, "n"]]:
            found, flipped = scores(sides, seen)
            if query.like is not None and not query.like.outside:
                found = np.where(contents.itself(query.like, seen), -np.inf, found)
            return found, flipped

        def best(seen: Embedded) -> Float[np.ndarray, "n"]:
            return chained(sides, seen, top) if len(parts) > 1 else scored(seen)[0]

        seen = contents.seen(asked, vectors, top, best, max(len(parts), 1))
        if not len(seen):
            return []
        if len(parts) > 1:
            return self._sequences(query, sides, contents, seen, top)
        ranks, flipped = scored(seen)
        each = top if query.within else each

        def cosines(rows: slice) -> Float[np.ndarray, "m"]:
            near = seen.embeddings[rows]
            return np.max([side.cosines(near).max(axis=0) for side in sides], axis=0)

        found = best_places(seen.takes, seen.starts, seen.ends, ranks, cosines, top, each)
        words = self._judged(query, [place.score for place in found])
        return [
            _answer(
                contents.takes[seen.takes[place.row]],
                place.start,
                place.end,
                place.score,
                word,
                bool(flipped[place.row]),
            )
            for place, word in zip(found, words, strict=True)
        ]

    def resolved(self, query: Query) -> Query:
        """The query with this library's names of its files; see `named.resolved`."""
        contents = self._contents

        def seconds(file: str) -> float:
            return contents.take(file).seconds

        files = Files(contents.number, self.folder, seconds, self.fps, contents.left_out)
        return resolved(query, files)

    def left_out(self, file: str) -> str:
        """The reason for which a file of the folder is no take; empty where there is none."""
        return self._contents.left_out.get(spelled(file), "")

    def _sequences(
        self, query: Query, sides: Sequence[Side], contents: Contents, seen: Embedded, top: int
    ) -> list[Answer]:
        """Takes in which actions follow each other; each has a word, see `_lowest`."""
        chains = []
        for mirrored, side in enumerate(sides):
            cosines = side.cosines(seen.embeddings)
            found = best_chains(seen.takes, seen.starts, seen.ends, cosines, top)
            chains += [(chain, bool(mirrored)) for chain in found]
        chains.sort(key=lambda one: -one[0].score)
        answers: dict[str, Answer] = {}
        for chain, mirrored in chains:
            rows = list(chain.rows)
            take = contents.takes[seen.takes[rows[0]]]
            if take.file in answers or len(answers) == top:
                continue
            spans = cut_apart([(float(seen.starts[row]), float(seen.ends[row])) for row in rows])
            start, end = spans[0][0], max(end for _, end in spans)
            centred = sides[mirrored].wanted - self._centre()
            scores = np.vecdot(centred, seen.embeddings[rows]).tolist()
            word = self._lowest(query.actions, scores)
            answers[take.file] = _answer(take, start, end, chain.score, word, mirrored, spans)
        return list(answers.values())

    def _centre(self) -> Float[np.ndarray, "d"]:
        """The mean embedding of the bank of texts, see `sides.Side.scores`; zeros without one."""
        facts = self._facts_with_centre()
        return np.array(facts.centre) if facts.centre else np.zeros(facts.dimensions)

    def _lowest(self, texts: Sequence[str], scores: Sequence[float]) -> str:
        """The least sure word of an order's actions, each with its score; empty without words.

        It is never likely: whether the actions follow each other is not calibrated, and an order of
        likely actions is right no more often than one of perhaps right ones.
        """
        each = zip(texts, scores, strict=True)
        words = [word for text, score in each for word in self.model.judge(text, [score])[0]]
        return max(PERHAPS, *words, key=WORDS.index) if words else ""

    def _sides(self, query: Query, contents: Contents, parts: Sequence[str]) -> list[Side]:
        """The vectors of a query, or of the actions of a sequence; see `sides.sides_of`."""

        # To ask for `self.model` loads it, which a span of the library's own does not need.
        def encode(clips: Float[np.ndarray, "n t v 3"]) -> Float[np.ndarray, "n d"]:
            return self.model.encode_motion(clips)

        def example(mirrored: bool) -> Float[np.ndarray, "d"]:
            assert query.like is not None
            return embedding(query.like, mirrored, contents, encode, self.fps)

        texts = parts or [query.text or ""]
        # Which of two orders a take shows is told better by cosines; see benchmarks/README.md.
        centred = query.text and len(parts) < 2
        centre = self._centre() if centred else np.zeros(self.store.facts.dimensions)
        return sides_of(query, texts, centre, lambda own: self.model.encode_text(own), example)

    def _facts_with_centre(self) -> Facts:
        """The facts, to which the model, when it is loaded, adds what an older library lacks."""
        _ = self.model
        return self.store.facts

    def _judged(self, query: Query, scores: Sequence[float]) -> list[str]:
        """A word for each score; empty ones for an example, whose cosines nobody has judged."""
        if query.like is not None or not query.text:
            return [""] * len(scores)
        words, _ = self.model.judge(query.text, scores)
        return list(words) or [""] * len(scores)

    def notes(
        self,
        query: Query | str,
        answers: Sequence[Answer],
        instead: Instead = "text={!r}, without=({!r},)".format,
    ) -> list[str]:
        """Sentences that a reader must be told of a query's answers; see `notes.notes`."""
        return notes(self, Query.of(query), answers, instead)

    def uncalibrated(self) -> str:
        """The sentence on answers that have no word; empty where the model is calibrated."""
        if self.model.calibration is not None:
            return ""
        given = "" if isinstance(self._given, TrainedModel) else self._given
        return missing(
            given or self.store.facts.model, self.model.manifest.config.data.validation_split
        )

    def unfinished(self) -> str:
        """A sentence where the folder is known not to be indexed to its end; else empty."""
        if not is_unfinished(self.store.address):
            return ""
        return (
            f"{self.folder} is not indexed to its end; wait until index is done, or start it "
            f"again: {self.indexed_by()}"
        )

    def indexed_by(self) -> str:
        """The command that brings it up to date."""
        model = "" if isinstance(self._given, TrainedModel) else os.fspath(self._given)
        return indexed_by(self.folder, self.store.address, model)

    def unread(self, query: Query) -> dict[str, str]:
        """The words of a query's texts that no training text had; as of `TrainedModel.judge`."""
        judged = (self.model.judge(text, [])[1] for text in (*query.texts, *query.without))
        return dict(itertools.chain.from_iterable(unread.items() for unread in judged))

    def is_lost(self, query: Query) -> bool:
        """True for a query whose text means nothing to the model; see `TrainedModel.is_lost`."""
        return bool(query.texts) and all(map(self.model.is_lost, query.texts))

    def curve(self, file: str, query: Query | str, mirrored: bool = False) -> Curve:
        """The likeness of a take to a query over time, and the places that answer it.

        Of a sequence it is the likeness to the action that is most like each moment.

        Args:
          file: the take's file.
          query: the query, or its text; its filters, and its `mirrored`, mean nothing here.
          mirrored: it is the likeness of the take's mirror image.

        Raises:
          InputError: there is no such file, or the query cannot be answered.
        """
        query = Query.of(query)
        query.check()
        contents = self._contents
        take = contents.take(file)
        seen = contents.of(np.array([contents.number[file]]))
        parts = query.actions
        query = dataclasses.replace(query, mirrored=mirrored)
        # A mirror image is like a query as the take is like the mirrored query.
        side = self._sides(query, contents, parts)[-1]
        own = side.scores(seen.embeddings).max(axis=0)
        times, line = likeness(seen.starts, seen.ends, own)
        found = intervals(times, line, seen.starts, seen.ends, own)
        if len(parts) < 2:
            words = self._judged(query, [score for *_, score in found])
        else:
            centred = ((side.wanted - self._centre()) @ seen.embeddings.T).max(axis=0)
            at = middles(seen.starts, seen.ends)
            there = (centred[(start <= at) & (at <= end)] for start, end, _ in found)
            words = [self._lowest(parts, [some.max(initial=-1.0)] * len(parts)) for some in there]
        return Curve(
            tuple(np.round(times, 3).tolist()),
            tuple(np.round(line, 4).tolist()),
            tuple(
                _answer(take, start, end, score, word, mirrored)
                for (start, end, score), word in zip(found, words, strict=True)
            ),
        )

    def poses(self, file: str, start: float = 0.0, end: float | None = None) -> Poses:
        """The small preview of a span of a take.

        Args:
          file: its file's name.
          start: seconds of the file.
          end: seconds of the file; None for the take's end, beyond which there is nothing.

        Raises:
          InputError: there is no such file, no such seconds in it, or it was forgotten since the
            library was opened.
        """
        return self._contents.poses(file, start, end)

    def write(
        self, answers: Sequence[Answer], folder: str | os.PathLike, format: str = "bvh"
    ) -> list[pathlib.Path]:
        """Writes answers' spans as files, cut from the originals; see `cutting.cut_answers`.

        Raises:
          InputError: the folder is not empty, a take has no such seconds, or as `cut_answers`.
        """
        check_new_folder(folder)
        return list(self.cut(answers, folder, format))

    def cut(
        self, answers: Sequence[Answer], folder: str | os.PathLike, format: str = "bvh"
    ) -> Iterator[pathlib.Path]:
        """As `write`, one file after the other: each is written when it is asked for."""
        rows = [self._contents.row(answer.file) for answer in answers]
        for answer in answers:
            self._contents.span(Span(answer.file, answer.start, answer.end))
        out, fps, again = pathlib.Path(folder), self.store.facts.fps, self.indexed_by()
        return cut_answers(self.folder, rows, answers, out, format, fps, again=again)


def open_library(
    address: str | os.PathLike, model: str | os.PathLike[str] | TrainedModel = ""
) -> Library:
    """Opens a library that `python -m motext_jax.index` made.

    Args:
      address: its folder, or its address at an object store.
      model: the model that made it, or its place; empty for where the library says.

    Raises:
      InputError: there is no library, or it is damaged.
    """
    return Library(Store.open(address), model)


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
