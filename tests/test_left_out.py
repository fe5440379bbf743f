"""A folder of forty files of which ten are broken in ten ways: every command lists the same ten."""

import json

import pytest
from data.test_captioned_folder import HIERARCHY, write_bvh
from test_commands import TINY, run

GOOD = {"train": 20, "val": 5, "test": 5}
MOTION = HIERARCHY + "Frames: 2\nFrame Time: 0.1\n"
ROW = "0 0 0 0 0 0 0 0 0 0 0 0"


def broken(root):
    """Ten rows of the table with their files, and a piece of the sentence for each."""
    contents = {
        "empty": "",
        "binary": "\x00\x01\x02",
        "nan": f"{MOTION}{ROW}\n{ROW[:-1]}nan\n",
        "numbers": f"{MOTION}{ROW}\n0 0 0\n",
        "header": HIERARCHY.replace("MOTION\n", ""),
    }
    for name, content in contents.items():
        (root / f"{name}.bvh").write_text(content)
    (root / "other.txt").write_text("no motion")
    write_bvh(root.parent / "outside.bvh", frames=5)
    for name in ("late", "silent"):
        write_bvh(root / f"{name}.bvh", frames=5)
    rows = [
        *((f"{name}.bvh,,,x,", f"{name}.bvh") for name in contents),
        ("missing.bvh,,,x,", "there is no file 'missing.bvh'"),
        ("other.txt,,,x,", "other.txt"),
        ("../outside.bvh,,,x,", "is outside of the folder"),
        ("late.bvh,9,10,x,", "a span of 'late.bvh' starts at 9 s"),
        ("silent.bvh,,,,", "the columns 'caption' and 'action' are empty"),
    ]
    splits = ["train"] * 5 + ["val"] * 2 + ["test"] * 3
    return [f"{row},{split}" for (row, _), split in zip(rows, splits, strict=True)], [
        says for _, says in rows
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "folder"
    root.mkdir()
    rows = ["file,start,end,caption,action,split"]
    for split, count in GOOD.items():
        for number in range(count):
            name = f"{split}{number}.bvh"
            write_bvh(root / name, frames=20)
            rows.append(f"{name},,,slides {number},,{split}")
    bad, says = broken(root)
    (root / "captions.csv").write_text("\n".join([*rows, *bad]) + "\n")
    return root, says


def listed(result):
    """The sentences that a command lists, once, and what it says after them."""
    assert result.returncode == 0, result.stderr
    _, after = result.stdout.split("10 files or rows were left out:\n")
    lines = after.splitlines()
    assert len(lines) >= 10, result.stdout
    return lines[:10], lines[10:]


def test_every_command_goes_to_its_end_and_lists_the_same_ten(folder, tmp_path):
    root, says = folder
    options = {"source": "mocap", "skeleton": "own", "normalise": "centre", "text": "caption"}
    train = [f"--config.data.{name}={value}" for name, value in options.items()]
    del options["source"], options["text"]
    workdir, out = tmp_path / "run", tmp_path / "out"
    arguments = [f"--config={TINY}:{root}", *train, "--config.loss.targets=identity"]
    trained = run("train", *arguments, f"--workdir={workdir}", "--config.train.steps=2")
    lines, after = listed(trained)
    for why, line in zip(says, lines, strict=True):
        assert why in line
    # Before the first step; the number is the last to be read.
    assert any(line.startswith("step 1/2") for line in after)
    where = workdir / "left_out.json"
    assert after[-1] == f"10 files or rows were left out, as listed above and in {where}"
    assert listed(run("eval", f"--workdir={workdir}")) == (lines, [])
    assert json.loads((workdir / "eval" / "2.json").read_text())["clips"] == 5
    assert listed(run("search", f"--workdir={workdir}", "--query=slides", "--top=1")) == (lines, [])
    data = [f"--data.{name}={value}" for name, value in options.items()]
    prepare = ["mocap", f"--data.root={root}", "--data.frames=16", "--data.source_fps=30", *data]
    assert listed(run("prepare", *prepare, f"--out={out}", "--processes=2")) == (lines, [])
    kept = json.loads((workdir / "left_out.json").read_text())
    assert {split: len(reasons) for split, reasons in kept.items()} == {
        **{"train": 5, "val": 2, "test": 3}
    }
