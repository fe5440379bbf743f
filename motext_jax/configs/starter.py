"""The starter: a small CTR-GCN and English word vectors, trained on procedural people alone.

It finds motions in anybody's files without training on them. Clips are 5 s, 50 frames at 10 fps.
Other bodies and other recorders stand in for recordings, and each text is told from its twin.
"""

from motext_jax import config
from motext_jax.models.ctrgcn import CTRGCNConfig
from motext_jax.models.word_table import WordTableConfig


def get_config(dataset: str = "people") -> config.Config:
    """The config for a data set."""
    return config.Config(
        name="starter",
        data=config.dataset(
            dataset,
            fps=10.0,
            frames=50,
            text="both",
            mirror=True,
            augment=config.AugmentConfig(
                crop=0.2,
                speed=0.2,
                scale=0.15,
                noise=0.003,
                bones=0.15,
                joints=0.2,
                jitter=0.01,
                lost=0.03,
                height=0.05,
                drift=0.15,
            ),
        ),
        model=config.ModelConfig(
            embedding=256,
            motion=CTRGCNConfig(width=24, blocks=6, hidden=192, cosines=3),
            text=WordTableConfig(),
        ),
        loss=config.LossConfig(
            logit_scale=1 / 0.07, learn_logit_scale=True, targets="category", twins=0.5
        ),
        optimizer=config.OptimizerConfig(
            name="adamw",
            learning_rate=3e-3,
            text_scale=0.3,
            weight_decay=1e-2,
            schedule="cosine",
            warmup_steps=200,
        ),
        train=config.TrainConfig(batch_size=64, steps=5000, checkpoint_every=500),
    )
