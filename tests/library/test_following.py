"""Renamed files: followed without being read where nothing else can be meant, in pieces."""

import os

import arm_raisers
import pytest

from motext_jax.library import following
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.query import Query
from motext_jax.library.store import Store


@pytest.fixture
def folder(tmp_path):
    """Ten takes of one length, the left arm up in those of even numbers, written at odd times."""
    for number in range(10):
        path = tmp_path / "takes" / "old" / f"{number}.npz"
        arm_raisers.write(path, ("right" if number % 2 else "left", 2))
        os.utime(path, ns=(10**18 + 1 + number,) * 2)
    return tmp_path / "takes"


def indexed(folder):
    model = arm_raisers.ArmModel()
    return index(folder, folder.parent / "library", model), model


def left_arms(folder):
    """The files that answer, with the cosine 1."""
    library = open_library(folder.parent / "library", arm_raisers.ArmModel())
    return {a.file for a in library.search(Query("left"), top=99) if a.score > 0.8}


def fail(*_):
    raise AssertionError("a file was read")


def test_a_renamed_folder_is_followed_without_reading_a_file(folder, monkeypatch):
    indexed(folder)
    (folder / "old").rename(folder / "new")
    monkeypatch.setattr(following, "content_digest", fail)
    monkeypatch.setattr(following, "TAKES", 3)
    summary, model = indexed(folder)
    assert (summary.followed, summary.gone, summary.new, model.motions) == (10, 10, 0, 0)
    assert left_arms(folder) == {f"new/{number}.npz" for number in range(0, 10, 2)}


def test_a_kill_while_files_are_followed_loses_nothing(folder, monkeypatch):
    indexed(folder)
    (folder / "old").rename(folder / "new")
    monkeypatch.setattr(following, "TAKES", 3)
    commits, done, sizes = [], Store.commit, []

    def stopped(self, rows):
        if rows and len(commits) == 2:
            raise KeyboardInterrupt
        commits.extend([rows] if rows else [])
        done(self, rows)

    add = Store.add
    monkeypatch.setattr(Store, "add", lambda *a: (sizes.append(len(a[1])), add(*a)))
    monkeypatch.setattr(Store, "commit", stopped)
    with pytest.raises(KeyboardInterrupt):
        indexed(folder)
    # Two seconds have three windows.
    assert sizes == [9, 9, 9]
    known = {take.file for take in open_library(folder.parent / "library").takes()}
    assert len(known) == 16
    monkeypatch.setattr(Store, "commit", done)
    monkeypatch.setattr(following, "content_digest", fail)
    summary, model = indexed(folder)
    assert (summary.followed, summary.same, summary.gone, model.motions) == (4, 6, 10, 0)
    assert left_arms(folder) == {f"new/{number}.npz" for number in range(0, 10, 2)}
    # Nothing is left of takes that nobody sees.
    store = Store.open(folder.parent / "library")
    assert set(store.stored()[0].tolist()) == {row.take for row in store.rows().values()}


@pytest.mark.parametrize("time", [10**18, 10**18 + 5])
def test_a_size_and_a_time_that_others_have_are_no_proof(folder, time):
    """A right arm takes the place of a left one, with its size and with the time of many."""
    for number in range(10):
        os.utime(folder / "old" / f"{number}.npz", ns=(time, time))
    indexed(folder)
    (folder / "old" / "0.npz").unlink()
    (folder / "old" / "2.npz").rename(folder / "old" / "two.npz")
    arm_raisers.write(folder / "old" / "zero.npz", ("right", 2), ("", 0.0))
    os.utime(folder / "old" / "zero.npz", ns=(time, time))
    summary, model = indexed(folder)
    assert (summary.followed, summary.gone) == (2, 2) and model.motions == 0
    assert left_arms(folder) == {f"old/{name}.npz" for name in ("two", 4, 6, 8)}


def test_a_whole_second_is_no_proof(folder):
    """One gone and one new file of one size and time, as archives are unpacked."""
    indexed(folder)
    for number in range(1, 10):
        (folder / "old" / f"{number}.npz").unlink()
    os.utime(folder / "old" / "0.npz", ns=(10**18, 10**18))
    indexed(folder)
    (folder / "old" / "0.npz").unlink()
    arm_raisers.write(folder / "x.npz", ("right", 2))
    os.utime(folder / "x.npz", ns=(10**18, 10**18))
    summary, model = indexed(folder)
    assert (summary.followed, summary.new, model.motions) == (0, 1, 3)
    assert left_arms(folder) == set()
