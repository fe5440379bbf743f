"""Metrics of a run: JSON lines, and TensorBoard events where they are asked for."""

import json
import pathlib
from collections.abc import Mapping

from motext_jax.errors import InputError
from motext_jax.runtime.processes import is_primary
from motext_jax.whole_file import write_text


class MetricsFile:
    """WORKDIR/metrics.jsonl, one object a line, each with its step.

    On opening, the lines after `step` are dropped: a resumed run writes them again. Of several
    processes, the primary one writes.
    """

    def __init__(self, workdir: pathlib.Path, step: int, tensorboard: bool):
        self._file = self._events = None
        if not is_primary():
            return
        if tensorboard:
            try:
                from tensorboardX import SummaryWriter
            except ImportError:
                raise InputError(
                    "train.tensorboard needs tensorboardX: pip install 'motext_jax[tensorboard]'"
                ) from None
            self._events = SummaryWriter(str(workdir / "tensorboard"), purge_step=step + 1)
        path = workdir / "metrics.jsonl"
        kept = [line for line in _lines(path) if json.loads(line)["step"] <= step]
        write_text("".join(kept), path)
        self._file = path.open("a", buffering=1)

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Adds one line."""
        if self._file:
            self._file.write(json.dumps({"step": step, **values}) + "\n")
        if self._events:
            for name, value in values.items():
                self._events.add_scalar(name, value, step)

    def __enter__(self) -> "MetricsFile":
        return self

    def __exit__(self, *_):
        if self._file:
            self._file.close()
        if self._events:
            self._events.close()


def read_metrics(workdir: pathlib.Path) -> list[dict[str, float]]:
    """Reads a run's lines so far, a dict each; none before its first step."""
    return [json.loads(line) for line in _lines(workdir / "metrics.jsonl")]


def _lines(path: pathlib.Path) -> list[str]:
    """The complete lines: a killed run may have left a half-written last one."""
    if not path.exists():
        return []
    return [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
