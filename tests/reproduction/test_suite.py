"""The order of runs, and that what is done stays done."""

import pytest
import tiny

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


@pytest.fixture
def trained(monkeypatch):
    """Training that only notes its directory; a directory in `stopped` is stopped by a signal."""
    calls, stopped = [], []

    def train(config, workdir, clips, validation, validate):
        calls.append((workdir.parent.name, workdir.name, clips, validation))
        workdir.mkdir(parents=True, exist_ok=True)
        return workdir not in stopped

    monkeypatch.setattr(suite, "train", train)
    return calls, stopped


def test_a_stopped_run_goes_on_and_a_finished_one_does_not(tmp_path, trained):
    calls, stopped = trained
    runs, done = plan(EXPERIMENTS, 1, tmp_path), []
    stopped.append(runs[1].workdir)
    assert not carry_out(runs, lambda run, split: split, done.append)
    assert done == runs[:1]
    stopped.clear()
    assert carry_out(runs, lambda run, split: split, done.append)
    assert done == [runs[0], runs[0], runs[1]]
    assert calls == [
        ("CTRGCN-CE", "run-1", "train", "val"),
        ("CTRGCN-T-largest-10", "run-1", "train", "val"),
        ("CTRGCN-T-largest-10", "run-1", "train", "val"),
    ]
    assert "CPU cores" in (runs[0].workdir / "finished").read_text()
