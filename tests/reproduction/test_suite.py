"""The order of runs, and that what is done stays done."""

import pytest
import tiny

from motext_jax.errors import InputError
from motext_jax.reproduction import suite
from motext_jax.reproduction.experiments import Experiment
from motext_jax.reproduction.suite import carry_out, plan

EXPERIMENTS = [
    Experiment("CTRGCN(CE)", "recognition", tiny.config()),
    Experiment("CTRGCN-T", "recognition", tiny.config(), largest=10),
]


def test_first_runs_come_first_and_differ_in_seed_alone(tmp_path):
    runs = plan(EXPERIMENTS, 2, tmp_path)
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
    """As much of a ClipSet as a suite asks for."""

    def __init__(self, name, fingerprint="abc"):
        self.name, self._fingerprint = name, fingerprint

    def fingerprint(self):
        return self._fingerprint


def load(run, split):
    return Clips(split)


@pytest.fixture
def trained(monkeypatch):
    """Training that only notes its directory; what it raises or returns for one is in `ends`."""
    calls, ends = [], {}

    def train(config, workdir, clips, validation, validate):
        calls.append((workdir.parent.name, workdir.name, clips.name, validation.name))
        workdir.mkdir(parents=True, exist_ok=True)
        end = ends.get(workdir, True)
        if isinstance(end, Exception):
            raise end
        return end

    monkeypatch.setattr(suite, "train", train)
    return calls, ends


def test_a_stopped_run_goes_on_and_a_finished_one_does_not(tmp_path, trained):
    calls, ends = trained
    runs, done = plan(EXPERIMENTS, 1, tmp_path), []
    ends[runs[1].workdir] = False
    assert not carry_out(runs, load, done.append)
    assert done == runs[:1]
    ends.clear()
    assert carry_out(runs, load, done.append)
    assert done == [runs[0], runs[0], runs[1]]
    assert calls == [
        ("CTRGCN-CE", "run-1", "train", "val"),
        ("CTRGCN-T-largest-10", "run-1", "train", "val"),
        ("CTRGCN-T-largest-10", "run-1", "train", "val"),
    ]
    assert "CPU cores" in runs[0].finished["machine"]


def test_a_finished_run_that_is_asked_for_otherwise_is_left_to_training(tmp_path, trained):
    """Which goes on, or says what differs."""
    calls, _ = trained
    assert carry_out(plan(EXPERIMENTS, 1, tmp_path), load, lambda run: None)
    longer = tiny.config()
    longer.train.epochs += 1
    changed = [Experiment("CTRGCN(CE)", "recognition", longer), EXPERIMENTS[1]]
    assert carry_out(plan(changed, 1, tmp_path), load, lambda run: None)
    other = lambda run, split: Clips(split, "other data")  # noqa: E731
    assert carry_out(plan(changed, 1, tmp_path), other, lambda run: None)
    folders = [folder for folder, *_ in calls]
    assert folders == ["CTRGCN-CE", "CTRGCN-T-largest-10", "CTRGCN-CE", *folders[:2]]


def test_a_run_that_fails_does_not_keep_the_others_from_theirs(tmp_path, trained):
    _, ends = trained
    runs, done = plan(EXPERIMENTS, 1, tmp_path), []
    ends[runs[0].workdir] = InputError("step 7: loss is nan")
    with pytest.raises(
        InputError, match=r"1 of 2 runs failed: CTRGCN\(CE\) .* step 7: loss is nan"
    ):
        carry_out(runs, load, done.append)
    assert done == runs[1:]
