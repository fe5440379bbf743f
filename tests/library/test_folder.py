"""A folder that is looked at before anything slow."""

import os

import pytest

from motext_jax.errors import InputError
from motext_jax.library.folder import check_motion
from motext_jax.motion.files import FORMATS


@pytest.mark.parametrize("file", ["a.BVH", "b/c/d.npz"])
def test_a_folder_with_one_motion_file_anywhere_below_it_is_let_through(tmp_path, file):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    check_motion(tmp_path)


@pytest.mark.parametrize(
    "file", ["note.txt", ".a.bvh", ".hidden/a.bvh", "captions.csv", "joints.csv"]
)
def test_a_folder_without_any_is_refused(tmp_path, file):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    with pytest.raises(InputError, match=f"^{tmp_path}: there is no motion file below it") as said:
        check_motion(tmp_path)
    assert str(said.value).endswith("; expected one of " + ", ".join(FORMATS))


def test_files_that_blender_brings_to_another_format_are_counted(tmp_path):
    (tmp_path / "day 1").mkdir()
    for file in ("a.blend", "day 1/b.BLEND", ".d.blend", "blend"):
        (tmp_path / file).touch()
    with pytest.raises(InputError) as said:
        check_motion(tmp_path)
    assert str(said.value).endswith("; Blender brings 2 .blend files to .glb, see docs/data/own.md")
    (tmp_path / "day 1" / "e.bvh").touch()
    check_motion(tmp_path)


def test_a_folder_that_cannot_be_listed_is_said(tmp_path, monkeypatch):
    def refuses(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuses)
    with pytest.raises(InputError, match="cannot be listed \\(Permission denied\\)"):
        check_motion(tmp_path)
