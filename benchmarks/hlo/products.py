"""Floating-point operations of matrix products and convolutions."""

import functools
import math
import re
from collections.abc import Sequence

from hlo.text import Computation, Instruction, Program

_CONVOLUTIONS = {
    "__cudnn$convForward": "forward",
    "__cudnn$convBiasActivationForward": "forward",
    "__cudnn$convBackwardInput": "input",
    "__cudnn$convBackwardFilter": "kernel",
}
"""cuDNN's calls, by what they compute; their labels are those of the convolution forward."""

_WINDOW = ("stride", "lhs_dilate", "rhs_dilate")
"""A window's numbers besides its padding; each is 1 if the text leaves it out."""

Shape = Sequence[int]


def operations(program: Program, instruction: Instruction, computation: Computation) -> int:
    """Two for each product of two numbers that is summed; 0 for everything else.

    As XLA counts them: a convolution's products with its padding are none. A TPU's compiler makes
    convolutions of all matrix products.
    """
    if instruction.opcode == "fusion":
        inner = program.computations[instruction.called or ""]
        return sum(operations(program, i, inner) for i in inner.instructions.values())
    shapes = [computation.instructions[name].results[0].dims for name in instruction.operands]
    results = [array.dims for array in instruction.results]
    if instruction.opcode == "dot":
        return _product(instruction, shapes[0], results[0])
    if instruction.opcode == "convolution":
        return _convolution(instruction, shapes[0], shapes[1], results[0])
    if instruction.opcode == "custom-call":
        target = instruction.attribute(r'custom_call_target="([^"]*)"') or ""
        kind = _CONVOLUTIONS.get(target)
        if kind == "forward":
            return _convolution(instruction, shapes[0], shapes[1], results[0])
        if kind == "input":
            return _convolution(instruction, results[0], shapes[1], shapes[0])
        if kind == "kernel":
            return _convolution(instruction, shapes[0], results[0], shapes[1])
        if target.startswith("__cublas$"):
            return _product(instruction, shapes[0], results[0])
    return 0


def _product(instruction: Instruction, left: Shape, result: Shape) -> int:
    axes = instruction.attribute(r"lhs_contracting_dims=\{([\d,]*)\}")
    if axes is None:
        axes = instruction.attribute(r'"lhs_contracting_dimensions":\[([^\]]*)\]') or ""
    summed = math.prod(left[int(axis)] for axis in re.findall(r"\d+", axes))
    return 2 * math.prod(result) * summed


def _convolution(instruction: Instruction, clips: Shape, kernel: Shape, result: Shape) -> int:
    labels = instruction.attribute(r"dim_labels=([\w>-]+)") or ""
    of_clips, of_kernel, of_result = re.split(r"_|->", labels)
    sizes = dict(zip(of_clips, clips, strict=True))
    kernels = dict(zip(of_kernel, kernel, strict=True))
    results = dict(zip(of_result, result, strict=True))
    groups = int(instruction.attribute(r"feature_group_count=(\d+)") or 1)
    groups *= int(instruction.attribute(r"batch_group_count=(\d+)") or 1)
    window = _window(instruction)
    axes = [label for label in of_result if label.isdigit()]
    pairs = math.prod(
        _pairs(
            sizes[axis],
            kernels[axis],
            results[axis],
            *(int(window.get(name, {}).get(int(axis), 1)) for name in _WINDOW),
            before=int(window.get("pad", {}).get(int(axis), "0").split("_")[0]),
        )
        for axis in axes
    )
    return 2 * sizes["b"] * sizes["f"] * results["f"] // groups * pairs


def _window(instruction: Instruction) -> dict[str, dict[int, str]]:
    """By name, a window's value for each axis: size, stride, pad, lhs_dilate, rhs_dilate."""
    text = instruction.attribute(r"window=\{([^}]*)\}") or ""
    return {
        name: dict(enumerate(values.split("x")))
        for name, values in re.findall(r"(\w+)=(\S+)", text)
    }


@functools.cache
def _pairs(
    size: int, kernel: int, result: int, stride: int, spread: int, dilation: int, before: int
) -> int:
    """Pairs of a place of the result and one of the kernel that meet a number, not padding.

    Place p of the result and place k of the kernel meet number (p·stride - before + k·dilation) /
    spread, if that is one. Batches of products are axes of thousands: k is counted, not tried.
    """
    common = math.gcd(dilation, spread)
    period = spread // common
    inverse = pow(dilation // common, -1, period)
    found = 0
    for start in range(-before, result * stride - before, stride):
        first = max(-(start // dilation), 0)
        last = min(((size - 1) * spread - start) // dilation, kernel - 1)
        if start % common or last < first:
            continue
        fits = -(start // common) * inverse % period
        found += (last - fits) // period - (first - 1 - fits) // period
    return found
