"""BABEL (Punnakkal et al. 2021): what the motions of AMASS are called."""

import importlib.resources


def categories(count: int) -> tuple[str, ...]:
    """The first names of BABEL's 150 actions, the most frequent first: 60 or 120 of them."""
    text = importlib.resources.files(__name__).joinpath("categories.txt").read_text("utf-8")
    return tuple(text.splitlines()[:count])
