"""Scores of a trained model: recognition, retrieval, and the report of both."""
