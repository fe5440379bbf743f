"""Horizontal bars of counts, such as clips of each category."""

import pathlib
from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, MaxNLocator, StrMethodFormatter

from motext_jax.pictures.lettering import drawable, plain_texts
from motext_jax.pictures.palette import SIDES
from motext_jax.shown import shown
from motext_jax.whole_file import whole

NAME_LETTERS = 40

LINEAR_RATIO = 20
"""The axis is linear where the largest count is less than so many times the least."""


@plain_texts()
def draw_histogram(counts: Mapping[str, int], path: pathlib.Path) -> None:
    """Writes clips of each category, in the order of `counts`; far apart, on a logarithmic axis."""
    places = range(len(counts))
    figure = Figure(figsize=(6, 1 + 0.16 * len(counts)), facecolor="white", layout="constrained")
    axes = figure.subplots()
    axes.barh(places, list(counts.values()), color=SIDES["right"])
    axes.set_yticks(places, [drawable(shown(name, NAME_LETTERS)) for name in counts])
    axes.invert_yaxis()
    if max(counts.values()) < LINEAR_RATIO * min(counts.values()):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("clips")
    else:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(LogFormatter())
        axes.set_xlabel("clips, on a logarithmic axis")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.tick_params(labelsize=7, which="both")
    axes.margins(y=0.01)
    with whole(path) as place:
        figure.savefig(place, dpi=130)
