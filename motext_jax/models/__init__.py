"""Flax linen modules: motion towers, text towers, and the two together."""
