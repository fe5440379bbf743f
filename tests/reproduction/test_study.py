"""The order of runs, and that what is done stays done."""

import pytest
import tiny

from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError
from motext_jax.reproduction import splits, study
from motext_jax.reproduction.experiments import Experiment, Task
from motext_jax.reproduction.models import MODELS
from motext_jax.reproduction.run import plan
from motext_jax.reproduction.scored import Questions
from motext_jax.reproduction.study import Study

CE, T = MODELS["CTRGCN(CE)"], MODELS["CTRGCN-T"]
EXPERIMENTS = [
    Experiment(CE, Task.RECOGNITION, tiny.config()),
    Experiment(T, Task.RECOGNITION, tiny.config(text="caption")),
]
QUESTIONS = Questions((), {})


def test_first_runs_come_first_and_differ_in_seed_alone(tmp_path):
    experiments = [
        Experiment(CE, Task.RECOGNITION, tiny.config()),
        Experiment(T, Task.RECOGNITION, tiny.config(), largest=10),
    ]
    runs = plan(experiments, 2, tmp_path)
    assert [run.workdir.relative_to(tmp_path).as_posix() for run in runs] == [
        "recognition/CTRGCN-CE/run-1",
        "recognition/CTRGCN-T-largest-10/run-1",
        "recognition/CTRGCN-CE/run-2",
        "recognition/CTRGCN-T-largest-10/run-2",
    ]
    assert [run.config.train.seed for run in runs] == [0, 0, 1, 1]
    again = tiny.config()
    again.train.seed = 1
    assert runs[2].config == again
    assert str(runs[3]) == "CTRGCN-T · recognition · 10 largest categories · run 2"


class Clips:
    """The part of a ClipSet that training asks for."""

    __class__ = ClipSet  # passes for one where types are checked

    def __init__(self, name, fingerprint):
        self.name, self._fingerprint = name, fingerprint

    def fingerprint(self):
        return self._fingerprint


class World:
    """Splits, training and scoring that only note what they are asked for.

    Attributes:
      data: every split's fingerprint.
      ends: by directory, the result or exception of a training that stops before its end.
      read: splits that were read.
      trained: directories and splits of every training.
      scored: every run that was scored.
      reports: number of runs in each report.
    """

    def __init__(self, monkeypatch):
        self.data, self.ends = "abc", {}
        self.read, self.trained, self.scored, self.reports = [], [], [], []
        monkeypatch.setattr(splits, "load_clips", self.load_clips)
        monkeypatch.setattr(study, "train", self.train)
        monkeypatch.setattr(study, "score", self.score)
        monkeypatch.setattr(
            Study, "write_report", lambda whole, _: self.reports.append(len(whole._done))
        )

    def load_clips(self, config, split):
        self.read.append((config.text, split))
        return Clips(split, self.data)

    def train(self, config, workdir, clips, validation, validate):
        self.trained.append((workdir.parent.name, workdir.name, clips.name, validation.name))
        workdir.mkdir(parents=True, exist_ok=True)
        end = self.ends.get(workdir.parent.name, True)
        if isinstance(end, Exception):
            raise end
        return end

    def score(self, run, train, test, questions):
        assert (train.name, test.name, questions) == ("train", "test", QUESTIONS)
        self.scored.append(run)
        return run not in self.scored[:-1]


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def make(workdir, experiments=EXPERIMENTS):
    return Study("synthetic", "tiny", experiments, 1, workdir)


def test_each_split_is_read_once(tmp_path, world):
    assert make(tmp_path).carry_out(QUESTIONS)
    assert world.read == [
        (text, split) for text in ("category", "caption") for split in ("train", "val", "test")
    ]


def test_a_stopped_run_goes_on_and_a_finished_one_does_not(tmp_path, world):
    world.ends["CTRGCN-T"] = False
    one = make(tmp_path)
    assert not one.carry_out(QUESTIONS)
    assert world.scored == one.runs[:1] and world.reports == [1]
    world.ends.clear()
    two = make(tmp_path)
    assert two.carry_out(QUESTIONS)
    assert [run.workdir for run in world.scored[1:]] == [run.workdir for run in two.runs]
    assert world.trained == [
        ("CTRGCN-CE", "run-1", "train", "val"),
        ("CTRGCN-T", "run-1", "train", "val"),
        ("CTRGCN-T", "run-1", "train", "val"),
    ]
    assert "CPU cores" in two.runs[0].finished.machine


def test_a_finished_run_that_is_asked_for_otherwise_is_left_to_training(tmp_path, world):
    """Training goes on, or says what differs."""
    assert make(tmp_path).carry_out(QUESTIONS)
    longer = tiny.config()
    longer.train.epochs += 1
    changed = [Experiment(CE, Task.RECOGNITION, longer), EXPERIMENTS[1]]
    assert make(tmp_path, changed).carry_out(QUESTIONS)
    world.data = "other data"
    assert make(tmp_path, changed).carry_out(QUESTIONS)
    folders = [folder for folder, *_ in world.trained]
    assert folders == ["CTRGCN-CE", "CTRGCN-T", "CTRGCN-CE", "CTRGCN-CE", "CTRGCN-T"]


def test_a_run_that_fails_does_not_keep_the_others_from_theirs(tmp_path, world):
    world.ends["CTRGCN-CE"] = InputError("step 7: loss is nan")
    failing = make(tmp_path)
    with pytest.raises(
        InputError, match=r"1 of 2 runs failed: CTRGCN\(CE\) .* step 7: loss is nan"
    ):
        failing.carry_out(QUESTIONS)
    assert world.scored == failing.runs[1:]


def test_a_second_study_in_the_directory_is_refused(tmp_path, world):
    with study.run_alone(tmp_path), pytest.raises(InputError, match="another process is at work"):
        make(tmp_path).carry_out(QUESTIONS)
    assert world.trained == []


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path, world):
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="x: a file, where a folder is meant"):
        make(tmp_path / "x")
