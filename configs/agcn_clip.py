"""2sAGCN-C of the paper: 2s-AGCN (one stream) and CLIP's pre-trained text transformer."""

from motext_jax import config
from motext_jax.models.agcn import AGCNConfig
from motext_jax.models.clip_text import ClipTextConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="2sAGCN-C",
        data=config.dataset(dataset),
        model=config.ModelConfig(
            motion=AGCNConfig(),
            text=ClipTextConfig(),
        ),
    )
