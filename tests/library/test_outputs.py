"""Places that a search writes to, refused before anything slow."""

import os

import pytest

from motext_jax.errors import InputError
from motext_jax.library.outputs import check_file, check_new_folder, check_outputs, check_outside


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    (tmp_path / "takes").mkdir()
    (tmp_path / "note.txt").write_text("no motion")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"json": "-", "csv": "-"}, "both write to the terminal"),
        ({"json": "takes"}, "--json=takes: a folder; give a file"),
        ({"json": "x", "csv": "./x"}, "--json and --csv are the same file"),
        ({"out": "note.txt/x.png"}, "--out: .*note.txt is no folder"),
        ({"out": "note.txt/deeper/x.png"}, "--out: .*note.txt is no folder"),
        ({"out": "gone/x.png"}, "--out: .*gone is no folder"),
        ({"out": "n" * 250 + ".png"}, "--out=n*.png: File name too long"),
        ({"csv": "/dev/null"}, "--csv=/dev/null: a device or a pipe; give a file"),
        ({"export": "note.txt"}, "--export=note.txt: a file; give a folder"),
        ({"export": "gone"}, "--export=gone: a file; give a folder"),
        ({"export": "."}, "--export=.: the folder holds gone and 2 more already"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_refused(here, options, says):
    (here / "gone").symlink_to("nowhere")
    with pytest.raises(InputError, match=says):
        check_outputs(**options)


def test_a_folder_that_nobody_can_write_to_is_said(monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    for options in ({"csv": "found/x.csv"}, {"out": "x.png"}, {"export": "found"}):
        (name,) = options
        with pytest.raises(InputError, match=f"--{name}: nothing can be written in "):
            check_outputs(**options)


def test_places_that_can_be_made_and_files_that_are_replaced_are_let_through(here):
    check_outputs(json="-", csv="new/found.csv", out="note.txt", export="new/x")
    check_file("out", "n" * 200 + ".png")
    check_new_folder("export", "takes")
    assert sorted(path.name for path in here.iterdir()) == ["note.txt", "takes"]


def test_spans_are_not_exported_among_the_takes(here):
    (here / "link").symlink_to("takes")
    for export in ("takes", "takes/found", "link/found", "./takes/../takes/x"):
        with pytest.raises(InputError, match="it is in the folder that is searched"):
            check_outside(export, "takes")
    for export in ("takes2", ".", ""):
        check_outside(export, "takes")
