"""The kinds of towers by their short names, as saved configs name them.

A new tower is a file of its own, with its options and its module, and one line here.
"""

from motext_jax.config import MotionTowerConfig, TextTowerConfig
from motext_jax.models.agcn import AGCNConfig
from motext_jax.models.clip_text import ClipTextConfig, ScratchTextConfig
from motext_jax.models.ctrgcn import CTRGCNConfig
from motext_jax.models.sentence_bert import SentenceBertConfig
from motext_jax.models.word_table import WordTableConfig

MOTION_TOWERS: dict[str, type[MotionTowerConfig]] = {
    "ctrgcn": CTRGCNConfig,
    "agcn": AGCNConfig,
}

TEXT_TOWERS: dict[str, type[TextTowerConfig]] = {
    "scratch": ScratchTextConfig,
    "clip": ClipTextConfig,
    "sentence_bert": SentenceBertConfig,
    "word_table": WordTableConfig,
}
