"""CTRGCN-T of the paper: CTR-GCN and CLIP's text transformer from scratch, trained by contrast."""

from motext_jax.configs.model_spec import ModelSpec

MODEL = ModelSpec(tower="ctrgcn", text="scratch", objective="contrastive")
get_config = MODEL.config
