"""Pictures with texts that would be formulas, markup or megabytes."""

import matplotlib
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from motext_jax.motion.motion import Motion
from motext_jax.pictures import lettering
from motext_jax.pictures.animation import draw_animation
from motext_jax.pictures.histogram import draw_histogram
from motext_jax.pictures.lettering import columns, drawable, lacks, left_to_right, plain_texts
from motext_jax.pictures.strips import Row, strips
from motext_jax.skeleton import SMPL22

FORMULA = r"costs $\frac$ or $\nothing{$"
TEXTS = [FORMULA, "\x1b[31mred\x00", "[/b] <b>&amp;</b>", "a" * 130_000, "word " * 30_000, ""]


def motion():
    rng = np.random.default_rng(0)
    return Motion(rng.normal(0, 1, (8, 22, 3)).astype(np.float32), 10, SMPL22)


SCRIPTS = "歩く 안녕 คน हिन्दी שלום مرحبا 🕺 \U000e0041 e\u0301 ⒜"
"""Letters of many scripts, of which some font lacks some; the last is in no bold DejaVu."""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["png", "webp", "svg", "pdf"])
def test_names_in_any_script_warn_of_nothing(tmp_path, kind):
    strips([Row(SCRIPTS, [motion()], [SCRIPTS])], tmp_path / f"x.{kind}")


@pytest.mark.filterwarnings("error")
def test_other_pictures_warn_of_nothing(tmp_path):
    draw_animation([motion()], [SCRIPTS], tmp_path / "x.webp")
    draw_histogram({SCRIPTS: 3}, tmp_path / "x.png")


def test_a_letter_of_no_font_is_replaced_and_the_others_are_kept():
    assert drawable("a é\U0010fffd.bvh") == "a é\\U0010fffd.bvh"
    assert lacks("a \U0010fffd") and not lacks("a é\U000e0100\n")
    assert drawable("a\U000e0100b") == "ab"
    assert columns("ab") == 2 and columns("歩b") == 3


def test_letters_are_told_apart_where_fonts_lack_them(monkeypatch):
    monkeypatch.setattr(lettering, "_letters", lambda: frozenset(map(ord, "./_01abhv")))
    assert drawable("歩く/a_01.bvh") == r"\u6b69\u304f/a_01.bvh"
    assert drawable("歩る/a_01.bvh") != drawable("歩く/a_01.bvh")


def test_a_name_from_right_to_left_leaves_a_line_in_its_order():
    assert left_to_right("4. 0.37 a.bvh") == "4. 0.37 a.bvh"
    assert left_to_right("4. 0.37 مشي.bvh") == "\u200e4. 0.37 مشي.bvh"


def test_a_font_that_matplotlib_s_list_lacks_is_found(monkeypatch):
    fonts = font_manager.fontManager
    own = fonts.ttflist[0].fname
    monkeypatch.setattr(fonts, "ttflist", [f for f in fonts.ttflist if f.name != "Noto Sans"])
    made = []
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [own, "/new/NotoSans.ttf"])
    monkeypatch.setattr(fonts, "addfont", made.append)
    lettering._families.__wrapped__()
    assert made == ["/new/NotoSans.ttf"]


def test_wide_letters_stay_within_their_strip(saved, tmp_path):
    strips([Row("", [motion()], ["歩" * 250])], tmp_path / "x.png")
    (narrow,) = [t for t in letters(saved[0]) if len(t) > 200]
    strips([Row("", [motion()], ["b" * 250])], tmp_path / "x.png")
    (wide,) = [t for t in letters(saved[1]) if len(t) > 200]
    if r"\u" not in narrow:
        assert max(map(len, narrow.split("\n"))) <= max(map(len, wide.split("\n"))) / 2


def test_webp_of_many_rows_is_no_larger_than_webp_can_be(tmp_path):
    strips([Row("x", [motion()], ["y"])] * 130, tmp_path / "x.webp")
    with Image.open(tmp_path / "x.webp") as image:
        assert image.format == "WEBP" and max(image.size) <= 16_383


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_strips(tmp_path, kind):
    path = tmp_path / f"x.{kind}"
    strips([Row(text, [motion()], [text]) for text in TEXTS], path)
    assert path.stat().st_size < 3_000_000


def test_an_animation(tmp_path):
    draw_animation([motion()] * len(TEXTS), TEXTS, tmp_path / "x.webp")
    assert (tmp_path / "x.webp").exists()


@pytest.fixture
def saved(monkeypatch):
    """Figures in the place of files, drawn as they would have been."""
    figures = []

    def save(figure, place, **_):
        figure.draw_without_rendering()
        figures.append(figure)
        place.touch()

    monkeypatch.setattr(Figure, "savefig", save)
    return figures


def letters(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_a_formula_is_drawn_letter_by_letter(saved, tmp_path):
    strips([Row(FORMULA, [motion()], [FORMULA])], tmp_path / "x.png")
    drawn = [text for text in saved[0].findobj(Text) if text.get_text() == FORMULA]
    assert len(drawn) == 2
    assert not any(text.get_parse_math() for text in drawn)


def test_a_histogram_says_that_its_axis_is_logarithmic(saved, tmp_path):
    names = {FORMULA: 900, "b" * 200: 30, "b" * 201: 20, "plain": 2}
    draw_histogram(names, tmp_path / "x.png")
    (axes,) = saved[0].axes
    assert axes.get_xscale() == "log"
    assert "logarithmic" in axes.get_xlabel()
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [FORMULA, "b" * 39 + "…", "b" * 39 + "…", "plain"]
    assert [bar.get_width() for bar in axes.patches] == [900, 30, 20, 2]
    # Numbers and no code of a formula.
    assert not any("mathdefault" in text for text in letters(saved[0]))
    assert {"10", "100"} <= set(letters(saved[0]))


def test_a_histogram_of_counts_of_one_size_is_linear(saved, tmp_path):
    draw_histogram({"often": 10, "seldom": 1}, tmp_path / "x.png")
    (axes,) = saved[0].axes
    assert (axes.get_xscale(), axes.get_xlabel()) == ("linear", "clips")
    assert {"0", "10"} <= set(letters(saved[0]))
    draw_histogram({"often": 20, "seldom": 1}, tmp_path / "x.png")
    assert saved[1].axes[0].get_xscale() == "log"


def test_settings_are_as_before():
    before = matplotlib.rcParams["text.parse_math"]
    with pytest.raises(ZeroDivisionError), plain_texts():
        raise ZeroDivisionError
    assert matplotlib.rcParams["text.parse_math"] == before
