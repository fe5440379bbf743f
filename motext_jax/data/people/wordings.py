"""Reads wordings.txt: what is said of each action."""

import importlib.resources
from collections.abc import Mapping

_MANY = 4
"""Wordings of an action of which one is kept from the captions, at least."""


def _read() -> dict[str, tuple[str, ...]]:
    text = importlib.resources.files(__package__).joinpath("wordings.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    pairs = (line.split(": ", 1) for line in lines)
    return {name: tuple(wordings.split("; ")) for name, wordings in pairs}


_ALL = _read()

WORDINGS: Mapping[str, tuple[str, ...]] = {
    name: wordings[:-1] if len(wordings) >= _MANY else wordings for name, wordings in _ALL.items()
}
"""The wordings of captions, by an action's name."""

HELD_OUT: Mapping[str, str] = {
    name: wordings[-1] for name, wordings in _ALL.items() if len(wordings) >= _MANY
}
"""One more wording of the actions that have many, which no caption has."""
