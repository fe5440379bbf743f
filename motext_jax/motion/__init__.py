"""Files of motion capture to `Motion`: readers, forward kinematics, retargeting, normalisation."""
