"""The part of the model that an instruction belongs to, by the scopes that JAX noted on it."""

import re

from hlo.text import Computation, Instruction, Program

PARTS = {
    "gather": r"(^|/)store/",
    "augmentation": r"/augment/",
    "optimizer": r"/optimizer/|^state/opt_state",
    "loss": r"/loss/|\(loss\)|log_scale|logit_bias",
    "text": r"/text/|encode_text",
    "norm": r"/graph/.*norm\b",
    "spatial": r"/graph/.*/spatial/",
    "temporal": r"/graph/.*/temporal/",
    "shortcut": r"/graph/.*shortcut/",
    "residual": r"/graph/",
    "head": r"/motion/|encode_motion",
}
"""Parts of a step and the patterns of their scopes, of which the first that is found counts.

gather: clips from the device's store; augmentation: mirroring too; norm: the BatchNorms; shortcut:
their 1×1 convolutions; residual: a block's sums and ReLUs, and the mean over time and joints;
head: the MLP and its LayerNorm.
"""

OTHER = "other"
"""Everything that no pattern finds."""


def part(scope: str) -> str:
    """The part that a path of scopes lies in."""
    return next((name for name, found in PARTS.items() if re.search(found, scope)), OTHER)


def is_backward(scope: str) -> bool:
    """True for a derivative, and for what is computed a second time for one."""
    return "transpose(" in scope or "rematted_computation" in scope


def scope(program: Program, instruction: Instruction, computation: Computation) -> str:
    """The path of scopes of an instruction; a parameter's path by slashes.

    What XLA made up by itself, such as a copy into another layout, has none: it belongs to what it
    copies. A fusion has its result's.
    """
    seen = instruction
    while not seen.op_name:
        if seen.opcode == "fusion":
            root = program.computations[seen.called or ""].root
            if root.op_name:
                return _path(root.op_name)
        if not seen.operands:
            return ""
        seen = computation.instructions[seen.operands[0]]
    return _path(seen.op_name)


def _path(op_name: str) -> str:
    """`state.params['motion']['graph']` as `state/params/motion/graph/`."""
    if "/" in op_name:
        return op_name
    return re.sub(r"[.\[\]'\\]+", "/", op_name).rstrip("/") + "/"
