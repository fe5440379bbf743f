"""Marks of shards that were not indexed to their end."""

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library import index as indexing
from motext_jax.library import reading
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.shards import Shard
from motext_jax.library.unfinished import clear, is_unfinished, mark

MODEL = arm_raisers.ArmModel()


def test_a_shard_clears_its_mark_and_those_of_its_parts(tmp_path):
    place = str(tmp_path)
    for shard in (Shard(1, 2), Shard(2, 2), Shard(3, 4)):
        mark(place, shard)
    clear(place, Shard(1, 2))
    assert is_unfinished(place)
    # The third quarter is a part of the second half; the half is none of the quarter.
    clear(place, Shard(3, 4))
    assert is_unfinished(place)
    mark(place, Shard(3, 4))
    clear(place, Shard(2, 2))
    assert not is_unfinished(place)


def test_no_other_file_is_a_mark(tmp_path):
    (tmp_path / "unfinished-1-of-2.txt").touch()
    (tmp_path / "lock").touch()
    assert not is_unfinished(str(tmp_path))
    mark("s3://bucket/library", Shard())
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


def test_where_the_files_that_were_left_are_gone_it_is_at_its_end(folder, monkeypatch):
    address = folder.parent / "db"
    index(folder, address, MODEL)
    mark(str(address), Shard(2, 3))
    assert index(folder, address, MODEL).same == 3
    assert not is_unfinished(str(address))


def test_a_mark_that_cannot_be_written_is_an_error_in_a_sentence(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(indexing.unfinished, "mark", full)
    with pytest.raises(InputError, match=r"db: the library cannot .* \(.*No space left"):
        index(folder, folder.parent / "db", MODEL)
