"""Recall and time of windows in inverted lists: the choice of the constants of that module.

    python benchmarks/library/inverted_lists.py LIBRARY... [--windows=1000000]

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
from motext_jax.library import inverted_lists
from motext_jax.library.contents import Contents
from motext_jax.library.inverted_lists import InvertedLists
from motext_jax.library.library import open_library
from motext_jax.library.query import Take
from motext_jax.library.rows import Embedded

COMPONENTS, SHARES, TOP = (32, 48), (0.05, 0.1, 0.15), 10
MOVED = 0.1, 0.5
"""The least and the greatest factor of a copy."""


def main() -> None:
    """Prints a row for each number of components and share of windows."""
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
    print("| components | built in | looked at | recall@10 | least | p50 | CPU |")
    print("|---|---|---|---|---|---|---|")
    for components in COMPONENTS:
        inverted_lists.COMPONENTS = components
        began = time.perf_counter()
        parts = (windows.select(slice(k, k + 50_000)) for k in range(0, len(windows), 50_000))
        lists = InvertedLists.of(parts, counts, queries.shape[1])
        built = time.perf_counter() - began
        takes = [Take(str(k), 0, 0, "", windows=int(count)) for k, count in enumerate(counts)]
        contents = Contents(None, 0, {}, takes, {}, None, {}, lists)
        every = np.ones(len(takes), bool)
        for share in SHARES:
            inverted_lists.SHARE = share
            clocks, recalls = [], []
            for query, wanted in zip(queries, nearest, strict=True):
                began = time.perf_counter(), time.process_time()
                found = contents.seen(every, [query], TOP, lambda seen, q=query: scores(seen, q))
                clocks.append((time.perf_counter() - began[0], time.process_time() - began[1]))
                recalls.append(len(set(found.takes.tolist()) & set(wanted)) / TOP)
            wall, cpu = 1e3 * np.median(clocks, axis=0)
            print(
                f"| {components} | {built:.1f} s | {share:.0%} | "
                f"{np.mean(recalls):.4f} | {min(recalls):.1f} | {wall:.1f} ms | {cpu:.1f} ms |",
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
    takes, spans, found = [], [], np.empty((count, vectors.shape[1]), np.float16)
    for copy, first in enumerate(range(0, count, len(vectors))):
        rows = slice(min(len(vectors), count - first))
        factors = rng.uniform(*MOVED, ids.max() + 1)[ids, None] * (copy > 0)
        some, others = rng.integers(len(vectors), size=(2, len(vectors)))
        moved = vectors + factors * (vectors[some] - vectors[others])
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        found[first : first + len(vectors)] = moved[rows]
        takes.append((copy * (ids.max() + 1) + ids)[rows])
        spans.append(np.concatenate([(one.starts, one.ends) for one in given], axis=1)[:, rows])
    numbers = np.concatenate(takes)
    return Embedded(numbers, *np.concatenate(spans, axis=1), found), np.bincount(numbers)


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
