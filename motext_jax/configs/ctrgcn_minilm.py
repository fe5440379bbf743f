"""CTR-GCN and a sentence BERT, all-MiniLM-L6-v2, in the BERT's own space; not of the paper."""

from motext_jax.configs.model_spec import ModelSpec

MODEL = ModelSpec(tower="ctrgcn", text="sentence_bert", objective="contrastive")
get_config = MODEL.config
