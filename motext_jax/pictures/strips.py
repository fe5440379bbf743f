"""Motions as strips of skeletons: one picture that shows a mirrored or sideways body at once."""

import dataclasses
import io
import pathlib
import textwrap
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from motext_jax.motion.joint_names import words
from motext_jax.motion.motion import Motion
from motext_jax.pictures.lettering import columns, drawable, left_to_right, plain_texts
from motext_jax.pictures.palette import SIDES
from motext_jax.shown import shown
from motext_jax.skeleton import Skeleton
from motext_jax.whole_file import whole

# Three-quarter front view: the camera stands 35 degrees to the body's left and 10 degrees above.
AZIMUTH, ELEVATION = np.radians(35), np.radians(10)

STRIP_METRES = 8.0

TEXT_LETTERS = 300
"""The most that is drawn of a title or a caption."""

DOTS_AN_INCH = 130
MOST_DOTS, MOST_DOTS_WEBP = 60_000, 16_383
"""The most pixels one way; Matplotlib draws fewer than 2^16, and WebP holds fewer than 2^14."""

_BELOW_METRES = 0.25
_INCHES_A_METRE = 0.75
_POINTS = 8
_LINE_INCHES = 1.3 * _POINTS / 72
_MARGIN_INCHES = 0.2


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of a figure: a title, such as a query, and motions with a caption each.

    Attributes:
      title: a text above the line; empty for none.
      motions: at least one.
      captions: a text below each.
      starts: the time of each motion's first frame, in seconds of its file; empty where all are 0.
    """

    title: str
    motions: Sequence[Motion]
    captions: Sequence[str]
    starts: Sequence[float] = ()

    @property
    def drawn(self) -> list[tuple[Motion, str, float]]:
        """Each motion with its caption and its start."""
        starts = self.starts or [0.0] * len(self.motions)
        return list(zip(self.motions, self.captions, starts, strict=True))


@plain_texts()
def strips(
    rows: Sequence[Row], path: str | pathlib.Path, *, strip_metres: float = STRIP_METRES
) -> None:
    """Writes a figure with one strip for every motion, all at one scale.

    Args:
      rows: drawn from top to bottom; the longest sets the number of columns.
      path: the file; its suffix names the format (.png, .webp, .pdf, .svg).
      strip_metres: width of a strip.
    """
    across = max(len(row.motions) for row in rows)
    tallest = max(on_paper(motion)[..., 1].max() for row in rows for motion in row.motions) + 0.1
    width, height = strip_metres * _INCHES_A_METRE, (_BELOW_METRES + tallest) * _INCHES_A_METRE
    # A letter is about half as wide as it is high; wrapping to that keeps texts off each other.
    letters = int(width / (0.54 * _POINTS / 72))

    titles = [_wrap(row.title, letters * across) for row in rows]
    captions = [[_wrap(caption, letters) for caption in row.captions] for row in rows]
    title_inches = [_inches(title) for title in titles]
    caption_inches = [max(_inches(caption) for caption in row) for row in captions]
    figure_width = across * (width + _MARGIN_INCHES) + _MARGIN_INCHES
    figure_height = (
        len(rows) * (height + _MARGIN_INCHES)
        + sum(title_inches + caption_inches)
        + 2 * _MARGIN_INCHES
    )
    inches = np.array([figure_width, figure_height])

    figure = Figure(figsize=(figure_width, figure_height), facecolor="white")
    figure.legend(
        handles=[Line2D([], [], color=colour, label=side) for side, colour in SIDES.items()],
        loc="upper right",
        ncols=len(SIDES),
        frameon=False,
        fontsize=_POINTS,
        borderaxespad=0.2,
    )
    top = figure_height - 2 * _MARGIN_INCHES
    for row, title, texts, above, under in zip(
        rows, titles, captions, title_inches, caption_inches, strict=True
    ):
        x, y = [_MARGIN_INCHES, top] / inches
        figure.text(x, y, title, va="top", size=_POINTS, weight="bold")
        bottom = top - above - height
        for column, ((motion, _, start), text) in enumerate(zip(row.drawn, texts, strict=True)):
            left = _MARGIN_INCHES + column * (width + _MARGIN_INCHES)
            corner, size = [left, bottom] / inches, [width, height] / inches
            axes = figure.add_axes((*corner, *size))
            strip(axes, motion, start, tallest=tallest, strip_metres=strip_metres)
            figure.text(corner[0], corner[1], text, va="top", size=_POINTS, linespacing=1.2)
        top = bottom - under - _MARGIN_INCHES
    webp = pathlib.Path(path).suffix.lower() == ".webp"
    # One less, for sizes are rounded.
    most = (MOST_DOTS_WEBP if webp else MOST_DOTS) - 1
    with whole(pathlib.Path(path)) as place:
        figure.savefig(place, dpi=min(DOTS_AN_INCH, most / inches.max()))


@plain_texts()
def strip_png(motion: Motion, start: float = 0.0, *, strip_metres: float = STRIP_METRES) -> bytes:
    """One motion's strip as a PNG file, without any text but the seconds.

    Args:
      motion: any skeleton with left/right pairs.
      start: the time of its first frame, in seconds of its file.
      strip_metres: width of the strip.
    """
    tallest = on_paper(motion)[..., 1].max() + 0.1
    size = strip_metres * _INCHES_A_METRE, (_BELOW_METRES + tallest) * _INCHES_A_METRE
    figure = Figure(figsize=size, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    strip(axes, motion, start, tallest=tallest, strip_metres=strip_metres)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=min(DOTS_AN_INCH, (MOST_DOTS - 1) / max(size)))
    return file.getvalue()


def strip(
    axes: Axes,
    motion: Motion,
    start: float = 0.0,
    *,
    tallest: float = 2.4,
    strip_metres: float = STRIP_METRES,
) -> None:
    """Draws a motion's bodies side by side, time running to the right.

    From one body's pelvis to the next it is always as far: a strip shows the poses and not the way
    that the body went. The camera is placed by the first frame's facing and then
    stays, so that a turn is seen as a turn. There are as many bodies as fit side by side, but one
    every half second at least and every tenth of a second at most.

    Args:
      axes: is scaled to equal metres both ways.
      motion: any skeleton with left/right pairs.
      start: the time of its first frame, in seconds of its file.
      tallest: height of the axes above the ground, in metres.
      strip_metres: width of the axes.
    """
    skeleton = motion.skeleton
    paper = on_paper(motion)
    fitting = strip_metres / (np.ptp(paper[..., 0]) + 0.1)
    last = len(motion) - 1
    longest, shortest = max(int(0.5 * motion.fps), 1), max(int(np.ceil(0.1 * motion.fps)), 1)
    bodies = int(np.clip(fitting - 1, -(-last // longest), last // shortest)) + 1
    frames = np.linspace(0, last, bodies).round().astype(int)
    leftmost, rightmost = paper[frames][..., 0].min() - 0.05, paper[frames][..., 0].max() + 0.05
    # Few bodies stand as close as three would, and the last of many ends where the strip does.
    pitch = (strip_metres - (rightmost - leftmost)) / max(bodies - 1, 2)
    digits = 1 if last / motion.fps > 0.2 * bodies else 2

    axes.axhline(0, color="#BBBBBB", linewidth=0.8)
    colours = np.array([SIDES[side] for side in bone_sides(skeleton)])
    head = head_index(skeleton)
    for number, frame in enumerate(frames):
        middle = number * pitch - leftmost
        segments = paper[frame][np.array(skeleton.bones)] + [middle, 0, 0]
        # Far bones first: a near limb hides a far one, as a body seen from the side does.
        order = segments[..., 2].mean(axis=1).argsort()
        axes.add_collection(
            LineCollection(
                list(segments[order, :, :2]), colors=colours[order], linewidths=2, capstyle="round"
            )
        )
        axes.plot(middle + paper[frame, head, 0], paper[frame, head, 1], "o", color=SIDES["trunk"])
        axes.text(
            middle,
            -0.08,
            f"{start + frame / motion.fps:.{digits}f} s",
            ha="center",
            va="top",
            size=_POINTS - 2,
            color="#666666",
        )
    axes.set(xlim=(0, strip_metres), ylim=(-_BELOW_METRES, tallest), aspect="equal")
    axes.set_axis_off()


def on_paper(motion: Motion) -> Float[np.ndarray, "t v 3"]:
    """Joints as the camera sees them: metres to the right, metres up, metres towards the camera.

    The camera goes along with the root, and the motion's lowest point is at height 0.
    """
    up = np.eye(3)[motion.skeleton.up]
    first = motion.joints[0].astype(float)
    across = np.zeros(3)
    for one, other in motion.skeleton.left_right_pairs:
        across += (first[one] - first[other]) * (1 - up)
    if np.linalg.norm(across) < 1e-6:  # no sides: the camera stands where clips face it
        across = np.eye(3)[motion.skeleton.lateral]
    # Someone who faces the camera has the left hand on the picture's right.
    left = across / np.linalg.norm(across)
    front = np.cross(left, up)
    right = np.cos(AZIMUTH) * left - np.sin(AZIMUTH) * front
    level = np.sin(AZIMUTH) * left + np.cos(AZIMUTH) * front
    upward = np.cos(ELEVATION) * up - np.sin(ELEVATION) * level
    towards = np.sin(ELEVATION) * up + np.cos(ELEVATION) * level
    # From a raised camera, walking away would else look like rising.
    root = motion.joints[:, [motion.skeleton.root]] * (1 - up)
    seen = (motion.joints - root) @ np.stack([right, upward, towards], axis=1)
    seen[..., 1] -= seen[..., 1].min()
    return seen


def bone_sides(skeleton: Skeleton) -> list[str]:
    """Every bone of `skeleton.bones` as left, right or trunk, by the joint at its end."""
    left = {joint for joint, _ in skeleton.left_right_pairs}
    right = {joint for _, joint in skeleton.left_right_pairs}
    return [
        "left" if joint in left else "right" if joint in right else "trunk"
        for joint, _ in skeleton.bones
    ]


def head_index(skeleton: Skeleton) -> int:
    """The first joint that is named a head, or else the root."""
    heads = (joint for joint, name in enumerate(skeleton.joints) if "head" in words(name))
    return next(heads, skeleton.root)


def _wrap(text: str, letters: int) -> str:
    text = drawable(shown(text, TEXT_LETTERS))
    # Twice as wide letters fill a line twice as fast.
    wide = columns(text) / max(len(text), 1)
    lines = textwrap.wrap(text, max(int(letters / wide), 1) if wide else letters)
    return "\n".join(map(left_to_right, lines))


def _inches(text: str) -> float:
    return (text.count("\n") + 1) * _LINE_INCHES
