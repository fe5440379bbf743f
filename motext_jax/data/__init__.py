"""Motions and their annotations to training examples: sources, clips, batches."""
