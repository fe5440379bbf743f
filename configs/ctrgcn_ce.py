"""CTRGCN(CE) of the paper: CTR-GCN and a classifier, cross-entropy alone."""

from motext_jax.configs.ctrgcn_ce import get_config

__all__ = ["get_config"]
