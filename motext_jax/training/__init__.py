"""The train step and the loop around it: state, optimizer, mesh, checkpoints."""
