"""Texts: their tokens, and their words of side."""
