"""CTRGCN(CE) of the paper: CTR-GCN and a classifier, cross-entropy alone."""

from motext_jax.configs.model_spec import ModelSpec

MODEL = ModelSpec(tower="ctrgcn", text=None, objective="classifier")
get_config = MODEL.config
