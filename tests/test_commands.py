"""The commands as a person runs them: train, go on, evaluate, search, and every refusal."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import jax
import numpy as np
import orbax.checkpoint as ocp
import pytest
import saved_model
import tiny

REPOSITORY = pathlib.Path(__file__).parent.parent
TINY = REPOSITORY / "tests" / "tiny.py"


def command(module, *arguments):
    return [sys.executable, "-m", f"motext_jax.{module}", *map(str, arguments)]


def environment():
    """On two devices, whatever the machine has."""
    path = str(TINY.parent)
    return {**os.environ, "JAX_PLATFORMS": "cpu", "JAX_NUM_CPU_DEVICES": "2", "PYTHONPATH": path}


def run(module, *arguments):
    return subprocess.run(
        command(module, *arguments),
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "folder"
    return tiny.write_humanml3d(root, {"train": 24, "val": 6, "test": 9}, frames=16)


@pytest.fixture(scope="module")
def trained(folder, tmp_path_factory):
    """A working directory of twelve steps, and what the command printed."""
    workdir = tmp_path_factory.mktemp("runs") / "whole"
    result = run("train", f"--config={TINY}:{folder}", f"--workdir={workdir}")
    assert result.returncode == 0, result.stderr
    return workdir, result.stdout


def metrics(workdir):
    return [json.loads(line) for line in (workdir / "metrics.jsonl").read_text().splitlines()]


def arrays(workdir):
    """All leaves of the newest checkpoint's model and optimizer."""
    steps = [int(path.name) for path in (workdir / "checkpoints").iterdir() if path.name.isdigit()]
    folder = workdir / "checkpoints" / str(max(steps))
    leaves = {}
    for item in ("model", "optimizer"):
        tree = ocp.StandardCheckpointer().restore(folder / item)
        for path, leaf in jax.tree_util.tree_flatten_with_path(tree)[0]:
            leaves[item + jax.tree_util.keystr(path)] = np.asarray(leaf)
    return max(steps), leaves


def assert_same(run, other):
    """Two runs' last step, parameters, statistics and optimizer state, bit for bit."""
    (step, leaves), (other_step, other_leaves) = run, other
    assert step == other_step == 12
    assert leaves.keys() == other_leaves.keys()
    for name, value in other_leaves.items():
        np.testing.assert_array_equal(leaves[name], value, err_msg=name)


def test_training_learns_and_says_so(folder, trained):
    workdir, printed = trained
    losses = [line["loss"] for line in metrics(workdir) if "loss" in line]
    assert len(losses) == 12
    assert losses[-1] < losses[0]
    assert re.search(r"step 12/12 .* clips/s .* left", printed)
    assert f"reading the clips of {folder}, at 30 frames a second" in printed.splitlines()[0]
    lines = printed.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("step 1/12"))
    assert lines[first - 1].startswith("compiling the training step")
    assert "48 training clips, 24 of them mirrored, of 16 frames" in printed
    assert lines[-1] == f"trained; python -m motext_jax.eval --workdir={workdir} scores it"
    assert json.loads((workdir / "config.json").read_text())["model"]["motion"]["width"] == 8
    assert [line["step"] for line in metrics(workdir) if "validation/top1" in line] == [3, 6, 9, 12]


def test_evaluation_reads_the_checkpoint_alone(trained):
    workdir, _ = trained
    result = run("eval", f"--workdir={workdir}")
    assert result.returncode == 0, result.stderr
    scores = json.loads((workdir / "eval" / "12.json").read_text())
    assert f"{scores['recognition']['top1']:.2f}" in result.stdout
    assert scores["retrieval"]["all"]["text_to_motion"]["N"] == 9
    assert set(scores) >= {"model", "step", "split", "left_right", "category_retrieval"}


def test_search_answers_and_draws(trained, tmp_path):
    workdir, _ = trained
    picture = tmp_path / "found.png"
    query = "someone lifts the left arm"
    result = run(
        "search", f"--workdir={workdir}", f"--query={query}", "--top=2", f"--out={picture}"
    )
    assert result.returncode == 0, result.stderr
    assert "9 clips searched" in result.stdout
    assert result.stdout.count("a person would") == 2
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_model_is_handed_over_scored_and_searched(folder, trained, tmp_path):
    """On a folder that is not the run's, with scores and answers of the run itself."""
    workdir, _ = trained
    assert set((workdir / "words.txt").read_text().split()) >= {"person", "raise", "stand"}
    few = run("eval", f"--workdir={workdir}", "--split=val")
    said = f"{workdir}/calibration.json is not written: val has 6 texts, and 20 are needed"
    assert said in few.stdout, few.stderr
    many = shutil.copytree(folder, tmp_path / "many")
    for path in (many / "texts").glob("*.txt"):
        path.write_text(f"{path.stem} {path.read_text()}")
    layout = ("--source=humanml3d", f"--root={many}", "--source_fps=30")
    calibrated = run("eval", f"--workdir={workdir}", *layout, "--calibrate")
    assert f"wrote {workdir}/calibration.json" in calibrated.stdout, calibrated.stderr
    handed, scores = tmp_path / "handed", tmp_path / "scores.json"
    result = run("export", f"--workdir={workdir}", f"--out={handed}", "--dtype=float32")
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(rf"wrote {handed} \(\d+\.\d MB\)\n", result.stdout)

    own = shutil.copytree(folder, tmp_path / "own")
    asked = (f"--model={handed}", "--source=humanml3d", f"--root={own}", "--source_fps=30")
    asked += ("--split=test",)
    result = run("eval", *asked, f"--json={scores}", "--sentences")
    assert result.returncode == 0, result.stderr
    found = json.loads(scores.read_text())
    assert result.stdout.endswith(f"wrote {scores}\n")
    assert "frames a second" not in result.stdout
    assert found["data"]["root"] == str(own)
    # The same files under another name, so the run's own scores; not the sentences', which it
    # has none of.
    plain = run("eval", f"--workdir={workdir}", f"--json={tmp_path / 'own.json'}", "--calibrate")
    expected = json.loads((tmp_path / "own.json").read_text())
    assert plain.stdout.count("wrote ") == 2
    # Of every file's caption and of three actions; not replaced by the few texts of the split.
    assert json.loads((workdir / "calibration.json").read_text())["texts"] == 39 + 3
    assert expected == json.loads((workdir / "eval" / "12.json").read_text())
    sentences = found.pop("sentence_recognition")
    assert sentences["by"].startswith('nearest sentence, such as "a person ')
    assert sentences["clips"] == 9
    assert {**found, "data": 0} == {**expected, "data": 0}

    result = run("search", *asked[:-2], "--query=someone juggles", "--top=1")
    assert result.returncode == 0, result.stderr
    # Files of .npy do not say it, and a wrong rate costs scores.
    assert f"{own} is read at 20 frames a second, as HumanML3D has them; --source" in result.stdout
    assert "39 clips searched" in result.stdout
    assert "match" in result.stdout
    refused = run("search", f"--workdir={handed}", "--query=x")
    assert "an exported model, in which no results are kept; give it as --model" in refused.stderr
    said = "'someone juggles': no text that the model was trained on has: juggles"
    assert said in result.stdout


def test_a_killed_run_ends_as_the_one_left_alone(folder, trained, tmp_path):
    workdir = tmp_path / "killed"
    arguments = command("train", f"--config={TINY}:{folder}", f"--workdir={workdir}")
    # After the first checkpoint (step 3), at whatever step the signal finds it.
    victim = subprocess.Popen(arguments, cwd=REPOSITORY, env=environment(), stdout=subprocess.PIPE)
    deadline = time.monotonic() + 300
    while not (workdir / "checkpoints" / "3").is_dir() and time.monotonic() < deadline:
        time.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    steps_before = [line["step"] for line in metrics(workdir)]

    result = run("train", f"--config={TINY}:{folder}", f"--workdir={workdir}")
    assert result.returncode == 0, result.stderr
    if max(steps_before) < 12:
        assert re.search(r"going on from step \d+, to step 12", result.stdout)
    assert_same(arrays(workdir), arrays(trained[0]))
    # The steps that were done twice are written once.
    trained_steps = [line["step"] for line in metrics(workdir) if "loss" in line]
    assert trained_steps == list(range(1, 13))


def test_a_full_disk_ends_the_run_in_a_sentence(folder, tmp_path):
    """A limit on the size of files fails as a full disk does, where the arrays are written."""
    workdir = tmp_path / "full"
    arguments = command("train", f"--config={TINY}:{folder}", f"--workdir={workdir}")
    limited = ["bash", "-c", 'ulimit -f 64; exec "$@"', "bash", *arguments]
    result = subprocess.run(
        limited,
        cwd=REPOSITORY,
        env={**environment(), "JAX_ENABLE_COMPILATION_CACHE": "false"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 2
    assert re.fullmatch(
        rf"error: {workdir}/checkpoints/3: could not be saved \(.*File too large.*\)\n",
        result.stderr,
    )


def test_a_run_that_ended_goes_on_as_one_that_never_did(folder, trained, tmp_path):
    workdir = tmp_path / "in two parts"
    first = run(
        "train", f"--config={TINY}:{folder}", f"--workdir={workdir}", "--config.train.steps=5"
    )
    assert first.returncode == 0, first.stderr
    second = run("train", f"--config={TINY}:{folder}", f"--workdir={workdir}")
    assert "going on from step 5, to step 12" in second.stdout
    assert_same(arrays(workdir), arrays(trained[0]))


def test_clips_that_the_devices_hold_train_as_those_that_are_sent(folder, trained, tmp_path):
    workdir = tmp_path / "held"
    result = run(
        "train",
        f"--config={TINY}:{folder}",
        f"--workdir={workdir}",
        "--config.train.steps=3",
        "--config.data.on_device=yes",
    )
    assert result.returncode == 0, result.stderr
    assert "2 cpu devices, clips held there (0 MB each)" in result.stdout
    assert "2 cpu devices, clips sent by the host" in trained[1]
    held, sent = (
        [line["loss"] for line in metrics(path) if "loss" in line] for path in (workdir, trained[0])
    )
    assert held == pytest.approx(sent[:3], rel=1e-4)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 75), (signal.SIGINT, 128 + signal.SIGINT)]
)
def test_a_signal_saves_and_ends_cleanly(folder, tmp_path, number, status):
    workdir = tmp_path / "stopped"
    arguments = command(
        "train",
        f"--config={TINY}:{folder}",
        f"--workdir={workdir}",
        "--config.train.epochs=100000",
        "--config.train.checkpoint_every=100000",
    )
    process = subprocess.Popen(
        arguments,
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if line.startswith("step 5/"):
            break
    process.send_signal(number)
    rest, errors = process.communicate(timeout=120)
    assert process.returncode == status
    # The line of the checkpoint is the only end.
    answer = "stopping after this step, with a checkpoint; Ctrl-C again stops at once\n"
    assert errors == (answer if number == signal.SIGINT else "")
    step = int(re.search(r"stopped by a signal at step (\d+)", rest).group(1))
    assert (workdir / "checkpoints" / str(step)).is_dir()


def test_a_loss_that_is_not_finite_ends_the_run(folder, tmp_path):
    workdir = tmp_path / "diverged"
    result = run(
        "train",
        f"--config={TINY}:{folder}",
        f"--workdir={workdir}",
        "--config.optimizer.name=sgd",
        # The first step's rate is 0: its checkpoint is the last good one.
        "--config.optimizer.learning_rate=1e30",
        "--config.optimizer.warmup_steps=1",
        "--config.train.checkpoint_every=1",
    )
    assert result.returncode == 2
    assert re.search(r"error: step 2: \w+ is (nan|inf)", result.stderr)
    assert [path.name for path in (workdir / "checkpoints").iterdir()] == ["1"]


REFUSALS = {
    "train": [
        (["--workdir={new}"], "--config is missing"),
        (["--config={tiny}:{data}"], "--workdir is missing"),
        (
            ["--config", "configs/quikstart.py", "--workdir={new}"],
            "--config=configs/quikstart.py: there is no such file; did you mean "
            "configs/quickstart.py?",
        ),
        (["--config=quickstart:synthetic", "--workdir={new}"], "did you mean configs/quickstart"),
        (
            ["--config=configs/nothing.py:x", "--workdir={new}", "--config.data.root=x"],
            "--config=configs/nothing.py: there is no such file; give a file of configs/",
        ),
        (
            ["--config=motext_jax/losses.py", "--workdir={new}"],
            "losses.py: the file has no get_config",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.train.batchsize=3"],
            "did you mean batch_size",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.data.metres_per_unit=0.0"],
            "data.metres_per_unit is given, and the source humanml3d does not read it",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.model.text.checkpoint=x"],
            "config.model.text (ScratchTextConfig) has no option 'checkpoint'",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.train.batch_size=many"],
            "--config.train.batch_size=many: expected a whole number, found 'many'",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.optimizer.learning_rate=low"],
            "learning_rate=low: expected a number, found 'low'",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.train.tensorboard=maybe"],
            "tensorboard=maybe: expected True or False, found 'maybe'",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.train.batch_size=500"],
            "batch_size is 500, but the training split has 48 clips",
        ),
        (["--config={tiny}:{new}", "--workdir={new}"], "there is no such folder"),
        (["--config=configs/quickstart.py:babbel", "--workdir={new}"], "must be one of: synthetic"),
        (
            # The folder is not looked at before.
            ["--config={tiny}:{new}", "--workdir={run}", "--config.model.motion.width=16"],
            "holds a run with model.motion.width=8, and this one has 16",
        ),
        (["--config={tiny}:{new}", "--workdir={new} [x]"], "with [ in its name"),
        (
            [
                "--config=configs/ctrgcn_clip.py:synthetic",
                "--workdir={new}",
                "--config.model.text.checkpoint={data}",
            ],
            "config.json",
        ),
        (
            ["--config={tiny}:{data}", "--workdir={new}", "--config.train.init={data}"],
            "holds no model; give a run's directory, an exported folder, starter or hf://",
        ),
        (["--config={tiny}:{data}", "--workdir={new}", "--wrkdir=x"], "wrkdir"),
        (["--config={tiny}:{data}", "--workdir={new}", "stray"], "unknown argument 'stray'"),
    ],
    "eval": [
        ([], "--workdir or --model is missing"),
        (["--workdir={new}"], "there is no such directory"),
        (["--workdir=starter"], "--workdir=starter: no run; it comes with the package"),
        (["--workdir=hf://a/b"], "--workdir=hf://a/b: not a directory; give the address as"),
        (["--workdir={run}", "--step=5"], "holds the steps"),
        (
            ["--workdir={run}", "--split=tets"],
            "no split 'tets'; it has: test, train, val; did you mean test?",
        ),
        (["--model=starter", "--workdir={run}"], "--model and --workdir are both given"),
        (
            ["--workdir={run}", "--source=mocap"],
            "--source does nothing without --root=FOLDER",
        ),
        (["--workdir={run}", "--source_fps=3"], "--source_fps does nothing without --source;"),
        (["--workdir={run}", "--source=babel", "--root=x"], "value should be one of"),
        (["--model={run}", "--calibrate"], "--calibrate writes into a run's directory"),
        (["--workdir={run}", "--json={data}"], "expected a name that ends in .json"),
        (["--workdir={run}", "--json={new}/x.json"], "new; make it, or give another place"),
    ],
    "export": [
        (["--out={new}"], "--workdir is missing"),
        (["--workdir={run}"], "--out is missing"),
        (["--workdir={new}", "--out={new}"], "there is no such directory"),
        (
            ["--workdir=starter", "--out={new}"],
            "--workdir=starter: no run; it comes with the package",
        ),
        (["--workdir=hf://a/b", "--out={new}"], "--workdir=hf://a/b: not a directory; give"),
        (["--workdir={run}", "--out={data}"], "so it is no exported model alone; choose another"),
        (["--workdir={run}", "--out={data}/val.txt/x"], "val.txt is no folder; give another place"),
        (["--workdir={run}", "--out={new}", "--licence=a b"], "expected a licence's short name"),
    ],
    "index": [(["{new}"], "new: there is no such folder; give the one that holds")],
    "search": [
        (["--query=x"], "a folder, --library or --workdir is missing; for example: search takes/"),
        (["{new}/nowhere", "--query=x"], "nowhere: there is no such folder; give the one that"),
        (["{data}/train.txt", "--query=x"], "train.txt: a file; give the folder that holds"),
        (
            ["{data}", "--workdir={run}", "--query=x"],
            "--workdir is for a data set; a library's model is --model=",
        ),
        (["{data}", "--query=x", "--where=seconds >"], "--where='seconds >': it ends too early"),
        (["{data}", "--query=x", "--within=a", "--within=b"], "--within is given 2 times"),
        (["{data}", "--query=x", "--step=3"], "--step is for a data set; leave it out"),
        (["--workdir={run}"], "--query is missing"),
        (["--workdir={run}", "--query= "], "--query is empty"),
        (["--workdir={run}", f"--query={'x' * 2001}"], "has 2,001 letters; expected at most 2,000"),
        (
            ["--workdir={run}", "--query=x", "--out=x.txt"],
            "ends in one of .png, .webp, .html, .pdf, .svg",
        ),
    ],
}


@pytest.mark.parametrize(
    ("module", "arguments", "says"),
    [(module, *case) for module, cases in REFUSALS.items() for case in cases],
)
def test_a_refusal_is_one_clear_sentence(folder, trained, tmp_path, module, arguments, says):
    places = {"data": folder, "run": trained[0], "new": tmp_path / "new", "tiny": TINY}
    result = run(module, *[argument.format(**places) for argument in arguments])
    assert result.returncode == 2
    assert says in result.stderr
    assert result.stderr.count("error: ") == 1
    assert "Traceback" not in result.stderr
    # Nothing that was refused leaves a directory that would refuse the mended command.
    assert not (tmp_path / "new").exists()


def test_a_run_that_takes_no_scores_is_refused_before_it_is_read(tmp_path):
    """A file in the place of the folder eval, for root may write everywhere."""
    (tmp_path / "eval").touch()
    result = run("eval", f"--workdir={tmp_path}")
    assert result.returncode == 2
    said = f"{tmp_path}/eval: {tmp_path}/eval is no folder; give the run as --model, which is only"
    assert said in result.stderr


def test_a_classifier_recognises_by_no_sentences(tmp_path):
    config = tiny.config()
    config.model.objective, config.model.text = "classifier", None
    saved_model.write_run(tmp_path / "run", config)
    result = run("eval", f"--workdir={tmp_path / 'run'}", "--sentences")
    assert result.returncode == 2
    assert "error: --sentences: tiny is a classifier, which reads none" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("JAX_NUM_CPU_DEVICES", "two", "JAX_NUM_CPU_DEVICES=two: expected a number of devices"),
        ("JAX_NUM_CPU_DEVICES", "0", "JAX_NUM_CPU_DEVICES=0: expected a number of devices"),
        ("JAX_NUM_PROCESSES", "2", "this is one of several processes; add --multiprocess"),
    ],
)
def test_an_environment_that_cannot_be_meant_is_refused(name, value, says):
    result = subprocess.run(
        command("train"),
        cwd=REPOSITORY,
        env={**environment(), name: value},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 2
    assert f"error: {says}" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's huge pages")
def test_a_command_has_huge_pages_unless_the_environment_says_otherwise(tmp_path):
    program = (
        "import os, sys; from motext_jax import command; "
        "command.run(lambda text: print(os.environ['GLIBC_TUNABLES'], text), 'a text')"
    )
    given = "glibc.malloc.perturb=0"
    bare = {name: value for name, value in environment().items() if name != "GLIBC_TUNABLES"}
    for env, expected in (
        (bare, "glibc.malloc.hugetlb=1"),
        ({**bare, "GLIBC_TUNABLES": given}, given),
    ):
        result = subprocess.run(
            [sys.executable, "-c", program, "two words"],
            env={**env, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert result.stdout == f"{expected} two words\n", result.stderr
    # A wrapper of Python may take the variable away, and a pipe cannot be read twice.
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nunset GLIBC_TUNABLES\nexec {sys.executable} "$@"\n')
    wrapper.chmod(0o755)
    program = program.replace("['GLIBC_TUNABLES']", ".get('GLIBC_TUNABLES')")
    wrapped = f"import sys; sys.executable = {str(wrapper)!r}; {program}"
    for arguments, text in ((["-c", wrapped, "a"], None), (["-", "a"], program)):
        result = subprocess.run(
            [sys.executable, *arguments],
            input=text,
            env={**bare, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert result.stdout == "None a\n", result.stderr
