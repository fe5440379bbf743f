"""CTRGCN-T of the paper: CTR-GCN and CLIP's text transformer from scratch, trained by contrast."""

from motext_jax import config
from motext_jax.models.clip_text import ScratchTextConfig
from motext_jax.models.ctrgcn import CTRGCNConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="CTRGCN-T",
        data=config.dataset(dataset),
        model=config.ModelConfig(motion=CTRGCNConfig(), text=ScratchTextConfig()),
    )
