"""Times a model's towers and a first answer: python benchmarks/starter/speed.py MODEL

The towers in batches, on all devices: medians of five rounds after one that compiles. The answer:
a new process that loads the model, which keeps its compiled programs from the process before, and
embeds a text.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import motext_jax
from motext_jax.runtime.startup import start

CLIPS, TEXTS, ROUNDS = 512, 512, 5

FIRST = (
    "import sys, motext_jax; from motext_jax.runtime.startup import start; start(); "
    'motext_jax.load(sys.argv[1]).encode_text(["someone waves"])'
)


def main(place: str) -> None:
    """Prints milliseconds a clip and a text, and seconds to the first answer."""
    start(CLIPS)
    model = motext_jax.load(place)
    data, joints = model.manifest.config.data, len(model.manifest.skeleton.joints)
    clips = np.random.default_rng(0).normal(size=(CLIPS, data.frames, joints, 3))
    clips = clips.astype(np.float32)
    texts = [f"a person walks {number} steps and then sits down" for number in range(TEXTS)]
    seconds = seconds_of(lambda: model.encode_motion(clips)) / CLIPS
    print(f"a clip of {data.frames / data.fps:g} s: {1e3 * seconds:.2f} ms")
    print(f"a text: {1e3 * seconds_of(lambda: model.encode_text(texts)) / TEXTS:.2f} ms")
    command = [sys.executable, "-c", FIRST, place]
    seconds = seconds_of(lambda: subprocess.run(command, check=True))
    print(f"from a process's start to its first embedded text: {seconds:.1f} s")


def seconds_of(action: Callable[[], object]) -> float:
    """The median time of an action after its first."""
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main(sys.argv[1])
