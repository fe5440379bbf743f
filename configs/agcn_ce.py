"""2sAGCN(CE) of the paper: one stream of 2s-AGCN and a classifier, cross-entropy alone."""

from motext_jax import config
from motext_jax.models.agcn import AGCNConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="2sAGCN(CE)",
        # A classifier reads no text; categories are its classes on any data set.
        data=config.dataset(dataset, text="category"),
        model=config.ModelConfig(objective="classifier", motion=AGCNConfig()),
    )
