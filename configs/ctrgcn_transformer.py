"""CTRGCN-T of the paper: CTR-GCN and CLIP's text transformer from scratch, trained by contrast."""

from motext_jax import config


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="CTRGCN-T",
        data=config.dataset(dataset),
        model=config.ModelConfig(motion=config.MotionTowerConfig(name="ctrgcn")),
    )
