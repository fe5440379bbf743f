"""The lines that a run prints: a summary at its start, its progress, its validation scores."""

import time
from collections.abc import Mapping

import jax
import numpy as np
from jax.sharding import Mesh

from motext_jax.counted import counted
from motext_jax.data.clips import ClipSet
from motext_jax.runtime import mesh as meshes
from motext_jax.shown import shown
from motext_jax.trained.manifest import Manifest
from motext_jax.training.feed import Feed
from motext_jax.training.step import TrainState

UNTIMED = 2
"""The first lines of a run, without a rate: programs are compiled up to the second one."""


class Progress:
    """Prints steps, metrics, clips a second and the time left.

    The rate counts the steps since the last line or `restart`, which leaves out validation and
    saving. The first lines have none, for it would foretell a far too long time.
    """

    def __init__(self, total_steps: int, steps_per_epoch: int, batch_size: int):
        self._total = total_steps
        self._steps_per_epoch = steps_per_epoch
        self._batch_size = batch_size
        self._lines = 0
        self._since = 0, 0.0

    def restart(self, step: int) -> None:
        """Begins the rate anew from a step: the time before it was not training's."""
        self._since = step, time.monotonic()

    def line(self, step: int, metrics: Mapping[str, float]) -> dict[str, float]:
        """Prints the line and returns the rate, where there is one."""
        values = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())
        rate, left = {}, ""
        self._lines += 1
        if self._lines > UNTIMED and step > self._since[0]:
            seconds = max(time.monotonic() - self._since[1], 1e-9)
            steps_a_second = (step - self._since[0]) / seconds
            rate = {"clips_per_second": steps_a_second * self._batch_size}
            remaining = _clock((self._total - step) / steps_a_second)
            left = f"  {rate['clips_per_second']:.0f} clips/s  {remaining} left"
        epoch = step / self._steps_per_epoch
        print(f"step {step}/{self._total}  epoch {epoch:.1f}  {values}{left}", flush=True)
        self.restart(step)
        return rate


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"


def validation_line(step: int, scores: Mapping[str, float], clips: int) -> str:
    """A line of validation scores, with the number of clips, for of few they say little."""
    values = "  ".join(f"{name} {value:.2f}" for name, value in scores.items() if name != "score")
    return f"step {step}  validation of {counted(clips, 'clip')}  {values}"


def summary(
    manifest: Manifest,
    clips: ClipSet,
    validation: ClipSet | None,
    feed: Feed,
    state: TrainState,
    total_steps: int,
    mesh: Mesh,
) -> str:
    """Model, devices, data and steps of a run, for the reader to check before a long wait."""
    parameters = sum(int(np.prod(leaf.shape)) for leaf in jax.tree.leaves(state.params))
    held = f"held there ({feed.held_bytes / 1e6:,.0f} MB each)"
    data, step = manifest.config.data, int(state.step)
    lines = [
        f"{manifest.config.name}: {parameters:,} parameters on {meshes.described(mesh)}, "
        f"clips {held if feed.held_bytes else 'sent by the host'}",
        f"{data.source}: {counted(len(clips), 'training clip')}{_mirrored(clips)} of "
        f"{data.frames} frames at {data.fps:g} fps, "
        f"{len(validation) if validation else 0} for validation, "
        f"{_spread(clips.counts())}",
        f"finished already, at step {step}; evaluate it, or choose another --workdir"
        if step >= total_steps
        else f"{'going on from step ' + str(step) if step else 'starting'}, to step {total_steps}",
    ]
    return "\n".join(lines)


def _mirrored(clips: ClipSet) -> str:
    """The number of mirror images among the clips, where there are any."""
    mirrored = int(clips.mirrored.sum())
    return f", {mirrored} of them mirrored," if mirrored else ""


def _spread(counts: dict[str, int]) -> str:
    """The number of categories, and the most and the least frequent one."""
    if not counts:
        return "no categories"
    names = list(counts)
    first, last = names[0], names[-1]
    if len(counts) == 1:
        return f"1 category, {shown(first)!r}"
    return (
        f"{len(counts)} categories, from {shown(first)!r} ({counts[first]:,}) to {shown(last)!r} "
        f"({counts[last]:,})"
    )
