"""People: procedural motions of several hundred actions, alone, in sequence and at once.

They are composed of limb tracks, postures and ways over the floor, with captions that a grammar
words. No recording is behind them.
"""
