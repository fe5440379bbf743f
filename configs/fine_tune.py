"""The starter, fine-tuned on captioned recordings of your own: minutes on a few cores."""

from motext_jax.configs.fine_tune import get_config

__all__ = ["get_config"]
