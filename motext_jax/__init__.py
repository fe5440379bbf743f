"""A shared embedding of human motion and text, learned by contrast, in JAX."""

__version__ = "0.1.0"
