"""The windows of a large library in memory, in inverted lists of those that are near to each other.

Embeddings of motions have few directions: 48 of 256 hold 98 % of the variance of the starter's. So
k-means makes lists of windows by their principal components (an inverted file: Sivic and Zisserman,
"Video Google", 2003). A query is compared with the windows of the nearest lists by their
components, and with the nearest of these exactly.

The constants were chosen by `benchmarks/library/inverted_lists.py`: on a million copies of windows
of real recordings, each copy moved, and on the names of actions of people as queries. None is test
data. They were then tried on the clusters of `benchmarks/library/scale.py`.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float, Float16, Float32, Int

from motext_jax.errors import InputError
from motext_jax.library.kmeans import blocks, k_means, nearest
from motext_jax.library.rows import Embedded
from motext_jax.runtime.host import give_back_freed_memory

COMPONENTS = 48
"""Principal components by which windows are put in lists and compared first."""

LISTS, SHARE = 2.0, 0.1
"""Number of lists, times the root of the number of windows: of a million 2,000; and the share of
all windows that is looked at."""

CANDIDATES, REFINED = 500, 8
"""Windows that are given for each vector, the first time; and windows that are compared exactly for
each of them."""

MOST = 4_000_000
"""The most windows that are kept in memory: they take about 3 GB."""

SAMPLE = 25
"""Windows of a list, on the mean, by which the components and the lists are found."""

STEP = 61
"""One of so many values is looked at first, to bound the greatest."""


_Part = TypeVar("_Part")


@dataclasses.dataclass(frozen=True, eq=False)
class InvertedLists:
    """Windows in memory, in lists.

    Attributes:
      windows: the windows, with embeddings in float16.
      axes: directions of the greatest variance of the embeddings.
      centroids: the mean components of each list.
      bounds: the place in a list after the other of each one's first window, and of the end.
      listed: the row of each window, list after list.
      components: the components of the same.
      taken: the rows of each take's windows by their ends, take after take.
      firsts: the place in `taken` of each take's first window, and of the end.
    """

    windows: Embedded
    axes: Float32[np.ndarray, "d c"]
    centroids: Float32[np.ndarray, "k c"]
    bounds: Int[np.ndarray, "b"]
    listed: Int[np.ndarray, "n"]
    components: Float32[np.ndarray, "n c"]
    taken: Int[np.ndarray, "n"]
    firsts: Int[np.ndarray, "t"]

    @classmethod
    def of(
        cls,
        parts: Iterable[Embedded],
        counts: Int[np.ndarray, "t"],
        dimensions: int,
        check: Callable[[], object] = lambda: None,
    ) -> "InvertedLists":
        """Puts windows that come in parts in lists; they are never in memory twice.

        Args:
          parts: windows, each with the number of its take.
          counts: the most windows of each take.
          dimensions: the length of an embedding.
          check: called again and again; what it raises ends the building.

        Raises:
          InputError: they are more windows than all counts, or an embedding is not finite.
        """
        windows = _joined(_checked(parts, check), int(counts.sum()), dimensions)
        # LanceDB's threads free some 400 MB when they have read a million windows. They would be
        # in memory beside the components.
        give_back_freed_memory()
        count = max(1, round(LISTS * len(windows) ** 0.5))
        sample = widened(windows.embeddings[:: len(windows) // (SAMPLE * count) + 1])
        axes = _axes(sample)
        centroids = k_means(sample @ axes, count)
        del sample

        def projected(rows: Int[np.ndarray, "n"]) -> Iterator[Float32[np.ndarray, "b c"]]:
            return (part @ axes for part in _checked(_widened(windows, rows), check))

        # Components are computed twice: those of all windows in their own order would be in memory
        # beside those in the order of lists.
        lists = nearest(projected(np.arange(len(windows), dtype=np.int32)), centroids)
        listed = np.argsort(lists, kind="stable").astype(np.int32)
        return cls(
            windows,
            axes,
            centroids,
            _firsts(lists, len(centroids)),
            listed,
            _filled(projected(listed), len(windows), axes.shape[1]),
            np.lexsort((windows.ends, windows.takes)).astype(np.int32),
            _firsts(windows.takes, len(counts)),
        )

    def nearest(
        self, vector: Float[np.ndarray, "d"], count: int, asked: Bool[np.ndarray, "t"]
    ) -> Embedded:
        """About the windows of marked takes that are nearest to a vector.

        Args:
          vector: the vector.
          count: the most windows; fewer are given only where there are no more.
          asked: marks the takes.
        """
        vector, every = vector.astype(np.float32), bool(asked.all())
        projected, left = vector @ self.axes, max(SHARE * len(self.windows), REFINED * count)
        rows, near = [self.listed[:0]], [self.components[:0, 0]]
        for number in np.argsort(-(self.centroids @ projected), kind="stable").tolist():
            own = slice(self.bounds[number], self.bounds[number + 1])
            part, products = self.listed[own], self.components[own] @ projected
            if not every:
                chosen = asked[self.windows.takes[part]]
                part, products = part[chosen], products[chosen]
            rows.append(part)
            near.append(products)
            left -= len(part)
            if left <= 0:
                break
        found = np.concatenate(rows)[_greatest(np.concatenate(near), REFINED * count)]
        cosines = [np.vecdot(part, vector) for part in _widened(self.windows, found)]
        return self._select(found[_greatest(np.concatenate([near[0], *cosines]), count)])

    def of_takes(self, numbers: Int[np.ndarray, "m"]) -> Embedded:
        """All windows of some takes, those of each together and by their ends."""
        parts = [self.taken[self.firsts[take] : self.firsts[take + 1]] for take in numbers.tolist()]
        return self._select(np.concatenate([self.taken[:0], *parts]))

    def _select(self, rows: Int[np.ndarray, "m"]) -> Embedded:
        """Some windows, with embeddings in float32."""
        found = self.windows
        embeddings = _filled(_widened(found, rows), len(rows), found.embeddings.shape[1])
        return Embedded(found.takes[rows], found.starts[rows], found.ends[rows], embeddings)


def _widened(windows: Embedded, rows: Int[np.ndarray, "m"]) -> Iterator[Float32[np.ndarray, "b d"]]:
    """The embeddings of some windows in float32, in parts."""
    return (widened(windows.embeddings[block]) for block in blocks(rows))


def _filled(
    parts: Iterable[Float32[np.ndarray, "b w"]], count: int, width: int
) -> Float32[np.ndarray, "n w"]:
    """One array of `count` rows that come in parts, of which one is in memory twice at a time."""
    whole, first = np.empty((count, width), np.float32), 0
    for part in parts:
        whole[first : first + len(part)] = part
        first += len(part)
    return whole


def widened(halves: Float16[np.ndarray, "n d"]) -> Float32[np.ndarray, "n d"]:
    """Finite numbers of float16 in float32, the very same; `astype` takes several times as long.

    The sign stays the first bit, exponent and fraction move to their places, and a product corrects
    the exponent, of which float16 counts from 15 and float32 from 127.
    """
    bits = np.ascontiguousarray(halves).view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= ~0x70000000
    found = bits.view(np.float32)
    found *= np.float32(2.0 ** (127 - 15))
    return found


def _checked(parts: Iterable[_Part], check: Callable[[], object]) -> Iterator[_Part]:
    """The parts, with a check before each."""
    for part in parts:
        check()
        yield part


def _joined(parts: Iterable[Embedded], most: int, dimensions: int) -> Embedded:
    """All windows of parts, of which there are at most so many, with finite embeddings."""
    embeddings, count = np.empty((most, dimensions), np.float16), 0
    whole = Embedded(np.empty(most, np.int32), np.empty(most), np.empty(most), embeddings)
    for part in parts:
        after = count + len(part)
        if after > most:
            raise InputError(f"more than {most:,} windows")
        # One of them would spoil the components of all, and `widened` makes a number of it.
        if not np.isfinite(part.embeddings).all():
            raise InputError(
                "an embedding is NaN or infinite; index the folder again into a new library"
            )
        for field in dataclasses.fields(Embedded):
            getattr(whole, field.name)[count:after] = getattr(part, field.name)
        count = after
    return whole.select(slice(count))


def _axes(embeddings: Float32[np.ndarray, "n d"]) -> Float32[np.ndarray, "d c"]:
    """The directions of the greatest variance."""
    centred = embeddings - embeddings.sum(axis=0) / max(len(embeddings), 1)
    # In the order of their variance, the least first.
    _, axes = np.linalg.eigh(centred.T @ centred)
    return axes[:, -COMPONENTS:]


def _firsts(numbers: Int[np.ndarray, "n"], count: int) -> Int[np.ndarray, "k"]:
    """The place of the first of each number below `count`, once they are sorted, and of the end."""
    return np.cumsum(np.r_[0, np.bincount(numbers, minlength=count)])


def _greatest(values: Float32[np.ndarray, "n"], count: int) -> Int[np.ndarray, "m"]:
    """The places of the `count` greatest values, in any order; of fewer values all.

    NumPy's partition takes ten times as long as to leave most values out by a bound, which is one
    of the greatest of a sample.
    """
    some, rank = values[::STEP], 2 * count // STEP
    if 0 < rank < len(some):
        above = np.flatnonzero(values >= np.partition(some, -rank)[-rank])
        if len(above) >= count:
            return above[np.argpartition(values[above], -count)[-count:]]
    order = np.arange(len(values)) if len(values) <= count else np.argpartition(values, -count)
    return order[-count:]
