"""The data sets that have a name: what can stand after the colon of --config=FILE:DATASET."""

from collections.abc import Mapping
from typing import Any

from motext_jax.config.data import DataConfig
from motext_jax.config.option import require

# The paper reports on BABEL's validation split: the labels of the test split are not published.
_BABEL = {"source": "babel", "skeleton": "ntu21", "normalise": "babel", "test_split": "val"}

DATASETS: Mapping[str, Mapping[str, Any]] = {
    "synthetic": {"source": "synthetic"},
    "people": {"source": "people"},
    "bandai": {"source": "humanml3d", "source_fps": 30.0},
    "cmu": {"source": "humanml3d", "source_fps": 30.0, "text": "caption"},
    "mocap": {"source": "mocap"},
    "humanml3d": {"source": "humanml3d", "source_fps": 20.0, "text": "caption"},
    "kit_ml": {"source": "humanml3d", "source_fps": 12.5, "skeleton": "kit21", "text": "caption"},
    "babel60": _BABEL,
    "babel120": _BABEL | {"categories": 120},
    "babel60_amass": _BABEL | {"source": "babel_amass"},
    "babel120_amass": _BABEL | {"source": "babel_amass", "categories": 120},
    "babel_text": _BABEL | {"source": "babel_amass", "text": "caption"},
}


def dataset(name: str, **changes: Any) -> DataConfig:
    """The data section of a data set's name, with changes."""
    require("the part after the colon of --config", name, DATASETS)
    return DataConfig(**{**DATASETS[name], **changes})
