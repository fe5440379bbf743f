"""Two processes and one, by the commands that a person runs: the same run, files and scores."""

import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import tiny

REPOSITORY = pathlib.Path(__file__).parent.parent.parent
TINY = REPOSITORY / "tests" / "tiny.py"
LOCAL = [str(REPOSITORY / "launch" / "local.sh"), "2"]
STEPS = 20
HALF = STEPS // 2

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="two processes meet by gloo")


@pytest.fixture(scope="module")
def environment():
    """The environment of every command."""
    return {
        **os.environ,
        "JAX_PLATFORMS": "cpu",
        "PYTHONPATH": str(TINY.parent),
    }


def start(command, environment):
    return subprocess.Popen(
        [*map(str, command)],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process, status=0):
    """The rest of a command's output, and its errors."""
    out, errors = process.communicate(timeout=400)
    assert process.returncode == status, out + errors
    return out, errors


def python(module, *arguments):
    return [sys.executable, "-m", f"motext_jax.{module}", *arguments]


def training(folder, workdir, *options, checkpoint_every=HALF):
    """A run whose every batch is all clips, so that its loss moves by learning; with noise."""
    augment = [f"--config.data.augment.{name}=0" for name in ("crop", "speed", "rotation")]
    return python(
        "train",
        f"--config={TINY}:{folder}",
        f"--workdir={workdir}",
        *augment,
        "--config.data.text=category",
        "--config.optimizer.name=sgd",
        "--config.optimizer.momentum=0.0",
        "--config.optimizer.learning_rate=1e-4",
        "--config.train.batch_size=16",
        f"--config.train.checkpoint_every={checkpoint_every}",
        *options,
    )


def losses(workdir):
    lines = [json.loads(line) for line in (workdir / "metrics.jsonl").read_text().splitlines()]
    lines = [line for line in lines if "loss" in line]
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    return np.array([line["loss"] for line in lines])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "folder"
    return tiny.write_humanml3d(root, {"train": 8, "val": 6, "test": 9}, frames=16)


@pytest.fixture(scope="module")
def runs(folder, environment, tmp_path_factory):
    """Twenty steps in one process; in two; and ten in two, then ten in one."""
    root = tmp_path_factory.mktemp("runs")
    whole, half = f"--config.train.steps={STEPS}", f"--config.train.steps={HALF}"
    finish(start(training(folder, root / "one", whole), environment))
    both = [*LOCAL, *training(folder, root / "two", whole), "--multiprocess"]
    printed, _ = finish(start(both, environment))
    both = [*LOCAL, *training(folder, root / "changed", half), "--multiprocess"]
    finish(start(both, environment))
    went_on, _ = finish(start(training(folder, root / "changed", whole), environment))
    assert f"going on from step {HALF}, to step {STEPS}" in went_on
    return root, printed


def test_two_processes_lose_as_one_does(runs):
    root, _ = runs
    alone = losses(root / "one")
    assert len(alone) == STEPS
    assert alone[-1] < 0.9 * alone[0]
    np.testing.assert_allclose(losses(root / "two"), alone, rtol=1e-5)
    np.testing.assert_allclose(losses(root / "changed"), alone, rtol=1e-5)


def test_only_the_first_process_prints(runs):
    _, printed = runs
    assert "on 2 cpu devices of 2 processes" in printed
    assert re.findall(r"^step (\d+)/", printed, re.M) == [str(k + 1) for k in range(STEPS)]
    assert printed.count(" clips  top1") == 2


def test_two_processes_evaluate_as_one_does(runs, environment):
    """By SLURM's own variables, which is how launch/slurm.sbatch's processes find each other."""
    workdir = runs[0] / "one"
    written = workdir / "eval" / f"{STEPS}.json"
    evaluation = python("eval", f"--workdir={workdir}")
    finish(start(evaluation, environment))
    alone = json.loads(written.read_text())
    written.unlink()
    step = {
        "SLURM_JOB_ID": str(os.getpid()),
        "SLURM_STEP_NODELIST": "127.0.0.1",
        "SLURM_NTASKS": "2",
    }
    tasks = [
        start(
            [*evaluation, "--multiprocess"],
            environment | step | {"SLURM_PROCID": number, "SLURM_LOCALID": number},
        )
        for number in "01"
    ]
    printed = [finish(task)[0] for task in tasks]
    assert f"wrote {written}" in printed[0]
    assert "wrote" not in printed[1]
    assert json.loads(written.read_text()) == alone


def processes_of(launcher):
    """The launcher's own children that train, in the order of their numbers."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = re.search(r"^PPid:\t(\d+)$", (folder / "status").read_text(), re.M)
            variables = (folder / "environ").read_text().split("\0")
            command = (folder / "cmdline").read_text()
        except OSError:
            continue
        if parent and int(parent[1]) == launcher.pid and "motext_jax.train" in command:
            number = next(v for v in variables if v.startswith("JAX_PROCESS_ID="))
            found[number] = int(folder.name)
    return [found[number] for number in sorted(found)]


def test_a_signal_to_one_process_saves_and_ends_both(folder, environment, tmp_path):
    workdir = tmp_path / "stopped"
    endless = ("--config.train.steps=100000", "--multiprocess")
    command = training(folder, workdir, *endless, checkpoint_every=100000)
    launcher = start([*LOCAL, *command], environment)
    for line in launcher.stdout:
        if line.startswith("step 3/"):
            break
    os.kill(processes_of(launcher)[1], signal.SIGTERM)
    rest, _ = finish(launcher, status=75)
    step = int(re.search(r"stopped by a signal at step (\d+)", rest)[1])
    assert len(losses(workdir)) == step
    assert [path.name for path in (workdir / "checkpoints").iterdir()] == [str(step)]


def test_one_process_that_fails_ends_both(folder, environment, tmp_path):
    """The second finds no data, as on a machine where a disk is not mounted."""
    choose = f'root={folder}; [ $JAX_PROCESS_ID = 0 ] || root={tmp_path / "nowhere"}; exec "$@" '
    command = training(folder, tmp_path / "run", "--multiprocess")
    launcher = start(
        [*LOCAL, "bash", "-c", choose + "--config.data.root=$root", "bash", *command], environment
    )
    _, errors = finish(launcher, status=2)
    assert "[1] error: " in errors
    assert "there is no such folder" in errors
    assert not (tmp_path / "run").exists()


def test_processes_with_other_options_are_refused(folder, environment, tmp_path):
    command = training(folder, tmp_path / "run", "--multiprocess")
    launcher = start(
        [*LOCAL, "bash", "-c", 'exec "$@" --config.train.seed=$JAX_PROCESS_ID', "bash", *command],
        environment,
    )
    _, errors = finish(launcher, status=2)
    for number in (0, 1):
        assert f"[{number}] error: the 2 processes do not have the same options" in errors


def test_a_lone_process_is_told_what_is_missing(environment):
    command = python("eval", "--workdir=x", "--multiprocess")
    _, errors = finish(start(command, environment), status=2)
    assert "error: --multiprocess: nothing here tells of other processes" in errors
    assert "Traceback" not in errors


def test_ctrl_c_at_a_terminal_reaches_every_process(tmp_path):
    """A terminal signals whoever is in front, which must be the script and not its `sleep`."""
    program = tmp_path / "program.py"
    program.write_text(
        "import pathlib, signal, sys, time\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "def stop(*_):\n"
        "    (here / 'stopped').open('a').write('x')\n"
        "    sys.exit(130)\n"
        "signal.signal(signal.SIGINT, stop)\n"
        "(here / 'ready').open('a').write('x')\n"
        "time.sleep(100)\n"
    )
    terminal, own = pty.openpty()
    # A session's first process takes the terminal that it opens for its own.
    command = ["sh", "-c", 'exec "$@" <"$0"', os.ttyname(own), *LOCAL, sys.executable, program]
    launcher = subprocess.Popen([*command, tmp_path], start_new_session=True)
    ready, stopped = tmp_path / "ready", tmp_path / "stopped"
    while not ready.exists() or ready.read_text() != "xx":
        time.sleep(0.1)
    os.write(terminal, b"\x03")
    assert launcher.wait(timeout=100) == 130
    os.close(terminal)
    os.close(own)
    assert stopped.read_text() == "xx"
