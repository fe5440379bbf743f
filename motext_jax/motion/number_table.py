"""Tables of numbers in text, read by Arrow."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

_ENDS = bytes.maketrans(b" \t\r\v\f", b"\n" * 5)


def number_table(texts: Iterable[str], width: int) -> Float[np.ndarray, "t c"] | None:
    """Reads lines of `width` numbers between white space; blank lines do not count.

    Args:
      texts: the text in blocks of whole lines, one of which is in memory at a time.
      width: numbers of a line.

    Returns:
      The numbers, among them perhaps NaN and infinities; None for anything else than such lines.
    """
    tables = []
    for text in texts:
        table = _table(text, width)
        if table is None:
            return None
        tables.append(table)
    return np.concatenate(tables) if any(map(len, tables)) else None


def _table(text: str, width: int) -> Float[np.ndarray, "t c"] | None:
    # Not above: it takes a tenth of a second, and only this reader needs it.
    import pyarrow
    from pyarrow import csv

    content = f"{text}\n".encode()
    letters = np.frombuffer(content, np.uint8)
    begins = letters > ord(" ")
    begins[1:] &= letters[:-1] <= ord(" ")
    ends = np.flatnonzero(letters == ord("\n"))
    counts = np.diff(np.searchsorted(np.flatnonzero(begins), ends), prepend=0)
    if not np.isin(counts, (0, width)).all():
        return None
    if not counts.any():
        return np.zeros((0, width))
    # Number by number, for Arrow's columns would be parted by one space alone.
    column = pyarrow.BufferReader(content.translate(_ENDS))
    one_each = csv.ReadOptions(use_threads=False, column_names=["number"])
    unquoted = csv.ParseOptions(quote_char=False)
    numbers = csv.ConvertOptions(column_types={"number": pyarrow.float64()}, null_values=[])
    try:
        table = csv.read_csv(column, one_each, unquoted, numbers)
    except pyarrow.ArrowInvalid:
        return None
    return table["number"].to_numpy().reshape(-1, width)
