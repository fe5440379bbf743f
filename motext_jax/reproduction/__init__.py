"""The paper's experiments on a data set: trained, evaluated and told as one report."""

# Chooses Matplotlib's folder before figures.py imports it.
from motext_jax import pictures as pictures
