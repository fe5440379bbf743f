"""bfloat16 beside float32: what is computed in it, what is not, and how far the results differ."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from motext_jax.models.agcn import AGCN
from motext_jax.models.clip_text import ClipText
from motext_jax.models.ctrgcn import CTRGCN
from motext_jax.models.sentence_bert import SentenceBert
from motext_jax.skeleton import SMPL22

TOWERS = {
    "ctrgcn": CTRGCN(SMPL22, width=8, blocks=3),
    "agcn": AGCN(SMPL22, width=8, blocks=3),
    "clip": ClipText(40, 12, 32, 2, 4, 24, eos_id=39),
    "sentence_bert": SentenceBert(40, 12, 32, 2, 4, 24),
}
_random = np.random.default_rng(0)
CLIPS = _random.normal(size=(8, 16, 22, 3)).astype(np.float32)
TOKENS = _random.integers(1, 39, (8, 10)).astype(np.int32)
TOKENS[:, -1] = 39


@pytest.fixture(scope="module", params=TOWERS)
def tower(request):
    """A tower whose every parameter matters, and its variables in float32."""
    tower = TOWERS[request.param]
    variables = jax.jit(lambda: tower.init(jax.random.key(0), *inputs(tower)))()
    # The initial zeros, and the 1e-6 of a graph unit's BatchNorm, would hide what is behind them.
    params = jax.tree.map(lambda p: jnp.where(jnp.abs(p) < 1e-5, 0.5, p), variables["params"])
    return tower, {**variables, "params": params}


def inputs(tower, dtype=np.float32):
    if isinstance(tower, CTRGCN | AGCN):
        return jnp.asarray(CLIPS, dtype), True
    return (jnp.asarray(TOKENS),)


def gradient_of(tower, dtype=np.float32):
    """variables -> (the parameters' gradient of a sum over the outputs, (outputs, statistics))."""

    def loss(params, stats):
        outputs, updates = tower.apply(
            {"params": params, **stats}, *inputs(tower, dtype), mutable="batch_stats"
        )
        # A LayerNorm or a BatchNorm has left their plain sum without a gradient.
        weights = jnp.linspace(-1, 1, outputs.size, dtype=outputs.dtype).reshape(outputs.shape)
        return jnp.sum(outputs * weights), (outputs, updates)

    def gradient(variables):
        stats = {name: value for name, value in variables.items() if name != "params"}
        return jax.grad(loss, has_aux=True)(variables["params"], stats)

    return gradient


def test_what_is_kept_is_float32_and_of_the_same_tree(tower):
    tower, variables = tower
    half = tower.clone(dtype=jnp.dtype(jnp.bfloat16))
    own = jax.eval_shape(lambda: half.init(jax.random.key(0), *inputs(half)))
    results = jax.eval_shape(gradient_of(half), variables)
    assert jax.tree.map(jnp.shape, own) == jax.tree.map(jnp.shape, variables)
    assert {leaf.dtype for leaf in jax.tree.leaves((own, results))} == {np.dtype(np.float32)}


def test_the_products_are_in_bfloat16_and_the_statistics_are_not(tower):
    """The operations of the lowered program, forward and backward."""
    tower, variables = tower

    def operations(function, names):
        """The element types of every such operation's operands and results."""
        text = jax.jit(function).lower(variables).as_text()
        lines = re.findall(rf"stablehlo\.(?:{names})\b.* : (.*)", text)
        return [tuple(re.findall(r"(?:x|tensor<)([a-z]+\d+)>", line)) for line in lines]

    half = tower.clone(dtype=jnp.dtype(jnp.bfloat16))
    products = operations(gradient_of(half), "dot_general|convolution")
    # A text's projection to the shared space, and its two derivatives.
    single = 3 if isinstance(tower, ClipText | SentenceBert) else 0
    assert products.count(("f32",) * 3) == single
    assert products.count(("bf16",) * 3) == len(products) - single > 20
    assert set(operations(gradient_of(tower), "dot_general|convolution")) == {("f32",) * 3}
    # Softmax's exponentials have four axes, those of the MLPs' activations, in bfloat16, three;
    # rsqrt is BatchNorm's and LayerNorm's.
    text = jax.jit(gradient_of(half)).lower(variables).as_text()
    softmaxes = re.findall(r"stablehlo\.exponential .*tensor<(?:\d+x){4}([a-z]+\d+)>", text)
    assert bool(softmaxes) != isinstance(tower, CTRGCN)
    assert set(softmaxes) <= {"f32"}
    assert {t for types in operations(gradient_of(half), "rsqrt") for t in types} == {"f32"}


@pytest.mark.parametrize("tower", ["ctrgcn", "agcn"], indirect=True)
def test_the_activations_between_blocks_are_bfloat16(tower):
    tower, variables = tower
    half = tower.clone(dtype=jnp.dtype(jnp.bfloat16))
    _, captured = jax.eval_shape(
        lambda v: half.apply(v, inputs(half)[0], False, capture_intermediates=True), variables
    )
    blocks = [captured["intermediates"][f"block_{k}"]["__call__"][0] for k in (1, 2, 3)]
    assert {block.dtype for block in blocks} == {jnp.dtype(jnp.bfloat16)}


def test_the_results_differ_as_much_as_its_rounding_explains(tower):
    """From those in float64, over 2^16 times as far as float32's at most, and not a 2^8th of that.

    A rounding to bfloat16's 8 bits of mantissa changes a number by up to 2^-9 of it, one to
    float32's 24 by 2^-25: errors of the first order have that ratio, and longer sums, which are
    float32's in both, lower it. Some ReLUs, which turn over, raise it: hence twice.
    """
    tower, variables = tower
    half = tower.clone(dtype=jnp.dtype(jnp.bfloat16))
    single, rounded = (
        jax.device_get(jax.jit(gradient_of(each))(variables)) for each in (tower, half)
    )
    with jax.enable_x64(True), jax.numpy_dtype_promotion("standard"):
        wide = jax.tree.map(lambda a: np.asarray(a, np.float64), variables)
        exact = jax.device_get(jax.jit(gradient_of(tower, np.float64))(wide))
    for low, high, expected in zip(parts(single), parts(rounded), parts(exact), strict=True):
        low, high = distance(low, expected), distance(high, expected)
        assert 2**8 * low < high < 2**17 * low


def parts(results):
    """The gradient, the outputs and, where there are any, the statistics."""
    gradient, (outputs, stats) = results
    return [gradient, outputs, *([stats] if stats else [])]


def distance(found, expected):
    """|found - expected| / |expected| of all numbers of two trees."""
    found, expected = (
        np.concatenate([np.ravel(leaf).astype(np.float64) for leaf in jax.tree.leaves(tree)])
        for tree in (found, expected)
    )
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)
