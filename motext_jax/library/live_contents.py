"""The contents of a library that other processes may change: read anew, and held in memory."""

import logging
import threading

from motext_jax.library.contents import Contents
from motext_jax.library.store import Store
from motext_jax.runtime.host import give_back_freed_memory


class _Outdated(Exception):
    """The contents of a library have been read anew."""


class LiveContents:
    """A library's contents as they were last looked at.

    Attributes:
      contents: the last that were read. A query takes them once, and holds no lock.
    """

    def __init__(self, store: Store):
        self._store = store
        self.contents = Contents.read(store, store.version())
        self._reading, self._holding = threading.Lock(), threading.Lock()
        # Whether windows are to be held, and the version for which this was tried last.
        self._keeps, self._tried = False, -1

    def look(self) -> Contents:
        """The contents of now; while another thread reads what was added, those of before."""
        if self._reading.acquire(blocking=False):
            try:
                version = self._store.version()
                if version != self.contents.version:
                    self.contents = Contents.read(self._store, version)
                elif self._keeps and self._tried != version and not self._holding.locked():
                    # Not at once: while an indexer is at work, they are soon of before.
                    self.keep_in_memory()
            finally:
                self._reading.release()
        return self.contents

    def keep_in_memory(self) -> threading.Thread:
        """Holds all windows in memory from now on; see `Library.keep_in_memory`."""
        self._keeps = True
        thread = threading.Thread(target=self._hold, daemon=True)
        thread.start()
        return thread

    def _hold(self) -> None:
        """Holds the windows of now, unless another thread is at it."""
        contents = self.contents
        if not self._holding.acquire(blocking=False):
            return

        def check() -> None:
            if self.contents is not contents:
                raise _Outdated

        try:
            self._tried = contents.version
            give_back_freed_memory()
            found = contents.in_memory(check)
            with self._reading:
                check()
                self.contents = found
        except _Outdated:
            pass
        except Exception as error:
            logging.getLogger(__name__).warning(
                "%s: its windows are not kept in memory, so each search reads them (%s)",
                self._store.address,
                error,
            )
        finally:
            self._holding.release()
