"""The runs of a study: every experiment several times, each run in a folder of its own.

WORKDIR/recognition/CTRGCN-T/run-1/    a run's directory, as `train` makes it
    finished.json                      its config, clips and machine, once it is trained to its end
    results.json, scores.npz           its scores, see scoring.py
"""

import dataclasses
import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from motext_jax.config import Config
from motext_jax.evaluation.records import from_json
from motext_jax.reproduction.experiments import Experiment


@dataclasses.dataclass(frozen=True)
class Finished:
    """The end of a run.

    Attributes:
      config: the config that was asked for, as JSON.
      clips: the training clips' fingerprint.
      machine: the machine that trained it, in words.
    """

    config: Mapping[str, Any]
    clips: str
    machine: str


@dataclasses.dataclass(frozen=True)
class Run:
    """One training of one experiment.

    Attributes:
      experiment: the experiment.
      number: number of the run, from 1.
      workdir: the run's directory.
    """

    experiment: Experiment
    number: int
    workdir: pathlib.Path

    @property
    def config(self) -> Config:
        """The experiment's config; its runs differ in their seed alone."""
        config = self.experiment.config
        seed = config.train.seed + self.number - 1
        return dataclasses.replace(config, train=dataclasses.replace(config.train, seed=seed))

    @property
    def finished(self) -> Finished | None:
        """Facts that the run leaves at its end; None before."""
        if not self.finished_path.exists():
            return None
        return from_json(Finished, json.loads(self.finished_path.read_text()))

    @property
    def finished_path(self) -> pathlib.Path:
        """The file that marks the run as finished."""
        return self.workdir / "finished.json"

    def __str__(self) -> str:
        experiment = self.experiment
        largest = f" · {experiment.largest} largest categories" if experiment.largest else ""
        return f"{experiment.model.name} · {experiment.task}{largest} · run {self.number}"


def plan(experiments: Sequence[Experiment], runs: int, workdir: pathlib.Path) -> list[Run]:
    """All runs, the first of every experiment before the second of any."""
    return [
        Run(experiment, number, workdir / experiment.task / _folder(experiment) / f"run-{number}")
        for number in range(1, runs + 1)
        for experiment in experiments
    ]


def _folder(experiment: Experiment) -> str:
    """The model's name without the parentheses that a shell would take for its own."""
    name = experiment.model.name.replace("(", "-").replace(")", "")
    return f"{name}-largest-{experiment.largest}" if experiment.largest else name
