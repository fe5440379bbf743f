"""Files that are whole or not there."""

import os
import stat

import numpy as np
import pytest

from motext_jax.whole_file import whole, write_json, write_text


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_not_there_before_it_is_whole(tmp_path):
    path = tmp_path / "new" / "scores.npz"
    with whole(path) as place:
        np.savez(place, scores=np.arange(3))
        assert not path.exists()
    assert names(path.parent) == ["scores.npz"]
    np.testing.assert_array_equal(np.load(path)["scores"], [0, 1, 2])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path, error):
    path = tmp_path / "config.json"
    path.write_text("before")
    with pytest.raises(type(error)), whole(path) as place:
        place.write_text("half")
        raise error
    assert path.read_text() == "before"
    assert names(tmp_path) == ["config.json"]


def test_a_folder_is_whole_or_not_there(tmp_path):
    path = tmp_path / "tokenizer"
    with pytest.raises(ZeroDivisionError), whole(path) as place:
        place.mkdir()
        (place / "vocab.json").write_text("{}")
        raise ZeroDivisionError
    assert names(tmp_path) == []
    with whole(path) as place:
        place.mkdir()
        (place / "vocab.json").write_text("{}")
    assert names(path) == ["vocab.json"]


def test_every_file_of_a_folder_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(os.fstat(file).st_ino))
    with whole(tmp_path / "model") as place:
        (place / "tokenizer").mkdir(parents=True)
        files = [place / "config.json", place / "tokenizer" / "vocab.json"]
        for file in files:
            file.write_text("{}")
        expected = sorted(file.stat().st_ino for file in files)
    assert sorted(synced) == expected


def test_two_writers_of_one_file_do_not_meet(tmp_path):
    path = tmp_path / "clips.npy"
    with whole(path) as one, whole(path) as other:
        one.write_text("one")
        other.write_text("other")
        assert one != other
    assert path.read_text() == "one"  # the outer block ends last
    assert names(tmp_path) == ["clips.npy"]


def test_json_has_no_nan_and_texts_are_utf8(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"top1": float("nan")}, tmp_path / "scores.json")
    assert names(tmp_path) == []
    write_text("“läuft”", tmp_path / "text")
    assert (tmp_path / "text").read_bytes() == "“läuft”".encode()


def test_others_may_read_it_as_any_file(tmp_path):
    before = os.umask(0o022)
    try:
        write_text("", tmp_path / "text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "text").stat().st_mode) == 0o644
