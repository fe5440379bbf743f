"""Texts in pictures: they are drawn letter by letter, whatever stands in them."""

import contextlib
import threading
from collections.abc import Iterator

import matplotlib

# Matplotlib's settings are those of all threads.
_ALONE = threading.RLock()


@contextlib.contextmanager
def plain_texts() -> Iterator[None]:
    """Draws every text of the block as it stands, a `$` too, which begins a formula elsewhere."""
    with _ALONE, matplotlib.rc_context({"text.parse_math": False, "text.usetex": False}):
        yield
