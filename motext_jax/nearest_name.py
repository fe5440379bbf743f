"""The name that a mistyped one is likely meant for."""

import difflib
from collections.abc import Iterable


def nearest_name(text: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """The name with nearly the letters of a text, large or small; empty if none is near.

    Args:
      text: the mistyped name.
      names: the names that there are.
      cutoff: the least likeness, from 0 to 1; see `difflib.get_close_matches`.
    """
    # The first of those that differ by the size of letters alone.
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    near = difflib.get_close_matches(text.casefold(), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else ""
