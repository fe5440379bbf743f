"""Advice in place of a query that is not read as it is meant."""

from collections.abc import Callable

Instead = Callable[[str, str], str]
"""Words how to ask for one text and exclude another: by a command, on the page, in Python."""
