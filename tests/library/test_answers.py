"""Answers on a terminal and as tables."""

import csv
import io
import json
import os

import pytest
from rich.cells import cell_len

from motext_jax.library import progress
from motext_jax.library.answers import as_csv, as_json, print_answers
from motext_jax.library.progress import duration, told
from motext_jax.library.query import Answer
from motext_jax.library.summary import Progress
from motext_jax.terminal import console

NAME = "2026-11-26/session 4/A_07_v3_FINAL_take_with_a_long_name_of_seventy_letters_0001.bvh"


def printed(*answers, width=80):
    out = console(io.StringIO(), width)
    print_answers("q", answers, out)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [20, 40, 60, 80, 99, 100, 120, 200])
@pytest.mark.parametrize(
    "name", ["odd/walk.bvh", "a take of mine (2)_final.bvh", "歩く" * 10, NAME]
)
def test_all_that_is_said_is_whole_at_every_width(name, width):
    found = printed(
        Answer(name, 3.04, 5.5, 0.52, "unlikely", ("a man walks on",)),
        Answer("b", 0, 9, 0.5, parts=((0, 3), (4, 9))),
        width=width,
    )
    lines = found.splitlines()
    assert any(name in line for line in lines)
    assert all(cell_len(line) <= width for line in lines if name not in line)
    assert len({cell_len(line) for line in lines}) == 1 or not any("│" in line for line in lines)
    assert all(word in found for word in ("3.0-5.5", "0.520", "unlikely", "0.0-3.0", "4.0-9.0"))
    said = " ".join(found.replace("│", " ").split())
    assert all(word in said for word in ("a", "man", "walks", "on"))


def test_a_table_that_is_too_wide_has_each_name_in_a_line_of_its_own():
    answer = Answer("odd/walk.bvh", 3.04, 5.5, 0.52, "unlikely", ("a man walks",))
    assert printed(answer, width=40).splitlines() == [
        "q",
        "1  odd/walk.bvh",
        "   3.0-5.5  0.520  unlikely  a man walks",
    ]
    assert "│ file " not in printed(answer, width=60) and "┃ file " in printed(answer, width=80)


NONSENSE = [None, "0", "wide", "²", "9" * 5000]


@pytest.mark.parametrize("columns", NONSENSE)
def test_without_a_terminal_every_name_is_in_one_line(columns, monkeypatch):
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    found = printed(Answer(NAME, 3.04, 5.5, 0.52, "unlikely", ("a man walks",) * 3), width=None)
    assert NAME in found


def test_a_width_that_the_environment_says_holds_without_a_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    answer = Answer(NAME, 3.04, 5.5, 0.52, "unlikely", ("a man walks",) * 3)
    found = printed(answer, width=None)
    assert found == printed(answer, width=60) != printed(answer, width=200)


@pytest.mark.parametrize("columns", NONSENSE)
def test_a_table_is_as_wide_as_its_terminal(columns, monkeypatch):
    monkeypatch.setattr("os.get_terminal_size", lambda *_: os.terminal_size((60, 24)))
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    answer = Answer(NAME, 3.04, 5.5, 0.52, "unlikely", ("a man walks",) * 3)
    assert printed(answer, width=None) == printed(answer, width=60)


def test_sequences_have_a_line_for_each_action_and_mirrored_ones_say_so():
    found = printed(Answer("a", 0, 9, 0.5, mirrored=True, parts=((0, 3), (4, 9))))
    assert "0.0-3.0" in found and "4.0-9.0" in found and "a (mirrored)" in found


@pytest.mark.parametrize("hostile", ["\x1b[2J", "[red]a[/b]", "\u202ea"])
def test_nothing_acts_on_a_terminal(hostile):
    found = printed(Answer(f"x{hostile}y", 0, 1, 0.5, captions=(hostile,)), width=200)
    assert not {"\x1b", "\u202e"} & set(found)
    assert "[red]a[/b]" in found or "[red]" not in hostile


def test_a_spreadsheet_takes_nothing_for_a_formula():
    line = as_csv(["@a"], [[Answer("=cmd()", 0, 1, 0.5, captions=("+1",))]]).splitlines()[1]
    assert line == "'@a,'=cmd(),0,1,0.5,,False,'+1,"


def test_json_has_no_more_decimals_than_there_is_to_know():
    third = 1 / 3
    found = Answer("a", third, 3.0000001192092896, third, parts=((third, 2.0),))
    (tree,) = json.loads(as_json(["q"], [[found]], [[]]))
    assert (tree["start"], tree["end"], tree["score"]) == (0.333, 3.0, 0.3333)
    assert tree["parts"] == [[0.333, 2.0]]


def test_csv_says_all_that_json_says_but_notes():
    parts = ((0.0, 3.25), (4.0, 9.125))
    found = [[Answer("a", 1 / 3, 9.125, 2 / 3, parts=parts), Answer("b", 1, 2, 0.4)]]
    rows = list(csv.DictReader(io.StringIO(as_csv(["q"], found))))
    trees = json.loads(as_json(["q"], found, [["said"]]))
    assert [tree.pop("notes") for tree in trees] == [["said"]] * 2
    assert all(row.keys() == tree.keys() for row, tree in zip(rows, trees, strict=True))
    for name in ("start", "end", "score"):
        assert [float(row[name]) for row in rows] == [tree[name] for tree in trees]
    assert [row["parts"] for row in rows] == ["0.0-3.25; 4.0-9.125", ""]


def test_progress_has_a_rate_and_the_time_that_is_left():
    assert told(Progress(1_000, 0), 0, 0.5) == "indexed 0 of 1,000 files"
    assert told(Progress(1_000, 250), 200, 80) == (
        "indexed 250 of 1,000 files, 2.5 files/s, 5 min 0 s left"
    )
    assert told(Progress(9, 9, 2), 9, 3) == "indexed 7 of 9 files, 2 cannot be read, 3 files/s"
    assert told(Progress(9, 9, 2, 1), 9, 3) == (
        "indexed 6 of 9 files, 1 kept as before, 2 cannot be read, 3 files/s"
    )
    assert told(Progress(7, 0, there=1_993), 0, 0.5) == "indexed 0 of 7 files, 1,993 there already"
    assert told(Progress(1, 0), 0, 0.5) == "indexed 0 of 1 file"
    assert told(Progress(9, 9), 9, 3) == "indexed 9 of 9 files, 3 files/s"
    assert (duration(7_500), duration(59.6)) == ("2 h 5 min", "1 min 0 s")


def test_the_rate_leaves_out_what_comes_before_the_first_files(tmp_path, monkeypatch):
    """A model that takes a minute to compile does not foretell half an hour of indexing."""
    clock, log = [0.0], tmp_path / "log"
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    with log.open("w") as file:
        line = progress.Line(file)
        for seconds, done in ((0, 0), (60, 3), (125, 133), (130, 153)):
            clock[0] = seconds
            line(Progress(153, done))
    assert log.read_text().splitlines() == [
        "indexed 0 of 153 files",
        "indexed 3 of 153 files",
        "indexed 133 of 153 files, 2 files/s, 10 s left",
        "indexed 153 of 153 files, 2.14 files/s",
    ]
