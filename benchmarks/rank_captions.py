"""Ranks captions and clips in each other's lists: python benchmarks/rank_captions.py [N ...].

It prints the seconds that `evaluation.ranking` takes by tiles. Up to 20,000 clips it also prints
those of whole float64 rows, 512 at a time, and compares the ranks. Embeddings are random, of unit
length and 512 wide, and a caption is nearer to its own clip than to most others.
"""

import sys
import time

import numpy as np

from motext_jax.evaluation.ranking import caption_ranks
from motext_jax.evaluation.retrieval import best_ranks

DIMENSIONS = 512
MOST_BY_ROWS = 20_000


def embeddings(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Texts and clips of unit length, where text k belongs to clip k."""
    rng = np.random.default_rng(0)
    clips = rng.normal(size=(size, DIMENSIONS)).astype(np.float32)
    texts = 0.15 * clips + rng.normal(size=clips.shape).astype(np.float32)
    return tuple(side / np.linalg.norm(side, axis=1, keepdims=True) for side in (texts, clips))


def by_rows(texts: np.ndarray, clips: np.ndarray) -> list[np.ndarray]:
    """The ranks of both directions from the whole float64 rows."""
    texts, clips = texts.astype(float), clips.astype(float)
    size = np.arange(len(clips))
    return [
        np.concatenate(
            [
                best_ranks(queries[rows] @ items.T, rows[:, None] == size)
                for rows in np.split(size, range(512, len(size), 512))
            ]
        )
        for queries, items in ((texts, clips), (clips, texts))
    ]


def main():
    """Prints a line or two for each number of clips."""
    for size in map(int, sys.argv[1:] or ["5000", "20000"]):
        texts, clips = embeddings(size)
        start = time.perf_counter()
        ranks, _ = caption_ranks(texts, clips, np.arange(size))
        seconds = time.perf_counter() - start
        found = [ranks.text_to_motion, ranks.motion_to_text]
        print(f"{size} clips: {seconds:.1f} s by tiles, R@1 {100 * np.mean(found[0] < 1):.2f}")
        if size <= MOST_BY_ROWS:
            start = time.perf_counter()
            expected = by_rows(texts, clips)
            print(f"  {time.perf_counter() - start:.1f} s by rows")
            for one, other in zip(found, expected, strict=True):
                np.testing.assert_array_equal(one, other)


if __name__ == "__main__":
    main()
