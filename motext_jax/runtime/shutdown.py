"""The one way out of a command, alone or among several processes."""

import os
import sys
import threading
from typing import NoReturn

from motext_jax.runtime import signals

PARTING_SECONDS = 5.0
"""Seconds that a process which ends early waits for the others to end."""


def leave(status: int, said: str = "") -> NoReturn:
    """Ends this process before its work is done; of several, the others end by it, too.

    Args:
      status: 2 for bad input, 1 for a fault, and those of `signals`.
      said: a last line on stderr.
    """
    signals.finish(status)
    if said:
        print(said, file=sys.stderr)
    # A command that refuses its options has not waited for JAX.
    jax = sys.modules.get("jax")
    if jax is not None and jax.distributed.is_initialized():
        # Processes that fail alike part here. One that fails alone must not wait for those that
        # wait for it, as Python's own way out would for minutes: JAX ends them once it is gone.
        parting = threading.Thread(target=jax.distributed.shutdown, daemon=True)
        parting.start()
        parting.join(timeout=PARTING_SECONDS)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
