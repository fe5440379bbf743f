"""Compilation of both towers by XLA's GPU compiler, for an H100 that need not be there.

    pip install -e '.[cuda]'
    python benchmarks/compile_cuda.py [--towers=ctrgcn,agcn] [--blocks=10] [--clips=64] [--remat]

Compiles a whole training step and the embedding of clips, in float32 and bfloat16, on a CPU, for
the device that h100.txtpb describes. A row holds the seconds it took and the memory of the
temporaries, or why it was refused. Python 3.11 gets JAX 0.10.2 and Python 3.12 a later one, whose
compilers differ: run it with both. Without a GPU nothing is tried out, so the kernels are those
that XLA chooses unseen.
"""

import argparse
import dataclasses
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import time

DESCRIPTION = pathlib.Path(__file__).with_name("h100.txtpb")
TOWERS = ("ctrgcn", "agcn")
DTYPES = ("float32", "bfloat16")
PROGRAMS = ("step", "embedding")
FRAMES, CLASSES, TOKENS = 150, 120, 16

_REFUSALS = r"Check failed|INTERNAL|UNIMPLEMENTED|RESOURCE_EXHAUSTED"
"""Marks of the compiler's own errors; any other error is this script's."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One program to compile."""

    tower: str
    dtype: str
    program: str
    width: int
    blocks: int
    clips: int
    remat: bool


def compiled(case: Case) -> dict[str, float]:
    """Compiles a case; its seconds and the bytes of its temporaries."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    from jax.experimental import topologies

    from motext_jax import config as configs
    from motext_jax.models.clip_text import ScratchTextConfig
    from motext_jax.models.towers import MOTION_TOWERS
    from motext_jax.models.two_tower import build_model
    from motext_jax.runtime import mesh as meshes
    from motext_jax.skeleton import NTU21
    from motext_jax.training.optimizer import build_optimizer
    from motext_jax.training.step import Examples, TrainState, make_train_step

    described = topologies.get_topology_desc(
        platform="cuda",
        topology_name="h100",
        topology="1x1x1",
        target_config=DESCRIPTION.read_text(),
    )
    mesh = meshes.data_mesh(described.devices)
    motion = MOTION_TOWERS[case.tower](width=case.width, blocks=case.blocks, remat=case.remat)
    config = configs.Config(
        model=configs.ModelConfig(dtype=case.dtype, motion=motion, text=ScratchTextConfig())
    )
    model = build_model(config, NTU21, CLASSES)
    optimizer = build_optimizer(config.optimizer, 1000)

    def start() -> TrainState:
        clips = jnp.zeros((2, FRAMES, len(NTU21.joints), 3))
        tokens = jnp.zeros((2, TOKENS), jnp.int32)
        return TrainState.create(model.init(jax.random.key(0), clips, tokens, False), optimizer)

    state = jax.eval_shape(start)
    n = case.clips
    numbers = jax.ShapeDtypeStruct((n,), np.int32)
    clips = jax.ShapeDtypeStruct((n, FRAMES, len(NTU21.joints), 3), np.float32)
    tokens = jax.ShapeDtypeStruct((max(n // 2, 1), TOKENS), np.int32)
    if case.program == "embedding":
        embed = lambda v, x: model.apply(v, x, False, method="encode_motion")  # noqa: E731
        lowered = meshes.jit_rows(mesh, embed).lower(state.variables, clips)
    else:
        train_step = make_train_step(model, optimizer, config)
        step = meshes.jit_train_step(mesh, lambda state, _, batch: train_step(state, batch))
        lowered = step.lower(state, None, Examples(clips, numbers, numbers, tokens))
    began = time.perf_counter()
    program = lowered.compile()
    return {
        "seconds": time.perf_counter() - began,
        "bytes": program.memory_analysis().temp_size_in_bytes,
    }


def in_process(case: Case) -> dict[str, float] | str:
    """The same in a process of its own, for the compiler may abort; or why it was refused."""
    command = [sys.executable, __file__, "--case", json.dumps(dataclasses.asdict(case))]
    environment = os.environ | {"JAX_PLATFORMS": "cpu", "JAX_SKIP_CUDA_CONSTRAINTS_CHECK": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    reasons = [line for line in done.stderr.splitlines() if re.search(_REFUSALS, line)]
    if not reasons and done.returncode > 0:
        sys.exit(done.stderr)
    reason = reasons[-1] if reasons else f"status {done.returncode}"
    return re.sub(r"^.*(?=Check failed)", "", reason)


def main() -> None:
    """Compiles all cases, one after the other, and prints a row of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, choices in (("towers", TOWERS), ("dtypes", DTYPES), ("programs", PROGRAMS)):
        parser.add_argument(f"--{name}", default=",".join(choices), help="some of %(default)s")
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=10)
    parser.add_argument("--clips", type=int, default=64)
    parser.add_argument("--remat", action="store_true")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case:
        print(json.dumps(compiled(Case(**json.loads(given.case)))))
        return
    print("| tower | dtype | program | compiled in, s | temporaries, GB |")
    print("|---|---|---|---|---|", flush=True)
    sizes = (given.width, given.blocks, given.clips, given.remat)
    lists = (given.towers.split(","), given.dtypes.split(","), given.programs.split(","))
    refused = 0
    for tower, dtype, program in itertools.product(*lists):
        found = in_process(Case(tower, dtype, program, *sizes))
        if isinstance(found, str):
            refused += 1
            outcome = f"refused: {found[:120]} | –"
        else:
            outcome = f"{found['seconds']:.0f} | {found['bytes'] / 1e9:.2f}"
        print(f"| {tower} | {dtype} | {program} | {outcome} |", flush=True)
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()
