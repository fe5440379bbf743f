"""Search by text over a library of embedded motions."""
