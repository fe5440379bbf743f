"""2s-AGCN (one stream) and a sentence BERT, all-MiniLM-L6-v2; not of the paper."""

from motext_jax.configs.model_spec import ModelSpec

MODEL = ModelSpec(tower="agcn", text="sentence_bert", objective="contrastive")
get_config = MODEL.config
