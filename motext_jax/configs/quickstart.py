"""A small CTR-GCN and a small text transformer from scratch: minutes on a few cores, not the paper.

Departures from the paper, for speed: 5 s are 75 frames at 15 fps instead of 150 at 30, and 50
at 10 for synthetic motion; 6 blocks, 4 for synthetic motion, from 16 channels instead of 10 from
64; a text transformer of 2 × 128 instead of 12 × 512; captions and categories as texts; any clip of
a text's category is right for it; AdamW with a learned logit scale, which needs far fewer epochs
than SGD and plain cosines do; and mirrored clips besides the recorded ones. Bandai Namco's labels
are of whole recordings, so there a clip keeps where its recording has led.
"""

from motext_jax import config
from motext_jax.models.clip_text import ScratchTextConfig
from motext_jax.models.ctrgcn import CTRGCNConfig


def get_config(dataset: str = "synthetic") -> config.Config:
    """The config for a data set."""
    # The synthetic run fits into ten minutes on two cores; recorded motion gets more of everything.
    short = dataset == "synthetic"
    return config.Config(
        name="quickstart",
        data=config.dataset(
            dataset,
            fps=10.0 if short else 15.0,
            frames=50 if short else 75,
            # After the fifth second of "walk turn left" there is plain walking, turned to the left.
            normalise_each="motion" if dataset == "bandai" else "clip",
            text="both",
            mirror=True,
        ),
        model=config.ModelConfig(
            embedding=128,
            motion=CTRGCNConfig(width=16, blocks=4 if short else 6, hidden=128),
            text=ScratchTextConfig(width=128, layers=2, heads=4),
        ),
        loss=config.LossConfig(logit_scale=1 / 0.07, learn_logit_scale=True, targets="category"),
        optimizer=config.OptimizerConfig(
            name="adamw",
            learning_rate=5e-3 if short else 3e-3,
            # The transformer is unsteady at the short run's rate.
            text_scale=0.3 if short else 1.0,
            weight_decay=1e-2,
            schedule="cosine",
            warmup_steps=50,
        ),
        train=config.TrainConfig(steps=800 if short else 1100, checkpoint_every=200),
    )
