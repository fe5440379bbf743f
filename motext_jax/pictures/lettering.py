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
    *("Noto Sans CJK TC", "Noto Serif CJK JP", "Source Han Sans", "WenQuanYi Micro Hei"),
    *("Droid Sans Fallback", "IPAGothic", "IPAexGothic", "TakaoGothic", "NanumGothic"),
    *("AR PL UMing CN", "Hiragino Maru Gothic Pro", "Heiti TC", "MS Gothic", "SimSun"),
    *("Microsoft JhengHei", "Malgun Gothic", "Segoe UI", "Nirmala UI", "Unifont"),
)
"""Fonts that systems have for letters that Matplotlib's own lacks, where they are installed."""


LEFT_TO_RIGHT = "\u200e"
"""A mark without a width: what stands beside it goes from left to right."""


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
    r"""The text with `\u6b69` for each letter, such as this one, that no font of `plain_texts` has.

    Matplotlib would draw a box for it, and print a warning. A number can still be told from another
    one, and be looked up.
    """
    return "".join(letter if _has(letter) else _escaped(letter) for letter in text)


def lacks(text: str) -> bool:
    """True for a text of which `drawable` spells some letters out."""
    return any(not _has(letter) and bool(_escaped(letter)) for letter in text)


def left_to_right(line: str) -> str:
    """The line with its parts from left to right, whatever the direction of a name in it."""
    # Of a line whose first letter is Arabic or Hebrew, the number before it would go to its end.
    turned = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in line)
    return LEFT_TO_RIGHT + line if turned and _has(LEFT_TO_RIGHT) else line


def columns(text: str) -> int:
    """The width of a text in letters; those of East Asia are twice as wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _escaped(letter: str) -> str:
    # A mark of a letter before it, a joiner or a variant; nothing is seen where it is missing.
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return ""
    number = ord(letter)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


@functools.cache
def _families() -> tuple[str, ...]:
    """The fonts to draw with, those that are asked first."""
    known = {font.fname for font in font_manager.fontManager.ttflist}
    # Matplotlib keeps a list, and does not look again when a font is installed.
    for path in set(font_manager.findSystemFonts()) - known:
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            font_manager.fontManager.addfont(path)
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
