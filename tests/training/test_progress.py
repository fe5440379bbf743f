"""The rate of a run and the time that is left, by a clock that the test moves."""

import pytest

from motext_jax.training import progress as progress_module
from motext_jax.training.progress import Progress


def test_the_first_interval_foretells_nothing(monkeypatch, capsys):
    """A step takes a second, and the first ones of a run that goes on a minute of compiling."""
    now = 0.0
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: now)
    progress = Progress(total_steps=420, steps_per_epoch=10, batch_size=8)
    rates = []
    for step, seconds in ((401, 60), (405, 64), (410, 5), (415, 5)):
        now += seconds
        rates.append(progress.line(step, {"loss": 1.0}))
    assert rates == [{}, {}, *[{"clips_per_second": pytest.approx(8.0)}] * 2]
    first, second, *others = capsys.readouterr().out.splitlines()
    assert "left" not in first and "left" not in second
    assert [line.split("clips/s  ")[1] for line in others] == ["0:00:10 left", "0:00:05 left"]
