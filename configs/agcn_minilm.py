"""2s-AGCN (one stream) and a sentence BERT, all-MiniLM-L6-v2; not of the paper."""

from motext_jax.configs.agcn_minilm import get_config

__all__ = ["get_config"]
