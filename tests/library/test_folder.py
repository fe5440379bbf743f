"""A folder that is looked at before anything slow."""

import os

import pytest

from motext_jax.errors import InputError
from motext_jax.library.folder import check_motion


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
    with pytest.raises(InputError, match=f"^{tmp_path}: there is no motion file below it"):
        check_motion(tmp_path)


def test_a_folder_that_cannot_be_listed_is_said(tmp_path, monkeypatch):
    def refuses(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuses)
    with pytest.raises(InputError, match="cannot be listed \\(Permission denied\\)"):
        check_motion(tmp_path)
