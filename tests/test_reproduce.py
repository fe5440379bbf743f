"""The whole study as a person runs it, tiny, on the synthetic source; and what is refused."""

import json
import os
import pathlib
import re
import subprocess
import sys

import bert_checkpoint
import pytest

REPOSITORY = pathlib.Path(__file__).parent.parent

MODELS = ("CTRGCN(CE)", "CTRGCN-MiniLM")
RUNS = (
    "recognition/CTRGCN-CE/run-1",
    "recognition/CTRGCN-MiniLM/run-1",
    "retrieval/CTRGCN-MiniLM/run-1",
)
SECTIONS = (
    "What was found",
    "Table 1: recognition",
    "Figure 3: categories",
    "Recall and size",
    "Most confused",
    "Figure 4: as categories are added",
    "Table 3: retrieval by category",
    "Retrieval by annotation",
    "Table 2: by annotation and by motion",
    "Figures 5 and 6: the first three motions",
    "Rewordings that training never saw",
    "Words of side, direction and speed",
    "Training",
    "Configs",
)


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "motext_jax.reproduce", *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A finished study's directory, and the arguments that made it."""
    text_tower = bert_checkpoint.write_checkpoint(tmp_path_factory.mktemp("bert"))
    bert_checkpoint.write_tokenizer(text_tower)
    workdir = tmp_path_factory.mktemp("study")
    arguments = (
        "--data=synthetic",
        "--size=tiny",
        "--runs=1",
        f"--models={','.join(MODELS)}",
        f"--text_checkpoint={text_tower}",
        f"--workdir={workdir}",
    )
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert f"wrote {workdir / 'report.html'}" in result.stdout
    return workdir, arguments


def numbers(tree):
    """Every number of a JSON tree as tables write it."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list):
        return set().union(*map(numbers, tree)) if tree else set()
    known = isinstance(tree, int | float) and not isinstance(tree, bool)
    return {f"{abs(tree):.2f}"} if known else set()


def test_the_report_is_complete(study):
    workdir, _ = study
    page, text = ((workdir / f"report.{kind}").read_text() for kind in ("html", "md"))
    for section in SECTIONS:
        assert re.search(rf"^##+ {re.escape(section)}$", text, re.MULTILINE), section
        assert f">{section}</h" in page, section
    for model in MODELS:
        assert f"| {model} |" in text
    # Eight queries, each with a picture; the page holds them all.
    assert text.count("the first three motions of CTRGCN-MiniLM, run 1](") == 8
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert len(pictures) == 13 and all((workdir / path).is_file() for path in pictures)
    assert page.count("<svg ") == 13
    assert not re.search(r'(src|href)="(?!#|data:)', page)


def test_other_options_are_refused_before_anything_is_done(study):
    _, arguments = study
    result = run(*arguments, "--epochs=2")
    assert result.returncode == 2
    assert "holds a run with train.epochs=300, and this one has 2" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_numbers_of_the_tables_are_those_of_the_json(study):
    workdir, _ = study
    results = json.loads((workdir / "report.json").read_text())
    text = (workdir / "report.md").read_text()
    known = numbers(results)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    found = {number for row in rows for number in re.findall(r"\b\d+\.\d\d\b", row)}
    assert len(found) > 40
    assert found <= known
    for model in MODELS:
        own = json.loads(
            (workdir / "recognition" / model.replace("(", "-").replace(")", "") / "run-1")
            .joinpath("results.json")
            .read_text()
        )["scores"]["recognition"]
        cells = [f"{own[key]:.2f}" for key in ("top1", "top5", "top1_norm")]
        assert f"| {model} | {' | '.join(cells)} |" in text


def test_what_is_done_is_not_done_again_but_a_new_query_is_answered(study):
    workdir, arguments = study
    written = {name: (workdir / name / "metrics.jsonl").stat().st_mtime_ns for name in RUNS}
    result = run(*arguments, "--query=somebody juggles")
    assert result.returncode == 0, result.stderr
    assert "step" not in result.stdout
    for name, time in written.items():
        assert (workdir / name / "metrics.jsonl").stat().st_mtime_ns == time
    text = (workdir / "report.md").read_text()
    assert "| somebody juggles | juggles |" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workdir=x"], "--data is missing; for example --data=synthetic"),
        (["--data=synthetic"], "--workdir is missing"),
        (["--data=synthetic", "--workdir=x", "--query= "], "--query is empty"),
        (["--data=synthetic", "--workdir=x", "--retrain_at=10,all"], "expected numbers above 1"),
        (["--data=synthetic", "--workdir=x", "--models=CLIP"], "--models is 'CLIP'; it must be"),
        (
            ["--data=synthetic", "--workdir=x", "--models=CTRGCN-T", "--rewordings=no.csv"],
            "no.csv: there is no such file",
        ),
        (
            ["--data=bandai", "--workdir=x", "--root=nowhere", "--models=CTRGCN-T"],
            "--root=nowhere: there is no such folder",
        ),
        (["--data=synthetic", "--workdir=x", "--text_checkpoint=no"], "no is not a directory"),
    ],
)
def test_refuses(tmp_path, arguments, message):
    workdir = tmp_path / "x"
    result = run(*(a.replace("--workdir=x", f"--workdir={workdir}") for a in arguments))
    assert result.returncode == 2
    assert message in result.stderr and "Traceback" not in result.stderr
    assert not workdir.exists()
