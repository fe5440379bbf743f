"""Training and embedding compile for TPUs that are not here, and hold what they are meant to."""

import importlib.util
import json
import math
import os
import pathlib
import subprocess
import sys

import clip_checkpoint
import pytest
from hlo.account import account, total
from hlo.text import read

BENCHMARK = pathlib.Path(__file__).parents[2] / "benchmarks" / "compiled.py"
CLIPS, DEVICES, EMBEDDING = 32, 4, 24
TOWERS = ("spatial", "temporal", "norm", "text")

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("libtpu") is None,
    reason="the TPU's compiler is not installed: pip install -e '.[aot]'",
)

CONFIG = """\
import tiny
from motext_jax.models.agcn import AGCNConfig
from motext_jax.models.clip_text import ClipTextConfig


def get_config(name):
    config = tiny.config("", mirror=True)
    config.name = name
    config.model.dtype = "bfloat16"
    config.model.embedding = {embedding}
    config.data.augment.crop, config.data.augment.noise = 0.2, 0.01
    if name == "2sAGCN-C":
        config.model.motion = AGCNConfig(width=8, blocks=3, hidden=16)
        config.model.text = ClipTextConfig(checkpoint={checkpoint!r})
    return config
"""


def run(command, environment):
    """Runs a program, without what the tests turn off for speed: the compiler would go without."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JAX_", "XLA_"))}
    done = subprocess.run(command, env=kept | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module", params=["CTRGCN-T", "2sAGCN-C"])
def found(request, tmp_path_factory):
    """The tool's figures for one model, by program."""
    folder = tmp_path_factory.mktemp("compiled")
    config, figures = folder / "config.py", folder / "figures.json"
    checkpoint = folder / "clip"
    checkpoint.mkdir()
    (checkpoint / "config.json").write_text(json.dumps(clip_checkpoint.SMALL))
    config.write_text(CONFIG.format(embedding=EMBEDDING, checkpoint=str(checkpoint)))
    command = [
        sys.executable,
        str(BENCHMARK),
        f"--config={config}:{request.param}",
        f"--config.train.batch_size={CLIPS}",
        "--topology=tpu:v5e:2x2",
        "--stored=200",
        f"--json={figures}",
        f"--text={folder}",
    ]
    done = run(command, {})
    assert "By part of the model" in done.stdout
    found = json.loads(figures.read_text())
    for name, program in found.items():
        lines = account(read((folder / f"{request.param}.{name}.hlo").read_text())).lines
        copies = total(line for line in lines if line.opcode == "copy-start")
        program["copies"] = copies.laid_out + copies.beside
    return found


def gathered(collectives):
    """How many numbers each all-gather's result holds."""
    shapes = [name.split("[")[1].rstrip("]") for name in collectives if "all-gather" in name]
    return [math.prod(map(int, shape.split(","))) for shape in shapes]


def test_a_step_gathers_embeddings_and_reduces_gradients(found):
    collectives = found["step"]["collectives"]
    assert any(name.startswith("all-reduce") for name in collectives)
    assert CLIPS * EMBEDDING in gathered(collectives)
    # A device's clips meet all texts, and its texts all clips; none holds all against all.
    assert found["step"]["logits"]["largest"] in (
        f"f32[{CLIPS // DEVICES},{CLIPS}]",
        f"f32[{CLIPS},{CLIPS // DEVICES}]",
    )
    assert not found["step"]["logits"]["above"]


def test_an_embedding_needs_no_other_clip(found):
    collectives = found["embedding"]["collectives"]
    # Only the result, which every device holds in the end.
    assert gathered(collectives) == [CLIPS * EMBEDDING]
    assert len(collectives) == 1
    assert found["embedding"]["logits"]["largest"] is None


def test_every_part_of_a_step_is_accounted_for(found):
    rows = found["step"]["parts"]
    forward = {row["part"] for row in rows if not row["backward"]}
    backward = {row["part"] for row in rows if row["backward"]}
    assert forward >= {"gather", "augmentation", *TOWERS, "loss", "optimizer"}
    assert backward >= {*TOWERS, "loss"}
    for name in ("bytes", "laid_out", "cycles", "flops", "instructions"):
        assert sum(row[name] for row in rows) == pytest.approx(found["step"]["total"][name])


def test_the_account_agrees_with_xlas(found):
    """But for copies between memories, which XLA counts at their start and at their end."""
    for program in found.values():
        # Products alone: sums and activations are not counted.
        assert 0 < program["total"]["flops"] <= program["xla"]["flops"]
        assert program["total"]["cycles"] > 0
        moved = program["total"]["laid_out"] + program["total"]["beside"]
        assert moved + program["copies"] == pytest.approx(program["xla"]["bytes accessed"], rel=0.1)
        assert program["total"]["padding"] > 1
        assert 0 < program["memory"]["all"] < program["device"]["memory"]


def test_the_step_takes_a_device_no_more_than_its_share(found):
    """Arguments: parameters, their momentum and statistics, the stored clips, and a few rows."""
    step = found["step"]
    assert step["memory"]["arguments"] > step["parameters"]["bytes"]
    assert step["devices"] == DEVICES


KERNELS = """\
import functools, sys, jax, jax.numpy as jnp
from programs import mesh_of
from motext_jax.models import clip_topologies
from motext_jax.models.adaptive_sums import adaptive_sums
from motext_jax.models.joint_similarity import joint_similarity
from motext_jax.models.joint_sums import joint_sums
from motext_jax.models.temporal_branches import fits, temporal_branches


def compile(mesh, function, dtypes, *shapes):
    def both(*factors):
        with jax.sharding.use_abstract_mesh(mesh.abstract_mesh):
            results, pull = jax.vjp(function, *factors)
            return results, pull(results)

    sharding = jax.NamedSharding(mesh, jax.P())
    factors = [jax.ShapeDtypeStruct(*each, sharding=sharding) for each in zip(shapes, dtypes)]
    print(jax.jit(both).lower(*factors).compile().as_text())


mesh = mesh_of(sys.argv[1])
for dtype in (jnp.bfloat16, jnp.float32):
    compile(mesh, joint_sums, [dtype] * 3, (3, 21, 21, 64, 128), (3, 21, 150, 64, 128), (3, 128))
    for frames, features, stride in ((150, 128, 2), (75, 256, 1)):
        with jax.sharding.use_abstract_mesh(mesh.abstract_mesh):
            assert fits(64, frames, features, dtype)
        branches = functools.partial(temporal_branches, stride=stride)
        weights = (5, features // 4, features // 4)
        shapes = (21, frames, 64, features), (3, features), weights, weights
        compile(mesh, branches, [dtype, *[jnp.float32] * 3], *shapes)
    for frames, channels, features, joined in ((150, 6, 128, 2), (38, 256, 256, 1)):
        with jax.sharding.use_abstract_mesh(mesh.abstract_mesh):
            assert clip_topologies.fits(64, 25, features)
        x, topologies = (25, frames, 64, channels), (3 * joined, 25, 64, 25)
        weights = (3, channels, features)
        compile(mesh, adaptive_sums, [jnp.float32, dtype, dtype], topologies, x, weights)
        similarity = functools.partial(joint_similarity, subsets=3, joined=joined)
        weights = (2, channels, 3 * features // 4), (2, 3 * features // 4)
        compile(mesh, similarity, [dtype, dtype, jnp.float32], x, *weights)
"""


@pytest.mark.parametrize("topology", ["tpu:v5e:2x2", "tpu:v5p:2x2x1", "tpu:v6e:2x2"])
def test_the_kernels_compile(topology):
    folders = (str(BENCHMARK.parent), os.environ.get("PYTHONPATH", ""))
    environment = {"JAX_PLATFORMS": "cpu", "PYTHONPATH": os.pathsep.join(folders)}
    done = run([sys.executable, "-c", KERNELS, topology], environment)
    assert done.stdout.count('custom_call_target="tpu_custom_call"') == 2 * 2 * (3 + 4)
