"""The train step and the loop around it: state, feed, optimizer, metrics."""
