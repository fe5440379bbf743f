"""Times queries over a thousand to a million windows.

    python benchmarks/library/scale.py [--windows 1000 100000 1000000] [--folder=DIR]

The embeddings are unit vectors of 256 numbers around 2,000 centres, in takes of 50 windows, written
as `index` writes them. A query is a vector about as far from a centre as a text is from its
motions; the text tower is left out. Each way is asked in a process of its own, whose memory is
printed, as it is at the end and at its peak: `library` is a search as it stands, `all compared` and
`index of vectors` are the same with the other choices of `EXACT`, `kept in memory` holds the
windows, as `serve` does. `CPU` is the median of a query's time of all cores. `recall` is the share
of the ten nearest takes, by exact cosines, that are among the ten answers. Faiss takes part where
it is installed.
"""

import argparse
import concurrent.futures
import dataclasses
import importlib.util
import multiprocessing
import pathlib
import tempfile
import time
from collections.abc import Callable

import numpy as np

from motext_jax.skeleton import SMPL22

DIMENSIONS, CENTRES, TAKE, QUERIES, TOP = 256, 2000, 50, 200, 10
NOISE, FAR = 0.6, 1.5
"""Length of the noise around a centre of length 1: cosines of windows of one centre are about 0.74,
and those of a query with its centre 0.55."""

COMMIT = 4000
"""Windows of a commit, about as many as `index` gathers."""


def main() -> None:
    """Prints a row for each way and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--windows", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=pathlib.Path, help="keeps the libraries, for another run")
    asked = parser.parse_args()
    ways = ["index of vectors", "all compared", "library", "kept in memory", "numpy"]
    ways += ["faiss, flat", "faiss, IVF"] if importlib.util.find_spec("faiss") else []
    print("| windows | way | ready in | p50 | p95 | CPU | recall@10 | memory | peak |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for count in asked.windows:
            place = (asked.folder or pathlib.Path(scratch)) / str(count)
            if not place.exists():
                seconds = alone(build, place, count)
                row = f"| {count:,} | written in commits | {seconds:.1f} s |"
                print(row + 6 * " |", flush=True)
            nearest = alone(exact, count)
            for way in ways:
                made = alone(settle, place) if way == "index of vectors" else 0.0
                opened, times, answers, memory = alone(ask, place, count, way)
                (low, cpu), (high, _) = np.percentile(times, [50, 95], axis=0)
                shares = [len(set(a) & set(b)) / TOP for a, b in zip(answers, nearest, strict=True)]
                print(
                    f"| {count:,} | {way} | {made + opened:.1f} s | {1e3 * low:.2f} ms | "
                    f"{1e3 * high:.2f} ms | {1e3 * cpu:.2f} ms | {np.mean(shares):.4f} | "
                    f"{memory[0] / 1e9:.2f} GB | {memory[1] / 1e9:.2f} GB |",
                    flush=True,
                )


def alone(function: Callable, *args):
    """A function's result in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, context) as pool:
        return pool.submit(function, *args).result()


def embeddings(count: int) -> np.ndarray:
    """The windows' embeddings [n d] in float16."""
    rng = np.random.default_rng(1)
    found = np.empty((count, DIMENSIONS), np.float16)
    for first in range(0, count, COMMIT):
        part = found[first : first + COMMIT]
        part[:] = around(rng, len(part), NOISE)
    return found


def around(rng: np.random.Generator, count: int, noise: float) -> np.ndarray:
    """Unit vectors around the centres, drawn by chance."""
    centres = np.random.default_rng(0).normal(size=(CENTRES, DIMENSIONS)).astype(np.float32)
    # A motion is of few kinds: the centres are in 64 of the dimensions.
    centres[:, 64:] = 0
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    far = rng.normal(size=(count, DIMENSIONS)) * noise / DIMENSIONS**0.5
    found = centres[rng.integers(0, CENTRES, count)] + far
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def build(place: pathlib.Path, count: int) -> float:
    """Writes a library; gives the seconds without those in which vectors are drawn."""
    from motext_jax.library.facts import Facts
    from motext_jax.library.rows import Embedded, Row, new_take
    from motext_jax.library.store import Store

    facts = Facts(
        *(str(place), "none", "none", 0, ((1.0,) + (0.0,) * (DIMENSIONS - 1),), {}),
        dataclasses.asdict(SMPL22),
    )
    vectors = embeddings(count)
    began = time.perf_counter()
    store = Store.create(place, facts)
    for first in range(0, count, COMMIT):
        part = vectors[first : first + COMMIT]
        numbers = np.arange(first, first + len(part))
        ids = [new_take() for _ in range(len(part) // TAKE)]
        takes, starts = np.repeat(ids, TAKE), (numbers % TAKE).astype(float)
        store.add(Embedded(takes, starts, starts + 1, part), numbers * 0, [])
        store.commit(
            [
                Row(f"{first // TAKE + k:07d}.bvh", take, 0, "", windows=TAKE, seconds=TAKE + 0.0)
                for k, take in enumerate(ids)
            ]
        )
    return time.perf_counter() - began


def exact(count: int) -> list[list[int]]:
    """The nearest takes of each query, the nearest first."""
    vectors, queries = embeddings(count), around(np.random.default_rng(2), QUERIES, FAR)
    best = [
        (vectors[first : first + COMMIT].astype(np.float32) @ queries.T)
        .reshape(-1, TAKE, QUERIES)
        .max(axis=1)
        for first in range(0, count, COMMIT)
    ]
    return np.argsort(-np.concatenate(best), axis=0)[:TOP].T.tolist()


def settle(place: pathlib.Path) -> float:
    """Seconds in which the index of vectors is built."""
    from motext_jax.library.store import Store

    store = Store.open(place)
    began = time.perf_counter()
    store.settle(64, 0)
    return time.perf_counter() - began


def ask(place: pathlib.Path, count: int, way: str) -> tuple[float, list, list, list[int]]:
    """Seconds until a way can be asked, those of each query and its CPU, answers, resident memory.

    The memory is that of the end, and the most until then.
    """
    queries = around(np.random.default_rng(2), QUERIES, FAR)
    began = time.perf_counter()
    search = _peer(count, way) if way.startswith(("numpy", "faiss")) else _own(place, way)
    made = time.perf_counter() - began
    times, answers = [], []
    search(queries[0])
    for query in queries:
        began = time.perf_counter(), time.process_time()
        answers.append(search(query))
        times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    status = pathlib.Path("/proc/self/status").read_text()
    memory = [1024 * int(status.partition(f"{name}:")[2].split()[0]) for name in ("VmRSS", "VmHWM")]
    return made, times, answers, memory


def _own(place: pathlib.Path, way: str) -> Callable[[np.ndarray], list[int]]:
    """A library's search."""
    from motext_jax.library import contents
    from motext_jax.library import library as opened
    from motext_jax.library.query import Query
    from motext_jax.library.store import Store

    contents.EXACT = {"library": contents.EXACT, "all compared": 10**9}.get(way, 0)

    class Vectors:
        """The model of no text: the next query's vector."""

        vector = np.zeros(DIMENSIONS)

        def encode_text(self, texts):
            return self.vector[None]

        def judge(self, text, cosines):
            return (), ()

    model = Vectors()
    opened.Library.model = property(lambda library: model)
    library = opened.Library(Store.open(place))
    if way == "kept in memory":
        library.keep_in_memory().join()

    def search(vector: np.ndarray) -> list[int]:
        model.vector = vector
        answers = library.search(Query(text="someone walks"), top=TOP)
        return [int(answer.file.removesuffix(".bvh")) for answer in answers]

    return search


def _peer(count: int, way: str) -> Callable[[np.ndarray], list[int]]:
    """A plain scan, or faiss; each gives takes, as a library does."""
    vectors = embeddings(count).astype(np.float32)
    most = min(count, TAKE * TOP)
    if way == "numpy":

        def nearest(vector):
            cosines = vectors @ vector
            rows = np.argpartition(-cosines, most - 1)[:most]
            return rows[np.argsort(-cosines[rows])]
    else:
        import faiss

        if way == "faiss, IVF":
            lists = max(1, min(int(4 * count**0.5), count // 40))
            index = faiss.index_factory(DIMENSIONS, f"IVF{lists},Flat", faiss.METRIC_INNER_PRODUCT)
            index.train(vectors[:100_000])
            index.nprobe = 64
        else:
            index = faiss.IndexFlatIP(DIMENSIONS)
        index.add(vectors)
        del vectors

        def nearest(vector):
            return index.search(vector[None], most)[1][0]

    return lambda vector: list(dict.fromkeys((nearest(vector) // TAKE).tolist()))[:TOP]


if __name__ == "__main__":
    main()
