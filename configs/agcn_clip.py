"""2sAGCN-C of the paper: 2s-AGCN (one stream) and CLIP's pre-trained text transformer."""

from motext_jax import config


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="2sAGCN-C",
        data=config.dataset(dataset),
        model=config.ModelConfig(
            motion=config.MotionTowerConfig(name="agcn"),
            text=config.TextTowerConfig(init="clip"),
        ),
    )
