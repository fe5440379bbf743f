"""The metrics file of a run that was killed and goes on."""

import json

import pytest

from motext_jax.errors import InputError
from motext_jax.training.metrics import MetricsFile


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


def test_tensorboard_without_its_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tensorboardX", None)
    with pytest.raises(InputError, match=r"pip install 'motext_jax\[tensorboard\]'"):
        MetricsFile(tmp_path, 0, tensorboard=True)
