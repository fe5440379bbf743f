"""Reads a compiled program's own text, XLA's HLO, and adds up what it costs."""
