"""A small CTR-GCN and a small text transformer from scratch: minutes on a few cores, not the paper.

motext_jax/configs/quickstart.py lists its departures from the paper.
"""

from motext_jax.configs.quickstart import get_config

__all__ = ["get_config"]
