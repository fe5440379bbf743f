"""The line that tells how far a run is."""

import time
from collections.abc import Mapping


class Progress:
    """Prints steps, metrics, clips a second and the time left.

    The rate counts the steps since the last line or `restart`, which leaves out compilation,
    validation and saving.
    """

    def __init__(self, step: int, total_steps: int, steps_per_epoch: int, batch_size: int):
        self._total = total_steps
        self._steps_per_epoch = steps_per_epoch
        self._batch_size = batch_size
        self._since_step = step
        self._since = time.monotonic()

    def restart(self, step: int) -> None:
        """Begins the rate anew from a step: what came before was no training."""
        self._since_step, self._since = step, time.monotonic()

    def line(self, step: int, metrics: Mapping[str, float]) -> float:
        """Prints the line and returns clips a second."""
        seconds = max(time.monotonic() - self._since, 1e-9)
        steps_a_second = (step - self._since_step) / seconds
        left = (self._total - step) / steps_a_second if steps_a_second else float("inf")
        values = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())
        clips = steps_a_second * self._batch_size
        print(
            f"step {step}/{self._total}  epoch {step / self._steps_per_epoch:.1f}  {values}  "
            f"{clips:.0f} clips/s  {_clock(left)} left",
            flush=True,
        )
        self.restart(step)
        return clips


def _clock(seconds: float) -> str:
    if seconds == float("inf"):
        return "?"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"
