"""A study in words: its data, its models, its progress, and its omissions."""

import dataclasses
import pathlib
from collections.abc import Sequence

from motext_jax.counted import counted
from motext_jax.reproduction.experiments import Task
from motext_jax.reproduction.run import Run
from motext_jax.reproduction.splits import Splits


@dataclasses.dataclass(frozen=True)
class ClipNumbers:
    """Numbers of training and of evaluated clips."""

    train: int
    evaluation: int


@dataclasses.dataclass(frozen=True)
class About:
    """The head of a report.

    Attributes:
      data: the data set's name.
      size: the models' size, in a word.
      runs: number of runs of each model.
      finished: number of finished runs.
      planned: number of planned runs.
      clips: numbers of clips of the first run.
      sentences: the head as sentences.
      no_retrieval: reason why there is no retrieval by annotation; empty if there is one.
    """

    data: str
    size: str
    runs: int
    finished: int
    planned: int
    clips: ClipNumbers
    sentences: tuple[str, ...]
    no_retrieval: str


def describe(
    data: str,
    size: str,
    runs: Sequence[Run],
    done: Sequence[Run],
    splits: Splits,
    workdir: pathlib.Path,
) -> About:
    """The head of the report on the runs that are done.

    Args:
      data: the data set's name.
      size: the models' size, in a word.
      runs: all planned runs.
      done: finished runs, at least one.
      splits: the clips of the runs.
      workdir: the study's directory, which may hold other runs, too.
    """
    config = done[0].config
    train, test = splits.train(done[0]), splits.test(done[0])
    steps, epochs = config.train.steps, config.train.epochs
    length = counted(steps, "step") if steps else counted(epochs, "epoch")
    mirrored = " and their mirror images" if config.data.mirror else ""
    often = max(run.number for run in runs)
    return About(
        data=data,
        size=size,
        runs=often,
        finished=len(done),
        planned=len(runs),
        clips=ClipNumbers(train=len(train), evaluation=len(test)),
        sentences=(
            f"{len(train)} training clips{mirrored}; {len(test)} clips of the split "
            f"{config.data.test_split!r} are evaluated, of {len(test.counts())} categories.",
            f"A clip is {config.data.frames} frames at {config.data.fps:g} a second, "
            f"{len(test.skeleton.joints)} joints.",
            f"Models of the {size} size, each trained {_times(often)} for {length} of batches of "
            f"{config.train.batch_size}; {len(done)} of "
            f"{counted(len(runs), 'run is', 'runs are')} done.",
            *_stand_ins(runs),
            *_left_out(runs, workdir),
        ),
        no_retrieval=_no_retrieval(data, runs, done),
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _stand_ins(runs: Sequence[Run]) -> list[str]:
    if not any(run.experiment.model.text == "sentence_bert" for run in runs):
        return []
    return [
        "MiniLM in a name: the text tower starts from all-MiniLM-L6-v2, a sentence BERT, where the "
        "paper's -C starts from CLIP's text transformer."
    ]


def _left_out(runs: Sequence[Run], workdir: pathlib.Path) -> list[str]:
    """A sentence if the directory holds finished runs that were not asked for."""
    asked = {run.workdir for run in runs}
    others = [path for path in workdir.glob("*/*/*/finished.json") if path.parent not in asked]
    if not others:
        return []
    return [
        f"left out: {counted(len(others), 'more finished run')} in {workdir}, for which --models "
        "and --runs do not ask."
    ]


def _no_retrieval(data: str, runs: Sequence[Run], done: Sequence[Run]) -> str:
    """The reason why there is no retrieval by annotation; empty if there is one."""
    if any(run.experiment.task == Task.RETRIEVAL for run in done):
        return ""
    if data.startswith("babel") and not any(r.experiment.task == Task.RETRIEVAL for r in runs):
        return (
            "Left out: BABEL's released features have no annotations. Make a set that has them "
            "with `python -m motext_jax.prepare babel_text ...` (docs/data/babel.md) and pass its "
            "folder as --captions."
        )
    return "No model that is trained on annotations is done yet, or none was asked for."
