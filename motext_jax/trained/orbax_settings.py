"""Orbax as checkpoints use it: silent but for its errors, and quick with small arrays.

Importing it sets up the whole process.
"""

import functools
import logging
import sys
import warnings
from typing import Any

import absl.logging
import jax
import orbax.checkpoint as ocp


def _is_wanted(record: logging.LogRecord) -> bool:
    """False for Orbax's lines: one for every directory, and for every array of a full disk.

    What they tell of errors is in the exceptions too, in one sentence.
    """
    return "orbax" not in record.pathname


absl.logging.get_absl_logger().addFilter(_is_wanted)

SLICED = 64 << 20
"""Bytes of an array from which on each device writes a part of it.

Orbax would compile a program for the part of each shape on each device: for a small model four
seconds at the first save.
"""

ocp.type_handlers.register_type_handler(
    jax.Array,
    ocp.type_handlers.ArrayHandler(min_slice_bytes_for_replica_parallel=SLICED),
    override=True,
)


@functools.cache
def silence_late_arrays() -> None:
    """Stops arrays that are done after another has failed from printing a traceback each.

    By then Orbax has closed their event loop. The error of the first array is the one to show.
    """
    before = sys.unraisablehook

    def show(raised: Any) -> None:
        late = isinstance(raised.exc_value, RuntimeError) and raised.object is None
        late = late and str(raised.exc_value) == "Event loop is closed"
        # A coroutine that nobody waits for any more.
        code = getattr(raised.object, "cr_code", None)
        if not late and not (code and "orbax" in code.co_filename):
            before(raised)

    sys.unraisablehook = show
    logging.getLogger("asyncio").addFilter(_of_others)
    warnings.filterwarnings("ignore", "coroutine 'async_(de)?serialize.* was never awaited")


def _of_others(record: logging.LogRecord) -> bool:
    """False for what asyncio says of Orbax's tasks and futures: their error is shown already."""
    message = record.getMessage()
    return "orbax" not in message and not message.startswith("Future exception was never")
