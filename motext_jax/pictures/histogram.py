"""Horizontal bars of counts, such as clips of each category."""

import pathlib
from collections.abc import Mapping

from matplotlib.figure import Figure

from motext_jax.pictures.palette import SIDES


def draw_histogram(counts: Mapping[str, int], path: pathlib.Path) -> None:
    """Writes clips of each category, in the order of `counts`."""
    names = list(counts)
    figure = Figure(figsize=(6, 1 + 0.16 * len(names)), facecolor="white", layout="constrained")
    axes = figure.subplots()
    axes.barh(names, [counts[name] for name in names], color=SIDES["right"])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("clips")
    axes.tick_params(labelsize=7)
    axes.margins(y=0.01)
    figure.savefig(path, dpi=130)
