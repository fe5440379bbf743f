"""2sAGCN-C of the paper: 2s-AGCN (one stream) and CLIP's pre-trained text transformer."""

from motext_jax.configs.agcn_clip import get_config

__all__ = ["get_config"]
