"""Names of models, refused before anything slow."""

import pytest

from motext_jax.errors import InputError
from motext_jax.trained.places import check_model


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    (tmp_path / "walkers" / "checkpoints").mkdir(parents=True)
    (tmp_path / "handed").mkdir()
    (tmp_path / "handed" / "model.safetensors").write_bytes(b"x")
    (tmp_path / "takes").mkdir()
    (tmp_path / "note.txt").write_text("no model")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("model", ["starter", "hf://a/b", "walkers", "./handed"])
def test_a_model_that_is_there_is_let_through(model):
    check_model(model)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("walkrs", r"^walkrs: there is no such folder; did you mean walkers\?$"),
        ("no/walkers", "there is no such folder; give a run's directory, an exported"),
        ("../walkers", "there is no such folder"),
        ("strater", r"did you mean starter\?$"),
        ("note.txt", "^note.txt: a file; give a run's directory"),
        ("takes", "^takes: holds no model; give a run's directory"),
    ],
)
def test_a_mistyped_one_is_refused_with_the_nearest(model, says):
    with pytest.raises(InputError, match=says):
        check_model(model)
