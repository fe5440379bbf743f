"""A line while something slow is awaited."""

import io
import threading

import pytest

from motext_jax import waiting as module
from motext_jax.waiting import waiting

CLEAR = "\r\x1b[K"


class Terminal(io.StringIO):
    """A terminal that tells when something is written."""

    def __init__(self, is_one=True):
        super().__init__()
        self.is_one, self.written = is_one, threading.Event()

    def isatty(self):
        return self.is_one

    def write(self, text):
        super().write(text)
        self.written.set()


def test_a_line_is_there_while_it_takes_long_and_gone_afterwards(monkeypatch):
    monkeypatch.setattr(module, "SOON", 0.0)
    terminal = Terminal()
    with pytest.raises(KeyError), waiting("loading the model", terminal):
        assert terminal.written.wait(60)
        raise KeyError
    assert terminal.getvalue() == f"{CLEAR}loading the model ...{CLEAR}"


def test_nothing_is_said_of_what_is_fast(monkeypatch):
    monkeypatch.setattr(module, "SOON", 3600.0)
    terminal = Terminal()
    with waiting("loading the model", terminal):
        pass
    assert terminal.getvalue() == ""


def test_nothing_is_said_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr(module, "SOON", 0.0)
    log = Terminal(is_one=False)
    with waiting("loading the model", log):
        assert not log.written.wait(0.2)
