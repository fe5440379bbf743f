"""Pictures of clips before training: a mirrored, sideways or mislabelled body is seen at once."""

import pathlib
from collections import Counter

import numpy as np

from motext_jax.data.clips import ClipSet
from motext_jax.motion.motion import Motion
from motext_jax.pictures import animation
from motext_jax.pictures.strips import Row, strips

COLUMNS = 3


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
    """Draws strips of skeletons, each with its name, category and captions."""
    rows = [
        Row(
            "",
            [clips.motion(clip) for clip in numbers[start : start + COLUMNS]],
            [_caption(clips, clip) for clip in numbers[start : start + COLUMNS]],
        )
        for start in range(0, len(numbers), COLUMNS)
    ]
    strips(rows, path)


def draw_animation(clips: ClipSet, numbers: list[int], path: pathlib.Path) -> None:
    """Draws clips side by side in motion, repeated as the model sees them."""
    motions = [Motion(clips.clips[n : n + 1][0], clips.fps, clips.skeleton) for n in numbers]
    titles = [clips.category(clip) or clips.captions[clip][0][:24] for clip in numbers]
    animation.draw_animation(motions, titles, path)


def _caption(clips: ClipSet, clip: int) -> str:
    texts = dict.fromkeys((clips.category(clip), *clips.captions[clip][:2]))
    return f"{clips.name(clip)}: " + " · ".join(filter(None, texts))
