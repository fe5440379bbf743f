"""The options of data: which source reads which."""

import pytest

from motext_jax.config import (
    SOURCES,
    DataConfig,
    check_decides,
    check_read,
    settings,
    validate_data,
)
from motext_jax.config.datasets import DATASETS, dataset
from motext_jax.data import sources
from motext_jax.errors import InputError
from motext_jax.motion.normalise import NORMALISATIONS


def test_the_choices_are_what_is_there():
    declared = {setting.path: setting.option for setting in settings(DataConfig())}
    assert set(SOURCES) == {*sources.SOURCES, "babel"}
    assert set(declared["normalise"].choices) == set(NORMALISATIONS)
    for name, option in declared.items():
        assert set(option.read_by) <= set(SOURCES), name


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_is_valid(name):
    validate_data(dataset(name))


@pytest.mark.parametrize(
    ("name", "option", "value", "readers"),
    [
        ("kit_ml", "metres_per_unit", 0.01, "mocap"),
        ("synthetic", "source_fps", 30.0, "humanml3d, mocap"),
        ("humanml3d", "allow_outside", True, "mocap"),
        ("humanml3d", "up", "z", "mocap"),
        ("synthetic", "root", "folder", "humanml3d, mocap, babel, babel_amass"),
        ("humanml3d", "categories", 120, "babel, babel_amass"),
    ],
)
def test_an_option_that_the_source_does_not_read_is_refused(name, option, value, readers):
    source = dataset(name).source
    says = rf"^data\.{option} is given, and the source {source} does not .*; it is for {readers}$"
    with pytest.raises(InputError, match=says):
        validate_data(dataset(name, **{option: value}))
    with pytest.raises(InputError, match=says):
        check_read(dataset(name), ["frames", option])


def test_an_option_that_the_source_reads_may_be_given():
    check_read(dataset("mocap"), ["root", "metres_per_unit", "source_fps", "frames"])
    validate_data(dataset("mocap", root="folder", metres_per_unit=0.01))


def test_a_rate_is_none_or_one_that_a_camera_has():
    for fps in (0.0, 0.1, 10_000.0):
        validate_data(dataset("mocap", root="folder", source_fps=fps))
    for fps in (0.09, 10_001.0):
        with pytest.raises(InputError, match=r"data\.source_fps is .*; expected 0\.1 to 10,000"):
            validate_data(dataset("mocap", root="folder", source_fps=fps))


def test_options_of_reading_may_be_given_to_prepare():
    check_decides(dataset("mocap"), ["strict", "allow_outside", "up", "joints", "source_fps"])
    with pytest.raises(InputError, match="--data.mirror is for training"):
        check_decides(dataset("mocap"), ["strict", "mirror"])


def test_an_unknown_data_set_lists_the_known():
    with pytest.raises(InputError, match="synthetic, people, bandai"):
        dataset("bandia")
