"""CTRGCN-C of the paper: CTR-GCN and CLIP's pre-trained text transformer, by contrast."""

from motext_jax import config


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="CTRGCN-C",
        data=config.dataset(dataset),
        model=config.ModelConfig(
            motion=config.MotionTowerConfig(name="ctrgcn"),
            text=config.TextTowerConfig(init="clip"),
        ),
    )
