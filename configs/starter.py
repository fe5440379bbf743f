"""The starter: a small CTR-GCN and English word vectors, trained on procedural people alone."""

from motext_jax.configs.starter import get_config

__all__ = ["get_config"]
