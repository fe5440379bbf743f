"""One run at a time in a directory."""

import errno
import fcntl
import os
import subprocess
import sys

import pytest
import tiny

from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.evaluation.evaluate import validation_score
from motext_jax.runtime.lock import alone
from motext_jax.training.loop import train

HOLDER = (
    "import fcntl, sys, time; file = open(sys.argv[1], 'a'); fcntl.flock(file, fcntl.LOCK_EX);"
    "print('held', flush=True); time.sleep(600)"
)


def test_another_process_is_kept_out_until_it_is_dead(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        try:
            with (
                pytest.raises(InputError, match=f"{tmp_path}: another process is at work"),
                alone(tmp_path),
            ):
                pass
        finally:
            holder.kill()
    with alone(tmp_path):
        pass


def test_the_lock_ends_with_its_block_however_that_ends(tmp_path):
    with pytest.raises(KeyError), alone(tmp_path / "new"):
        with pytest.raises(InputError, match="another process"), alone(tmp_path / "new"):
            pass
        raise KeyError
    with alone(tmp_path / "new"):
        pass


def test_a_file_system_without_locks_is_named_and_used(tmp_path, monkeypatch, capsys):
    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with alone(tmp_path):
        assert "the file system locks no files" in capsys.readouterr().out


def test_a_second_run_does_not_begin(tmp_path):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 8}, frames=16)
    config = tiny.config(root)
    clips = load_clips(config.data, "train")
    with (
        alone(tmp_path / "run"),
        pytest.raises(InputError, match="run: another process is at work"),
    ):
        train(config, tmp_path / "run", clips, None, validation_score)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["lock"]
    with pytest.raises(InputError, match="choose another --workdir"):
        train(config, tmp_path / "run [x]", clips, None, validation_score)
    assert not (tmp_path / "run [x]").exists()
