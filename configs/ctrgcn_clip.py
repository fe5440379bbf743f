"""CTRGCN-C of the paper: CTR-GCN and CLIP's pre-trained text transformer, by contrast."""

from motext_jax.configs.ctrgcn_clip import get_config

__all__ = ["get_config"]
