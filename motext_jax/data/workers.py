"""Worker processes that read files."""

import concurrent.futures
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from motext_jax.runtime.signals import hold_interrupts

Item = TypeVar("Item")
Result = TypeVar("Result")

STARTING = 2.5
"""Seconds of work that are worth other processes: as long as two take to start."""

TRIED = 0.5
"""Seconds of work by which the rest is judged."""


def alone(
    function: Callable[[Item], Result], items: Sequence[Item], processes: int
) -> Iterator[Result]:
    """The first items' results, by this process, until others should help with the rest.

    That is once the rest would take longer than other processes to start. What is done with a
    result does not count.

    Args:
      function: what is called with each item.
      items: all of them.
      processes: number of processes that there would be; 1 is this one, which does all.
    """
    spent = 0.0
    for done, item in enumerate(items):
        left = len(items) - done
        if processes > 1 and spent > TRIED and spent * left > STARTING * done:
            return
        began = time.monotonic()
        result = function(item)
        spent += time.monotonic() - began
        yield result


def in_processes(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    processes: int,
    started: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, Result]]:
    """Each item's number and result, in the order in which they are done.

    Args:
      function: of a module, so that another process can import it.
      items: what it is called with.
      processes: number of processes; 1 is this one.
      started: called where other processes start, while they do.
    """
    if processes == 1 or len(items) < 2:
        yield from ((number, function(item)) for number, item in enumerate(items))
        return
    # Spawned: a forked process would inherit the caller's threads.
    context = multiprocessing.get_context("spawn")
    pool = concurrent.futures.ProcessPoolExecutor(
        processes, context, _end_with_parent, (os.getpid(),)
    )
    others = set(multiprocessing.active_children())
    with pool:
        try:
            with hold_interrupts():
                waiting = {pool.submit(function, item): k for k, item in enumerate(items)}
            started()
            for future in concurrent.futures.as_completed(waiting):
                yield waiting.pop(future), future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            # What they do is half done, and nobody waits for it.
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


def _end_with_parent(parent: int) -> None:
    """Ends a worker whose parent was killed, perhaps while the worker started.

    It would wait for work for ever.

    Args:
      parent: the parent's process number.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
