"""How long a training step takes, part by part, and against plain PyTorch in the same run.

    python benchmarks/training_step.py [--against=torch] [--parts=ctrgcn,agcn] [--rounds=7]

The two take turns; a row holds medians, ranges and the ratio of medians. FLOPs are the model's own
(multiplications and additions of its products), times three for a training step; the ceiling is
what a large matrix product and a large copy reach here. `--json=FILE` keeps all of it.
"""

import dataclasses
import json
import os
import pathlib
import statistics
import sys
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from absl import app, flags
from rich.console import Console
from rich.table import Table

from motext_jax import config as configs
from motext_jax.models.two_tower import build_model
from motext_jax.skeleton import SMPL22
from motext_jax.training.mesh import machine
from motext_jax.training.optimizer import build_optimizer
from motext_jax.training.step import TrainState, make_train_step

sys.path.insert(0, str(pathlib.Path(__file__).parent))

PARTS = ("ctrgcn", "agcn", "ctrgcn_forward", "agcn_forward", "text", "whole")

_AGAINST = flags.DEFINE_enum("against", None, ["torch"], "What to measure against.")
_PARTS = flags.DEFINE_list("parts", list(PARTS), f"Some of {', '.join(PARTS)}.")
_ROUNDS = flags.DEFINE_integer("rounds", 7, "Turns of each.", lower_bound=1)
_BATCH = flags.DEFINE_integer("batch", 16, "Clips of the towers' rows; `whole` has 64.")
_JSON = flags.DEFINE_string("json", None, "A file for all numbers.")

FRAMES, JOINTS, CLASSES = 150, 22, 60

Step = Callable[[], None]
"""One turn, finished when it returns."""


@dataclasses.dataclass(frozen=True)
class Part:
    """What is measured: our program, the one against it, and what it has to do at least.

    Attributes:
      ours: compiled.
      theirs: None where nothing is measured against.
      flops: of the model, for one turn.
      xla_flops: as XLA counts its own program, and the bytes that it moves.
      xla_bytes: see above.
      compile_seconds: of our program.
      temporary_bytes: of our program, besides its arguments.
    """

    ours: Step
    theirs: Step | None
    flops: float
    xla_flops: float
    xla_bytes: float
    compile_seconds: float
    temporary_bytes: float


def clips_of(batch: int) -> np.ndarray:
    """Random clips [n t v 3]."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(batch, FRAMES, JOINTS, 3)).astype(np.float32)


def compiled(function, *arguments, donate=()):
    """The program, how long it took to compile, and XLA's account of it."""
    start = time.perf_counter()
    program = jax.jit(function, donate_argnums=donate).lower(*arguments).compile()
    seconds = time.perf_counter() - start
    cost = program.cost_analysis()
    cost = cost[0] if isinstance(cost, list) else cost
    memory = program.memory_analysis()
    return program, {
        "compile_seconds": seconds,
        "xla_flops": float(cost.get("flops", float("nan"))),
        "xla_bytes": float(cost.get("bytes accessed", float("nan"))),
        "temporary_bytes": float(memory.temp_size_in_bytes),
    }


def training(config: configs.Config, batch: dict[str, np.ndarray]):
    """Our training step on one batch, again and again."""
    model = build_model(config, SMPL22, CLASSES)
    optimizer = build_optimizer(config.optimizer, 1000)
    example = [jnp.asarray(batch["clips"][:2])]
    if config.model.objective == "contrastive":
        example.append(jnp.asarray(batch["tokens"][:2]))
    variables = jax.jit(lambda: model.init(jax.random.key(0), *example, False))()
    state = TrainState.create(variables, optimizer)
    placed = jax.device_put(batch)
    program, account = compiled(make_train_step(model, optimizer, config), state, placed, donate=0)
    holder = [state]

    def step():
        holder[0], metrics = program(holder[0], placed)
        jax.block_until_ready(metrics)

    return step, account


def tower_config(name: str) -> configs.Config:
    """The paper's classifier, whose step is the motion tower's and little else."""
    return configs.Config(
        model=configs.ModelConfig(
            objective="classifier", motion=configs.MotionTowerConfig(name=name)
        )
    )


def tower_part(name: str, against: bool, batch: int, forward: bool) -> Part:
    """A motion tower: a training step, or embedding clips."""
    clips = clips_of(batch)
    categories = np.arange(batch, dtype=np.int32) % CLASSES
    config = tower_config(name)
    if forward:
        model = build_model(config, SMPL22, CLASSES)
        variables = jax.jit(lambda: model.init(jax.random.key(0), clips[:2], False))()
        placed = jax.device_put(clips)
        program, account = compiled(lambda v, x: model.apply(v, x, False), variables, placed)
        ours = lambda: jax.block_until_ready(program(variables, placed))  # noqa: E731
    else:
        ours, account = training(config, {"clips": clips, "categories": categories})
    theirs = None
    if against:
        theirs = torch_tower(name, clips, categories, forward)
    flops = batch * motion_flops(name) * (1 if forward else 3)
    return Part(ours, theirs, flops, **account)


def text_config() -> configs.Config:
    """CTRGCN-T at the paper's size: the architecture of -C, without its weights."""
    return configs.Config(
        model=configs.ModelConfig(motion=configs.MotionTowerConfig(name="ctrgcn"))
    )


def texts_of(distinct: int, length: int) -> np.ndarray:
    """Tokens [m l] of texts that fill their rows."""
    rng = np.random.default_rng(1)
    tokens = rng.integers(1000, 40000, (distinct, length)).astype(np.int32)
    tokens[:, 0], tokens[:, -1] = 49406, 49407
    return tokens


def whole_part(against: bool) -> Part:
    """CTRGCN-C's step with category texts: 32 distinct ones of 8 tokens, as BABEL-60 has."""
    batch, distinct, length = 64, 32, 8
    rng = np.random.default_rng(2)
    clips = clips_of(batch)
    tokens = texts_of(distinct, length)
    text = rng.integers(0, distinct, batch).astype(np.int32)
    ours, account = training(
        text_config(), {"clips": clips, "categories": text, "tokens": tokens, "text": text}
    )
    theirs = torch_whole(clips) if against else None
    flops = 3 * (batch * motion_flops("ctrgcn") + distinct * text_flops(length))
    return Part(ours, theirs, flops, **account)


def text_part(against: bool) -> Part:
    """CLIP's text transformer alone: forward and backward of 32 texts of 8 tokens."""
    model = build_model(text_config(), SMPL22, CLASSES).text
    tokens = jax.device_put(texts_of(32, 8))
    variables = jax.jit(lambda: model.init(jax.random.key(0), tokens))()
    loss = lambda v, t: jnp.sum(model.apply(v, t) ** 2)  # noqa: E731
    program, account = compiled(jax.grad(loss), variables, tokens)
    theirs = torch_text() if against else None
    flops = 3 * 32 * text_flops(8)
    return Part(lambda: jax.block_until_ready(program(variables, tokens)), theirs, flops, **account)


def motion_flops(name: str) -> float:
    """Of one clip's forward pass: the products of every block, twice a multiplication."""
    t, v, c, macs = FRAMES, JOINTS, 3, 0.0
    for number in range(1, 11):
        f = 64 * (1 if number < 5 else 2 if number < 8 else 4)
        stride = 2 if number in (5, 8) else 1
        out = -(-t // stride)
        if name == "ctrgcn":
            r = 8 if c == 3 else c // 8
            # φ and ψ after the mean over time; their refinement; the transform; the aggregation.
            macs += 3 * (2 * v * c * r + v * v * r * f + t * v * c * f + t * v * v * f)
            w = f // 4
            macs += t * v * f * 3 * w + out * v * (2 * 5 * w * w + f * w)
        else:
            e = f // 4
            macs += 3 * (2 * t * v * c * e + v * v * e * t + t * v * v * c + t * v * c * f)
            macs += out * v * 9 * f * f
        macs += t * v * c * f if c != f else 0
        macs += out * v * c * f if number > 1 and (c != f or stride == 2) else 0
        t, c = out, f
    return 2 * macs


def text_flops(length: int) -> float:
    """Of one text's forward pass through CLIP's transformer, 12 layers of 512."""
    width = 512
    return 2 * 12 * (12 * length * width**2 + 2 * length**2 * width) + 2 * width**2


def torch_tower(name: str, clips: np.ndarray, categories: np.ndarray, forward: bool) -> Step:
    """The same in plain PyTorch, eager."""
    import torch
    from torch_towers import TorchTower

    tower = TorchTower(name, SMPL22.adjacency(), classes=CLASSES)
    x = torch.tensor(clips.transpose(0, 3, 1, 2))
    labels = torch.tensor(categories, dtype=torch.long)
    optimizer = torch.optim.SGD(tower.parameters(), 1e-4, 0.9, weight_decay=1e-4)
    if forward:
        tower.eval()

        def embed():
            with torch.inference_mode():
                tower.features(x)

        return embed

    def step():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(tower(x), labels).backward()
        optimizer.step()

    return step


def torch_whole(clips: np.ndarray) -> Step:
    """CTRGCN-C's step with 77 tokens for each of 64 captions."""
    import torch
    from torch_towers import TorchText, TorchTower

    motion = TorchTower("ctrgcn", SMPL22.adjacency())
    head = torch.nn.Sequential(
        torch.nn.Linear(256, 512),
        torch.nn.GELU(),
        torch.nn.Linear(512, 512),
        torch.nn.LayerNorm(512),
    )
    text = TorchText()
    parameters = [p for module in (motion, head, text) for p in module.parameters()]
    optimizer = torch.optim.SGD(parameters, 1e-4, 0.9, weight_decay=1e-4)
    x = torch.tensor(clips.transpose(0, 3, 1, 2))
    tokens = torch.tensor(texts_of(len(clips), 77), dtype=torch.long)
    right = torch.arange(len(clips))

    def step():
        optimizer.zero_grad()
        m = torch.nn.functional.normalize(head(motion.features(x)), dim=-1)
        t = torch.nn.functional.normalize(text(tokens), dim=-1)
        logits = t @ m.T
        entropy = torch.nn.functional.cross_entropy
        ((entropy(logits, right) + entropy(logits.T, right)) / 2).backward()
        optimizer.step()

    return step


def torch_text() -> Step:
    """CLIP's text transformer, forward and backward, 77 tokens for each of 64 captions."""
    import torch
    from torch_towers import TorchText

    text = TorchText()
    tokens = torch.tensor(texts_of(64, 77), dtype=torch.long)

    def step():
        text.zero_grad()
        text(tokens).square().sum().backward()

    return step


def ceiling() -> dict[str, float]:
    """GFLOP/s of a large product and GB/s of a large copy, the best of some."""
    a = jnp.ones((4096, 4096), jnp.float32)
    b = jnp.ones((64 << 20,), jnp.float32)
    product, copy = jax.jit(lambda x: x @ x), jax.jit(lambda x: x + 1)
    best = {}
    for name, program, value in (("product", product, a), ("copy", copy, b)):
        jax.block_until_ready(program(value))
        best[name] = min(turn(lambda p=program, v=value: jax.block_until_ready(p(v)), 5))
    return {
        "gflops": 2 * 4096**3 / best["product"] / 1e9,
        "gbytes": 2 * b.nbytes / best["copy"] / 1e9,
    }


def turn(step: Step, times: int = 1) -> list[float]:
    """Seconds of so many turns."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return seconds


def measure(part: Part, rounds: int) -> dict[str, list[float]]:
    """Seconds of both, taking turns, after one turn each that is not counted."""
    sides = {"ours": part.ours, "theirs": part.theirs}
    sides = {name: step for name, step in sides.items() if step is not None}
    for step in sides.values():
        step()
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, step in sides.items():
            seconds[name] += turn(step)
    return seconds


def main(_) -> None:
    """Measures."""
    against = _AGAINST.value == "torch"
    makers = {
        "ctrgcn": lambda: tower_part("ctrgcn", against, _BATCH.value, False),
        "agcn": lambda: tower_part("agcn", against, _BATCH.value, False),
        "ctrgcn_forward": lambda: tower_part("ctrgcn", against, _BATCH.value, True),
        "agcn_forward": lambda: tower_part("agcn", against, _BATCH.value, True),
        "text": lambda: text_part(against),
        "whole": lambda: whole_part(against),
    }
    roof = ceiling()
    about = {"machine": machine(), "threads": os.cpu_count(), **roof}
    if against:
        import torch

        about |= {"torch": torch.__version__, "torch_threads": torch.get_num_threads()}
    print(about)
    table = Table(
        "part", "ours, s", "torch, s", "ratio", "GFLOP/s", "of ceiling", "compile, s", "GB"
    )
    found = {"about": about, "parts": {}}
    for name in _PARTS.value:
        part = makers[name]()
        seconds = measure(part, _ROUNDS.value)
        median = {side: statistics.median(values) for side, values in seconds.items()}
        rate = part.flops / median["ours"] / 1e9
        roofline = max(part.flops / roof["gflops"], part.xla_bytes / roof["gbytes"]) / 1e9
        found["parts"][name] = {
            "seconds": seconds,
            "flops": part.flops,
            "xla_flops": part.xla_flops,
            "xla_bytes": part.xla_bytes,
            "compile_seconds": part.compile_seconds,
            "temporary_bytes": part.temporary_bytes,
            "share_of_roofline": roofline / median["ours"],
        }
        table.add_row(
            name,
            *(_range(seconds[side]) if side in seconds else "–" for side in ("ours", "theirs")),
            f"{median['theirs'] / median['ours']:.2f}" if "theirs" in median else "–",
            f"{rate:.0f}",
            f"{100 * rate / roof['gflops']:.0f} %",
            f"{part.compile_seconds:.0f}",
            f"{part.temporary_bytes / 1e9:.2f}",
        )
    Console(width=120).print(table)
    if _JSON.value:
        pathlib.Path(_JSON.value).write_text(json.dumps(found, indent=1) + "\n")


def _range(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


if __name__ == "__main__":
    app.run(main)
