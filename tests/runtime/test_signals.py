"""Ctrl-C and SIGTERM, from a command's first import to its last: one line, and a status."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest
import tiny

from motext_jax.runtime.signals import GOES_ON, StopSignal

REPOSITORY = pathlib.Path(__file__).parents[2]
LINE = "stopped\n"
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 75}

# Python imports it at its start. STOP_AT names the import, or the call, that a signal interrupts.
HOOK = """
import os, signal, sys

def stop():
    os.environ.pop("STOP_AT", None)
    os.kill(os.getpid(), int(os.environ["STOP_BY"]))

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ.get("STOP_AT"):
            stop()

sys.meta_path.insert(0, Finder())
if os.environ.get("STOP_AT") == "execv":
    execv = os.execv
    def stopped(*arguments):
        stop()
        execv(*arguments)
    os.execv = stopped
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Environment of every command: the hook, and huge pages, which start a command twice."""
    folder = tmp_path_factory.mktemp("hook")
    (folder / "sitecustomize.py").write_text(HOOK)
    path = os.pathsep.join([str(folder), str(REPOSITORY), str(REPOSITORY / "tests")])
    bare = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    return {**bare, "PYTHONPATH": path, "JAX_PLATFORMS": "cpu"}


def run(arguments, environment, **more):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        **more,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "folder"
    return tiny.write_humanml3d(root, {"train": 200, "val": 6}, frames=16)


COMMANDS = {
    "train": ["--config={tiny}:{data}", "--workdir={new}"],
    "eval": ["--workdir={new}"],
    "search": ["--workdir={new}", "--query=x"],
    "prepare": ["humanml3d", "--data.root={data}", "--show={new}"],
    "reproduce": ["--data=synthetic", "--size=tiny", "--models=CTRGCN-T", "--workdir={new}"],
}
FIRST = [
    (command, at) for command in COMMANDS for at in ("absl", "ml_collections", "motext_jax.config")
]
LATER = [
    *(("train", at) for at in ("execv", "jax", "flax", "orbax", "motext_jax.training.loop")),
    *(("eval", at) for at in ("numpy", "jaxlib.xla_client")),
    *(("search", at) for at in ("matplotlib", "rich.table")),
    *(("prepare", at) for at in ("tensorflow_datasets", "matplotlib.animation")),
    *(("reproduce", at) for at in ("jax", "optax")),
]


@pytest.mark.parametrize(("command", "at"), FIRST + LATER)
def test_ctrl_c_while_a_command_starts_ends_in_one_line(environment, folder, tmp_path, command, at):
    places = {"tiny": REPOSITORY / "tests/tiny.py", "data": folder, "new": tmp_path / "new"}
    arguments = [argument.format(**places) for argument in COMMANDS[command]]
    stop = {"STOP_AT": at, "STOP_BY": str(int(signal.SIGINT))}
    result = run(["-m", f"motext_jax.{command}", *arguments], {**environment, **stop})
    assert (result.returncode, result.stderr) == (130, LINE)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_waits_for_no_large_library_and_ends_well(environment, command):
    """One that it imported would stop it here."""
    # The configs of the study's models stand beside their towers, which need JAX.
    others = {"prepare": "tensorflow_datasets", "reproduce": "motext_jax.training.loop"}
    stop = {"STOP_AT": others.get(command, "jax"), "STOP_BY": str(int(signal.SIGINT))}
    result = run(["-m", f"motext_jax.{command}", "--help"], {**environment, **stop})
    assert (result.returncode, result.stderr) == (0, "")
    assert f"motext_jax.{command} " in result.stdout and "--helpfull" in result.stdout
    assert "DataConfig(" not in result.stdout


@pytest.mark.parametrize("at", ["absl", "execv", "jax"])
def test_sigterm_before_the_first_step_says_unfinished(environment, folder, tmp_path, at):
    stop = {"STOP_AT": at, "STOP_BY": str(int(signal.SIGTERM))}
    arguments = [f"--config=tests/tiny.py:{folder}", f"--workdir={tmp_path / 'new'}"]
    result = run(["-m", "motext_jax.train", *arguments], {**environment, **stop})
    assert (result.returncode, result.stderr) == (75, LINE)


MAINS = {
    "cleans up": "try: stop()\n  finally: print('cleaned up')",
    "turns it into another": "try: stop()\n  except BaseException as e: raise ValueError from e",
    "is stopped twice": "try: stop()\n  finally: stop(); print('not reached')",
    "is stopped on its way out": "import atexit; atexit.register(stop); stop()",
}


@pytest.mark.parametrize("number", STATUS)
@pytest.mark.parametrize("what", MAINS)
def test_a_signal_at_work(environment, what, number):
    program = (
        "import os, time\n"
        "from motext_jax import command\n"
        f"def stop(): os.kill(os.getpid(), {int(number)}); time.sleep(60)\n"
        f"def main():\n  {MAINS[what]}\n"
        "command.run(main)"
    )
    result = run(["-c", program], environment)
    assert result.returncode == STATUS[number]
    assert result.stdout == ("cleaned up\n" if what == "cleans up" else "")
    assert set(result.stderr.splitlines(keepends=True)) == {LINE}


FORGOTTEN = {
    "a destructor": "class Late:\n    def __del__(self): stop()\n  Late()",
    "a callback": "import gc; gc.callbacks.append(lambda *_: stop()); gc.collect()",
}


@pytest.mark.parametrize("where", FORGOTTEN)
def test_a_signal_where_python_forgets_exceptions_ends_at_once(environment, where):
    program = (
        "import os\n"
        "from motext_jax import command\n"
        f"def stop(): os.kill(os.getpid(), {int(signal.SIGINT)})\n"
        f"def main():\n  {FORGOTTEN[where]}\n  print('not reached')\n"
        "command.run(main)"
    )
    result = run(["-c", program], environment)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", LINE)


LAST = {
    "as Python ends": "import atexit; atexit.register(stop)",
    # By then Python has given signals back to the system.
    "as its modules end": "sys.modules['__main__'].late = Late()",
}


@pytest.mark.parametrize("status", [0, 2])
@pytest.mark.parametrize("number", STATUS)
@pytest.mark.parametrize("when", LAST)
def test_a_signal_after_the_work_changes_nothing(environment, when, number, status):
    program = (
        "import os, sys\n"
        "from motext_jax import command\n"
        f"def stop(kill=os.kill, own=os.getpid()): kill(own, {int(number)})\n"
        "class Late:\n  def __del__(self, stop=stop): stop()\n"
        f"def main():\n  print('done'); {LAST[when]}\n  return {status}\n"
        "command.run(main)"
    )
    result = run(["-c", program], environment)
    assert (result.returncode, result.stdout, result.stderr) == (status, "done\n", "")


@pytest.mark.parametrize("number", STATUS)
def test_the_line_says_where_the_work_is_kept(environment, number):
    program = (
        "import os, time\n"
        "from motext_jax import command\n"
        "from motext_jax.runtime.signals import work_is_kept\n"
        f"def stop(): os.kill(os.getpid(), {int(number)}); time.sleep(60)\n"
        "def main():\n  with work_is_kept(): stop()\n"
        "command.run(main)"
    )
    result = run(["-c", program], environment)
    assert (result.returncode, result.stderr) == (STATUS[number], f"{GOES_ON}\n")


def test_a_block_notes_a_signal_and_the_second_ctrl_c_acts(capfd):
    before = {number: signal.getsignal(number) for number in STATUS}
    with StopSignal("stopping") as stop:
        signal.raise_signal(signal.SIGTERM)
        assert (stop.received, stop.interrupted) == (True, False)
        signal.raise_signal(signal.SIGINT)
        assert stop.interrupted
        assert capfd.readouterr().err == "stopping\n"
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert {number: signal.getsignal(number) for number in STATUS} == before


def test_a_block_leaves_an_ignored_ctrl_c_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with StopSignal("stopping") as stop:
            signal.raise_signal(signal.SIGINT)
        assert not stop.received
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_signal_that_is_ignored_stays_ignored(environment):
    program = (
        "import os, signal; from motext_jax import command\n"
        "def main(): os.kill(os.getpid(), signal.SIGINT); print('went on')\n"
        "command.run(main)"
    )
    ignore = f"import os, signal, sys; signal.signal(2, signal.SIG_IGN); os.execv(sys.executable, [sys.executable, '-c', {program!r}])"  # noqa: E501
    result = run(["-c", ignore], environment)
    assert (result.returncode, result.stdout, result.stderr) == (0, "went on\n", "")


@pytest.mark.parametrize("moment", ["humanml3d.partial-*", "humanml3d.partial-*/*.json"])
def test_ctrl_c_at_a_terminal_ends_a_preparation_with_all_its_processes(
    environment, folder, tmp_path, moment
):
    """A terminal sends it to all of them: as they are started, and when they are at work."""
    options = [f"--data.root={folder}", "--data.source_fps=30", "--data.frames=16"]
    options += [f"--out={tmp_path}", "--processes=2", "--splits=train"]
    process = subprocess.Popen(
        [sys.executable, "-m", "motext_jax.prepare", "humanml3d", *options],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(tmp_path.glob(moment)) and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (130, f"{GOES_ON}\n")
    assert [path.name for path in (tmp_path / "humanml3d").iterdir()] == ["lock"]
