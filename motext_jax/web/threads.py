"""Threads in which a library is asked: so many at once, each for so long."""

import asyncio
import concurrent.futures
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


class Late(Exception):
    """The library has not answered in time."""


class Threads:
    """So many threads, for work that a visitor waits for.

    Work that is late has its place until it ends, for no thread can be stopped from outside; work
    that waits for a place, and is late before it has one, is never begun.
    """

    def __init__(self, count: int, name: str):
        """Makes room for `count` at once; `name` is that of the threads."""
        self._pool = concurrent.futures.ThreadPoolExecutor(count, thread_name_prefix=name)

    async def result(self, work: Callable[[], _Result], seconds: float) -> _Result:
        """The result of work.

        Args:
          work: runs in a thread.
          seconds: the longest that is waited for it, its wait for a place included.

        Raises:
          Late: it has not ended by then.
        """
        asked = asyncio.get_running_loop().run_in_executor(self._pool, work)
        try:
            return await asyncio.wait_for(asked, seconds)
        except TimeoutError:
            # Work may raise one of its own, as a disk that is far away.
            if asked.done() and not asked.cancelled():
                raise
            raise Late(f"no answer in {seconds:g} s; ask again, or ask for less") from None

    def close(self) -> None:
        """Takes no more work, and begins none that waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)
