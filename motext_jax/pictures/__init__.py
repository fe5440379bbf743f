"""Pictures of motions: strips, animations, histograms, in one palette."""
