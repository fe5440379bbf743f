"""Search of many windows by LanceDB's index of vectors, beside the comparison of all."""

import lancedb
import numpy as np
import pyarrow
import pytest

from motext_jax.library.nearest import candidates, keep_index

DIMENSIONS, COUNT = 32, 1500


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    """A table of unit vectors, and the vectors."""
    vectors = np.random.default_rng(0).normal(size=(COUNT, DIMENSIONS))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    columns = {
        "take": pyarrow.array(np.arange(COUNT)),
        "embedding": pyarrow.FixedSizeListArray.from_arrays(vectors.ravel(), DIMENSIONS),
    }
    database = lancedb.connect(str(tmp_path_factory.mktemp("nearest")))
    table = database.create_table("windows", pyarrow.table(columns))
    keep_index(table, COUNT - 1)
    return table, vectors


def test_a_large_table_has_an_index_and_a_small_one_none(windows):
    table, _ = windows
    assert {index.columns[0] for index in table.list_indices()} == {"embedding", "take"}


def test_the_nearest_are_found_and_nothing_is_said(windows, capfd):
    table, vectors = windows
    query = np.random.default_rng(1).normal(size=DIMENSIONS)
    # The index is built at random: among fewer candidates one of ten has been missing.
    found = candidates(table, query, 300, ["take", "embedding"], "")
    assert len(found) == 300
    nearest = np.argsort(-(vectors.astype(float) @ query))[:10]
    assert set(nearest.tolist()) <= set(found["take"].to_pylist())
    # LanceDB's warnings would stand on a terminal at every search.
    assert capfd.readouterr() == ("", "")
