"""Writes of which other indexers are in the way, without them."""

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library import store as storing
from motext_jax.library.facts import Facts
from motext_jax.library.rows import Row
from motext_jax.library.store import Store


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "db", Facts.of("takes", "m", arm_raisers.ArmModel(), 0.0))


@pytest.fixture
def faults(store, monkeypatch):
    """The errors that the next writings raise; the clock goes on by a minute with each pause."""
    raised, times, delete = [], [0.0], store._takes.delete

    def failing(condition):
        if raised:
            raise raised.pop(0)
        delete(condition)

    monkeypatch.setattr(store._takes, "delete", failing)
    monkeypatch.setattr(storing.time, "monotonic", lambda: times[-1])
    monkeypatch.setattr(storing.time, "sleep", lambda _: times.append(times[-1] + 60))
    return raised


SIGNS = [
    "lance error: Too many concurrent writers. Attempted 7 times, but failed on retry_timeout",
    "Retryable commit conflict for version 253: This Rewrite transaction was preempted",
    "Commit conflict for version 3: There was a concurrent commit that conflicts with this one",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_writing_waits_for_other_indexers(store, faults, sign):
    store.commit([Row("a.npz", 1, 0, ""), Row("b.npz", 2, 0, "")])
    faults += [RuntimeError(sign), OSError(sign)]
    store.forget(["a.npz"])
    assert list(store.rows()) == ["b.npz"] and not faults


def test_it_gives_up_after_ten_minutes(store, faults):
    faults += [RuntimeError(SIGNS[0])] * 20
    with pytest.raises(InputError, match="Too many concurrent writers"):
        store.forget(["a.npz"])
    # The first, ten after a minute each, and the one after the eleventh.
    assert len(faults) == 20 - 12


def test_another_fault_is_said_at_once(store, faults):
    faults += [OSError("No space left on device")] * 2
    with pytest.raises(InputError, match="No space left"):
        store.forget(["a.npz"])
    assert len(faults) == 1
