"""Refusals of the commands on libraries before anything slow."""

import subprocess
import sys

import pytest

from motext_jax.errors import InputError
from motext_jax.library_flags import check_fps

COMMAND_LINES = {
    "out: {note} is no folder": ["{takes}", "--query=x", "--out={note}/x.png"],
    "out: {note} is no folder; give": ["--model=starter", "--query=x", "--out={note}/x.png"],
    "export={full}: the folder holds old.bvh": ["{takes}", "--query=x", "--export={full}"],
    "model=strater: there is no such": ["{takes}", "--query=x", "--model=strater"],
    "query='someone walks'?": ["someone walks"],
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
    places = {name: str(tmp_path / name) for name in ("takes", "note", "full")}
    for name in ("takes", "full"):
        (tmp_path / name).mkdir()
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


@pytest.mark.parametrize("fps", [float("nan"), float("inf"), 1e9, 0.05])
def test_no_frame_rate_is_refused(fps):
    with pytest.raises(InputError, match="expected 0.1 to 10,000 frames a second"):
        check_fps(fps)


@pytest.mark.parametrize("fps", [0.0, 0.1, 29.97, 240.0])
def test_a_frame_rate_is_taken(fps):
    check_fps(fps)
