"""The starter, fine-tuned on captioned recordings of your own: minutes on a few cores.

The saved model lies halfway between the trained weights and the starter's, so that it also finds
what no caption names.
"""

import dataclasses

from motext_jax import config
from motext_jax.configs import starter


def get_config(dataset: str = "mocap") -> config.Config:
    """The config for a data set."""
    base = starter.get_config(dataset)
    return dataclasses.replace(
        base,
        name="fine_tune",
        optimizer=dataclasses.replace(base.optimizer, learning_rate=5e-4, warmup_steps=20),
        train=config.TrainConfig(
            init="starter", keep=0.5, batch_size=16, steps=400, checkpoint_every=100
        ),
    )
