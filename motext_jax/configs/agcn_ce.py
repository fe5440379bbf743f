"""2sAGCN(CE) of the paper: one stream of 2s-AGCN and a classifier, cross-entropy alone."""

from motext_jax.configs.model_spec import ModelSpec

MODEL = ModelSpec(tower="agcn", text=None, objective="classifier")
get_config = MODEL.config
