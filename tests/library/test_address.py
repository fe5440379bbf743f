"""Addresses of libraries, refused before anything slow."""

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library.address import check_library, is_library
from motext_jax.library.index import index
from motext_jax.library.store import Store


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A library `mocap`, a folder, and a file."""
    arm_raisers.write(tmp_path / "takes" / "a.npz", ("left", 3))
    index(tmp_path / "takes", tmp_path / "mocap", arm_raisers.ArmModel())
    (tmp_path / "note.txt").write_text("no library")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_library_is_known_by_its_folder(there):
    assert is_library("mocap") and not is_library("takes") and not is_library("note.txt")
    for makes in (False, True):
        for address in ("mocap", str(there / "mocap"), "s3://bucket/x", ""):
            check_library(address, makes)


def test_a_name_that_is_none_is_refused_with_the_nearest_library(there):
    with pytest.raises(InputError, match=r"there is no library; .* did you mean .*/mocap\?$"):
        check_library("mocpa", makes=False)
    for address in ("takes", "nowhere"):
        with pytest.raises(InputError, match=f"--library={address} makes one$"):
            check_library(address, makes=False)
    for refuse in (lambda: check_library("my takes", False), lambda: Store.open("my takes")):
        # As a shell takes it.
        with pytest.raises(InputError, match="--library='my takes' makes one$"):
            refuse()
    check_library("mocpa", makes=True)
    assert not (there / "mocpa").exists()


def test_a_place_where_none_can_be_made_is_refused(there):
    for makes in (False, True):
        with pytest.raises(InputError, match="^note.txt: a file; give the folder of"):
            check_library("note.txt", makes)
    with pytest.raises(InputError, match="^note.txt/db: .*note.txt is no folder"):
        check_library("note.txt/db", makes=True)


def test_no_library_is_made_among_other_files(there):
    with pytest.raises(InputError, match="^takes: the folder holds a.npz and no library; give a"):
        check_library("takes", makes=True)
    (there / "begun").mkdir()
    check_library("begun", makes=True)
    # An indexer was killed before it had made more.
    (there / "begun" / "lock").touch()
    check_library("begun", makes=True)


@pytest.mark.parametrize("scheme", ["s3", "gs", "az", "file", "S3"])
def test_an_address_without_one_stroke_is_no_folder(there, scheme):
    for makes in (False, True):
        with pytest.raises(InputError, match=f"^{scheme}:/b/x: .* give {scheme}://b/x, or ./"):
            check_library(f"{scheme}:/b/x", makes)
    check_library(f"./{scheme}:/b/x", makes=True)
    check_library("c3:/b/x", makes=True)
