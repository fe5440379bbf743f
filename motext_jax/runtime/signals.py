"""Ctrl-C and SIGTERM: both end a command with one line, from its first moment to its last."""

import atexit
import contextlib
import os
import signal
import sys
import types
from collections.abc import Iterator
from typing import Any

UNFINISHED = 75
"""Exit status of a command that SIGTERM ended: EX_TEMPFAIL of sysexits.h, which asks for another
try. A scheduler can start the command again by it."""

INTERRUPTED = 128 + signal.SIGINT
"""Exit status of a command that Ctrl-C ended, as shells give it."""

STOPPED = "stopped"

GOES_ON = "stopped; the same command goes on where it can"
"""The line where work is kept."""

_STATUS = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: UNFINISHED}


class Stopped(KeyboardInterrupt):
    """A signal asks the command to end.

    Attributes:
      status: the command's exit status.
      said: the command's last line; empty where it is said already.
    """

    def __init__(self, number: int, said: str = STOPPED):
        super().__init__(signal.Signals(number).name)
        self.status = _STATUS[signal.Signals(number)]
        self.said = said


_raised: Stopped | None = None
_kept = False


def end_at_once() -> None:
    """Lets a signal end the process, without an exception and without cleaning up.

    Commands do so before they can catch an exception.
    """
    _handle(_end)
    # Runs after all that is registered later. The interpreter then gives signals back to the
    # system, and the process would die of one, with its work done; an ignored one stays ignored.
    atexit.unregister(_ignore)
    atexit.register(_ignore)


def finish(status: int) -> None:
    """Lets a signal end the process at once with the status that it ends with anyway.

    The work is done, or its end is told: a signal changes neither, and says nothing.
    """
    _handle(lambda *_: os._exit(status))


@contextlib.contextmanager
def work_is_kept() -> Iterator[None]:
    """Marks a block whose work the same command takes up again, for the line of a signal in it."""
    global _kept
    before, _kept = _kept, True
    try:
        yield
    finally:
        _kept = before


def raise_stopped() -> None:
    """Lets a signal raise `Stopped` in the main thread; a second one ends the process at once.

    A signal during an import ends the process at once, too: a module may catch the exception, or
    break on it. So does one in a destructor or a callback of the garbage collector: their
    exceptions are printed and forgotten.
    """
    _handle(_raise)
    sys.unraisablehook = _end_unraised


def raised() -> Stopped | None:
    """The `Stopped` that a signal raised, even if other code made another exception of it."""
    return _raised


@contextlib.contextmanager
def hold_interrupts() -> Iterator[None]:
    """Holds Ctrl-C back until the block ends; a process started in the block never receives it.

    A terminal sends Ctrl-C to every process in the foreground. The one that started the others ends
    them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # The mask is this thread's and its children's. Another thread, such as BLAS's, may take the
    # signal, and Python then handles it here.
    held: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if held:
            signal.raise_signal(signal.SIGINT)


def hold_until_handled() -> None:
    """Holds both signals back until the program that replaces this one handles them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STATUS)


class StopSignal:
    """Notes Ctrl-C and SIGTERM in a block, so that the block can end where nothing is lost.

    A second Ctrl-C does what it did before the block; a second SIGTERM is noted like the first.

    Attributes:
      received: True once either has come.
      interrupted: True once Ctrl-C has come, after which a script should not go on.
    """

    def __init__(self, answer: str):
        """Makes the note; `answer` is the line that Ctrl-C is answered with."""
        self.received = self.interrupted = False
        self._answer = answer

    def __enter__(self) -> "StopSignal":
        self._before = {number: signal.signal(number, self._note) for number in _heard()}
        return self

    def __exit__(self, *_):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _: object):
        self.received = True
        if number == signal.SIGINT:
            self.interrupted = True
            # `print` may be the call that the signal has interrupted.
            os.write(2, f"{self._answer}\n".encode())
            signal.signal(signal.SIGINT, self._before[signal.SIGINT])


def _handle(handler: object) -> None:
    for number in _heard():
        signal.signal(number, handler)  # type: ignore[arg-type]
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STATUS)


def _heard() -> list[signal.Signals]:
    """The signals that are not ignored: a shell makes its background commands ignore Ctrl-C."""
    return [number for number in _STATUS if signal.getsignal(number) != signal.SIG_IGN]


def _end(number: int, _: object) -> None:
    # `print` may be the call that the signal has interrupted.
    os.write(2, f"{_line()}\n".encode())
    os._exit(_STATUS[signal.Signals(number)])


def _raise(number: int, frame: types.FrameType | None) -> None:
    global _raised
    if _raised or _imports(frame):
        _end(number, frame)
    _raised = Stopped(number, _line())
    raise _raised


def _end_unraised(unraisable: Any) -> None:
    if isinstance(unraisable.exc_value, Stopped):
        os.write(2, f"{unraisable.exc_value.said}\n".encode())
        os._exit(unraisable.exc_value.status)
    sys.__unraisablehook__(unraisable)


def _ignore() -> None:
    _handle(signal.SIG_IGN)


def _line() -> str:
    return GOES_ON if _kept else STOPPED


def _imports(frame: types.FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
