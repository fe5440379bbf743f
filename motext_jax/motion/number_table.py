"""Tables of numbers in text, read by Arrow."""

import numpy as np
from jaxtyping import Float

_ENDS = bytes.maketrans(b" \t\r\v\f", b"\n" * 5)


def number_table(text: str, width: int) -> Float[np.ndarray, "t c"] | None:
    """Reads lines of `width` numbers between white space; blank lines do not count.

    Returns:
      The numbers, among them perhaps NaN and infinities; None for anything else than such lines,
      and for spellings of numbers that are rare, as `+1`.
    """
    # Not above: it takes a tenth of a second, and only this reader needs it.
    import pyarrow
    from pyarrow import csv

    content = f"{text}\n".encode()
    letters = np.frombuffer(content, np.uint8)
    begins = letters > ord(" ")
    begins[1:] &= letters[:-1] <= ord(" ")
    lines = np.flatnonzero(letters == ord("\n"))
    counts = np.add.reduceat(begins, np.concatenate([[0], lines]), dtype=np.int64)
    if not counts.any() or not np.isin(counts, (0, width)).all():
        return None
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
