"""2s-AGCN (one stream) and a sentence BERT, all-MiniLM-L6-v2; not of the paper."""

from motext_jax import config


def get_config(dataset: str = "synthetic") -> config.Config:
    return config.Config(
        name="2sAGCN-MiniLM",
        data=config.dataset(dataset),
        model=config.ModelConfig(
            embedding=384,
            motion=config.MotionTowerConfig(name="agcn"),
            text=config.TextTowerConfig(
                init="sentence_bert", checkpoint="sentence-transformers/all-MiniLM-L6-v2"
            ),
        ),
    )
