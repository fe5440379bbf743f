"""A working directory of version 0.1 evaluates and searches to the scores it had then.

tests/golden/run_0_1 was written by commit 00db6da: twelve steps of tests/tiny.py's model with the
small CLIP tower of tests/clip_checkpoint.py as its text tower, on the folder that
tests/tiny.py writes. eval/12.json and search.json hold what that commit's commands said.
"""

import json
import shutil

import jax.numpy as jnp
import numpy as np
import pytest
import tiny

from motext_jax.errors import InputError
from motext_jax.evaluation.evaluate import evaluate
from motext_jax.evaluation.records import to_json
from motext_jax.evaluation.split import load_split
from motext_jax.library.facts import centre
from motext_jax.library.search import MotionLibrary
from motext_jax.trained.model import load, modules_of


@pytest.fixture(scope="module")
def older(golden_folder, tmp_path_factory):
    """The model and its test clips."""
    folder = tmp_path_factory.mktemp("older")
    shutil.copytree(golden_folder / "run_0_1", folder / "run")
    root = tiny.write_humanml3d(folder / "data", {"train": 24, "val": 6, "test": 9}, frames=16)
    model = load(folder / "run")
    return model, load_split(model, root=str(root))


def test_its_scores_are_those_of_then(older, golden_folder):
    then = json.loads((golden_folder / "run_0_1" / "eval" / "12.json").read_text())
    now = to_json(evaluate(*older))
    # They were not counted then.
    assert now["retrieval"].pop("captions") == 3
    for part in ("recognition", "left_right", "category_retrieval", "retrieval"):
        assert now[part] == then[part], part


def test_its_embeddings_and_answers_are_those_of_then(older, golden_folder):
    then = json.loads((golden_folder / "run_0_1" / "search.json").read_text())
    model, clips = older
    library = MotionLibrary.of(model, clips)
    # Another number of devices sums in another order.
    np.testing.assert_allclose(library.embeddings, then["motion"], atol=2e-6)
    np.testing.assert_allclose(model.encode_text(then["queries"]), then["text"], atol=2e-6)
    motion, text = np.array(then["motion"]), np.array(then["text"])
    # Then answers were in the order of cosines.
    scores = (text - np.array(centre(model))) @ motion.T
    found = library.search(then["queries"], 3)
    assert [[hit.clip for hit in row] for row in found] == [
        np.argsort(-row)[:3].tolist() for row in scores
    ]


def test_clips_of_fewer_frames_are_embedded_as_they_are(older):
    model, clips = older
    short = clips.clips[:][:3, :7]
    tower = modules_of(model.manifest)
    expected = tower.apply(model.variables, jnp.asarray(short), False, method="encode_motion")
    np.testing.assert_allclose(model.encode_motion(short), expected, atol=2e-6)
    repeated = short[:, np.arange(clips.clips.shape[1]) % 7]
    assert np.abs(model.encode_motion(repeated) - expected).max() > 1e-3


@pytest.mark.parametrize("texts", [[], "stand", ["stand", "caf\udce9"]])
def test_what_is_no_list_of_texts_is_refused(older, texts):
    with pytest.raises(InputError, match="texts must be a list|is no Unicode text"):
        older[0].encode_text(texts)


def test_no_clip_and_clips_of_another_shape_are_refused(older):
    model, clips = older
    whole = clips.clips[:]
    for wrong in (
        whole[:0],
        whole[:, :0],
        whole[:, :, :-1],
        np.tile(whole, (1, 2, 1, 1)),
        whole[0],
    ):
        with pytest.raises(InputError, match=r"clips of shape .*; the model takes \(n, "):
            model.encode_motion(wrong)
