"""Disks that are full or can only be read, and files that come and go: a sentence, nothing lost."""

import contextlib
import os
import subprocess

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library import index as indexing
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.query import Query
from motext_jax.library.store import Store


@pytest.fixture
def disk(tmp_path):
    """A disk of three megabytes, and a function that mounts it anew with other options."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(*options):
        asked = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]
        return subprocess.run(asked, capture_output=True).returncode == 0

    if os.name != "posix" or os.geteuid() != 0 or not mount("size=3m"):
        pytest.skip("only root can mount a small disk")
    try:
        yield place, mount
    finally:
        subprocess.run(["umount", str(place)], check=True)


def takes(folder, numbers, seconds):
    for number in numbers:
        arm_raisers.write(folder / f"{number}.npz", ("left", seconds), shift=number)


def test_a_full_disk_is_told_and_loses_nothing(disk, tmp_path):
    place, _ = disk
    folder, library = tmp_path / "takes", place / "library"
    takes(folder, range(3), 5)
    index(folder, library, arm_raisers.ArmModel())
    (place / "filling").write_bytes(bytes(1 << 20))
    with contextlib.suppress(OSError), (place / "more").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    takes(folder, range(3, 6), 5)
    with pytest.raises(InputError, match=r"the library cannot be read or written \(.*No space"):
        index(folder, library, arm_raisers.ArmModel())
    opened = open_library(library, arm_raisers.ArmModel())
    assert len(opened.search(Query("left"), top=9)) == 3
    (place / "filling").unlink()
    summary = index(folder, library, arm_raisers.ArmModel())
    assert (summary.new, summary.same, summary.takes) == (3, 3, 6)


def test_a_library_that_cannot_be_written_is_searched_and_not_indexed(disk, tmp_path):
    place, mount = disk
    folder, library = tmp_path / "takes", place / "library"
    takes(folder, range(3), 2)
    index(folder, library, arm_raisers.ArmModel())
    before = Store.open(library).rows()
    assert mount("remount", "ro")
    takes(folder, range(3, 4), 2)
    with pytest.raises(InputError, match=r"the library cannot be written \(Read-only file") as said:
        index(folder, library, arm_raisers.ArmModel())
    assert f"; search it as it is by --library={library} without FOLDER, make" in str(said.value)
    with pytest.raises(InputError, match=r"cannot be written \([^)]*\); make its folder writable"):
        index(folder, place / "another", arm_raisers.ArmModel())
    opened = open_library(library, arm_raisers.ArmModel())
    assert len(opened.search(Query("left"), top=9)) == 3
    assert opened.poses("0.npz").positions.shape == (20, 22, 3)
    assert mount("remount", "rw")
    assert index(folder, library, arm_raisers.ArmModel()).new == 1
    after = Store.open(library).rows()
    assert {file: after[file] for file in before} == before


def test_a_file_that_is_gone_since_it_was_indexed_is_told(tmp_path):
    folder, library = tmp_path / "takes", tmp_path / "library"
    takes(folder, range(3), 2)
    index(folder, library, arm_raisers.ArmModel())
    opened = open_library(library, arm_raisers.ArmModel())
    found = opened.search(Query("left"), top=9)
    gone = found[0].file
    (folder / gone).unlink()
    with pytest.raises(InputError, match=f"{gone}: is gone since .* index again: ") as said:
        opened.write(found[:1], tmp_path / "out", "npz")
    assert str(said.value).endswith(f": python -m motext_jax.index {folder} --library={library}")
    # All that the library holds of it is still shown, and the others are written.
    assert opened.poses(gone).positions.shape == (20, 22, 3)
    assert opened.curve(gone, Query("left")).seconds
    assert len(opened.write(found[1:], tmp_path / "out", "npz")) == 2


def test_a_file_that_goes_while_it_is_indexed_is_told(tmp_path, monkeypatch):
    folder, library = tmp_path / "takes", tmp_path / "library"
    takes(folder, range(3), 2)
    reads = indexing.read_takes

    def slow(files, *options):
        for found in reads(files, *options):
            (folder / "1.npz").unlink(missing_ok=True)
            yield found

    monkeypatch.setattr(indexing, "read_takes", slow)
    summary = index(folder, library, arm_raisers.ArmModel())
    assert summary.takes == 2 and len(summary.bad) == 1 and summary.bad[0].startswith("1.npz: ")
    monkeypatch.setattr(indexing, "read_takes", reads)
    summary = index(folder, library, arm_raisers.ArmModel())
    assert (summary.takes, summary.bad) == (2, [])
    assert Store.open(library).rows().keys() == {"0.npz", "2.npz"}
