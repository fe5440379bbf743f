"""Pictures of motions: strips, animations, histograms, in one palette."""

from motext_jax.pictures.settings import choose

# Before any module of this room imports Matplotlib.
choose()
