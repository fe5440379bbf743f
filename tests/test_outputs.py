"""Places that a search writes to, refused before anything slow."""

import os

import pytest

from motext_jax.errors import InputError
from motext_jax.outputs import check_above, check_file, check_new_folder, check_outside


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    (tmp_path / "takes").mkdir()
    (tmp_path / "note.txt").write_text("no motion")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("takes", "^takes: a folder; give a file"),
        ("note.txt/x.png", "^note.txt/x.png: .*/note.txt is no folder"),
        ("note.txt/deeper/x.png", "^note.txt/deeper/x.png: .*/note.txt is no folder"),
        ("gone/x.png", "^gone/x.png: .*/gone is no folder"),
        ("n" * 250 + ".png", "^n*.png: File name too long"),
        ("/dev/null", "^/dev/null: a device or a pipe; give a file"),
        ("mistyped/x.png", "^mistyped/x.png: there is no folder /.*/mistyped; make it"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(here, file, says):
    (here / "gone").symlink_to("nowhere")
    with pytest.raises(InputError, match=says):
        check_file(file)


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("note.txt", "^note.txt: a file; give a folder"),
        ("gone", "^gone: a file; give a folder"),
        (".", "^.: the folder holds gone and 2 more already"),
        ("note.txt/x", "^note.txt/x: .*/note.txt is no folder"),
        ("n" * 300, "^n*: File name too long"),
    ],
)
def test_a_folder_that_is_not_new_is_refused(here, folder, says):
    (here / "gone").symlink_to("nowhere")
    with pytest.raises(InputError, match=says):
        check_new_folder(folder)


def test_a_folder_that_nobody_can_write_to_is_said(monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    for check, place in ((check_file, "found.csv"), (check_new_folder, "found")):
        with pytest.raises(InputError, match=f"^{place}: nothing can be written in "):
            check(place)


def test_the_nearest_folder_that_is_there_decides_and_what_to_do_is_said(here, monkeypatch):
    monkeypatch.setattr(os, "access", lambda place, mode: place != here / "takes")
    for place in ("takes", "takes/runs/mine"):
        with pytest.raises(InputError, match=f"^{place}: .* in {here}/takes; take another$"):
            check_above(place, "config.json", "take another")
    check_above("open/mine", "config.json", "take another")


def test_a_file_has_the_ending_that_is_expected(here):
    check_file("scores.json", ".json")
    with pytest.raises(InputError, match=r"^walk.bvh: expected a name that ends in \.json"):
        check_file("walk.bvh", ".json")


def test_a_file_system_that_takes_nothing_is_said_whatever_the_rights(monkeypatch):
    def refuses(path, *_):
        raise OSError(30, "Read-only file system", path)

    monkeypatch.setattr(os, "access", lambda *_: True)
    monkeypatch.setattr(os, "mkdir", refuses)
    for check, place in ((check_file, "found.csv"), (check_new_folder, "found")):
        with pytest.raises(InputError, match=f"^{place}: nothing can be written in "):
            check(place)


def test_places_that_can_be_made_and_files_that_are_replaced_are_let_through(here):
    for file in ("found.csv", "takes/found.csv", "note.txt", "n" * 200 + ".png"):
        check_file(file)
    for folder in ("new/x", "takes"):
        check_new_folder(folder)
    assert sorted(path.name for path in here.iterdir()) == ["note.txt", "takes"]


def test_spans_are_not_exported_among_the_takes(here):
    (here / "link").symlink_to("takes")
    for export in ("takes", "takes/found", "link/found", "./takes/../takes/x"):
        with pytest.raises(InputError, match="it is in the folder that is searched"):
            check_outside(export, "takes")
    for export in ("takes2", "."):
        check_outside(export, "takes")
