"""Faults around an indexing that must cost nothing that is known, and files that are none."""

import json
import os
import pathlib

import arm_raisers
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.library import reading
from motext_jax.library.facts import Facts
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.localise import intervals, likeness
from motext_jax.library.query import Query
from motext_jax.library.rows import new_take
from motext_jax.library.store import Store


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "takes"
    arm_raisers.write(root / "a.npz", ("left", 6))
    arm_raisers.write(root / "b" / "c.npz", ("right", 4))
    return root


def indexed(folder, **options):
    address = folder.parent / "library"
    return index(folder, address, arm_raisers.ArmModel(**options)), Store.open(address)


def test_numbers_of_takes_never_meet():
    numbers = [new_take() for _ in range(100_000)]
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) > 0 and max(numbers) < 1 << 63


def test_a_fault_that_passes_leaves_what_is_known_and_is_tried_again(folder, monkeypatch):
    _, store = indexed(folder)
    before = store.rows()["a.npz"]
    arm_raisers.write(folder / "a.npz", ("right", 2))
    arm_raisers.write(folder / "new.npz", ("left", 2))
    digest = reading.content_digest

    def fails(path, *rest):
        if path.name in ("a.npz", "new.npz"):
            raise OSError(5, "Input/output error")
        return digest(path, *rest)

    monkeypatch.setattr(reading, "content_digest", fails)
    summary, store = indexed(folder)
    assert sorted(summary.bad) == [
        "a.npz: cannot be read (Input/output error)",
        "new.npz: cannot be read (Input/output error)",
    ]
    assert store.rows()["a.npz"] == before
    monkeypatch.undo()
    summary, store = indexed(folder)
    assert (summary.new, summary.bad) == (2, [])
    assert {row.seconds for row in store.rows().values()} == {2.0, 4.0}


def test_a_folder_that_cannot_be_listed_forgets_nothing(folder, monkeypatch):
    indexed(folder)
    scandir = os.scandir

    def refuses(path):
        if pathlib.Path(path).name == "b":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    summary, store = indexed(folder)
    assert summary.gone == 0 and "b/c.npz" in store.rows()
    assert summary.bad == ["b: the folder cannot be listed (Permission denied)"]


def test_another_folder_is_no_moved_one(folder, tmp_path):
    indexed(folder)
    folder.rename(tmp_path / "away")
    arm_raisers.write(folder.parent / "others" / "x.npz", ("left", 2))
    with pytest.raises(InputError, match="has none of its files"):
        index(tmp_path / "others", tmp_path / "library", arm_raisers.ArmModel())
    summary = index(tmp_path / "away", tmp_path / "library", arm_raisers.ArmModel())
    assert (summary.same, summary.gone) == (2, 0)


def test_links_out_of_the_folder_and_pipes_are_left_out(folder, tmp_path):
    arm_raisers.write(tmp_path / "secret.npz", ("left", 2))
    (folder / "link.npz").symlink_to(tmp_path / "secret.npz")
    (folder / "inside.npz").symlink_to(folder / "a.npz")
    os.mkfifo(folder / "pipe.bvh")
    summary, store = indexed(folder)
    assert set(store.rows()) == {"a.npz", "b/c.npz", "inside.npz", "pipe.bvh"}
    assert summary.takes == 3
    assert any("link out of the folder" in why for why in summary.bad)
    assert any("a pipe or a device" in why for why in summary.bad)


def test_another_step_of_a_model_is_another_model(folder):
    indexed(folder)
    model = arm_raisers.ArmModel(step=8)
    with pytest.raises(InputError, match="cannot be compared"):
        index(folder, folder.parent / "library", model)


def test_another_motion_tower_is_another_model(folder):
    """The same name, step and text tower: of a run begun again, or of a newer package's starter."""
    _, store = indexed(folder)
    other = arm_raisers.ArmModel(tower=1)
    with pytest.raises(InputError, match=r"with other weights .* index again into a new folder"):
        open_library(store.address, other).search(Query("left"))
    arm_raisers.write(folder / "new.npz", ("left", 2))
    with pytest.raises(InputError, match="cannot be compared"):
        indexed(folder, tower=1)
    assert set(store.rows()) == {"a.npz", "b/c.npz"}
    # An exported folder holds float16.
    for dtype in ("float32", "float16"):
        own = arm_raisers.ArmModel(dtype=dtype)
        assert len(open_library(store.address, own).search(Query("left"))) == 2


def test_a_library_without_a_digest_of_the_weights_opens(folder):
    _, store = indexed(folder)
    tree = json.loads(store.facts.to_json())
    del tree["weights"]
    store.set_facts(Facts.from_json(json.dumps(tree), store.address))
    assert open_library(store.address, arm_raisers.ArmModel(tower=1)).search(Query("left"))
    with pytest.raises(InputError, match="cannot be compared"):
        open_library(store.address, arm_raisers.ArmModel(turn=1)).search(Query("left"))


def test_a_curve_with_a_narrow_peak_has_its_interval(folder):
    arm_raisers.write(folder / "a.npz", ("", 10.3), ("left", 0.7), ("", 11.7))
    _, store = indexed(folder)
    library = open_library(store.address, arm_raisers.ArmModel())
    curve = library.curve("a.npz", Query("the left arm is up"))
    assert len(curve.intervals) >= 1
    assert any(one.start <= 10.7 <= one.end for one in curve.intervals)


def test_what_a_query_excludes_is_no_peak():
    starts = np.arange(0, 20, 0.5)
    scores = np.where((starts >= 5) & (starts < 12), -np.inf, 0.8)
    times, cosines = likeness(starts, starts + 1.5, scores)
    assert all(end < 6.5 or start > 11.5 for start, end, _ in intervals(times, cosines))
