"""A study: its runs carried out one after the other, and its report after each of them."""

import pathlib
from collections.abc import Sequence

import motext_jax.configs
from motext_jax.config import Config
from motext_jax.counted import counted
from motext_jax.data.rewordings import read_rewordings
from motext_jax.data.synthetic.source import HELD_OUT_WORDINGS
from motext_jax.errors import InputError
from motext_jax.evaluation.evaluate import validation_score
from motext_jax.evaluation.records import to_json
from motext_jax.reproduction.about import describe
from motext_jax.reproduction.collection import collect
from motext_jax.reproduction.experiments import Experiment, Task
from motext_jax.reproduction.findings import beside_paper, comparisons
from motext_jax.reproduction.report import write_report
from motext_jax.reproduction.results import Report
from motext_jax.reproduction.run import Finished, Run, plan
from motext_jax.reproduction.scored import Questions
from motext_jax.reproduction.scoring import score
from motext_jax.reproduction.splits import Splits
from motext_jax.runtime.devices import machine
from motext_jax.runtime.processes import run_alone
from motext_jax.trained.saved_config import to_tree
from motext_jax.training.loop import train
from motext_jax.training.pretrained import resolve
from motext_jax.training.workdir import check_config
from motext_jax.whole_file import write_json

REWORDINGS = pathlib.Path(motext_jax.configs.__file__).parent / "rewordings"
"""The tables of rewordings that come with data sets."""


class Study:
    """A data set's experiments, each run several times; a finished run is not trained again.

    Args:
      data: the data set's name.
      size: the models' size, in a word.
      experiments: experiments to train.
      runs: number of runs of each experiment.
      workdir: directory of the runs and the report.

    Raises:
      InputError: a model's pre-trained weights or a split of the data cannot be had, or another
        process is at work in the directory.
    """

    def __init__(
        self,
        data: str,
        size: str,
        experiments: Sequence[Experiment],
        runs: int,
        workdir: pathlib.Path,
    ):
        self.data, self.size, self.workdir = data, size, workdir
        self.runs = plan(experiments, runs, workdir)
        self._splits = Splits()
        self._done: list[Run] = []
        self._check(self.runs[: len(experiments)])

    def _check(self, first: Sequence[Run]) -> None:
        """Refuses at once a run that would be refused after days.

        Args:
          first: each experiment's first run.
        """
        if self.workdir.exists() and not self.workdir.is_dir():
            raise InputError(f"{self.workdir}: a file, where a folder is meant")
        for run in self.runs:
            check_config(run.workdir, _resolved(run))
        for run in first:
            for load in (self._splits.train, self._splits.validation, self._splits.test):
                load(run)

    def rewordings(self, path: pathlib.Path | None) -> dict[str, tuple[str, ...]]:
        """The categories in other words, from a table or from the data set's own.

        Raises:
          InputError: the file is no such table, or names an action that the data set does not have.
        """
        if path is not None:
            return read_rewordings(path, self._splits.train(self.runs[0]).category_names)
        if self.data == "synthetic":
            return HELD_OUT_WORDINGS
        own = REWORDINGS / f"{self.data}.csv"
        return read_rewordings(own) if own.is_file() else {}

    def carry_out(self, questions: Questions) -> bool:
        """Trains and scores the runs that are not done yet; every new run is in the report at once.

        The others go on after a run that fails, as by a loss that is no longer finite.

        Returns:
          True once all runs are done; False after a signal that stopped the run in hand.

        Raises:
          InputError: another process is at work in the directory; or at the end, naming the runs
            that failed.
        """
        with run_alone(self.workdir):
            failed = []
            for position, run in enumerate(self.runs, start=1):
                print(f"[{position}/{len(self.runs)}] {run}", flush=True)
                try:
                    if not self._train(run):
                        return False
                    self._score(run, questions)
                except InputError as error:
                    print(f"failed: {error}", flush=True)
                    failed.append(f"{run}: {error}")
        if failed:
            runs = counted(len(self.runs), "run")
            raise InputError(f"{len(failed)} of {runs} failed: {'; '.join(failed)}")
        return True

    def _train(self, run: Run) -> bool:
        """Trains a run from its last checkpoint to its end; False if a signal stopped it."""
        clips = self._splits.train(run)
        wanted = Finished(to_tree(run.config), clips.fingerprint(), machine())
        before = run.finished
        if before and (before.config, before.clips) == (wanted.config, wanted.clips):
            return True
        # A finished run whose config or clips have changed goes on, or says why it cannot.
        validation = self._splits.validation(run)
        if not train(run.config, run.workdir, clips, validation, validation_score):
            return False
        write_json(to_json(wanted), run.finished_path)
        return True

    def _score(self, run: Run, questions: Questions) -> None:
        """Scores a trained run; writes the report if its scores are new or all runs are done."""
        new = score(run, self._splits.train(run), self._splits.test(run), questions)
        self._done.append(run)
        if new or len(self._done) == len(self.runs):
            self.write_report(questions)

    def write_report(self, questions: Questions) -> None:
        """Writes the report of the runs that are done."""
        numbers = collect(self._done)
        about = describe(self.data, self.size, self.runs, self._done, self._splits, self.workdir)
        found, paper = tuple(comparisons(numbers)), None
        if self.data.startswith("babel"):
            paper = beside_paper(numbers, 120 if "120" in self.data else 60)
        searched = {
            run.experiment.model: self._splits.test(run)
            for run in self._done
            if run.experiment.task == Task.RETRIEVAL
        }
        write_report(Report(about, numbers, found, questions, paper), searched, self.workdir)


def _resolved(run: Run) -> Config:
    try:
        return resolve(run.config)[0]
    except InputError as error:
        raise InputError(
            f"{error}; a directory of its own is passed as --text_checkpoint"
        ) from None
