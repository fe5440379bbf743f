"""The windows of a large library in memory, in lists of those that are near to each other.

It is an inverted file (Sivic and Zisserman, "Video Google", 2003) whose lists k-means makes. A
query is compared with the centroids of all lists, and with the windows of the nearest lists.
"""

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Bool, Float, Float16, Float32, Int

from motext_jax.errors import InputError
from motext_jax.library.kmeans import k_means, nearest
from motext_jax.library.rows import Embedded

LISTS, LOOKED = 1.0, 20.0
"""Number of lists, and of windows that a query looks at, each times the root of the number of all
windows: of a million 1,000 lists and 20,000 windows."""

SAMPLE = 50
"""Windows of a list, on the mean, by which k-means finds its centroid."""

BLOCK = 2_048
"""Windows that are widened at once, so that they stay in a core's cache."""

COLUMNS = 32
"""Numbers of an embedding that are twice in memory while windows are put in order."""


@dataclasses.dataclass(frozen=True, eq=False)
class Lists:
    """Windows in lists.

    Attributes:
      centroids: the mean embedding of each list.
      firsts: the row of each list's first window, and the number of all windows.
      windows: all windows, list after list, with embeddings in float16.
      rows: the rows of each take's windows by their ends, take after take.
      takes: the place in `rows` of each take's first window, and the number of all.
    """

    centroids: Float32[np.ndarray, "k d"]
    firsts: Int[np.ndarray, "m"]
    windows: Embedded
    rows: Int[np.ndarray, "n"]
    takes: Int[np.ndarray, "t"]

    @classmethod
    def of(
        cls, parts: Iterable[Embedded], counts: Int[np.ndarray, "t"], dimensions: int
    ) -> "Lists":
        """Lists of windows that come in parts, and that are never in memory twice.

        Args:
          parts: windows, each with the number of its take.
          counts: the most windows of each take.
          dimensions: the length of an embedding.

        Raises:
          InputError: they are more windows than all counts.
        """
        windows = _joined(parts, int(counts.sum()), dimensions)
        centroids = _centroids(windows.embeddings)
        lists = nearest(windows.embeddings, centroids)
        order = np.lexsort((windows.ends, windows.takes, lists))
        for first in range(0, dimensions, COLUMNS):
            some = windows.embeddings[:, first : first + COLUMNS]
            some[:] = some[order]
        takes, ends = windows.takes[order], windows.ends[order]
        return cls(
            centroids,
            _firsts(lists, len(centroids)),
            Embedded(takes, windows.starts[order], ends, windows.embeddings),
            np.lexsort((ends, takes)).astype(np.int32),
            _firsts(takes, len(counts)),
        )

    @property
    def looked(self) -> int:
        """The number of windows that a query looks at."""
        return round(LOOKED * len(self.windows) ** 0.5)

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
        rows, left = [np.zeros(0, int)], max(count, self.looked)
        for number in np.argsort(-(self.centroids @ vector), kind="stable"):
            own = np.arange(self.firsts[number], self.firsts[number + 1])
            if not every:
                own = own[asked[self.windows.takes[own]]]
            rows.append(own)
            left -= len(own)
            if left <= 0:
                break
        found = np.concatenate(rows)
        if len(found) > count:
            cosines = np.concatenate([np.vecdot(part, vector) for part in self._widened(found)])
            found = found[np.argpartition(-cosines, count - 1)[:count]]
        return self._select(found)

    def of_takes(self, numbers: Int[np.ndarray, "m"]) -> Embedded:
        """All windows of some takes, those of each together and by their ends."""
        parts = [self.rows[self.takes[take] : self.takes[take + 1]] for take in numbers.tolist()]
        return self._select(np.concatenate([np.zeros(0, np.int32), *parts]))

    def _select(self, rows: Int[np.ndarray, "m"]) -> Embedded:
        """Some windows, with embeddings in float32."""
        found = self.windows
        embeddings = np.empty((len(rows), found.embeddings.shape[1]), np.float32)
        first = 0
        for part in self._widened(rows):
            embeddings[first : first + len(part)] = part
            first += len(part)
        return Embedded(found.takes[rows], found.starts[rows], found.ends[rows], embeddings)

    def _widened(self, rows: Int[np.ndarray, "m"]) -> Iterator[Float32[np.ndarray, "b d"]]:
        """The embeddings of some windows in float32, in parts."""
        for first in range(0, len(rows), BLOCK):
            yield widened(self.windows.embeddings[rows[first : first + BLOCK]])


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


def _joined(parts: Iterable[Embedded], most: int, dimensions: int) -> Embedded:
    """All windows of parts, of which there are at most so many."""
    embeddings, count = np.empty((most, dimensions), np.float16), 0
    whole = Embedded(np.empty(most, np.int32), np.empty(most), np.empty(most), embeddings)
    for part in parts:
        after = count + len(part)
        if after > most:
            raise InputError(f"more than {most:,} windows")
        for field in dataclasses.fields(Embedded):
            getattr(whole, field.name)[count:after] = getattr(part, field.name)
        count = after
    return whole.select(slice(count))


def _centroids(embeddings: Float16[np.ndarray, "n d"]) -> Float32[np.ndarray, "k d"]:
    """Centroids of the lists, by a sample drawn by chance."""
    count = max(1, round(LISTS * len(embeddings) ** 0.5))
    most = min(SAMPLE * count, len(embeddings))
    sample = np.random.default_rng(0).choice(len(embeddings), most, replace=False)
    return k_means(embeddings[np.sort(sample)].astype(np.float32), count)


def _firsts(numbers: Int[np.ndarray, "n"], count: int) -> Int[np.ndarray, "m"]:
    """The place of each number's first among sorted numbers below `count`, and that of the end."""
    return np.cumsum(np.r_[0, np.bincount(numbers, minlength=count)])
