"""2sAGCN-C of the paper: 2s-AGCN (one stream) and CLIP's pre-trained text transformer."""

from motext_jax.configs.model_spec import ModelSpec

MODEL = ModelSpec(tower="agcn", text="clip", objective="contrastive")
get_config = MODEL.config
