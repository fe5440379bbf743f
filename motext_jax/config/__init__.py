"""Every option of the project, with its unit and default: the paper's, where the paper fixes it.

`configs/*.py` build these; `--config.section.option=VALUE` changes one on the command line. The
resolved tree is saved beside every checkpoint. "Paper" is Horie et al. 2022. The options of a tower
stand beside it, in models/.
"""

from motext_jax.config.data import SOURCES, AugmentConfig, DataConfig, check_decides, check_read
from motext_jax.config.datasets import DATASETS, dataset
from motext_jax.config.model import (
    ModelConfig,
    MotionTowerConfig,
    TextArchitecture,
    TextTowerConfig,
)
from motext_jax.config.option import option, require, settings
from motext_jax.config.overrides import check_overrides
from motext_jax.config.run import (
    Config,
    LossConfig,
    OptimizerConfig,
    TrainConfig,
    validate,
    validate_data,
)

__all__ = [
    "DATASETS",
    "SOURCES",
    "AugmentConfig",
    "Config",
    "DataConfig",
    "LossConfig",
    "ModelConfig",
    "MotionTowerConfig",
    "OptimizerConfig",
    "TextArchitecture",
    "TextTowerConfig",
    "TrainConfig",
    "check_decides",
    "check_overrides",
    "check_read",
    "dataset",
    "option",
    "require",
    "settings",
    "validate",
    "validate_data",
]
