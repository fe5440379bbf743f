"""Texts in pictures: they are drawn letter by letter, whatever stands in them."""

import contextlib
import functools
import threading
import unicodedata
from collections.abc import Iterator

import matplotlib
from matplotlib import font_manager

# Matplotlib's settings are those of all threads.
_ALONE = threading.RLock()

OWN_FONT = "DejaVu Sans"
"""Matplotlib's own font, which is everywhere."""

OTHER_FONTS = (
    *("Noto Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR", "WenQuanYi Zen Hei"),
    *("Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai"),
    *("Arial Unicode MS", "Hiragino Sans", "PingFang SC", "Microsoft YaHei", "Yu Gothic"),
    *("Malgun Gothic", "Segoe UI", "Nirmala UI", "Unifont"),
)
"""Fonts that systems have for letters that Matplotlib's own lacks, where they are installed."""

REPLACEMENT = "\ufffd"
"""Stands for a letter that no font has."""


@contextlib.contextmanager
def plain_texts() -> Iterator[None]:
    """Draws every text of the block as it stands, a `$` too, which begins a formula elsewhere."""
    fonts = list(_families())
    with (
        _ALONE,
        matplotlib.rc_context(
            {"text.parse_math": False, "text.usetex": False, "font.family": fonts}
        ),
    ):
        yield


def drawable(text: str) -> str:
    """The text with `REPLACEMENT` for each letter that no font of `plain_texts` has.

    Matplotlib would draw a box for it, and print a warning.
    """
    return "".join(letter if _has(letter) else _replaced(letter) for letter in text)


def columns(text: str) -> int:
    """The width of a text in letters; those of East Asia are twice as wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _replaced(letter: str) -> str:
    # A mark of a letter before it, a joiner or a variant; nothing is seen where it is missing.
    return "" if unicodedata.category(letter) in ("Mn", "Me", "Cf") else REPLACEMENT


@functools.cache
def _families() -> tuple[str, ...]:
    """The fonts to draw with, those that are asked first."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return (OWN_FONT, *(name for name in OTHER_FONTS if name in installed))


@functools.cache
def _letters() -> frozenset[int]:
    """The letters of all fonts, as numbers; those that are there in bold, too, as titles are."""
    found: set[int] = set()
    for name in _families():
        plain, bold = (
            font_manager.get_font(
                font_manager.findfont(font_manager.FontProperties(family=name, weight=weight))
            ).get_charmap()
            for weight in ("normal", "bold")
        )
        found |= plain.keys() & bold.keys()
    return frozenset(found)


def _has(letter: str) -> bool:
    return letter == "\n" or ord(letter) in _letters()
