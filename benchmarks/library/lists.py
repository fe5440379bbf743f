"""Recall and time of lists in memory: the choice of the constants of `motext_jax/library/lists.py`.

    python benchmarks/library/lists.py LIBRARY... [--windows=1000000]

The windows are those of libraries that `index` made with one model. Their takes are copied until
there are enough: each window of a copy is moved by the difference of two others drawn by chance,
times a factor that is drawn for the copy. The queries are the names of the actions of people, as
the model embeds them, less the centre. `recall` is the share of the ten nearest takes, by exact
scores, that are found; `CPU` a query's time of a core, the text tower left out.
"""

import argparse
import time

import numpy as np

from motext_jax.data.people.source import CATEGORIES
from motext_jax.library import lists
from motext_jax.library.contents import Contents
from motext_jax.library.library import open_library
from motext_jax.library.query import Take
from motext_jax.library.rows import Embedded

NUMBERS, LOOKED, TOP = (0.5, 1.0, 2.0), (2.5, 5.0, 10.0, 20.0, 40.0), 10
MOVED = 0.1, 0.5
"""The least and the greatest factor of a copy."""


def main() -> None:
    """Prints a row for each number of lists and of windows that are looked at."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("libraries", nargs="+")
    parser.add_argument("--windows", type=int, default=1_000_000)
    asked = parser.parse_args()
    opened = [open_library(place) for place in asked.libraries]
    model, centre = opened[0].model, np.array(opened[0].store.facts.centre)
    queries = model.encode_text(CATEGORIES) - centre
    windows, counts = copied([library.store.windows() for library in opened], asked.windows)
    nearest = exact(windows, queries)
    print(f"{len(windows):,} windows of {len(counts):,} takes, {len(queries)} queries\n")
    print("| lists | built in | longest | looked at | recall@10 | least | p50 | CPU |")
    print("|---|---|---|---|---|---|---|---|")
    for lists.LISTS in NUMBERS:
        began = time.perf_counter()
        parts = (windows.select(slice(k, k + 50_000)) for k in range(0, len(windows), 50_000))
        held = lists.Lists.of(parts, counts, queries.shape[1])
        built = time.perf_counter() - began
        takes = [Take(str(k), 0, 0, "", windows=int(count)) for k, count in enumerate(counts)]
        contents = Contents(None, 0, {}, takes, {}, None, held)
        every = np.ones(len(takes), bool)
        for lists.LOOKED in LOOKED:
            clocks, shares = [], []
            for query, wanted in zip(queries, nearest, strict=True):
                began = time.perf_counter(), time.process_time()
                found = contents.seen(every, [query], TOP, lambda seen, q=query: scores(seen, q))
                clocks.append((time.perf_counter() - began[0], time.process_time() - began[1]))
                shares.append(len(set(found.takes.tolist()) & set(wanted)) / TOP)
            wall, cpu = 1e3 * np.median(clocks, axis=0)
            print(
                f"| {len(held.centroids):,} | {built:.0f} s | {np.diff(held.firsts).max():,} | "
                f"{held.looked:,} | {np.mean(shares):.4f} | {min(shares):.1f} | {wall:.1f} ms | "
                f"{cpu:.1f} ms |",
                flush=True,
            )


def scores(seen: Embedded, query: np.ndarray) -> np.ndarray:
    """The scores of windows."""
    return seen.embeddings @ query.astype(np.float32)


def copied(given: list[Embedded], count: int) -> tuple[Embedded, np.ndarray]:
    """Windows of takes and of their copies, and the number of windows of each take."""
    rng = np.random.default_rng(0)
    vectors = np.concatenate([one.embeddings for one in given]).astype(np.float32)
    ids = np.unique(np.concatenate([one.takes for one in given]), return_inverse=True)[1]
    takes, starts, found = [], [], np.empty((count, vectors.shape[1]), np.float16)
    for copy, first in enumerate(range(0, count, len(vectors))):
        rows = slice(min(len(vectors), count - first))
        factors = rng.uniform(*MOVED, ids.max() + 1)[ids, None] * (copy > 0)
        some, others = rng.integers(len(vectors), size=(2, len(vectors)))
        moved = vectors + factors * (vectors[some] - vectors[others])
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        found[first : first + len(vectors)] = moved[rows]
        takes.append((copy * (ids.max() + 1) + ids)[rows])
        starts.append(np.concatenate([one.starts for one in given])[rows])
    numbers, begun = np.concatenate(takes), np.concatenate(starts)
    return Embedded(numbers, begun, begun + 1, found), np.bincount(numbers)


def exact(windows: Embedded, queries: np.ndarray) -> list[list[int]]:
    """The nearest takes of each query."""
    best = np.full((int(windows.takes.max()) + 1, len(queries)), -np.inf, np.float32)
    for first in range(0, len(windows), 10_000):
        part = windows.select(slice(first, first + 10_000))
        order = np.argsort(part.takes, kind="stable")
        numbers, begun = np.unique(part.takes[order], return_index=True)
        products = part.embeddings[order].astype(np.float32) @ queries.T.astype(np.float32)
        best[numbers] = np.maximum(best[numbers], np.maximum.reduceat(products, begun))
    return np.argsort(-best, axis=0)[:TOP].T.tolist()


if __name__ == "__main__":
    main()
