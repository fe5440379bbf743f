"""Indexing: a folder's takes into a library; the same again takes in what has changed."""

import collections
import contextlib
import dataclasses
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from motext_jax.errors import InputError
from motext_jax.library import unfinished
from motext_jax.library.address import is_library
from motext_jax.library.facts import Facts
from motext_jax.library.folder import Folder, check_motion, is_dead, leads_nowhere
from motext_jax.library.following import follow
from motext_jax.library.nearest import EXACT
from motext_jax.library.reading import Asked, Bad, Found, read_takes
from motext_jax.library.rows import Embedded, Row, new_take, seconds_of
from motext_jax.library.shards import Shard, alone, making, place
from motext_jax.library.store import Store
from motext_jax.library.summary import Progress, Summary
from motext_jax.library.windows import Windows, compile_for_windows, embed, windows

if TYPE_CHECKING:
    from motext_jax.trained.model import TrainedModel

COMMIT_WINDOWS, COMMIT_SECONDS = 4096, 10.0
"""The windows of a commit, and the seconds after which takes are committed that are read."""

STALE = 86_400
"""Seconds after which an object store's windows without a take are from an indexer that is gone."""

FRAGMENTS = 64
"""Commits after which the tables are rewritten in fewer and larger files."""


Waiting = Callable[[str], contextlib.AbstractContextManager]
"""A function that gives a context from the name of what is done in it."""


def index(
    folder: str | os.PathLike,
    address: str | os.PathLike,
    model: "str | os.PathLike[str] | TrainedModel" = "",
    *,
    shard: Shard = Shard(),  # noqa: B008
    fps: float = 0.0,
    processes: int = 1,
    progress: Callable[[Progress], None] = lambda state: None,
    start: Callable[[], None] = lambda: None,
    waiting: Waiting = contextlib.nullcontext,
) -> Summary:
    """Brings a library up to date with a folder.

    Args:
      folder: the folder; all motion files below it are takes.
      address: the library's folder, or its address at an object store.
      model: the model, or its place; empty for the library's own, or the starter for a new one. A
        Path is always a directory.
      shard: the share of the files that this process takes care of.
      fps: frames a second of files that do not say theirs, which the library keeps; 0 for the one
        that it has.
      processes: number of processes that read.
      progress: called after commits.
      start: called before a model is loaded; it is not where nothing must be embedded.
      waiting: entered, with its name, around what is slow and has no progress.

    Raises:
      InputError: the folder is not there or holds no motion file, the library is to be in it, is
        another folder's or another model's, or another process is at work on it.
    """
    place_of_library, source = os.fspath(address), Folder(folder)
    if not is_library(address) and os.path.realpath(address) == os.path.realpath(folder):
        raise InputError(f"{folder}: the folder of the takes; give another one for the library")
    files = source.files()
    if not files:
        check_motion(folder)
        # None is refused where the first file has just appeared.
        refused = next(iter(source.refused.values()), "one was added just now; index it again")
        raise InputError(f"{folder}: there is no motion file below it that can be read: {refused}")
    loaded = _Loaded(model, start, waiting)
    with alone(place_of_library, shard) as locked:
        # LanceDB makes a table in several steps, and the facts are written as they were read.
        with making(place_of_library):
            store, fps_before = _opened(place_of_library, source, files, loaded, fps)
        there = {*files, *source.refused}
        own = [file for file in sorted(there) if place(file) in shard.places]
        indexing = _Indexing(store, source, loaded, shard, locked, progress)
        summary = indexing.run(own, there, processes)
        return dataclasses.replace(summary, fps=store.facts.fps, fps_before=fps_before)


class _Loaded:
    """A model that is loaded when it is first needed."""

    def __init__(
        self,
        model: "str | os.PathLike[str] | TrainedModel",
        start: Callable[[], None],
        waiting: Waiting,
    ):
        self._given, self._start, self.waiting = bool(model), start, waiting
        self.place = ""
        self._model: TrainedModel | None = None
        if isinstance(model, str):
            self.place = model
        elif isinstance(model, os.PathLike):
            # Of the same name as the starter, it is still a directory.
            self.place = os.path.abspath(model)
        else:
            self._model = model

    @property
    def given(self) -> bool:
        return self._given

    def __call__(self, default: str) -> "TrainedModel":
        if self._model is None:
            self._start()
            # Not above: where nothing has changed, JAX would take most of the time.
            from motext_jax.trained.model import load

            self.place = self.place or default
            with self.waiting("loading the model"):
                self._model = load(self.place)
        return self._model


def _opened(
    address: str, folder: Folder, files: Sequence[str], loaded: _Loaded, fps: float
) -> tuple[Store, float]:
    """The library, made where there is none, and the rate of silent files that it had.

    Its folder is the one that is indexed.
    """
    here = os.path.abspath(folder.path)
    store = Store.find(address)
    if store is None:
        model = loaded("starter")
        store = Store.create(address, Facts.of(here, _absolute(loaded.place), model, fps))
        unfinished.mark(address, Shard().places)
    facts, fps_before = store.facts, store.facts.fps
    if facts.folder != here:
        if os.path.isdir(facts.folder) and not os.path.samefile(facts.folder, here):
            raise InputError(
                f"{address}: the library is of the folder {facts.folder}; index {here} into "
                "another one, or a folder that holds both"
            )
        known = store.rows()
        if known and known.keys().isdisjoint(files):
            raise InputError(
                f"{address}: the library is of the folder {facts.folder}, which is not there, and "
                f"{here} has none of its files; bring the folder back, or index into another one"
            )
        facts = dataclasses.replace(facts, folder=here)
    if fps:
        facts = dataclasses.replace(facts, fps=fps)
    if loaded.given and (not loaded.place or _absolute(loaded.place) != facts.model):
        given = loaded(facts.model)
        facts.check(given, address)
        facts = facts.completed(given)
    if facts != store.facts:
        store.set_facts(facts)
    return store, fps_before


def _absolute(model: str) -> str:
    """A model's place that means the same from everywhere."""
    return os.path.abspath(model) if model and os.path.isdir(model) else model


class _Indexing:
    """One indexing of a shard."""

    def __init__(
        self,
        store: Store,
        folder: Folder,
        loaded: _Loaded,
        shard: Shard,
        locked: bool,
        progress: Callable[[Progress], None],
    ):
        self._store, self._folder, self._shard = store, folder, shard
        self._loaded, self._locked, self._progress = loaded, locked, progress
        self._state, self._summary = Progress(), Summary()
        self._model: TrainedModel | None = None
        self._waiting: list[tuple[Found, Row, Windows]] = []
        self._bad: list[Row] = []
        self._count, self._since = 0, time.monotonic()

    def run(self, own: Sequence[str], everywhere: set[str], processes: int) -> Summary:
        """Brings the shard's files up to date."""
        before = self._store.rows()
        whole = self._repaired(before)
        asked = self._changed(own, whole, before)
        changed = {row.file for _, row in asked}
        asked, self._summary.followed = follow(self._store, asked, whole, everywhere)
        # Not before, so that names that change places find each other's.
        changed -= {row.file for _, row in asked}
        self._store.drop(self._left(before, changed))
        self._state.total += len(asked)
        self._state.there = self._summary.same + self._summary.followed
        if asked:
            self._progress(self._state)
            unfinished.mark(self._store.address, self._shard.places)
        stamps = {one.name: row for one, row in asked}
        for found in read_takes([one for one, _ in asked], processes, self._ready):
            self._take(found, stamps[found.asked.name], before)
        self._flush(before)
        # Last, so that a file's new name finds what its old one had.
        gone = [
            file
            for file, row in before.items()
            if row.place in self._shard.places
            and file not in everywhere
            and not self._folder.is_hidden(file)
        ]
        # Nobody can see those below a folder that cannot be listed; what is known of them stays.
        for file, row in before.items():
            if row.place in self._shard.places and self._folder.is_hidden(file):
                self._summary.kept += not row.reason
                self._left_as_before(row)
        self._store.forget(gone)
        self._store.drop(before[file].take for file in gone)
        self._summary.gone = len(gone)
        unfinished.clear(self._store.address, self._shard.places)
        self._store.settle(FRAGMENTS, EXACT)
        return self._summed()

    def _repaired(self, before: dict[str, Row]) -> dict[str, Row]:
        """The rows without those that lack windows; removes windows without a row."""
        takes, places = self._store.stored()
        counts = collections.Counter(takes.tolist())
        known = {row.take for row in before.values()}
        own = (places >= self._shard.places.start) & (places < self._shard.places.stop)
        if not self._locked:
            own &= seconds_of(takes) < time.time() - STALE
        self._store.drop(set(takes[own].tolist()) - known)
        return {file: row for file, row in before.items() if counts[row.take] == row.windows}

    def _left(self, before: dict[str, Row], files: set[str]) -> set[int]:
        """The takes that some files had and that they have no more."""
        left = {before[file].take for file in files & before.keys()}
        return left - {row.take for row in self._store.rows().values()} if left else left

    def _changed(
        self, own: Sequence[str], whole: dict[str, Row], before: dict[str, Row]
    ) -> list[tuple[Asked, Row]]:
        """The files that must be read, for they are new or changed, each with its row to be."""
        facts, asked, spoken = self._store.facts, [], []
        for file in own:
            said = self._folder.said(file)
            given, row = self._folder.given(said), whole.get(file)
            stamp, size, why = "", 0, self._folder.refused.get(file, "")
            passing = not why
            if not why:
                try:
                    stamp, size = self._folder.stamp(file, given, facts.fps)
                except OSError as error:
                    # It is gone since the folder was listed, or a link to nothing.
                    why = self._unread(file, error)
            if row is not None and (row.reason == why if why else row.stamp == stamp):
                if row.captions != said.captions:
                    spoken.append(dataclasses.replace(row, captions=said.captions))
                self._summary.same += not row.reason
                self._left_as_before(row)
                continue
            new = Row(file, new_take(), place(file), stamp, bytes=size, captions=said.captions)
            if why:
                self._state.total += 1
                self._leave(dataclasses.replace(new, reason=why), before, passing)
                continue
            path = self._folder.path / file
            asked.append((Asked(path, file, given, facts.fps, facts.data.fps), new))
        self._store.commit(spoken)
        return asked

    def _unread(self, file: str, error: OSError) -> str:
        path = self._folder.path / file
        if is_dead(path):
            return f"{file}: {leads_nowhere(path)}"
        return f"{file}: cannot be read ({error.strerror})"

    def _left_as_before(self, row: Row) -> None:
        """Counts a file that was left out, and is for the same reason."""
        if row.reason:
            self._summary.left_out += 1
            self._summary.bad.append(row.reason)

    def _leave(self, row: Row, before: dict[str, Row], passing: bool) -> None:
        """Leaves a file out; what is known of it stays where its fault may pass."""
        if passing and row.file in before and not before[row.file].reason:
            self._summary.bad.append(row.reason)
            self._summary.kept += 1
            self._state.done += 1
            self._state.kept += 1
        else:
            self._bad.append(row)

    def _take(self, found: Found | Bad, row: Row, before: dict[str, Row]) -> None:
        """Keeps a take for the next commit, unless its file has changed while it was read."""
        found, row = self._steady(found, row)
        if isinstance(found, Bad):
            stamp = "" if found.passing else row.stamp
            row = dataclasses.replace(row, stamp=stamp, digest=found.digest, reason=found.reason)
            self._leave(row, before, found.passing)
        else:
            cut = windows(found.motion, self._store.facts.data, found.start, found.seconds)
            row = dataclasses.replace(
                row,
                digest=found.digest,
                windows=len(cut),
                seconds=found.seconds,
                offset=found.start,
                fps=found.fps,
                skeleton=found.skeleton,
            )
            self._waiting.append((found, row, cut))
            self._count += len(cut)
        late = time.monotonic() - self._since > COMMIT_SECONDS
        if self._count >= COMMIT_WINDOWS or late:
            self._flush(before)

    def _steady(self, found: Found | Bad, row: Row) -> tuple[Found | Bad, Row]:
        """A file as it was read, or a sentence where it is another one by now."""
        try:
            stamp, _ = self._folder.stamp(row.file, found.asked.given, found.asked.fps)
        except OSError:
            return Bad(found.asked, f"{row.file}: was removed while it was indexed"), row
        if stamp == row.stamp:
            return found, row
        # Without a stamp it is read again the next time.
        said = f"{row.file}: changed while it was read; index again when it is written"
        return Bad(found.asked, said), dataclasses.replace(row, stamp="")

    def _flush(self, before: dict[str, Row]) -> None:
        """Embeds and commits what waits."""
        good, self._waiting, self._count = self._waiting, [], 0
        bad, self._bad = self._bad, []
        rows = [*(row for _, row, _ in good), *bad]
        if good:
            clips = [clip for _, _, cut in good for clip in cut.clips]
            counts = [len(cut) for _, _, cut in good]
            embedded = Embedded(
                np.repeat([row.take for _, row, _ in good], counts),
                np.concatenate([cut.starts for _, _, cut in good]),
                np.concatenate([cut.ends for _, _, cut in good]),
                self._embed(clips),
            )
            places = np.repeat([row.place for _, row, _ in good], counts)
            self._store.add(embedded, places, [(row.take, found.poses) for found, row, _ in good])
        self._store.commit(rows)
        self._store.drop(before[row.file].take for row in rows if row.file in before)
        self._summary.new += len(good)
        self._summary.bad += [row.reason for row in bad]
        self._summary.left_out += len(bad)
        self._state.done += len(rows)
        self._state.bad += len(bad)
        self._since = time.monotonic()
        self._progress(self._state)

    def _embed(self, clips: Sequence[np.ndarray]) -> np.ndarray:
        if self._model is None:
            model = self._load()
            with self._loaded.waiting("compiling the model"):
                return embed(model, clips)
        return embed(self._model, clips)

    def _ready(self) -> None:
        """Loads and compiles the model, while other processes start to read many files."""
        # Where no file was good so far, perhaps none is.
        if self._waiting and self._model is None:
            model = self._load()
            with self._loaded.waiting("compiling the model"):
                compile_for_windows(model)
            # Else the few takes that are read are committed at once, and few windows need
            # programs of their own.
            self._since = time.monotonic()
            # What was awaited stood in its line.
            self._progress(self._state)

    def _load(self) -> "TrainedModel":
        facts = self._store.facts
        self._model = self._loaded(facts.model)
        facts.check(self._model, self._store.address)
        if not facts.centre:
            self._store.set_facts(facts.completed(self._model))
        return self._model

    def _summed(self) -> Summary:
        known = self._store.rows().values()
        rows = [row for row in known if not row.reason]
        self._summary.known = len(known)
        self._summary.takes, self._summary.windows = len(rows), sum(row.windows for row in rows)
        self._summary.hours = sum(row.seconds for row in rows) / 3600
        said = [*self._folder.left_out, *self._summary.bad]
        self._summary.bad = list(dict.fromkeys(said))
        return self._summary
