"""CTRGCN(CE) of the paper: CTR-GCN and a classifier, cross-entropy alone."""

from motext_jax import config
from motext_jax.models.ctrgcn import CTRGCNConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="CTRGCN(CE)",
        # A classifier reads no text; categories are its classes on any data set.
        data=config.dataset(dataset, text="category"),
        model=config.ModelConfig(objective="classifier", motion=CTRGCNConfig()),
    )
