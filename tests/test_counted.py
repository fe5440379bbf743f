"""Numbers of things, in words."""

import pytest

from motext_jax.counted import counted


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((0, "file"), "0 files"),
        ((1, "file"), "1 file"),
        ((1200, "file"), "1,200 files"),
        ((1, "query", "queries"), "1 query"),
        ((2, "query", "queries"), "2 queries"),
    ],
)
def test_one_thing_is_no_several(asked, expected):
    assert counted(*asked) == expected
