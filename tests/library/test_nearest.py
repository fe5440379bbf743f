"""Search of many windows by LanceDB's index of vectors, beside the comparison of all."""

import lancedb
import numpy as np
import pyarrow
import pytest

from motext_jax.library.nearest import candidates, keep_index

DIMENSIONS, COUNT, NEAR = 64, 1500, 10


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    """A table of unit vectors, a query, and the rows near it.

    The index is built at random and estimates a cosine to about 0.1. The rows near the query have
    cosines above 0.85 and all others below 0.5, so that no index can take one for the other.
    """
    rng = np.random.default_rng(0)
    query = rng.normal(size=DIMENSIONS)
    vectors = rng.normal(size=(COUNT, DIMENSIONS))
    near = rng.choice(COUNT, NEAR, replace=False)
    vectors[near] = query + 0.4 * vectors[near]
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    cosines = vectors.astype(float) @ query / np.linalg.norm(query)
    assert cosines[near].min() > 0.85 and np.delete(cosines, near).max() < 0.5
    columns = {
        "take": pyarrow.array(np.arange(COUNT)),
        "embedding": pyarrow.FixedSizeListArray.from_arrays(vectors.ravel(), DIMENSIONS),
    }
    database = lancedb.connect(str(tmp_path_factory.mktemp("nearest")))
    table = database.create_table("windows", pyarrow.table(columns))
    keep_index(table, COUNT - 1)
    return table, query, near


def test_a_large_table_has_an_index_and_a_small_one_none(windows):
    table, _, _ = windows
    assert {index.columns[0] for index in table.list_indices()} == {"embedding", "take"}


def test_the_nearest_are_found_and_nothing_is_said(windows, capfd):
    table, query, near = windows
    found = candidates(table, query, 100, ["take", "embedding"], "")
    assert len(found) == 100
    assert set(near.tolist()) <= set(found["take"].to_pylist())
    # LanceDB's warnings would stand on a terminal at every search.
    assert capfd.readouterr() == ("", "")
