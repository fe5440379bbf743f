"""The programs that training_step.py measures, ours and plain PyTorch's, and their work."""

import dataclasses
import functools
import time
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from motext_jax import config as configs
from motext_jax.models.clip_text import ScratchTextConfig
from motext_jax.models.towers import MOTION_TOWERS
from motext_jax.models.two_tower import build_model
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import SMPL22
from motext_jax.training.optimizer import build_optimizer
from motext_jax.training.step import Examples, TrainState, make_train_step

FRAMES, JOINTS, CLASSES = 150, 22, 60
WHOLE, DISTINCT, LENGTH = 64, 32, 8
"""The whole step's clips, its distinct texts and their tokens, as BABEL-60's categories have."""

SIDES = ("ours", "torch", "torch.compile")
"""Our program, plain PyTorch eager, and the same through torch.compile."""

Step = Callable[[], None]
"""One turn, finished when it returns."""


@dataclasses.dataclass(frozen=True)
class Part:
    """Something that is measured.

    Attributes:
      tower: ctrgcn or agcn; None for the text transformer.
      kind: train (a step of the classifier), forward (embedding clips), whole (a contrastive step),
        text (the text transformer, forward and backward).
    """

    tower: str | None
    kind: str


PARTS = {
    "ctrgcn": Part("ctrgcn", "train"),
    "agcn": Part("agcn", "train"),
    "ctrgcn_forward": Part("ctrgcn", "forward"),
    "agcn_forward": Part("agcn", "forward"),
    "text": Part(None, "text"),
    "whole": Part("ctrgcn", "whole"),
}


def clips_of(batch: int) -> np.ndarray:
    """Random clips [n t v 3]."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(batch, FRAMES, JOINTS, 3)).astype(np.float32)


def texts_of(distinct: int, length: int) -> np.ndarray:
    """Tokens [m l] of texts that fill their rows."""
    rng = np.random.default_rng(1)
    tokens = rng.integers(1000, 40000, (distinct, length)).astype(np.int32)
    tokens[:, 0], tokens[:, -1] = 49406, 49407
    return tokens


def ours(part: Part, batch: int, dtype: str) -> tuple[Step, dict[str, float]]:
    """Our compiled program on all devices, and XLA's account of it."""
    motion = MOTION_TOWERS[part.tower or "ctrgcn"]()
    objective = "classifier" if part.kind in ("train", "forward") else "contrastive"
    config = configs.Config(
        model=configs.ModelConfig(
            objective=objective, dtype=dtype, motion=motion, text=ScratchTextConfig()
        )
    )
    model = build_model(config, SMPL22, CLASSES)
    clips, tokens = clips_of(batch), texts_of(DISTINCT, LENGTH)
    example = (clips[:2],) if objective == "classifier" else (clips[:2], tokens[:2])
    mesh = meshes.data_mesh()
    variables = meshes.make_on(mesh, lambda: model.init(jax.random.key(0), *example, False))

    if part.kind == "forward":
        embed = lambda v, x: model.apply(v, x, False, method="encode_motion")  # noqa: E731
        inputs = (variables, meshes.shard_batch(mesh, clips))
        program, account = compiled(meshes.jit_rows(mesh, embed), *inputs)
        return lambda: jax.block_until_ready(program(*inputs)), account
    if part.kind == "text":
        loss = lambda v, t: jnp.sum(model.apply(v, t, method="encode_text")[:, 0])  # noqa: E731
        inputs = (variables, meshes.shard_batch(mesh, tokens))
        program, account = compiled(jax.jit(jax.grad(loss)), *inputs)
        return lambda: jax.block_until_ready(program(*inputs)), account

    labels = np.arange(batch, dtype=np.int32) % CLASSES
    examples = Examples(*map(jnp.asarray, (clips, labels, labels % DISTINCT, tokens)))
    optimizer = build_optimizer(config.optimizer, 1000)
    state = [meshes.make_on(mesh, lambda: TrainState.create(variables, optimizer))]
    placed = meshes.shard_batch(mesh, examples)
    train_step = make_train_step(model, optimizer, config)
    jitted = meshes.jit_train_step(mesh, lambda state, _, batch: train_step(state, batch))
    program, account = compiled(jitted, state[0], None, placed)

    def step():
        state[0], metrics = program(state[0], None, placed)
        jax.block_until_ready((state[0], metrics))

    return step, account


def compiled(jitted, *arguments):
    """The program, how long it took to compile, and XLA's account of one device's part."""
    start = time.perf_counter()
    program = jitted.lower(*arguments).compile()
    seconds = time.perf_counter() - start
    cost = program.cost_analysis()
    return program, {
        "devices": jax.device_count(),
        "compile_seconds": seconds,
        "xla_flops": float(cost.get("flops", float("nan"))),
        "xla_bytes": float(cost.get("bytes accessed", float("nan"))),
        "temporary_bytes": float(program.memory_analysis().temp_size_in_bytes),
    }


def theirs(part: Part, batch: int, dtype: str, compiles: bool) -> Step:
    """The same in plain PyTorch, on a GPU where there is one.

    The whole step has 77 tokens for each clip's caption.

    Args:
      part: the part that is measured.
      batch: clips.
      dtype: float32, or bfloat16 by autocast.
      compiles: through torch.compile instead of eager.
    """
    import torch
    from torch_towers import TorchText, TorchTower

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_default_device(device)
    narrow = functools.partial(torch.autocast, device, torch.bfloat16, dtype == "bfloat16")
    built = torch.compile if compiles else lambda function: function

    def finished(step: Step) -> Step:
        def until_finished():
            step()
            if device == "cuda":
                torch.cuda.synchronize()

        return until_finished

    def trained(modules: Sequence[torch.nn.Module], loss: Callable[[], torch.Tensor]) -> Step:
        parameters = [p for module in modules for p in module.parameters()]
        optimizer = torch.optim.SGD(parameters, 1e-4, 0.9, weight_decay=1e-4)

        def step():
            optimizer.zero_grad()
            with narrow():
                value = loss()
            value.backward()
            optimizer.step()

        return finished(step)

    texts = torch.tensor(texts_of(WHOLE, 77), dtype=torch.long)
    if part.kind == "text":
        text = TorchText()
        embed_text = built(text)

        def backward():
            text.zero_grad()
            with narrow():
                value = embed_text(texts).square().sum()
            value.backward()

        return finished(backward)

    assert part.tower is not None
    tower = TorchTower(part.tower, SMPL22.adjacency(), classes=CLASSES)
    x = torch.tensor(clips_of(batch).transpose(0, 3, 1, 2))
    features = built(tower.features)
    if part.kind == "forward":
        tower.eval()

        def forward():
            with torch.inference_mode(), narrow():
                features(x)

        return finished(forward)

    entropy = torch.nn.functional.cross_entropy
    labels = torch.arange(batch) % CLASSES
    if part.kind == "train":
        classify = built(tower)
        return trained([tower], lambda: entropy(classify(x), labels))

    head = torch.nn.Sequential(
        torch.nn.Linear(256, 512),
        torch.nn.GELU(),
        torch.nn.Linear(512, 512),
        torch.nn.LayerNorm(512),
    )
    text = TorchText()
    embed_text = built(text)
    right = torch.arange(batch)

    def loss():
        m = torch.nn.functional.normalize(head(features(x)), dim=-1)
        t = torch.nn.functional.normalize(embed_text(texts), dim=-1)
        logits = t @ m.T
        return (entropy(logits, right) + entropy(logits.T, right)) / 2

    return trained([tower, head, text], loss)


def work(part: Part, batch: int) -> tuple[float, float]:
    """FLOPs and bytes that one turn cannot do without, in float32.

    FLOPs are those of the products, two a multiplication. Bytes are the products' factors and
    results, each moved once, as if all else were fused into them. A training step has three
    products of the same three arrays for each of the forward pass.
    """
    flops, numbers = 0.0, 0.0
    if part.tower:
        flops, numbers = tower_work(part.tower)
        flops, numbers = batch * flops, batch * numbers
    if part.kind in ("text", "whole"):
        text_flops, text_numbers = text_work(LENGTH)
        flops, numbers = flops + DISTINCT * text_flops, numbers + DISTINCT * text_numbers
    passes = 1 if part.kind == "forward" else 3
    return passes * flops, passes * 4 * numbers


def tower_work(name: str) -> tuple[float, float]:
    """FLOPs of one clip's forward pass, and the numbers in its products' factors and results."""
    macs, numbers = 0.0, 0.0

    def product(a: float, b: float, c: float, each: float = 1, shared: bool = True) -> None:
        """[a b] · [b c], `each` times; where it is shared, a clip's part of [b c] is nothing."""
        nonlocal macs, numbers
        macs += each * a * b * c
        numbers += each * (a * b + a * c + (0 if shared else b * c))

    t, v, c = FRAMES, JOINTS, 3
    for number in range(1, 11):
        f = 64 * (1 if number < 5 else 2 if number < 8 else 4)
        stride = 2 if number in (5, 8) else 1
        out = -(-t // stride)
        if name == "ctrgcn":
            r = 8 if c == 3 else c // 8
            # φ and ψ after the mean over time, their refinement, the transform, the aggregation.
            product(v, c, 6 * r)
            product(3 * v * v, r, f)
            product(t * v, c, 3 * f)
            product(t, 3 * v, v, each=f, shared=False)
            w = f // 4
            product(t * v, f, 3 * w)
            product(out * v, 5 * w, w, each=2)
            product(out * v, f, w)
        else:
            e = f // 4
            product(t * v, c, 6 * e)
            product(v, e * t, v, each=3, shared=False)
            product(t * c, v, 3 * v, shared=False)
            product(t * v, 3 * c, f)
            # Nine taps of one array.
            macs += 8 * out * v * f * f
            product(out * v, f, f)
        if c != f:
            product(t * v, c, f)
        if number > 1 and (c != f or stride == 2):
            product(out * v, c, f)
        t, c = out, f
    return 2 * macs, numbers


def text_work(length: int) -> tuple[float, float]:
    """The same of one text's forward pass through CLIP's transformer, 12 layers of 512."""
    width = 512
    macs = 12 * (12 * length * width**2 + 2 * length**2 * width) + width**2
    # Its 12 · 12 · 512² weights are shared by a batch's few tokens: they are most of what is moved.
    return 2 * macs, 12 * (12 * width**2 / DISTINCT + 20 * length * width)
