"""Tables of numbers in text, against Python's own reading of numbers."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motext_jax.motion.number_table import number_table

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SPELLINGS = st.sampled_from(["{!r}", "{:.6f}", "{:g}", "{:e}"])
BLANKS = st.text(" \t\r", min_size=1, max_size=3)


@given(st.data(), st.integers(1, 5), st.integers(1, 5))
def test_numbers_are_read_as_python_reads_them(data, width, count):
    lines, expected = [], []
    for _ in range(count):
        row = [data.draw(SPELLINGS).format(data.draw(NUMBERS)) for _ in range(width)]
        expected.append([float(number) for number in row])
        line = "".join(f"{data.draw(BLANKS)}{number}" for number in row)
        lines.append(line + data.draw(st.sampled_from(["", " ", "\t", "\n \n"])))
    cut = data.draw(st.integers(0, count))
    texts = ["\n".join(lines[:cut]), "\n".join(lines[cut:])]
    np.testing.assert_array_equal(number_table(texts, width), expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "1 2\n3",
        "1 2\n3 4 5\n6",
        "1\n2\n3\n4",
        "1 2\n3 four",
        "1 2\n3 1_0",
        "1 2\n3 0x10",
        '1 2\n3 "4"',
        "1 2\n3 1,5",
        "1 2\n3 -",
        "1 2\n# 3",
    ],
)
def test_anything_else_is_none(text):
    assert number_table([text], 2) is None


@pytest.mark.parametrize("found", ["nan", "inf", "1e999"])
def test_what_is_not_finite_is_never_a_finite_number(found):
    table = number_table([f"1 2\n3 {found}"], 2)
    assert table is None or not np.isfinite(table[1, 1])


def test_one_block_is_in_memory_at_a_time():
    block, count = "1.500000 2.500000\n" * 20_000, 40
    number_table([block], 2)
    tracemalloc.start()
    table = number_table(itertools.repeat(block, count), 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.shape == (20_000 * count, 2)
    # The tables, and all of them as one; a block's text and what is found in it take 20 of its own.
    assert peak < 2.2 * table.nbytes + 20 * len(block)
