"""The command that opens the page: its refusals, its address and its end."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library.index import index
from motext_jax.library.shards import Shard
from motext_jax.library.unfinished import mark
from motext_jax.web import serving
from motext_jax.web.listening import listen

REPOSITORY = pathlib.Path(__file__).parent.parent


class Nothing:
    """A library without takes."""

    folder, takes = None, lambda *_, **__: []
    left_out = search = notes = poses = curve = cut = takes


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "motext_jax.serve", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_folder_or_a_library_must_be_given():
    result = run()
    assert result.returncode == 2
    assert result.stderr == "error: a folder or --library is missing; for example: serve takes/\n"


@pytest.fixture
def library(tmp_path):
    """A folder that passes for a library until it is opened."""
    (tmp_path / "takes" / "facts.lance").mkdir(parents=True)
    return tmp_path / "takes"


def test_a_rate_of_files_without_a_folder_is_refused(library):
    result = run(f"--library={library}", "--source_fps=30")
    assert result.returncode == 2
    assert result.stderr == (
        "error: --source_fps does nothing without FOLDER; add that, or leave --source_fps out\n"
    )


def test_a_library_that_is_not_there_is_said_at_once(library):
    for name, says in (("taeks", f"; did you mean {library}?"), ("x", "")):
        result = run(f"--library={library.parent / name}")
        assert result.returncode == 2
        assert "there is no library; " in result.stderr and result.stderr.endswith(f"{says}\n")


def test_a_port_is_looked_at_before_anything_slow_is_imported():
    program = (
        "import sys, motext_jax.web.guard, motext_jax.web.listening;"
        "print({'jax', 'fastapi', 'uvicorn', 'lancedb', 'numpy'} & sys.modules.keys())"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.stdout == "set()\n", found.stderr


def test_a_port_that_is_taken_is_said_before_the_library_is_opened(library):
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        result = run(f"--library={library}", f"--port={port}")
    assert result.returncode == 2
    assert result.stderr == f"error: --port={port}: taken by another program; give another\n"


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "-"])
def test_a_host_of_another_machine_is_refused(host):
    with pytest.raises(InputError, match="no address of this machine"):
        listen(host, 0)


def test_listening_is_for_this_machine_alone_unless_told_otherwise():
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_the_address_is_said_and_others_are_warned_of(monkeypatch, capsys):
    monkeypatch.setattr(serving.uvicorn.Server, "run", lambda *_, **__: None)
    for host, warned in (("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)):
        with listen(host, 0) as listening:
            serving.serve(Nothing(), listening, host)
            port = listening.getsockname()[1]
        said = capsys.readouterr().out
        assert f":{port}/ ; Ctrl-C ends it" in said and "http://0.0.0.0" not in said
        assert ("no password" in said) == warned


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::1", "::"])
def test_every_address_that_is_said_can_be_opened(host, monkeypatch, capsys):
    monkeypatch.setattr(serving.uvicorn.Server, "run", lambda *_, **__: None)
    try:
        listening = listen(host, 0)
    except InputError:
        pytest.skip(f"this machine has no {host}")
    with listening:
        serving.serve(Nothing(), listening, host)
        said = re.findall(r"http://\[?([^/]*?)\]?:(\d+)/", capsys.readouterr().out)
        assert said
        for name, port in said:
            socket.create_connection((name, int(port)), timeout=60).close()


def test_other_machines_are_told_an_address_of_this_one(monkeypatch, capsys):
    monkeypatch.setattr(serving.uvicorn.Server, "run", lambda *_, **__: None)
    monkeypatch.setattr(serving, "_outward", lambda _: "192.168.1.5")
    with listen("0.0.0.0", 0) as listening:
        serving.serve(Nothing(), listening, "0.0.0.0")
        port = listening.getsockname()[1]
    assert (
        f"http://127.0.0.1:{port}/, and from other machines at http://192.168.1.5:{port}/ ;"
        in capsys.readouterr().out
    )


def test_a_public_name_is_checked_first(library):
    result = run(f"--library={library}", "--public=https://motions.example.org/")
    assert result.returncode == 2
    assert "expected a name, as motions.example.org" in result.stderr


PROGRAM = """
from motext_jax import command
from motext_jax.web.listening import listen
from motext_jax.web.serving import serve
class Nothing:
    folder, takes = None, lambda *_, **__: []
    left_out = search = notes = poses = curve = cut = takes
def main():
    with listen("127.0.0.1", 0) as listening:
        serve(Nothing(), listening, "127.0.0.1")
command.run(main, huge_pages=False)
"""


SERVE = """
import sys
sys.path.insert(0, "tests")
import arm_raisers
from motext_jax import command, serve
from motext_jax.library import library
from motext_jax.web import serving
library.load_model = lambda place: arm_raisers.ArmModel()
serving.serve = lambda *_: None
command.run(serve.main, "FOLDER", huge_pages=False)
"""


def test_a_library_that_is_not_whole_is_served_with_a_word(tmp_path):
    arm_raisers.write(tmp_path / "takes" / "a.npz", ("left", 2))
    address = tmp_path / "db"
    index(tmp_path / "takes", address, arm_raisers.ArmModel())
    mark(str(address), Shard(2, 2).places)
    served = subprocess.run(
        [sys.executable, "-c", SERVE, f"--library={address}", "--port=0"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "takes is not indexed to its end; wait until index is done" in served.stdout, served


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 75)])
def test_a_signal_ends_it_with_one_line(number, status):
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "JAX_PLATFORMS": "cpu"},
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
            assert answer.startswith(b"HTTP/1.1 200 OK") and answer.endswith(b"\r\n\r\n")
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == status
    assert said.strip() == "stopped"
