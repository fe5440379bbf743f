"""A study from before its results had types gives the report that it had then.

Commit ca357d5 wrote tests/golden/study: results.json, config.json and scores.npz of ten tiny runs
on the folder that tests/tiny.py writes, and the report on them.
"""

import json
import shutil

import pytest
import tiny

from motext_jax.data.sources import load_clips
from motext_jax.evaluation.records import from_json, to_json
from motext_jax.reproduction.about import About
from motext_jax.reproduction.collection import collect
from motext_jax.reproduction.experiments import Experiment, Task
from motext_jax.reproduction.findings import beside_paper, comparisons
from motext_jax.reproduction.models import MODELS
from motext_jax.reproduction.report import write_report
from motext_jax.reproduction.results import Report
from motext_jax.reproduction.run import plan
from motext_jax.reproduction.scored import Questions, Scored

EXPERIMENTS = (
    ("CTRGCN(CE)", Task.RECOGNITION, 0),
    ("CTRGCN-T", Task.RECOGNITION, 0),
    ("CTRGCN-C", Task.RECOGNITION, 0),
    ("CTRGCN-T", Task.RETRIEVAL, 0),
    ("CTRGCN-T", Task.RECOGNITION, 2),
)


@pytest.fixture
def study(golden_folder, tmp_path):
    """The runs, and the report as it was."""
    shutil.copytree(golden_folder / "study", tmp_path / "study")
    experiments = [
        Experiment(MODELS[model], task, tiny.config(), largest)
        for model, task, largest in EXPERIMENTS
    ]
    then = json.loads((golden_folder / "study" / "report.json").read_text())
    return plan(experiments, 2, tmp_path / "study"), then


def test_the_runs_scores_are_read_and_written_alike(study):
    runs, _ = study
    for run in runs:
        text = (run.workdir / "results.json").read_text()
        assert json.dumps(to_json(from_json(Scored, json.loads(text))), indent=2) + "\n" == text


def test_the_report_is_the_one_of_then(study, golden_folder, tmp_path):
    runs, then = study
    numbers = collect(runs)
    report = Report(
        about=from_json(About, then["about"]),
        numbers=numbers,
        comparisons=tuple(comparisons(numbers)),
        questions=from_json(Questions, then["questions"]),
        paper=beside_paper(numbers, 60),
    )
    assert json.dumps(to_json(report)) == json.dumps(then)
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 12, "val": 3, "test": 9}, frames=32)
    clips = load_clips(tiny.config(root).data, "test")
    write_report(report, {MODELS["CTRGCN-T"]: clips}, tmp_path)
    assert json.loads((tmp_path / "report.json").read_text()) == then
    assert (tmp_path / "report.md").read_text() == (
        golden_folder / "study" / "report.md"
    ).read_text()
