"""Every kind of data set the whole way: its published files, prepared, trained on, evaluated."""

import dataclasses
import json

import acclaim
import jax
import numpy as np
import pytest
import tiny
from amass_files import label, sequence, write_amass
from babel_release import write_release

from motext_jax.config import dataset
from motext_jax.data.builders import BUILDERS
from motext_jax.data.preparation import prepare
from motext_jax.data.sources import load_clips
from motext_jax.evaluation.evaluate import evaluate, validation_score
from motext_jax.evaluation.split import load_split
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import KIT21
from motext_jax.trained import model as trained
from motext_jax.training.loop import train


def babel60(root):
    for split, seed in (("train", 0), ("val", 1)):
        rows = [(f"s{seed}{k}", f"g{k}", 0, k % 3) for k in range(9)]
        write_release(root, split, rows=[*rows, (f"s{seed}0", "g0", 0, 5)])
    return {"root": root}


def babel60_amass(root):
    for split in ("train", "val"):
        sequences = {}
        for k in range(6):
            write_amass(root / f"amass/ACCAD/{split}/{k}_poses.npz", 240, 60.0, seed=k)
            words = ("walk", "stand", "turn")[k % 3]
            labels = [label(f"g{k}", f"someone will {words}", [words])]
            sequences[f"{split}{k}"] = sequence(f"A/ACCAD/{split}/{k}_poses.npz", 4.0, labels)
        (root / f"{split}.json").write_text(json.dumps(sequences))
    return {"root": root / "amass", "annotations": root}


def humanml3d(root):
    tiny.write_humanml3d(root, {"train": 9, "val": 3, "test": 3})
    return {"root": root}


def kit_ml(root):
    """KIT's 21 joints, and captions alone."""
    humanml3d(root)
    (root / "labels.csv").unlink()
    rng = np.random.default_rng(0)
    rest = np.zeros((len(KIT21.joints), 3))
    for left, right in KIT21.left_right_pairs:
        rest[left, 0], rest[right, 0] = 0.15, -0.15
    for path in (root / "new_joints").iterdir():
        np.save(path, (rest + rng.normal(0, 0.05, (20, *rest.shape))).astype(np.float32))
    return {"root": root}


def mocap(root):
    """Acclaim's two files and a table of captions."""
    rows = ["file,start,end,caption,action,split"]
    for split in ("train", "val", "test"):
        for k in range(9):
            folder = root / f"{split}{k}"
            folder.mkdir(parents=True)
            frames = [
                f"{n}\nroot 0 0 0 0 0 0\nupper 0 0 {9 * n * (k + 1)}\nlower {n}" for n in (1, 2)
            ]
            acclaim.write(folder, acclaim.AMC.split("1\n")[0] + "\n".join(frames) + "\n")
            rows.append(f"{folder.name}/arm_01.amc,,,an arm turns,turn {k % 2},{split}")
    (root / "captions.csv").write_text("\n".join(rows) + "\n")
    # An arm alone does not show its unit.
    own = {"skeleton": "own", "metres_per_unit": 0.1}
    return {"root": root, **own, "normalise": "centre", "fps": 120.0}


SETS = {f.__name__: f for f in (babel60, babel60_amass, humanml3d, kit_ml, mocap)}


@pytest.fixture
def one_device(monkeypatch):
    """Compiles in half of the time."""
    mesh = meshes.data_mesh(jax.devices()[:1])
    for module in (meshes, trained):
        monkeypatch.setattr(module, "data_mesh", lambda: mesh)


@pytest.mark.parametrize("name", SETS)
def test_from_files_to_scores(name, tmp_path, one_device):
    options = {
        k: v if isinstance(v, (str, float)) else str(v)
        for k, v in SETS[name](tmp_path / "files").items()
    }
    frames = {} if name == "babel60" else {"frames": 16}
    data = dataset(name, **options, **frames)
    splits = tuple(dict.fromkeys((data.train_split, data.validation_split, data.test_split)))
    _, summary, _ = prepare(data, BUILDERS[name], tmp_path / "set", splits=splits, processes=1)
    assert not any(summary.left_out.values())
    config = dataclasses.replace(
        tiny.config(), data=dataclasses.replace(data, prepared=str(tmp_path / "set"))
    )
    config.train = dataclasses.replace(config.train, batch_size=8, epochs=1)
    clips, validation = (load_clips(config.data, split) for split in ("train", "val"))
    # Adam's step count is an integer that optax promotes.
    with jax.numpy_dtype_promotion("standard"):
        train(config, tmp_path / "run", clips, validation, validation_score)
    model = trained.load(tmp_path / "run")
    test = load_split(model)
    scores = evaluate(model, test)
    assert (scores.recognition is not None) == bool(test.category_names)
    found = scores.retrieval.identical_caption.text_to_motion
    # BABEL's clip of two categories is one item.
    assert found.items == len(test.unique()) and 0 < found.median_rank <= found.items
