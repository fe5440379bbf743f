"""Scores a model on people of two actions: python benchmarks/starter/twins.py MODEL [CLIPS].

The share of clips that are nearer to their own caption than to its twin: for two actions one after
the other the other order, for two at once another side or another way of the legs. The people are
of the test split, whom no model has seen; chance is 50.
"""

import collections
import sys

import numpy as np

import motext_jax
from motext_jax.config import dataset
from motext_jax.data.clips import clip_set
from motext_jax.data.people.source import people_motion, people_plan, twin_captions

CLIPS = 3000


def main(place: str, count: int = CLIPS) -> None:
    """Prints the share of each kind."""
    model = motext_jax.load(place)
    data = model.manifest.config.data
    options = {"fps": data.fps, "frames": data.frames, "normalise": data.normalise}
    captions = {number: twin_captions("test", number) for number in range(count)}
    numbers = [number for number, found in captions.items() if found]
    motions = [people_motion("test", number) for number in numbers]
    names = sorted({motion.category for motion in motions if motion.category})
    clips = clip_set(motions, names, dataset("people", **options))
    # A clip is one row: five seconds are the longest.
    rows = [clips.files.index(motion.file) for motion in motions]
    motion = model.encode_motion(clips.select(np.array(rows)).clips)
    own, other = (
        np.sum(motion * model.encode_text([captions[number][k] for number in numbers]), axis=1)
        for k in (0, 1)
    )
    wins = collections.defaultdict(list)
    for number, one, two in zip(numbers, own, other, strict=True):
        wins[people_plan("test", number).kind].append(bool(one > two))
    for kind, found in wins.items():
        print(f"{kind}: {100 * np.mean(found):.1f} % of {len(found):,} clips")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
