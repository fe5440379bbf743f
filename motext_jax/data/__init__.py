"""Motions and their annotations to training examples: sources, clips, tokens, batches."""
