"""Published weights to linen variables: the only part of models/ that knows files."""
