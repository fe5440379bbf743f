"""The report's figures: legible with few categories and with many, in two sets of colours."""

import itertools
import re

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from motext_jax.data.babel import categories as babel_categories
from motext_jax.pictures import palette
from motext_jax.reproduction import figures
from motext_jax.reproduction.experiments import ModelTask, Task
from motext_jax.reproduction.models import MODELS as ALL
from motext_jax.reproduction.results import Categories, Growth, ModelCategories
from motext_jax.reproduction.scored import Learning


def categories(count):
    """BABEL's categories with a long tail and random mistakes, others for the second model."""
    names = babel_categories(120 if count > 60 else 60)[:count]
    rng = np.random.default_rng(count)
    sizes = np.round(2000 * np.arange(1, count + 1) ** -0.9).astype(int)
    model = lambda: ModelCategories(  # noqa: E731
        confusion=tuple(map(tuple, (np.diag(sizes) + rng.poisson(0.5, (count, count))).tolist())),
        recall=tuple(rng.uniform(0, 100, count).tolist()),
        thirds={},
        most_confused=(),
    )
    return Categories(
        names=tuple(names),
        train_clips=tuple(sizes.tolist()),
        clips=tuple((sizes // 3).tolist()),
        models={spec: model() for spec in ALL.values()},
    )


MODELS = [ALL["CTRGCN(CE)"], ALL["CTRGCN-C"]]
METRICS = {key: (50.0, 40.0, 30.0) for key in ("top1", "top5", "top1_norm")}
LEARNING = Learning("a machine", 100.0, 60.0, ((1, 4.0), (2, 3.0)), ((2, 10.0),))
TRAINING = {ModelTask(spec, task): (LEARNING,) * 2 for spec in ALL.values() for task in Task}
PAIRS = [
    (ALL[baseline], ALL[model])
    for baseline, model in (
        ("2sAGCN(CE)", "2sAGCN-C"),
        ("CTRGCN(CE)", "CTRGCN-T"),
        ("CTRGCN(CE)", "CTRGCN-C"),
    )
]
GROWTH = Growth((2, 3, 4), {spec: METRICS for pair in PAIRS for spec in pair}, ())

DRAWINGS = {
    **{
        f"{name} of {count}": (draw, count)
        for count in (3, 18, 60, 120)
        for name, draw in {
            "sizes": lambda c, p: figures.draw_sizes(c, p),
            "confusion": lambda c, p: figures.draw_confusion(c, MODELS, p),
            "recall": lambda c, p: figures.draw_recall(c, list(ALL.values()), p),
        }.items()
    },
    "growth": (lambda _, p: figures.draw_growth(GROWTH, PAIRS, p), 3),
    "growth of one pair": (lambda _, p: figures.draw_growth(GROWTH, PAIRS[:1], p), 3),
    "learning": (lambda _, p: figures.draw_learning(TRAINING, p), 3),
}


def drawn_texts(figure):
    """Every text but the labels of ticks beyond the axes, which matplotlib keeps and hides."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not axes.get_visible() or not low <= tick.get_loc() <= high:
                    hidden |= {tick.label1, tick.label2}
    return [t for t in figure.findobj(Text) if t.get_visible() and t not in hidden]


@pytest.mark.parametrize("name", DRAWINGS)
def test_texts_do_not_overlap(name, tmp_path, monkeypatch):
    drawn = []

    def save(figure, place, **_):
        drawn.append(figure)
        place.touch()

    monkeypatch.setattr(Figure, "savefig", save)
    draw, count = DRAWINGS[name]
    draw(categories(count), tmp_path / "x.svg")
    (figure,) = drawn
    with matplotlib.rc_context(figures._STYLE):
        figure.draw_without_rendering()
    texts = [text for text in drawn_texts(figure) if text.get_text().strip()]
    if not name.startswith(("recall", "growth", "learning")):
        assert set(categories(count).names) <= {text.get_text() for text in texts}
    boxes = [text.get_window_extent() for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        inside = box.x0 >= -1 and box.y0 >= -1
        inside = inside and box.x1 <= figure.bbox.x1 + 1 and box.y1 <= figure.bbox.y1 + 1
        assert inside, text.get_text()
        assert text.get_fontsize() >= 6
    for (one, box), (other, other_box) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        if box.width and other_box.width:
            # A pixel of margins may touch.
            apart = box.padded(-1).overlaps(other_box.padded(-1))
            assert not apart, (one.get_text(), other.get_text())


def test_figures_are_drawn_alike_every_time_in_known_colours(tmp_path):
    for number in (1, 2):
        figures.draw_growth(GROWTH, PAIRS, tmp_path / f"{number}.svg")
    first, second = ((tmp_path / f"{number}.svg").read_text() for number in (1, 2))
    assert first == second
    known = {*palette.DARK, *palette.SERIES}
    assert set(re.findall(r"#[0-9a-f]{6}\b", first)) <= known


def contrast(one, other):
    """WCAG 2's contrast ratio, 1 to 21."""
    light = []
    for colour in (one, other):
        c = np.array(to_rgb(colour))
        linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        light.append(linear @ [0.2126, 0.7152, 0.0722])
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize("screen", ["light", "dark"])
def test_lines_and_words_can_be_seen(screen):
    show = (lambda c: palette.DARK.get(c, c)) if screen == "dark" else (lambda c: c)
    for colour, least in [(palette.INK, 12), (figures.SOFT, 4.5)]:
        assert contrast(show(colour), show(palette.PAPER)) >= least
    for colour in palette.SERIES:
        assert contrast(show(colour), show(palette.PAPER)) >= 2.7, colour
