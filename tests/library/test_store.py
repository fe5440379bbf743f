"""Writes of which other indexers are in the way, without them."""

import arm_raisers
import lancedb.merge
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.library import store as storing
from motext_jax.library.facts import Facts
from motext_jax.library.query import Poses
from motext_jax.library.rows import Embedded, Row
from motext_jax.library.store import Store


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "db", Facts.of("takes", "m", arm_raisers.ArmModel(), 0.0))


class Others:
    """Others that are in the way of each table's next writes, and a clock that pauses put on."""

    def __init__(self):
        self.errors, self.pauses = {}, 0

    def meet(self, *errors):
        """Has each kind of writing to each table raise errors, one after the other."""
        self.errors = {key: list(errors) for key in self.errors}
        self.pauses = 0

    def failing(self, *key):
        write = getattr(*key)
        self.errors[key] = []

        def written(*given, **named):
            if self.errors[key]:
                raise self.errors[key].pop(0)
            return write(*given, **named)

        return written

    def sleep(self, seconds):
        assert 0 <= seconds <= storing.PAUSE
        self.pauses += 1

    def monotonic(self):
        """A minute for each pause."""
        return 60.0 * self.pauses


@pytest.fixture
def others(store, monkeypatch):
    found, merging = Others(), lancedb.merge.LanceMergeInsertBuilder
    for table in (store._takes, store._windows, store._poses):
        for name in ("add", "delete"):
            monkeypatch.setattr(table, name, found.failing(table, name))
    execute = found.failing(merging, "execute")
    monkeypatch.setattr(merging, "execute", lambda *given: execute(*given))
    monkeypatch.setattr(storing, "time", found)
    return found


SIGNS = [
    "lance error: Too many concurrent writers. Attempted 7 times, but failed on retry_timeout",
    "Retryable commit conflict for version 253: This Update transaction was preempted",
    "Commit conflict for version 3: There was a concurrent commit that conflicts with this one",
]
ROWS = [Row("a.npz", 1, 0, "", windows=1), Row("b.npz", 2, 0, "", windows=1)]
POSES = [(1, Poses(np.zeros((2, 3, 3), np.int16), 10.0))]


@pytest.mark.parametrize("sign", SIGNS)
def test_each_writing_waits_for_other_indexers(store, others, sign):
    vectors = np.eye(2, store.facts.dimensions, dtype=np.float32)
    windows = Embedded(np.array([1, 2]), np.zeros(2), np.ones(2), vectors)

    def write(tables, call, *given):
        others.meet(RuntimeError(sign), OSError(sign))
        call(*given)
        assert others.pauses == 2 * tables

    write(2, store.add, windows, np.zeros(2, int), POSES)
    write(1, store.commit, ROWS)
    assert list(store.rows()) == ["a.npz", "b.npz"] and store.poses(1) is not None
    write(1, store.forget, ["a.npz"])
    write(2, store.drop, [1])
    assert list(store.rows()) == ["b.npz"] and store.poses(1) is None
    assert store.windows().takes.tolist() == [2]


def test_it_gives_up_after_ten_minutes(store, others):
    others.meet(*[RuntimeError(SIGNS[0])] * 20)
    with pytest.raises(InputError, match="Too many concurrent writers"):
        store.forget(["a.npz"])
    # A minute each; at ten it is tried once more.
    assert others.pauses == 11


def test_another_fault_is_said_at_once(store, others):
    others.meet(OSError("No space left on device"))
    with pytest.raises(InputError, match="No space left"):
        store.forget(["a.npz"])
    assert not others.pauses
