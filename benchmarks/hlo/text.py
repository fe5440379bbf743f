"""Computations and instructions of a program, as `jax.stages.Compiled.as_text` writes them."""

import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping

from hlo.arrays import Array, arrays

_HEADER = re.compile(r"(ENTRY )?%?([\w.\-]+) .*\{$")
_NAME = re.compile(r"\s+(ROOT )?%?([\w.\-]+) = ")
_OPERAND = re.compile(r"%([\w.\-]+)")
_CALLED = re.compile(r"\b(?:calls|body|to_apply)=%?([\w.\-]+)")
_BRANCHES = re.compile(
    r"branch_computations=\{([^}]*)\}|true_computation=(%?[\w.\-]+), false_computation=(%?[\w.\-]+)"
)

FREE = frozenset(
    {
        "add-dependency",
        "after-all",
        "bitcast",
        "constant",
        "domain",
        "get-tuple-element",
        "opt-barrier",
        "parameter",
        "partition-id",
        "replica-id",
        "tuple",
    }
)
"""Instructions that only name or bundle what is there; so does a call of `AllocateBuffer`."""


@dataclasses.dataclass(frozen=True)
class Instruction:
    """One line.

    Attributes:
      name: its name, unique in the program.
      opcode: `fusion`, `copy`, `all-reduce-start`, ...
      results: its array, or the arrays of its tuple.
      operands: names of its operands.
      arguments: the text between the parentheses, a parameter's number for example.
      attributes: everything behind them.
      is_root: True if it is its computation's result.
    """

    name: str
    opcode: str
    results: tuple[Array, ...]
    operands: tuple[str, ...]
    arguments: str
    attributes: str
    is_root: bool

    @property
    def called(self) -> str | None:
        """The computation that it runs: a fusion's, a loop's body, an asynchronous one's."""
        found = _CALLED.search(self.attributes)
        return found[1] if found else None

    @property
    def branches(self) -> tuple[str, ...]:
        """The computations of which a conditional runs one."""
        found = _BRANCHES.search(self.attributes)
        names = ", ".join(group for group in found.groups() if group) if found else ""
        return tuple(name.strip().lstrip("%") for name in names.split(",") if name)

    @property
    def is_free(self) -> bool:
        """True if nothing runs: it names what is there, or waits for what was started."""
        waits = self.opcode.endswith("-done")
        return self.opcode in FREE or waits or '"AllocateBuffer"' in self.attributes

    @property
    def op_name(self) -> str:
        """The path of JAX's scopes that it was made from; empty where XLA made it up."""
        return self.attribute(r'op_name="((?:[^"\\]|\\.)*)"') or ""

    def attribute(self, pattern: str) -> str | None:
        """The first group of a pattern in its attributes."""
        found = re.search(pattern, self.attributes)
        return found[1] if found else None

    def number(self, name: str) -> int | None:
        """A number that its attributes quote under a name, as `"estimated_cycles":"41"`."""
        found = self.attribute(rf'"{name}":\{{?(?:"n":)?"(\d+)"')
        return int(found) if found else None


class Computation:
    """Instructions in the order of the text.

    Attributes:
      instructions: by their names.
      root: the one that is the result.
    """

    def __init__(self, instructions: Mapping[str, Instruction]):
        self.instructions = instructions
        self.root = next(i for i in instructions.values() if i.is_root)

    def parameter(self, number: int) -> Instruction:
        """The parameter of a number."""
        return self._parameters[str(number)]

    def element(self, place: int) -> Instruction:
        """The instruction that makes an element of the root's tuple."""
        return self.instructions[self.root.operands[place]]

    def constant(self, name: str, place: int | None = None) -> int | None:
        """The value of a constant, of its copy, or of an element of a tuple; None for all else."""
        instruction = self.instructions[name]
        if place is not None:
            tuples = instruction.opcode == "tuple"
            return self.constant(instruction.operands[place]) if tuples else None
        if instruction.opcode in ("copy", "bitcast"):
            return self.constant(instruction.operands[0])
        is_number = instruction.opcode == "constant" and instruction.arguments.lstrip("-").isdigit()
        return int(instruction.arguments) if is_number else None

    @functools.cached_property
    def _parameters(self) -> dict[str, Instruction]:
        found = (i for i in self.instructions.values() if i.opcode == "parameter")
        return {i.arguments.strip(): i for i in found}

    @functools.cached_property
    def users(self) -> Mapping[str, list[tuple[Instruction, int]]]:
        """By an instruction's name, those that use it and as which operand."""
        users: dict[str, list[tuple[Instruction, int]]] = {name: [] for name in self.instructions}
        for instruction in self.instructions.values():
            for position, operand in enumerate(instruction.operands):
                users[operand].append((instruction, position))
        return users


@dataclasses.dataclass(frozen=True)
class Program:
    """A compiled program.

    Attributes:
      computations: by their names.
      entry: the computation that runs.
    """

    computations: Mapping[str, Computation]
    entry: Computation

    def executed(self) -> Iterator[tuple[Instruction, Computation, int]]:
        """Every instruction that runs, the computation it stands in, and how often it runs.

        Loops, calls and asynchronous pieces are entered, fusions are not: they run as one. Of a
        conditional all branches count.
        """
        yield from self._executed(self.entry, 1)

    def _executed(
        self, computation: Computation, times: int
    ) -> Iterator[tuple[Instruction, Computation, int]]:
        for instruction in computation.instructions.values():
            if instruction.opcode in ("while", "call", "async-start"):
                called = self.computations[instruction.called or ""]
                passes = self.passes(instruction, computation)
                yield from self._executed(called, times * passes)
            elif instruction.opcode == "conditional":
                for branch in instruction.branches:
                    yield from self._executed(self.computations[branch], times)
            elif not instruction.is_free:
                yield instruction, computation, times

    def passes(self, loop: Instruction, computation: Computation) -> int:
        """How often a loop's body runs; 1 for what is no loop.

        XLA's GPU compiler notes it. A TPU's leaves it to the condition, which compares a counter
        with a constant: `jax.lax.scan`'s counts from a constant by a constant. Where it is neither,
        the number is not known, and the body counts once.
        """
        noted = loop.number("known_trip_count")
        if loop.opcode != "while" or noted is not None:
            return noted or 1
        condition = self.computations[loop.attribute(r"condition=%?([\w.\-]+)") or ""]
        body, compare = self.computations[loop.called or ""], condition.root
        if "direction=LT" not in compare.attributes:
            return 1
        counter, bound = (condition.instructions[name] for name in compare.operands)
        place = int(counter.attribute(r"index=(\d+)") or 0)
        first = computation.constant(loop.operands[0], place)
        last = condition.constant(bound.name)
        added = [body.constant(name) for name in body.element(place).operands]
        step = next((number for number in added if number is not None), None)
        if first is None or last is None or not step:
            return 1
        return max(-(-(last - first) // step), 0)

    def inside(
        self, instruction: Instruction, computation: Computation
    ) -> Iterator[tuple[Instruction, Computation]]:
        """An instruction with its computation, or those of a fusion and of the fusions in it."""
        if instruction.opcode != "fusion":
            yield instruction, computation
            return
        inner = self.computations[instruction.called or ""]
        for fused in inner.instructions.values():
            yield from self.inside(fused, inner)


def read(text: str) -> Program:
    """Reads a program's text.

    Raises:
      ValueError: it has no entry.
    """
    computations: dict[str, Computation] = {}
    entry = None
    name, lines = "", {}
    for line in text.splitlines():
        if line == "}":
            computations[name] = Computation(lines)
        elif line[:1].isspace():
            if instruction := _instruction(line):
                lines[instruction.name] = instruction
        elif found := _HEADER.match(line):
            name, lines = found[2], {}
            entry = name if found[1] else entry
    if entry is None:
        raise ValueError("a program's text has an ENTRY computation, and this one has none")
    return Program(computations, computations[entry])


def _instruction(line: str) -> Instruction | None:
    found = _NAME.match(line)
    if found is None:
        return None
    rest = line[found.end() :]
    end = _closing(rest) + 1 if rest.startswith("(") else rest.index(" ")
    opcode, _, behind = rest[end:].strip().partition("(")
    close = _closing(f"({behind}") - 1
    arguments = behind[:close]
    return Instruction(
        name=found[2],
        opcode=opcode,
        results=arrays(rest[:end]),
        operands=tuple(_OPERAND.findall(arguments)) if opcode != "constant" else (),
        arguments=arguments,
        attributes=behind[close + 1 :],
        is_root=bool(found[1]),
    )


def _closing(text: str) -> int:
    """The place of the parenthesis that closes the one at the start."""
    depth = 0
    for found in re.finditer(r'[()]|"(?:[^"\\]|\\.)*"', text):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    raise ValueError(f"a parenthesis is not closed: {text[:80]}")
