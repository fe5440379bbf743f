"""Ctrl-C and SIGTERM: they end a command in one line, from its first moment to its last."""

import contextlib
import os
import signal
import types
from collections.abc import Iterator

UNFINISHED = 75
"""The status of a command that SIGTERM ended, as of a program that is to be tried again: sysexits'
EX_TEMPFAIL. A scheduler can start it anew by that."""

INTERRUPTED = 128 + signal.SIGINT
"""The status of a command that Ctrl-C ended, as shells have it."""

STOPPED = "stopped; the same command goes on where it can"

_STATUS = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: UNFINISHED}


class Stopped(KeyboardInterrupt):
    """A signal asks the command to end.

    Attributes:
      status: the command's exit status.
    """

    def __init__(self, number: int):
        super().__init__(signal.Signals(number).name)
        self.status = _STATUS[signal.Signals(number)]


_raised: Stopped | None = None


def end_at_once() -> None:
    """Lets a signal end the process with no exception and no cleaning up.

    So it is before a command can catch an exception, and when it is on its way out.
    """
    _handle(_end)


def raise_stopped() -> None:
    """Lets a signal raise `Stopped` in the main thread, once; the next one ends at once.

    An import ends at once, too: modules catch what is raised in them, or die of it.
    """
    _handle(_raise)


def raised() -> Stopped | None:
    """The `Stopped` that a signal raised, even if other code turned it into another exception."""
    return _raised


@contextlib.contextmanager
def hold_interrupts() -> Iterator[None]:
    """Lets Ctrl-C wait until the block is over; a process that is started in it never hears one.

    A terminal sends it to all processes in front, and the one that started the others ends them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hold_until_handled() -> None:
    """Lets both signals wait for the program that takes this one's place, until it handles them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STATUS)


def _handle(handler: object) -> None:
    for number in _STATUS:
        # Ignored by whoever started the command, as a shell does for what is in its background.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)  # type: ignore[arg-type]
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STATUS)


def _end(number: int, _: object) -> None:
    # Not by `print`, which may be what the signal has interrupted.
    os.write(2, f"{STOPPED}\n".encode())
    os._exit(_STATUS[signal.Signals(number)])


def _raise(number: int, frame: types.FrameType | None) -> None:
    global _raised
    if _raised or _imports(frame):
        _end(number, frame)
    _raised = Stopped(number)
    raise _raised


def _imports(frame: types.FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
