"""The command `prepare` as a person runs it, and a run on what it has prepared."""

import json

import numpy as np
import pytest
import tiny
from amass_files import label, sequence, write_amass
from babel_release import write_release
from PIL import Image
from test_commands import TINY, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "folder"
    return tiny.write_humanml3d(root, {"train": 12, "val": 3, "test": 3}, frames=16)


def options(folder):
    return [f"--data.root={folder}", "--data.source_fps=30", "--data.frames=16"]


def test_a_set_is_prepared_trained_on_and_evaluated(folder, tmp_path):
    out = tmp_path / "sets"
    result = run("prepare", "humanml3d", *options(folder), f"--out={out}", "--processes=2")
    assert result.returncode == 0, result.stderr
    for said in (
        "train",
        "12",
        "hours of motion",
        "3 categories, from",
        f"data.prepared={out / 'humanml3d' / '2.0.0'}",
    ):
        assert said in result.stdout
    again = run("prepare", "humanml3d", *options(folder), f"--out={out}")
    assert again.returncode == 0, again.stderr
    assert "was prepared before, and nothing has changed since" in again.stdout
    workdir = tmp_path / "run"
    (folder / "train.txt").rename(folder / "away.txt")
    try:
        trained = run(
            "train",
            f"--config={TINY}:{folder}",
            f"--workdir={workdir}",
            f"--config.data.prepared={out}",
            "--config.train.steps=2",
        )
    finally:
        (folder / "away.txt").rename(folder / "train.txt")
    assert trained.returncode == 0, trained.stderr
    evaluated = run("eval", f"--workdir={workdir}")
    assert evaluated.returncode == 0, evaluated.stderr
    assert json.loads((workdir / "eval" / "2.json").read_text())["clips"] == 3


def test_clips_of_amass_against_the_release(tmp_path):
    """One file of AMASS, and a release of that clip and another; its size is said to be unusual."""
    write_amass(tmp_path / "amass/ACCAD/s/a_poses.npz", 300, 60.0)
    whole = [label("segA", "walk", ["walk"])]
    entry = sequence("X/ACCAD/s/a_poses.npz", 5.0, whole)
    (tmp_path / "train.json").write_text(json.dumps({"7": entry}))
    write_release(tmp_path, rows=[("7", "segA", 0, 0), ("8", "segB", 0, 1)])
    places = [f"--data.root={tmp_path / 'amass'}", f"--data.annotations={tmp_path}"]
    result = run(
        "prepare", "babel60_amass", *places, "--splits=train", f"--out={tmp_path / 'out'}",
        f"--compare_with_release={tmp_path}",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "1 clip in both, 0 only here, 1 only in the release" in result.stdout
    assert "bones: an average person's" in result.stdout
    assert "the training set has 2 clips, and 45473 as published" in result.stderr


def test_pictures_of_clips(folder, tmp_path):
    out = tmp_path / "pictures"
    asked = [option for option in options(folder) if "source_fps" not in option]
    result = run("prepare", "humanml3d", *asked, f"--show={out}", "--clips=5")
    assert result.returncode == 0, result.stderr
    assert f"{folder} is read at 20 frames a second; --data.source_fps gives" in result.stdout
    assert sorted(path.name for path in out.iterdir()) == [
        "categories.png",
        "clips.png",
        "clips.webp",
    ]
    for path in out.glob("*.png"):
        assert np.asarray(Image.open(path).convert("L")).std() > 5
    with Image.open(out / "clips.webp") as animation:
        assert animation.n_frames == 8


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "a data set's name is missing"),
        (["humanml4d", "--out={new}"], "must be one of: synthetic"),
        (
            ["humanml3d", "--data.root={data}"],
            "give one of --out=FOLDER to prepare",
        ),
        (["humanml3d", "--out={new}"], "data.root is empty; give the data set's folder: "),
        (["mocap", "--data.root={data}/train.txt", "--out={new}"], "is no folder; give the folder"),
        (["humanml3d", "--out={new}", "--show={new}"], "give one of --out=FOLDER to prepare"),
        (["humanml3d", "--data.root={new}", "--out={new}"], "there is no such folder"),
        (
            ["humanml3d", "--data.root={data}", "--out={new}", "--data.frame=3"],
            "did you mean frames?",
        ),
        (["humanml3d", "--data.root={data}", "--show={data}/train.txt"], "train.txt: a file; give"),
        (["humanml3d", "more", "--out={new}"], "unknown argument 'more'"),
        (["humanml3d", "--data.root={data}", "--out={new}", "--data.frames=0"], "at least 8"),
        (["humanml3d", "--out={new}", "--data.mirror=True"], "--data.mirror is for training"),
        (
            ["kit_ml", "--out={new}", "--data.metres_per_unit=0.01"],
            "data.metres_per_unit is given, and the source humanml3d does not read it",
        ),
        (
            ["humanml3d", "--out={new}", "--data.augment.crop=0.1"],
            "--data.augment.crop is for training",
        ),
        (
            ["humanml3d", "--data.root={data}", "--out={new}", "--compare_with_release=x"],
            "is for babel60_amass",
        ),
    ],
)
def test_a_refusal_is_one_clear_sentence(folder, tmp_path, arguments, says):
    places = {"data": folder, "new": tmp_path / "new"}
    result = run("prepare", *[argument.format(**places) for argument in arguments])
    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "new").exists()
