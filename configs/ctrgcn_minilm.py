"""CTR-GCN and a sentence BERT, all-MiniLM-L6-v2, in the BERT's own space; not of the paper."""

from motext_jax.configs.ctrgcn_minilm import get_config

__all__ = ["get_config"]
