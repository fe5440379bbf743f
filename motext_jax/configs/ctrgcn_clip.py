"""CTRGCN-C of the paper: CTR-GCN and CLIP's pre-trained text transformer, by contrast."""

from motext_jax.configs.model_spec import ModelSpec

MODEL = ModelSpec(tower="ctrgcn", text="clip", objective="contrastive")
get_config = MODEL.config
