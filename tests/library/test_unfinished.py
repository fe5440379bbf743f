"""Marks of shards that were not indexed to their end."""

import pathlib
import tempfile

import arm_raisers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.library import index as indexing
from motext_jax.library import reading
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.shards import Shard
from motext_jax.library.unfinished import clear, is_unfinished, mark

MODEL = arm_raisers.ArmModel()


PARTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda ends: range(*sorted(ends))),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS, PARTS)
def test_marks_hold_the_places_that_are_marked_and_not_cleared(tmp_path, marked, cleared):
    place = tempfile.mkdtemp(dir=tmp_path)
    for places in marked:
        mark(place, places)
    left = {one for places in marked for one in places}
    for places in cleared:
        clear(place, places)
        left -= set(places)
    assert is_unfinished(place) == bool(left)
    # What is left is just what must be cleared.
    for one in sorted(left):
        assert is_unfinished(place)
        clear(place, range(one, one + 1))
    assert not is_unfinished(place)


def test_no_other_file_is_a_mark(tmp_path):
    for name in ("unfinished-1-2.txt", "unfinished-5-2", "unfinished-", "lock"):
        (tmp_path / name).touch()
    assert not is_unfinished(str(tmp_path))
    assert not is_unfinished(str(tmp_path / "gone"))
    mark("s3://bucket/library", Shard().places)
    assert not is_unfinished("s3://bucket/library")


@pytest.fixture
def folder(tmp_path):
    for name in ("a", "b", "c"):
        arm_raisers.write(tmp_path / "takes" / f"{name}.npz", ("left", 2))
    return tmp_path / "takes"


def test_a_library_whose_indexing_was_stopped_says_so(folder, monkeypatch):
    address = folder.parent / "db"

    def stopped(files, *_):
        yield reading.read(files[0])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "read_takes", stopped)
        patch.setattr(indexing, "COMMIT_WINDOWS", 1)
        with pytest.raises(KeyboardInterrupt):
            index(folder, address, MODEL)
    library = open_library(address, MODEL)
    assert [take.file for take in library.takes()] == ["a.npz"]
    assert library.unfinished() == (
        f"{folder} is not indexed to its end; wait until index is done, or start it again: "
        f"python -m motext_jax.index {folder} --library={address}"
    )
    index(folder, address, MODEL)
    assert library.unfinished() == ""


def test_it_is_at_its_end_when_all_shards_are_of_whatever_number(folder):
    address = folder.parent / "db"
    index(folder, address, MODEL, shard=Shard(1, 2))
    # The second half was never begun.
    assert open_library(address, MODEL).unfinished()
    for number in (3, 1, 2):
        assert is_unfinished(str(address))
        index(folder, address, MODEL, shard=Shard(number, 3))
    assert not is_unfinished(str(address))


def test_where_the_files_that_were_left_are_gone_it_is_at_its_end(folder):
    address = folder.parent / "db"
    index(folder, address, MODEL)
    mark(str(address), Shard(2, 3).places)
    assert index(folder, address, MODEL).same == 3
    assert not is_unfinished(str(address))


def test_a_mark_that_cannot_be_written_is_an_error_in_a_sentence(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pathlib.Path, "touch", full)
    with pytest.raises(InputError, match=r"db: the library cannot .* \(.*No space left"):
        index(folder, folder.parent / "db", MODEL)
