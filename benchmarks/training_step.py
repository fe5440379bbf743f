"""Time of a training step, part by part, and against plain PyTorch in the same run.

    python benchmarks/training_step.py [--against=torch,torch.compile] [--parts=ctrgcn,agcn]

Each side has a process of its own, with huge pages as `train` has them, and the two take turns of
two steps, of which the second counts; a row holds medians, ranges and the ratio of medians. The
roofline is the larger of two bounds: the products' FLOPs by the rate of a large matrix product, and
the bytes of their factors and results by that of a large copy. `--json=FILE` keeps all of it.
"""

import json
import multiprocessing
import os
import pathlib
import resource
import statistics
import time
from multiprocessing.connection import Connection

import jax
import jax.numpy as jnp
from absl import flags
from rich.console import Console
from rich.table import Table
from steps import DISTINCT, PARTS, SIDES, WHOLE, ours, theirs, work

from motext_jax import command
from motext_jax.runtime.devices import find_devices, machine

_AGAINST = flags.DEFINE_list("against", [], f"Some of {', '.join(SIDES[1:])}.")
flags.register_validator(
    "against", lambda sides: set(sides) <= set(SIDES[1:]), f"some of {', '.join(SIDES[1:])}"
)
_DTYPE = flags.DEFINE_enum("dtype", "float32", ["float32", "bfloat16"], "The products' dtype.")
_PARTS = flags.DEFINE_list("parts", list(PARTS), f"Some of {', '.join(PARTS)}.")
flags.register_validator(
    "parts", lambda parts: set(parts) <= set(PARTS), f"some of {', '.join(PARTS)}"
)
_ROUNDS = flags.DEFINE_integer("rounds", 7, "Turns of each.", lower_bound=1)
_BATCH = flags.DEFINE_integer("batch", 16, f"Clips of the towers' rows; `whole` has {WHOLE}.")
_JSON = flags.DEFINE_string("json", None, "A file for all numbers.")

REST_SECONDS = 0.5
"""Between turns: OpenMP's threads keep a core busy for a while after their work."""


class Side:
    """One side's process: it builds its step, and takes a turn when it is asked."""

    def __init__(self, name: str, part: str, batch: int, dtype: str):
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        arguments = (other, name, part, batch, dtype)
        self._process = context.Process(target=serve, args=arguments, daemon=True)
        self._process.start()
        other.close()
        self.account = self._connection.recv()
        self.seconds: list[float] = []

    def turn(self) -> float:
        """Seconds of one turn."""
        self._connection.send("turn")
        return self._connection.recv()

    def end(self) -> float:
        """Ends the process; the most memory it held, in bytes."""
        self._connection.send("end")
        memory = self._connection.recv()
        self._process.join()
        return memory


def serve(connection: Connection, name: str, part: str, batch: int, dtype: str) -> None:
    """A side's process."""
    jax.config.update("jax_enable_compilation_cache", False)
    if name == "ours":
        find_devices(batch, DISTINCT)
        step, account = ours(PARTS[part], batch, dtype)
    else:
        compiles = name == "torch.compile"
        step, account = theirs(PARTS[part], batch, dtype, compiles), about_torch()
    connection.send(account)
    while connection.recv() == "turn":
        # The machine may have taken memory that lay idle during the other side's turn.
        step()
        start = time.perf_counter()
        step()
        connection.send(time.perf_counter() - start)
    connection.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def about_torch() -> dict[str, str | int]:
    """PyTorch's version and threads."""
    import torch

    return {"torch": torch.__version__, "threads": torch.get_num_threads()}


def ceiling() -> dict[str, float]:
    """FLOP/s of a large product and bytes/s of a large copy, the best of some."""
    a = jnp.ones((4096, 4096), jnp.float32)
    b = jnp.ones((64 << 20,), jnp.float32)
    work = {"flops": (lambda x: x @ x, a, 2 * 4096**3), "bytes": (lambda x: x + 1, b, 2 * b.nbytes)}
    rates = {}
    for name, (function, value, amount) in work.items():
        program = jax.jit(function)
        jax.block_until_ready(program(value))
        seconds = []
        for _ in range(10):
            start = time.perf_counter()
            jax.block_until_ready(program(value))
            seconds.append(time.perf_counter() - start)
        rates[name] = amount / min(seconds)
    return rates


def measure(part: str, names: list[str], batch: int, rounds: int, dtype: str) -> dict[str, Side]:
    """All sides after so many turns."""
    sides = {name: Side(name, part, batch, dtype) for name in names}
    for _ in range(rounds):
        for side in sides.values():
            time.sleep(REST_SECONDS)
            side.seconds.append(side.turn())
    return sides


def main() -> None:
    """Measures."""
    names = ["ours", *_AGAINST.value]
    roof = ceiling()
    versions = {"cpus": os.cpu_count(), "jax": jax.__version__, "dtype": _DTYPE.value}
    about = {"machine": machine(), **versions, **roof}
    print(about)
    times = [f"{name}, s" for name in names] + [f"{name} / ours" for name in names[1:]]
    table = Table("part", *times, "GFLOP/s", "of roofline", "compile, s", "GB")
    found: dict = {"about": about, "parts": {}}
    for part in _PARTS.value:
        batch = WHOLE if PARTS[part].kind == "whole" else _BATCH.value
        sides = measure(part, names, batch, _ROUNDS.value, _DTYPE.value)
        flops, moved = work(PARTS[part], batch)
        bound = max(flops / roof["flops"], moved / roof["bytes"])
        median = {name: statistics.median(side.seconds) for name, side in sides.items()}
        row = {
            "batch": batch,
            "flops": flops,
            "bytes": moved,
            "share_of_roofline": bound / median["ours"],
            "sides": {
                name: {**side.account, "seconds": side.seconds, "memory": side.end()}
                for name, side in sides.items()
            },
        }
        found["parts"][part] = row
        if _JSON.value:
            pathlib.Path(_JSON.value).write_text(json.dumps(found, indent=1) + "\n")
        print(part, {name: round(value, 5) for name, value in median.items()}, flush=True)
        account = row["sides"]["ours"]
        table.add_row(
            part,
            *(_range(sides[name].seconds) for name in names),
            *(f"{median[name] / median['ours']:.2f}" for name in names[1:]),
            f"{flops / median['ours'] / 1e9:.0f}",
            f"{100 * row['share_of_roofline']:.0f} %",
            f"{account['compile_seconds']:.0f}",
            " / ".join(f"{side['memory'] / 1e9:.1f}" for side in row["sides"].values()),
        )
    Console(width=120).print(table)


def _range(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.3g} ({min(seconds):.3g} to {max(seconds):.3g})"


if __name__ == "__main__":
    command.run(main)
