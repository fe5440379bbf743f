"""A directory and the config of its run."""

import json

import pytest
import tiny

from motext_jax.errors import InputError
from motext_jax.training.workdir import claim


def test_a_run_from_before_an_option_goes_on_with_its_default(tmp_path):
    config = tiny.config()
    claim(tmp_path, config)
    path = tmp_path / "config.json"
    old = json.loads(path.read_text())
    assert old["data"].pop("normalise_each") == "clip"
    path.write_text(json.dumps(old))
    claim(tmp_path, config)
    path.write_text(json.dumps(old))
    config.data.normalise_each = "motion"
    with pytest.raises(InputError, match=r"holds a run with data\.normalise_each='clip', and this"):
        claim(tmp_path, config)
