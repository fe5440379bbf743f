"""A trained model on disk and in hand: checkpoints, their manifest, and its two encoders."""
