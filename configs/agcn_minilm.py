"""2s-AGCN (one stream) and a sentence BERT, all-MiniLM-L6-v2; not of the paper."""

from motext_jax import config
from motext_jax.models.agcn import AGCNConfig
from motext_jax.models.sentence_bert import SentenceBertConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="2sAGCN-MiniLM",
        data=config.dataset(dataset),
        model=config.ModelConfig(
            embedding=384,
            motion=AGCNConfig(),
            text=SentenceBertConfig("sentence-transformers/all-MiniLM-L6-v2"),
        ),
    )
