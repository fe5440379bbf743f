"""Scores of a trained model: recognition, retrieval, and their tables."""
