"""CTRGCN-T of the paper: CTR-GCN and CLIP's text transformer from scratch, trained by contrast."""

from motext_jax.configs.ctrgcn_transformer import get_config

__all__ = ["get_config"]
