"""The stack of blocks: widths, lengths, skeletons, and the padding of its temporal convolution."""

import collections
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from official_graph_convolution import assert_close
from traced_mesh import traced_for

from motext_jax.errors import InputError
from motext_jax.models import graph_convolution, tpu_kernel
from motext_jax.models.agcn import AGCN
from motext_jax.models.ctrgcn import CTRGCN
from motext_jax.models.graph_convolution import (
    Block,
    Pointwise,
    TemporalConvolution,
    fan_out_normal,
    over_time,
)
from motext_jax.runtime.mesh import data_mesh
from motext_jax.skeleton import NTU21, SMPL22, Skeleton


def block_shapes(tower, frames):
    """[t, f] of every block's output, and the features' shape."""
    clips = jnp.zeros((2, frames, len(tower.skeleton.joints), 3))

    def forward(key):
        variables = tower.init(key, clips, train=False)
        return tower.apply(variables, clips, train=False, capture_intermediates=True)

    features, captured = jax.eval_shape(forward, jax.random.key(0))
    blocks = captured["intermediates"]
    outputs = [blocks[f"block_{number + 1}"]["__call__"][0] for number in range(tower.blocks)]
    return [(output.shape[2], output.shape[3]) for output in outputs], features.shape


@pytest.mark.parametrize("network", [CTRGCN, AGCN])
def test_the_published_ten_blocks(network):
    shapes, features = block_shapes(network(NTU21), frames=150)
    assert shapes == [(150, 64)] * 4 + [(75, 128)] * 3 + [(38, 256)] * 3
    assert features == (2, 256)


@pytest.mark.parametrize(
    "blocks, lengths", [(3, (1, 1, 1)), (5, (2, 2, 1)), (6, (2, 2, 2)), (7, (3, 2, 2))]
)
def test_other_numbers_of_blocks_are_split_evenly(blocks, lengths):
    first, second, third = lengths
    shapes, features = block_shapes(AGCN(SMPL22, width=8, blocks=blocks), frames=31)
    assert shapes == [(31, 8)] * first + [(16, 16)] * second + [(8, 32)] * third
    assert features == (2, 32)


def test_cosines_over_time_by_hand():
    x = np.zeros((1, 4, 2), np.float32)
    x[0, :, 0], x[0, :, 1] = (1, 2, 3, 6), (6, 3, 2, 1)
    first, second = np.cos(np.pi / 8), np.cos(3 * np.pi / 8)
    slope = (first + 2 * second - 3 * second - 6 * first) / 4
    halves = (1 - 2 - 3 + 6) * np.cos(np.pi / 4) / 4
    # Two channels of the same mean and of opposite order: the second coefficient tells them apart.
    expected = [[3, 3, slope, -slope, halves, halves]]
    np.testing.assert_allclose(over_time(jnp.asarray(x), 3), expected, rtol=1e-6)


def test_a_network_has_its_channels_once_for_each_cosine():
    assert block_shapes(CTRGCN(SMPL22, width=8, blocks=3, cosines=3), frames=16)[1] == (2, 3 * 32)


@pytest.mark.parametrize("width, blocks", [(12, 10), (0, 10), (16, 2)])
def test_impossible_sizes_are_refused(width, blocks):
    with pytest.raises(InputError, match="found"):
        block_shapes(CTRGCN(SMPL22, width, blocks), frames=8)


@pytest.mark.parametrize("frames", [8, 9])
@pytest.mark.parametrize("stride, dilation", [(1, 2), (2, 1), (2, 2)])
def test_temporal_convolution_is_centred_on_every_stride_th_frame(frames, stride, dilation):
    rng = np.random.default_rng(0)
    clips = rng.normal(size=(1, 2, frames, 3)).astype(np.float32)
    kernel = rng.normal(size=(5, 3, 4)).astype(np.float32)
    bias = rng.normal(size=4).astype(np.float32)

    centres = range(0, frames, stride)
    expected = np.zeros((1, 2, len(centres), 4)) + bias
    for row, centre in enumerate(centres):
        for tap in range(5):
            frame = centre + (tap - 2) * dilation
            if 0 <= frame < frames:
                expected[:, :, row] += clips[:, :, frame] @ kernel[tap]

    convolution = TemporalConvolution(4, size=5, stride=stride, dilation=dilation)
    params = {"conv": {"kernel": jnp.asarray(kernel), "bias": jnp.asarray(bias)}}

    def convolved(clips):
        return convolution.apply({"params": params}, clips)

    clips = jnp.asarray(clips)
    np.testing.assert_allclose(convolved(clips), expected, rtol=1e-4, atol=1e-5)
    # A CPU has another form for the value alone than for that with its derivative.
    assert graph_convolution._is_small(clips.shape, stride, params["conv"]["kernel"])
    np.testing.assert_allclose(jax.vjp(convolved, clips)[0], expected, rtol=1e-4, atol=1e-5)


def test_small_convolutions_are_products_on_cpus_alone():
    rows = jax.ShapeDtypeStruct((2, 3, 8, 4), jnp.float32)
    many = jax.ShapeDtypeStruct((2000, 22, 8, 4), jnp.float32)
    convolution = TemporalConvolution(4, size=5, stride=1)
    variables = jax.eval_shape(convolution.init, jax.random.key(0), rows)

    def convolutions(function, platform, rows):
        return lowered(function, platform, variables, rows).count("stablehlo.convolution")

    def loss(variables, rows):
        return convolution.apply(variables, rows).sum()

    assert convolutions(convolution.apply, "cpu", rows) == 0
    assert convolutions(convolution.apply, "cpu", many) == 1
    assert convolutions(convolution.apply, "cuda", rows) == 1
    assert convolutions(jax.grad(loss), "cpu", rows) > 0


def test_a_cpu_sums_over_the_joints_once_for_a_strided_block():
    """XLA would compute them once more for what takes every second frame alone."""
    mesh = data_mesh(jax.devices()[:1])
    spatial, temporal = CTRGCN(SMPL22).units(1)
    block = Block(spatial, temporal, SMPL22, features=16, stride=2, residual=True)
    x = jnp.zeros((4, 22, 16, 16))
    with jax.sharding.use_abstract_mesh(mesh.abstract_mesh):
        variables = jax.eval_shape(lambda: block.init(jax.random.key(0), x, False))
        program = jax.jit(lambda variables: block.apply(variables, x, False))
        text = program.lower(variables).compile().as_text()
    # A sum has a term for each of 22 joints and 3 subsets.
    assert 66 < text.count(" multiply(") < 2 * 66


def test_pointwise_maps_every_position_alike():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 3, 5, 4)).astype(np.float32)
    params = {
        "kernel": rng.normal(size=(4, 7)).astype(np.float32),
        "bias": rng.normal(size=7).astype(np.float32),
    }
    expected = np.einsum("nvtc,cf->nvtf", x, params["kernel"]) + params["bias"]
    params, x = jax.tree.map(jnp.asarray, (params, x))
    found = Pointwise(7, fan_out_normal(7)).apply({"params": params}, x)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.fixture(scope="module")
def kept_and_computed_again():
    """Without remat and with it: (variables, their gradient, features, statistics, program)."""
    clips = jnp.float32(np.random.default_rng(0).normal(size=(8, 32, 22, 3)))

    def results(remat):
        tower = AGCN(SMPL22, width=8, blocks=4, remat=remat)
        init = jax.jit(tower.init, static_argnames="train")
        variables = init(jax.random.key(0), clips, train=False)

        def loss(params, stats):
            features, updates = tower.apply(
                {"params": params, "batch_stats": stats}, clips, True, mutable="batch_stats"
            )
            # The sum of all would be what the last BatchNorm makes it, whatever the blocks do.
            weights = jnp.linspace(-1.0, 1.0, features.size).reshape(features.shape)
            return jnp.sum(features * weights), (features, updates["batch_stats"])

        inputs = variables["params"], variables["batch_stats"]
        # The CPU backend drops the barriers between a block's two passes before it orders its
        # operations, and would compute both passes at once.
        program = (
            jax.jit(jax.grad(loss, has_aux=True))
            .lower(*inputs)
            .compile({"xla_disable_hlo_passes": "cse_barrier_expander"})
        )
        gradient, (features, stats) = program(*inputs)
        return variables, gradient, features, stats, program

    return results(remat=False), results(remat=True)


def test_remat_changes_no_value(kept_and_computed_again):
    (variables, gradient, *values, _), (others, other_gradient, *other_values, _) = (
        kept_and_computed_again
    )
    jax.tree.map(np.testing.assert_array_equal, variables, others)
    for one, other in zip(jax.tree.leaves(values), jax.tree.leaves(other_values), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-5, atol=1e-6)
    largest = max(float(jnp.abs(g).max()) for g in jax.tree.leaves(gradient))
    for (path, one), other in zip(
        jax.tree_util.tree_leaves_with_path(gradient), jax.tree.leaves(other_gradient), strict=True
    ):
        # Biases before a BatchNorm have no gradient but for rounding.
        scale = max(float(jnp.abs(one).max()), 1e-2 * largest)
        assert float(jnp.abs(one - other).max()) < 1e-4 * scale, jax.tree_util.keystr(path)


def test_remat_takes_less_memory(kept_and_computed_again):
    """By the compiled programs' own accounts."""
    kept, again = (
        results[-1].memory_analysis().temp_size_in_bytes for results in kept_and_computed_again
    )
    assert again < 0.6 * kept


def lowered(function, platform, *arguments):
    """The text of the program that is compiled for a platform."""
    return jax.jit(function).trace(*arguments).lower(lowering_platforms=(platform,)).as_text()


def products(text):
    """How often each pair of factors' shapes is multiplied."""
    found = re.findall(r"dot_general .*: \(tensor<(\S+)>, tensor<(\S+)>\)", text)
    return collections.Counter(found)


def test_positions_are_flattened_but_for_tpus():
    layer, x = Pointwise(4, fan_out_normal(4)), jnp.ones((2, 3, 5, 6), jnp.float32)
    variables = layer.init(jax.random.key(0), x)
    for platform, shape in (("cpu", "30x6xf32"), ("cuda", "30x6xf32"), ("tpu", "2x3x5x6xf32")):
        found = products(lowered(layer.apply, platform, variables, x))
        assert found == {(shape, "6x4xf32"): 1}


@pytest.mark.parametrize("tower", [CTRGCN, AGCN])
def test_sums_over_joints_have_a_form_for_each_platform(tower):
    """Where a platform's form is another one, its products' shapes are."""
    network = tower(SMPL22, width=8, blocks=3)
    clips = jnp.zeros((2, 8, 22, 3))
    variables = jax.eval_shape(lambda: network.init(jax.random.key(0), clips, False))

    def loss(params, variables):
        return network.apply(variables | {"params": params}, clips, False).sum()

    def of(platform, function):
        return products(lowered(function, platform, variables["params"], variables))

    for function in (loss, jax.grad(loss)):
        cpu, cuda, tpu = (of(platform, function) for platform in ("cpu", "cuda", "tpu"))
        assert cuda != tpu
        # Without a derivative a CPU adds CTR-GCN's joints one by one, and convolves by products.
        assert (cpu == cuda) == (function is not loss)


@pytest.mark.parametrize("tower", [CTRGCN, AGCN])
@pytest.mark.parametrize("devices, remat", [(1, False), (2, True)])
def test_joined_clips_have_the_same_features_and_gradients(tower, devices, remat, monkeypatch):
    """The network as TPUs compute it: two clips side by side in the first stage, with kernels."""
    skeleton = Skeleton("three", ("hub", "left", "right"), (-1, 0, 0), ((1, 2),), hub=0)
    network = tower(skeleton, width=64, blocks=3, remat=remat)
    clips = np.random.default_rng(0).normal(size=(32 * devices, 4, 3, 3))
    clips = jnp.asarray(clips, jnp.float32)
    variables = network.init(jax.random.key(0), clips, False)
    # Else the graph convolutions hardly count: their scales begin at 1e-6.
    params = jax.tree.map(lambda leaf: leaf + 0.1 * _waves(leaf), variables["params"])

    def results(params):
        def function(params):
            given = {"params": params, "batch_stats": variables["batch_stats"]}
            features, moved = network.apply(given, clips, True, mutable="batch_stats")
            return jnp.sum(features * _waves(features)), (features, moved)

        return jax.grad(function, has_aux=True)(params)

    expected = jax.jit(results)(params)
    monkeypatch.setattr(tpu_kernel, "has_kernels", lambda: True)
    mesh, tracing = traced_for(devices)
    with tracing:
        assert network.joined(clips.swapaxes(1, 2)) == 2
        found = jax.jit(results, in_shardings=jax.NamedSharding(mesh, jax.P()))(params)
    assert_close(found[1], expected[1], 1e-4)
    largest = max(np.abs(gradient).max() for gradient in jax.tree.leaves(expected[0]))
    for one, other in zip(*map(jax.tree.leaves, (found[0], expected[0])), strict=True):
        # Biases before a BatchNorm have no gradient but rounding.
        bound = 1e-3 * np.abs(other).max() + 1e-6 * largest
        np.testing.assert_allclose(one, other, rtol=0, atol=bound)


def _waves(x):
    return jnp.cos(jnp.arange(x.size)).reshape(x.shape)


@pytest.mark.skipif(jax.__version_info__ >= (0, 12), reason="its compiler needs no barrier")
def test_pointwise_products_take_nothing_but_barriers_results():
    # XLA of JAX 0.10 has aborted when its GPU compiler fused other operations with them.
    kernel, x = jnp.ones((6, 4), jnp.float32), jnp.ones((2, 3, 5, 6), jnp.float32)

    def loss(kernel, x):
        y = graph_convolution._flattened_product(x[:, :, ::2].swapaxes(0, 1), kernel)
        return jnp.sum(jnp.sin(y))

    equations = jax.make_jaxpr(jax.grad(loss, argnums=(0, 1)))(kernel, x).eqns
    maker = {
        id(made): equation.primitive.name for equation in equations for made in equation.outvars
    }
    taken = [
        maker[id(factor)]
        for equation in equations
        if equation.primitive.name == "dot_general"
        for factor in equation.invars
        if 2 * 3 * 3 in factor.aval.shape
    ]
    # The forward product has one such factor, the kernel's derivative two, the input's one.
    assert taken == ["optimization_barrier"] * 4
