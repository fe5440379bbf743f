"""Refusals of the commands on libraries before anything slow."""

import subprocess
import sys

import pytest

from motext_jax.errors import InputError
from motext_jax.library_flags import check_fps, check_outputs

COMMAND_LINES = {
    "out={note}/x.png: {note} is no folder": ["{takes}", "--query=x", "--out={note}/x.png"],
    "out={note}/x.png: {note} is no folder; give": [
        "--model=starter",
        "--query=x",
        "--out={note}/x.png",
    ],
    "export={full}: the folder holds old.bvh": ["{takes}", "--query=x", "--export={full}"],
    "json={empty}/typo/x.json: there is no": ["{takes}", "--query=x", "--json={empty}/typo/x.json"],
    "model=strater: there is no such": ["{takes}", "--query=x", "--model=strater"],
    "query='someone walks'?": ["someone walks"],
    "text_weight does nothing without --like; add that, or leave --text_weight out": [
        "{takes}",
        "--query=x",
        "--text_weight=2",
    ],
    "like_weight does nothing without --query; add": [
        "{takes}",
        "--like=a.bvh",
        "--like_weight=0",
    ],
    "export_format does nothing without --export; add": [
        "{takes}",
        "--query=x",
        "--export_format=npz",
    ],
    "source_fps does nothing without FOLDER or --like; add": [
        "--library={db}",
        "--query=x",
        "--source_fps=30",
    ],
    "csv=x/y.csv: it is in what --export": ["{takes}", "--query=x", "--csv=x/y.csv", "--export=x"],
    "csv={takes}/x.csv: it is in": ["{takes}", "--query=x", "--csv={takes}/x.csv"],
    "json={takes}/a.bvh: expected a name that ends in .json": [
        "{takes}",
        "--query=x",
        "--json={takes}/a.bvh",
    ],
    "export={takes}/x: it is in": ["{takes}", "--query=x", "--export={takes}/x"],
    "library=s3:/x: an address has two": ["{takes}", "--query=x", "--library=s3:/x"],
    "where is empty; give it a value, or leave it out": ["{takes}", "--query=x", "--where="],
    "captions is empty; give": ["{takes}", "--query=x", "--captions= "],
    "like is empty; give": ["{takes}", "--query=x", "--like="],
    "workdir is for a data set; a library's model is --model='a b'": [
        "{takes}",
        "--query=x",
        "--workdir=a b",
    ],
    "workdir is for a data set; leave it out": [
        "{takes}",
        "--query=x",
        "--workdir=x",
        "--model=starter",
    ],
    "step is for a data set; leave it out": ["{takes}", "--query=x", "--step=best"],
    "not is empty; give": ["{takes}", "--query=x", "--not=sits", "--not="],
    "out is empty; give": ["{takes}", "--query=x", "--out="],
    "library is empty; give": ["{takes}", "--query=x", "--library="],
    "library=nowhere: there is no library": ["--library=nowhere", "--query=x"],
    "library={note}: a file; give": ["{takes}", "--library={note}", "--query=x"],
}
PROGRAM = """
import sys
from absl import flags
from motext_jax import search
from motext_jax.errors import InputError
for line in sys.argv[1].split(chr(10)):
    flags.FLAGS.unparse_flags()
    try:
        search.main(*flags.FLAGS(["search", *line.split(chr(9))])[1:])
    except InputError as error:
        print(error)
print([name for name in ("jax", "lancedb", "pyarrow", "matplotlib") if name in sys.modules])
"""


def test_what_is_mistyped_is_said_before_anything_slow_is_imported(tmp_path):
    places = {name: str(tmp_path / name) for name in ("takes", "note", "full", "empty", "db")}
    for name in ("takes", "full", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "db" / "facts.lance").mkdir(parents=True)
    (tmp_path / "takes" / "a.bvh").touch()
    (tmp_path / "note").write_text("no folder")
    (tmp_path / "full" / "old.bvh").write_text("of another search")
    lines = ["\t".join(line).format(**places) for line in COMMAND_LINES.values()]
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, "\n".join(lines)], capture_output=True, text=True
    )
    *said, imported = result.stdout.splitlines()
    assert len(said) == len(lines), result.stderr
    for sentence, says in zip(said, COMMAND_LINES, strict=True):
        assert f"--{says.format(**places)}" in sentence
    assert imported == "[]"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"json": "-", "csv": "-"}, "both write to the terminal"),
        ({"json": "x", "csv": "./x"}, "--json and --csv are the same place; give two"),
        ({"export": "x", "out": "x"}, "--out and --export are the same place; give two"),
        ({"export": "x", "json": "x/"}, "--json and --export are the same place; give two"),
        ({"export": "x", "csv": "x/y/z.csv"}, "--csv=x/y/z.csv: it is in what --export names"),
        (
            {"json": "a", "csv": "a/b"},
            "--csv=a/b: it is in what --json names; give a place outside",
        ),
        ({"out": "a", "export": "./a/b"}, "--export=./a/b: it is in what --out names"),
        ({"csv": "-/x", "export": "-"}, "--csv=-/x: it is in what --export names"),
        ({"out": ""}, ""),
        ({"json": "-", "csv": "x.csv", "out": "x.png", "export": "x"}, ""),
    ],
)
def test_no_output_is_in_another_s_way(tmp_path, monkeypatch, options, says):
    monkeypatch.chdir(tmp_path)
    if not says:
        check_outputs(**options)
        return
    with pytest.raises(InputError, match=f"^.*{says}"):
        check_outputs(**options)


@pytest.mark.parametrize("fps", [float("nan"), float("inf"), 1e9, 0.05])
def test_no_frame_rate_is_refused(fps):
    with pytest.raises(InputError, match="expected 0.1 to 10,000 frames a second"):
        check_fps(fps)


@pytest.mark.parametrize("fps", [0.0, 0.1, 29.97, 240.0])
def test_a_frame_rate_is_taken(fps):
    check_fps(fps)


def test_a_folder_without_takes_is_refused_before_anything_slow_is_imported(tmp_path):
    program = PROGRAM.replace("print(error)", "print(error, file=sys.stderr)")
    result = subprocess.run(
        [sys.executable, "-c", program, f"{tmp_path}\t--query=x"], capture_output=True, text=True
    )
    assert result.stderr.startswith(f"{tmp_path}: there is no motion file below it; expected one")
    assert result.stdout == "[]\n"
