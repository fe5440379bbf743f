"""CTRGCN-C of the paper: CTR-GCN and CLIP's pre-trained text transformer, by contrast."""

from motext_jax import config
from motext_jax.models.clip_text import ClipTextConfig
from motext_jax.models.ctrgcn import CTRGCNConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="CTRGCN-C",
        data=config.dataset(dataset),
        model=config.ModelConfig(
            motion=CTRGCNConfig(),
            text=ClipTextConfig(),
        ),
    )
