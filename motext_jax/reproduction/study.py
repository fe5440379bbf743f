"""A study: its runs carried out one after the other, and its report after each of them."""

import contextlib
import dataclasses
import fcntl
import json
import pathlib
from collections.abc import Iterator, Sequence
from typing import Any

from motext_jax.config import Config
from motext_jax.data.clips import ClipSet, of_categories
from motext_jax.data.rewordings import read_rewordings
from motext_jax.data.sources import load_clips
from motext_jax.data.synthetic.source import HELD_OUT_WORDINGS
from motext_jax.errors import InputError
from motext_jax.reproduction.experiments import CONFIGS, RETRIEVAL, Experiment
from motext_jax.reproduction.findings import comparisons
from motext_jax.reproduction.report import write_report
from motext_jax.reproduction.results import collect, with_paper
from motext_jax.reproduction.scoring import Questions, score
from motext_jax.reproduction.suite import Run, carry_out, plan
from motext_jax.training.pretrained import resolve
from motext_jax.training.workdir import claim


class Study:
    """A data set's experiments, each run several times.

    Args:
      data: the data set's name.
      size: of the models, in a word.
      experiments: what is trained.
      runs: how often.
      workdir: for the runs and the report.

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
        self._loaded: dict[str, ClipSet] = {}
        self._done: list[Run] = []
        if workdir.exists() and not workdir.is_dir():
            raise InputError(f"{workdir}: a file, where a folder is meant")
        # Better now than after days.
        for run in self.runs:
            config = _resolved(run)
            if (run.workdir / "config.json").exists():
                claim(run.workdir, config)
        for run in self.runs[: len(experiments)]:
            data_config = run.config.data
            splits = (data_config.train_split, data_config.validation_split, data_config.test_split)
            for split in filter(None, splits):
                self.load(run, split)

    def rewordings(self, path: pathlib.Path | None) -> dict[str, tuple[str, ...]]:
        """The categories in other words: a table's, or those that come with the data set.

        Raises:
          InputError: the table is none, or names an action that the data set does not have.
        """
        if path is not None:
            split = self.runs[0].config.data.train_split
            return read_rewordings(path, self.load(self.runs[0], split).category_names)
        if self.data == "synthetic":
            return HELD_OUT_WORDINGS
        own = CONFIGS / "rewordings" / f"{self.data}.csv"
        return read_rewordings(own) if own.is_file() else {}

    def carry_out(self, questions: Questions) -> bool:
        """Trains and scores what is not done yet; every new run is in the report at once.

        Returns:
          Whether all runs are done; False after a signal.
        """

        def finish(run: Run) -> None:
            data = run.config.data
            train, test = self.load(run, data.train_split), self.load(run, data.test_split)
            new = score(run, train, test, questions)
            self._done.append(run)
            if new or len(self._done) == len(self.runs):
                self.report(questions)

        with _alone(self.workdir):
            return carry_out(self.runs, self.load, finish)

    def load(self, run: Run, split: str) -> ClipSet:
        """A split as a run sees it; each is read once."""
        data, largest = run.config.data, run.experiment.largest
        key = json.dumps([dataclasses.asdict(data), split])
        if key not in self._loaded:
            self._loaded[key] = load_clips(data, split)
        clips = self._loaded[key]
        return of_categories(clips, self._largest(run)) if largest else clips

    def _largest(self, run: Run) -> list[str]:
        """The categories with the most training clips, of those that are evaluated."""
        whole = dataclasses.replace(run, experiment=dataclasses.replace(run.experiment, largest=0))
        data, largest = run.config.data, run.experiment.largest
        evaluated = self.load(whole, data.test_split).counts()
        names = [n for n in self.load(whole, data.train_split).counts() if n in evaluated]
        if largest > len(names):
            raise InputError(f"--retrain_at={largest}: there are {len(names)} categories")
        return names[:largest]

    def report(self, questions: Questions) -> None:
        """Writes the report of the runs that are done."""
        results = {"about": self._about(), **collect(self._done)}
        results["comparisons"] = comparisons(results)
        results["questions"] = questions.to_json()
        if self.data.startswith("babel"):
            results["paper"] = with_paper(results, 120 if "120" in self.data else 60)
        searched = {
            run.experiment.model: self.load(run, run.config.data.test_split)
            for run in self._done
            if run.experiment.task == RETRIEVAL
        }
        write_report(results, searched, self.workdir)

    def _about(self) -> dict[str, Any]:
        first = self._done[0]
        config, data = first.config, first.config.data
        train, test = self.load(first, data.train_split), self.load(first, data.test_split)
        steps, epochs = config.train.steps, config.train.epochs
        length = f"{steps} steps" if steps else f"{epochs} epochs"
        mirrored = " and their mirror images" if data.mirror else ""
        runs = max(run.number for run in self.runs)
        return {
            "data": self.data,
            "size": self.size,
            "runs": runs,
            "finished": len(self._done),
            "planned": len(self.runs),
            "clips": {"train": len(train), "evaluation": len(test)},
            "sentences": [
                f"{len(train)} training clips{mirrored}; {len(test)} clips of the split "
                f"{data.test_split!r} are evaluated, of {len(test.counts())} categories.",
                f"A clip is {data.frames} frames at {data.fps:g} a second, "
                f"{len(test.skeleton.joints)} joints.",
                f"Models of the {self.size} size, each trained {_times(runs)} for {length} of "
                f"batches of {config.train.batch_size}; {len(self._done)} of {len(self.runs)} runs "
                "are done.",
                *_stand_ins(self.runs),
                *self._left_out(),
            ],
            "no_retrieval": _no_retrieval(self.data, self.runs, self._done),
        }

    def _left_out(self) -> list[str]:
        """Says so where the directory has more than was asked for."""
        asked = {run.workdir for run in self.runs}
        others = [p for p in self.workdir.glob("*/*/*/finished.json") if p.parent not in asked]
        if not others:
            return []
        return [
            f"{len(others)} more finished runs in {self.workdir} are left out: --models and --runs "
            "do not ask for them."
        ]


def _resolved(run: Run) -> Config:
    try:
        return resolve(run.config)[0]
    except InputError as error:
        raise InputError(
            f"{error}; a directory of its own is passed as --text_checkpoint"
        ) from None


@contextlib.contextmanager
def _alone(workdir: pathlib.Path) -> Iterator[None]:
    """Keeps a second process out of a directory while the first is at work there."""
    workdir.mkdir(parents=True, exist_ok=True)
    with (workdir / "lock").open("w") as lock:
        try:
            # Let go by the system when the process ends, however it ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"{workdir}: another process is at work there") from None
        yield


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _stand_ins(runs: Sequence[Run]) -> list[str]:
    if not any(run.experiment.model.endswith("MiniLM") for run in runs):
        return []
    return [
        "MiniLM in a name: the text tower starts from all-MiniLM-L6-v2, a sentence BERT, where the "
        "paper's -C starts from CLIP's text transformer."
    ]


def _no_retrieval(data: str, runs: Sequence[Run], done: Sequence[Run]) -> str:
    """Why there is no retrieval by annotation, if there is none."""
    if any(run.experiment.task == RETRIEVAL for run in done):
        return ""
    if data.startswith("babel") and not any(run.experiment.task == RETRIEVAL for run in runs):
        return (
            "Left out: BABEL's released features have no annotations. Make a set that has them "
            "with `python -m motext_jax.prepare babel_text ...` (docs/data/babel.md) and pass its "
            "folder as --captions."
        )
    return "No model that is trained on annotations is done yet, or none was asked for."
