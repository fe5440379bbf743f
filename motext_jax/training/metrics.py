"""Metrics of a run: JSON lines, and TensorBoard events where they are asked for."""

import json
import pathlib
from collections.abc import Mapping
from typing import Any

from motext_jax.errors import InputError
from motext_jax.runtime.processes import is_primary
from motext_jax.whole_file import write_text


def check_extra(tensorboard: bool) -> None:
    """Raises InputError where events are asked for and tensorboardX is not installed."""
    if not tensorboard:
        return
    try:
        import tensorboardX  # noqa: F401
    except ImportError:
        raise InputError(
            "train.tensorboard needs tensorboardX: pip install 'motext_jax[tensorboard]'"
        ) from None


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
            check_extra(tensorboard)
            from tensorboardX import SummaryWriter

            self._events = SummaryWriter(str(workdir / "tensorboard"), purge_step=step + 1)
        path = workdir / "metrics.jsonl"
        lines, damaged = _read(path)
        if damaged:
            print(f"{path}: damaged lines left out: {damaged}", flush=True)
        kept = [json.dumps(line) + "\n" for line in lines if line["step"] <= step]
        write_text("".join(kept), path)
        self._file = path.open("a", buffering=1)

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Adds one line.

        Raises:
          InputError: it cannot be written, as on a full disk.
        """
        if self._file:
            try:
                self._file.write(json.dumps({"step": step, **values}) + "\n")
            except OSError as error:
                raise InputError(
                    f"{self._file.name}: cannot be written: {error.strerror}"
                ) from None
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
    """Reads a run's lines so far, a dict each, without damaged ones; none before its first step."""
    return _read(workdir / "metrics.jsonl")[0]


def _read(path: pathlib.Path) -> tuple[list[dict[str, Any]], int]:
    """The lines, and the number of damaged ones.

    A last line without its end is not counted: it is what a kill leaves. A power cut may leave
    zeros.
    """
    if not path.exists():
        return [], 0
    lines, damaged = [], 0
    *whole, _ = path.read_bytes().split(b"\n")
    for text in whole:
        try:
            line = json.loads(text.decode())
            if type(line["step"]) is not int:
                raise TypeError
            lines.append(line)
        except (ValueError, TypeError, KeyError, RecursionError):
            damaged += 1
    return lines, damaged
