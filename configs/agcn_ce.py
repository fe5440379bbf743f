"""2sAGCN(CE) of the paper: one stream of 2s-AGCN and a classifier, cross-entropy alone."""

from motext_jax.configs.agcn_ce import get_config

__all__ = ["get_config"]
