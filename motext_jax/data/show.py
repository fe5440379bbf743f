"""Pictures of clips before training: a mirrored, sideways or mislabelled body is seen at once."""

import pathlib
from collections import Counter

import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from motext_jax.data.clips import ClipSet
from motext_jax.motion.draw import COLOURS, Row, bone_sides, head_index, on_paper, strips
from motext_jax.motion.motion import Motion

COLUMNS = 3
ANIMATION_FPS = 15.0


def chosen(clips: ClipSet, count: int, seed: int = 0) -> list[int]:
    """Clips of as many categories as there are, and else any, in a random order."""
    order = np.random.default_rng(seed).permutation(len(clips)).tolist()
    turn: Counter[int] = Counter()
    nth = {}
    for clip in order:
        category = int(clips.categories[clip])
        nth[clip] = turn[category]
        turn[category] += 1
    return sorted(order, key=nth.__getitem__)[:count]


def draw_sheet(clips: ClipSet, numbers: list[int], path: pathlib.Path) -> None:
    """Strips of skeletons, each with its category, captions and id; see `motion.draw.strips`."""
    rows = [
        Row(
            "",
            [own_frames(clips, clip) for clip in numbers[start : start + COLUMNS]],
            [_caption(clips, clip) for clip in numbers[start : start + COLUMNS]],
        )
        for start in range(0, len(numbers), COLUMNS)
    ]
    strips(rows, path)


def draw_animation(clips: ClipSet, numbers: list[int], path: pathlib.Path) -> None:
    """The clips side by side in motion, repeated as the model sees them.

    Args:
      clips: a split.
      numbers: which of them.
      path: a .webp or .gif file.
    """
    motions = [Motion(clips.clips[n : n + 1][0], clips.fps, clips.skeleton) for n in numbers]
    papers = [on_paper(motion)[..., :2] for motion in motions]
    tallest = max(paper[..., 1].max() for paper in papers) + 0.1
    figure = Figure(figsize=(1.6 * len(numbers), 2.6), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    bones = np.array(clips.skeleton.bones)
    colours = [COLOURS[side] for side in bone_sides(clips.skeleton)]
    head = head_index(clips.skeleton)
    bodies, heads = [], []
    row = figure.subplots(1, len(numbers), squeeze=False)[0]
    for axes, paper, clip in zip(row, papers, numbers, strict=True):
        body = LineCollection(list(paper[0][bones]), colors=colours, linewidths=2)
        bodies.append(axes.add_collection(body))
        heads.extend(axes.plot(*paper[0][head], "o", color=COLOURS["trunk"], markersize=5))
        axes.set(xlim=(-1, 1), ylim=(-0.1, tallest), aspect="equal")
        axes.set_title(clips.category(clip) or clips.captions[clip][0][:24], fontsize=6)
        axes.axhline(0, color="#BBBBBB", linewidth=0.8)
        axes.set_axis_off()
    step = max(1, round(clips.fps / ANIMATION_FPS))

    def draw(frame: int) -> list[Artist]:
        for body, dot, paper in zip(bodies, heads, papers, strict=True):
            body.set_segments(list(paper[frame][bones]))
            dot.set_data(*paper[frame][[head]].T)
        return [*bodies, *heads]

    frames = range(0, clips.clips.shape[1], step)
    animation = FuncAnimation(figure, draw, frames=frames)
    animation.save(path, writer=PillowWriter(fps=round(clips.fps / step)), dpi=80)


def draw_histogram(counts: dict[str, int], path: pathlib.Path) -> None:
    """Clips of each category, in the order of `counts`."""
    names = list(counts)
    figure = Figure(figsize=(6, 1 + 0.16 * len(names)), facecolor="white", layout="constrained")
    axes = figure.subplots()
    axes.barh(names, [counts[name] for name in names], color=COLOURS["right"])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("clips")
    axes.tick_params(labelsize=7)
    axes.margins(y=0.01)
    figure.savefig(path, dpi=130)


def own_frames(clips: ClipSet, clip: int) -> Motion:
    """A clip's own frames, without the repetition."""
    joints = clips.clips[clip : clip + 1][0, : clips.lengths[clip]]
    return Motion(joints, clips.fps, clips.skeleton)


def _caption(clips: ClipSet, clip: int) -> str:
    texts = dict.fromkeys((clips.category(clip), *clips.captions[clip][:2]))
    return f"{clips.ids[clip]}: " + " · ".join(filter(None, texts))
