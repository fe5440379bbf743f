"""Comparison of clips made from AMASS with BABEL's released ones."""

import dataclasses
from collections import Counter

import numpy as np
from jaxtyping import Float, Int
from rich.table import Table

from motext_jax.config import DataConfig, dataset
from motext_jax.counted import counted
from motext_jax.data.clips import ClipSet
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.shown import shown
from motext_jax.terminal import console

BLOCK = 256


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Two sets of clips, matched by segment, place in the segment and category.

    Attributes:
      counts: number of clips of each category, here and in the release; the release's most frequent
        category is first.
      common: number of clips in both.
      only_here: number of clips that the release lacks.
      only_released: number of clips that are missing here.
      mean_error: mean distance of the common clips' joints, in metres.
      worst_error: name of the clip with the largest mean distance, and that distance.
    """

    counts: dict[str, tuple[int, int]]
    common: int
    only_here: int
    only_released: int
    mean_error: float
    worst_error: tuple[str, float]


def compare(here: ClipSet, released: ClipSet) -> Comparison:
    """Compares two sets of clips of the same split.

    Raises:
      InputError: their skeletons differ.
    """
    if here.skeleton.joints != released.skeleton.joints:
        raise InputError(
            f"the clips are of {here.skeleton.name}, and the release of {released.skeleton.name}; "
            "compare with --data.skeleton=ntu21"
        )
    rows = _by_key(here, _pieces(here))
    # The release says only at which second of its segment a clip starts.
    other_rows = _by_key(released, np.rint(released.starts / (released.ends - released.starts)))
    common = [key for key in rows if key in other_rows]
    errors = _errors(
        here, released, [rows[key] for key in common], [other_rows[key] for key in common]
    )
    worst = int(np.argmax(errors)) if len(common) else 0
    ours, theirs = (_counts(clips) for clips in (here, released))
    names = sorted(ours | theirs, key=lambda name: -theirs[name])
    return Comparison(
        {name: (ours[name], theirs[name]) for name in names},
        len(common),
        len(rows) - len(common),
        len(other_rows) - len(common),
        float(np.mean(errors)) if len(common) else float("nan"),
        (here.name(rows[common[worst]]), float(errors[worst])) if common else ("", float("nan")),
    )


def released_clips(name: str, config: DataConfig, folder: str) -> ClipSet:
    """The training clips of a release; read, and so checked, before the long work begins.

    Args:
      name: name of the data set to prepare.
      config: its options.
      folder: folder of the release.

    Raises:
      InputError: the data set is not BABEL's, or its joints are not the release's.
    """
    if not name.endswith("_amass") or config.skeleton != "ntu21":
        raise InputError("--compare_with_release is for babel60_amass and babel120_amass in ntu21")
    preset = dataset(name.removesuffix("_amass"), root=folder, extra=config.extra)
    preset = dataclasses.replace(preset, categories=config.categories)
    return load_clips(preset, config.train_split)


def print_comparison(config: DataConfig, released: ClipSet) -> None:
    """Prints how the training clips of a prepared set differ from the release's."""
    found = compare(load_clips(config, config.train_split), released)
    table = Table("category", "here", "released", title="Training clips, against the release")
    for category, (ours, theirs) in found.counts.items():
        table.add_row(shown(category) or "(none)", f"{ours:,}", f"{theirs:,}")
    console().print(table)
    if not found.common:
        print("no clip is in both: compare the sequences' ids")
        return
    clip, worst = found.worst_error
    print(
        f"{counted(found.common, 'clip')} in both, {found.only_here:,} only here, "
        f"{found.only_released:,} only in the release; joints {found.mean_error:.4f} m apart in "
        f"the mean, {worst:.4f} m in the worst clip, {shown(clip)}"
    )


def _by_key(
    clips: ClipSet, pieces: Int[np.ndarray, "n"] | Float[np.ndarray, "n"]
) -> dict[tuple[str, int, str], int]:
    """Each row by its segment, its number in the segment and its category."""
    keys = zip(clips.segments, pieces.astype(int).tolist(), strict=True)
    return {(segment, piece, clips.category(k)): k for k, (segment, piece) in enumerate(keys)}


def _pieces(clips: ClipSet) -> Int[np.ndarray, "n"]:
    """Each clip's number in its segment, by its start."""
    starts: dict[str, set[float]] = {}
    for segment, start in zip(clips.segments, clips.starts.tolist(), strict=True):
        starts.setdefault(segment, set()).add(start)
    number = {
        segment: {start: k for k, start in enumerate(sorted(found))}
        for segment, found in starts.items()
    }
    rows = zip(clips.segments, clips.starts.tolist(), strict=True)
    return np.array([number[segment][start] for segment, start in rows], int)


def _counts(clips: ClipSet) -> Counter[str]:
    return Counter(clips.category(row) for row in range(len(clips)))


def _errors(here: ClipSet, released: ClipSet, rows: list[int], other_rows: list[int]) -> np.ndarray:
    """Each pair's mean distance of joints."""
    errors = [
        np.linalg.norm(
            here.clips[np.array(rows[start : start + BLOCK])]
            - released.clips[np.array(other_rows[start : start + BLOCK])],
            axis=-1,
        ).mean(axis=(1, 2))
        for start in range(0, len(rows), BLOCK)
    ]
    return np.concatenate(errors) if errors else np.zeros(0)
