"""The line that tells how far a run is."""

import time
from collections.abc import Mapping


class Progress:
    """Prints steps, metrics, clips a second and the time left.

    The rate counts the steps since the last line or `restart`, which leaves out validation and
    saving; the first line, whose step was also compiled, has none.
    """

    def __init__(self, total_steps: int, steps_per_epoch: int, batch_size: int):
        self._total = total_steps
        self._steps_per_epoch = steps_per_epoch
        self._batch_size = batch_size
        self._since: tuple[int, float] | None = None

    def restart(self, step: int) -> None:
        """Begins the rate anew from a step: what came before was no training."""
        self._since = step, time.monotonic()

    def line(self, step: int, metrics: Mapping[str, float]) -> dict[str, float]:
        """Prints the line and returns the rate, where there is one."""
        values = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())
        rate, left = {}, ""
        if self._since is not None and step > self._since[0]:
            seconds = max(time.monotonic() - self._since[1], 1e-9)
            steps_a_second = (step - self._since[0]) / seconds
            rate = {"clips_per_second": steps_a_second * self._batch_size}
            remaining = _clock((self._total - step) / steps_a_second)
            left = f"  {rate['clips_per_second']:.0f} clips/s  {remaining} left"
        epoch = step / self._steps_per_epoch
        print(f"step {step}/{self._total}  epoch {epoch:.1f}  {values}{left}", flush=True)
        self.restart(step)
        return rate


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"
