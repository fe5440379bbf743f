"""Experiments carried out, each as often as asked; what is done stays done.

WORKDIR/recognition/CTRGCN-T/run-1/     a run's directory, as `train` makes it, and
    results.json, scores.npz            what it was found to score
"""

import dataclasses
import pathlib
from collections.abc import Callable, Sequence

from motext_jax.config import Config
from motext_jax.data.clips import ClipSet
from motext_jax.evaluation.evaluate import validation_score
from motext_jax.reproduction.experiments import Experiment
from motext_jax.training.loop import train
from motext_jax.training.mesh import machine

FINISHED = "finished"

LoadClips = Callable[["Run", str], ClipSet]
"""A split that a run is trained or scored on, by its name."""

Done = Callable[["Run"], None]
"""Called with each run once it is trained."""


@dataclasses.dataclass(frozen=True)
class Run:
    """One training of one experiment.

    Attributes:
      experiment: what is trained.
      number: from 1.
      workdir: where.
    """

    experiment: Experiment
    number: int
    workdir: pathlib.Path

    @property
    def config(self) -> Config:
        """Runs of an experiment differ in their seed alone."""
        config = self.experiment.config
        seed = config.train.seed + self.number - 1
        return dataclasses.replace(config, train=dataclasses.replace(config.train, seed=seed))

    def __str__(self) -> str:
        experiment = self.experiment
        largest = f" · {experiment.largest} largest categories" if experiment.largest else ""
        return f"{experiment.model} · {experiment.task}{largest} · run {self.number}"


def plan(experiments: Sequence[Experiment], runs: int, workdir: pathlib.Path) -> list[Run]:
    """All runs, the first of every experiment before the second of any."""
    return [
        Run(experiment, number, workdir / experiment.task / _folder(experiment) / f"run-{number}")
        for number in range(1, runs + 1)
        for experiment in experiments
    ]


def carry_out(runs: Sequence[Run], load: LoadClips, done: Done) -> bool:
    """Trains what is not trained yet, each run from where it stopped.

    Returns:
      Whether all are done; False after a signal that stopped the run in hand.
    """
    for position, run in enumerate(runs, start=1):
        print(f"[{position}/{len(runs)}] {run}", flush=True)
        finished = run.workdir / FINISHED
        if not finished.exists():
            data = run.config.data
            validation = load(run, data.validation_split) if data.validation_split else None
            clips = load(run, data.train_split)
            if not train(run.config, run.workdir, clips, validation, validation_score):
                return False
            finished.write_text(machine())
        done(run)
    return True


def _folder(experiment: Experiment) -> str:
    """The model's name without the parentheses that a shell would take for its own."""
    name = experiment.model.replace("(", "-").replace(")", "")
    return f"{name}-largest-{experiment.largest}" if experiment.largest else name
