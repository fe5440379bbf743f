"""The metrics file of a run that was killed and goes on."""

import json
import resource

import pytest

from motext_jax.errors import InputError
from motext_jax.training.metrics import MetricsFile, read_metrics


def test_lines_after_the_restored_step_are_written_anew(tmp_path):
    with MetricsFile(tmp_path, 0, tensorboard=False) as log:
        for step in (1, 2, 3):
            log.write(step, {"loss": float(step)})
    path = tmp_path / "metrics.jsonl"
    path.write_text(path.read_text() + '{"step": 4, "lo')  # the kill came here
    with MetricsFile(tmp_path, 2, tensorboard=False) as log:
        log.write(3, {"loss": 30.0})
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines == [{"step": k, "loss": loss} for k, loss in ((1, 1.0), (2, 2.0), (3, 30.0))]


@pytest.mark.parametrize(
    "damage", [b"\0" * 9, b"\xff\xfe", b"[1, 2]", b"{}", b"[" * 9999, b'{"step": "2"}', b"\0\xff"]
)
def test_damaged_lines_are_left_out_and_counted(tmp_path, capsys, damage):
    path = tmp_path / "metrics.jsonl"
    sound = [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}]
    first, second = (json.dumps(line).encode() for line in sound)
    path.write_bytes(b"\n".join([first, damage, second, b"\0\0"]))
    assert read_metrics(tmp_path) == sound
    path.write_bytes(b"\n".join([first, damage, second, b"\0\0", b""]))
    with MetricsFile(tmp_path, 2, tensorboard=False) as log:
        log.write(3, {"loss": 0.125})
    assert capsys.readouterr().out == f"{path}: damaged lines left out: 2\n"
    assert read_metrics(tmp_path) == [*sound, {"step": 3, "loss": 0.125}]


def test_tensorboard_without_its_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tensorboardX", None)
    with pytest.raises(InputError, match=r"pip install 'motext_jax\[tensorboard\]'"):
        MetricsFile(tmp_path, 0, tensorboard=True)


def test_a_full_disk_is_named(tmp_path):
    """A limit on the size of files stands in for it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with MetricsFile(tmp_path, 0, tensorboard=False) as metrics:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
        try:
            with pytest.raises(InputError, match=r"metrics.jsonl: cannot be written: File too"):
                for step in range(9):
                    metrics.write(step, {"loss": 0.125})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
