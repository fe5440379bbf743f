"""The nearest windows of a large library, by LanceDB's own index of vectors.

Up to `EXACT` windows all embeddings are in memory and every one is compared. Beyond, the index
finds candidates, and all windows of their best takes are then compared exactly.
"""

import contextlib
from typing import Any

import numpy as np
from jaxtyping import Float

EXACT = 300_000
"""Windows up to which all are compared: 256 numbers each take 300 MB and about 30 ms."""

GROWN = 0.2
"""The share of windows that are not in the index from which on it is built anew."""

CANDIDATES = 2_000
"""Windows that the index gives for each vector, the first time."""

PROBES, REFINED = 64, 2
"""Partitions that are looked at, more where a filter leaves too few windows in them; and candidates
compared exactly for each that is given."""


def keep_index(windows: Any, most: int) -> None:
    """Builds the index of a table of windows, or builds it anew, where it is large.

    Args:
      windows: LanceDB's table.
      most: windows up to which there is no need of one.
    """
    from lancedb.index import BTree, IvfRq

    count = windows.count_rows()
    if count <= most:
        return
    if _unindexed(windows, "embedding", count) > GROWN * count:
        windows.create_index("embedding", config=IvfRq(distance_type="cosine"))
    if _unindexed(windows, "take", count) > GROWN * count:
        windows.create_index("take", config=BTree())


def _unindexed(windows: Any, column: str, count: int) -> int:
    """Rows that a column's index does not hold."""
    for index in windows.list_indices():
        if index.columns == [column]:
            with contextlib.suppress(AttributeError):
                return int(windows.index_stats(index.name).num_unindexed_rows)
    return count


def candidates(
    windows: Any, vector: Float[np.ndarray, "d"], count: int, columns: list[str], where: str
) -> Any:
    """The windows nearest to a vector, as a table of Arrow.

    Args:
      windows: LanceDB's table.
      vector: the vector.
      count: the most windows; fewer are given only where there are no more.
      columns: the columns that are given.
      where: a condition that all of them fulfil, in SQL; empty for none.
    """
    asked = windows.search(vector.astype(np.float32), vector_column_name="embedding")
    asked = asked.distance_type("cosine").refine_factor(REFINED)
    # A maximum of 0 is none: all partitions, where the nearest have too few windows.
    asked = asked.minimum_nprobes(PROBES).maximum_nprobes(0)
    if where:
        asked = asked.where(where, prefilter=True)
    # LanceDB warns at every query that leaves its own column to it.
    return asked.limit(count).select([*columns, "_distance"]).to_arrow()
