"""CTR-GCN and a sentence BERT, all-MiniLM-L6-v2, in the BERT's own space; not of the paper."""

from motext_jax import config
from motext_jax.models.ctrgcn import CTRGCNConfig
from motext_jax.models.sentence_bert import SentenceBertConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="CTRGCN-MiniLM",
        data=config.dataset(dataset),
        model=config.ModelConfig(
            embedding=384,
            motion=CTRGCNConfig(),
            text=SentenceBertConfig("sentence-transformers/all-MiniLM-L6-v2"),
        ),
    )
