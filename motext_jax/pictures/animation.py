"""Motions that move side by side in one file."""

import pathlib
from collections.abc import Sequence

import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from motext_jax.motion.motion import Motion
from motext_jax.pictures.lettering import drawable, plain_texts
from motext_jax.pictures.palette import SIDES
from motext_jax.pictures.strips import bone_sides, head_index, on_paper
from motext_jax.shown import shown
from motext_jax.whole_file import whole

ANIMATION_FPS = 15.0

TITLE_LETTERS = 36


@plain_texts()
def draw_animation(motions: Sequence[Motion], titles: Sequence[str], path: pathlib.Path) -> None:
    """Writes motions of one skeleton, rate and length as an animation.

    Args:
      motions: at least one.
      titles: one above each motion.
      path: a .webp or .gif file.
    """
    skeleton, fps = motions[0].skeleton, motions[0].fps
    papers = [on_paper(motion)[..., :2] for motion in motions]
    tallest = max(paper[..., 1].max() for paper in papers) + 0.1
    figure = Figure(figsize=(1.6 * len(motions), 2.6), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    bones = np.array(skeleton.bones)
    colours = [SIDES[side] for side in bone_sides(skeleton)]
    head = head_index(skeleton)
    bodies, heads = [], []
    row = figure.subplots(1, len(motions), squeeze=False)[0]
    for axes, paper, title in zip(row, papers, titles, strict=True):
        body = LineCollection(list(paper[0][bones]), colors=colours, linewidths=2)
        bodies.append(axes.add_collection(body))
        heads.extend(axes.plot(*paper[0][head], "o", color=SIDES["trunk"], markersize=5))
        axes.set(xlim=(-1, 1), ylim=(-0.1, tallest), aspect="equal")
        axes.set_title(drawable(shown(title, TITLE_LETTERS)), fontsize=6)
        axes.axhline(0, color="#BBBBBB", linewidth=0.8)
        axes.set_axis_off()
    step = max(1, round(fps / ANIMATION_FPS))

    def draw(frame: int) -> list[Artist]:
        for body, dot, paper in zip(bodies, heads, papers, strict=True):
            body.set_segments(list(paper[frame][bones]))
            dot.set_data(*paper[frame][[head]].T)
        return [*bodies, *heads]

    animation = FuncAnimation(figure, draw, frames=range(0, len(motions[0]), step))
    with whole(path) as place:
        animation.save(place, writer=PillowWriter(fps=round(fps / step)), dpi=80)
