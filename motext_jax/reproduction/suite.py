"""Experiments carried out, each as often as asked; what is done stays done.

WORKDIR/recognition/CTRGCN-T/run-1/    a run's directory, as `train` makes it
    finished.json                      as what it was trained to its end, and where
"""

import dataclasses
import json
import pathlib
from collections.abc import Callable, Sequence
from typing import Any

from motext_jax.config import Config
from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError
from motext_jax.evaluation.evaluate import validation_score
from motext_jax.reproduction.experiments import Experiment
from motext_jax.runtime.devices import machine
from motext_jax.trained.saved_config import to_tree
from motext_jax.training.loop import train
from motext_jax.whole_file import write_json

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

    @property
    def finished(self) -> dict[str, Any]:
        """The config and the training clips it was trained to its end with, and the machine.

        Empty for a run that is not finished.
        """
        path = self.workdir / "finished.json"
        return json.loads(path.read_text()) if path.exists() else {}

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

    A run that fails, as by a loss that is no longer finite, does not keep the others from theirs.

    Returns:
      Whether all are done; False after a signal that stopped the run in hand.

    Raises:
      InputError: at the end, naming the runs that failed.
    """
    failed = []
    for position, run in enumerate(runs, start=1):
        print(f"[{position}/{len(runs)}] {run}", flush=True)
        try:
            if not _trained(run, load):
                return False
            done(run)
        except InputError as error:
            print(f"failed: {error}", flush=True)
            failed.append(f"{run}: {error}")
    if failed:
        raise InputError(f"{len(failed)} of {len(runs)} runs failed: {'; '.join(failed)}")
    return True


def _trained(run: Run, load: LoadClips) -> bool:
    """Trains a run unless it is finished; whether it is then."""
    data = run.config.data
    clips = load(run, data.train_split)
    asked = {"config": to_tree(run.config), "clips": clips.fingerprint()}
    if {key: run.finished.get(key) for key in asked} == asked:
        return True
    validation = load(run, data.validation_split) if data.validation_split else None
    # Of a finished run that is asked for otherwise it goes on, or says why it cannot.
    if not train(run.config, run.workdir, clips, validation, validation_score):
        return False
    write_json({**asked, "machine": machine()}, run.workdir / "finished.json")
    return True


def _folder(experiment: Experiment) -> str:
    """The model's name without the parentheses that a shell would take for its own."""
    name = experiment.model.replace("(", "-").replace(")", "")
    return f"{name}-largest-{experiment.largest}" if experiment.largest else name
