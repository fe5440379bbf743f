"""A program's account: bytes, cycles, kernels and operations, in all and by the model's parts."""

import collections
import dataclasses
from collections.abc import Iterable

from hlo import parts
from hlo.arrays import Array
from hlo.products import operations
from hlo.text import Computation, Instruction, Program
from hlo.traffic import Traffic, started

COLLECTIVES = (
    "all-gather",
    "all-reduce",
    "all-to-all",
    "collective-broadcast",
    "collective-permute",
    "ragged-all-to-all",
    "reduce-scatter",
)


@dataclasses.dataclass
class Sums:
    """The cost of some instructions together.

    Attributes:
      instructions: how many run; on a GPU, kernels, library calls and copies.
      bytes: bytes of numbers that they move to and from the device's memory.
      laid_out: the same with what fills tiles up.
      beside: bytes, as laid out, to and from memories beside the cores, a TPU's vector memory.
      flops: of matrix products and convolutions.
      cycles: a TPU compiler's estimates; 0 from others.
      without_cycles: bytes, as laid out and in any memory, of instructions without an estimate.
    """

    instructions: int = 0
    bytes: float = 0.0
    laid_out: float = 0.0
    beside: float = 0.0
    flops: int = 0
    cycles: int = 0
    without_cycles: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        mine, others = dataclasses.astuple(self), dataclasses.astuple(other)
        return Sums(*(a + b for a, b in zip(mine, others, strict=True)))

    @property
    def padding(self) -> float:
        """Bytes as laid out over bytes of numbers."""
        return self.laid_out / self.bytes if self.bytes else 1.0


@dataclasses.dataclass(frozen=True)
class Line:
    """One instruction that runs.

    Attributes:
      scope: the path of scopes that it was made from.
      results: its arrays.
      sums: its cost, over all times that it runs.
    """

    name: str
    opcode: str
    scope: str
    results: tuple[Array, ...]
    sums: Sums

    @property
    def part(self) -> str:
        """The model's part that it belongs to."""
        return parts.part(self.scope)


@dataclasses.dataclass(frozen=True)
class Account:
    """The lines of a program's account.

    Attributes:
      lines: every instruction that runs, once.
      collectives: how often each kind with its results' shapes runs.
    """

    lines: tuple[Line, ...]
    collectives: dict[str, int]

    @property
    def total(self) -> Sums:
        """The cost of the whole program."""
        return total(self.lines)

    def by_part(self) -> dict[tuple[str, bool], Sums]:
        """The cost of each part, forward and backward; the costliest first."""
        found: dict[tuple[str, bool], list[Line]] = collections.defaultdict(list)
        for line in self.lines:
            found[line.part, parts.is_backward(line.scope)].append(line)
        sums = {key: total(lines) for key, lines in found.items()}
        return dict(sorted(sums.items(), key=lambda item: _weight(item[1]), reverse=True))

    def costliest(self, count: int) -> list[Line]:
        """The lines that cost most."""
        return sorted(self.lines, key=lambda line: _weight(line.sums), reverse=True)[:count]

    def logits(self, batch: int, embedding: int) -> list[Array]:
        """Arrays of logits that a device holds, the largest first.

        They are the loss's arrays with a column for each clip of the batch and a row for each of
        some of them: embeddings have `embedding` columns instead.
        """
        found = {
            array
            for line in self.lines
            if line.part == "loss"
            for array in line.results
            if _holds_pairs(array.dims, batch, embedding)
        }
        return sorted(found, key=lambda array: array.numbers, reverse=True)


def _holds_pairs(dims: tuple[int, ...], batch: int, embedding: int) -> bool:
    if batch not in dims:
        return False
    others = list(dims)
    others.remove(batch)
    return any(size > 1 and batch % size == 0 and size != embedding for size in others)


def total(lines: Iterable[Line]) -> Sums:
    """The cost of lines together."""
    return sum((line.sums for line in lines), Sums())


def account(program: Program) -> Account:
    """Adds up a program."""
    traffic = Traffic(program)
    lines = []
    runs: dict[tuple[str, str], int] = {}
    for instruction, computation, times in program.executed():
        moved = traffic.moved(instruction, computation)
        cycles = instruction.number("estimated_cycles")
        device = [m for m in moved if m.is_device_memory]
        laid_out = times * sum(m.laid_out for m in device)
        beside = times * sum(m.laid_out for m in moved if not m.is_device_memory)
        sums = Sums(
            instructions=times,
            bytes=times * sum(m.bytes for m in device),
            laid_out=laid_out,
            beside=beside,
            flops=times * operations(program, instruction, computation),
            cycles=times * (cycles or 0),
            without_cycles=0.0 if cycles else laid_out + beside,
        )
        scope = parts.scope(program, instruction, computation)
        lines.append(Line(instruction.name, instruction.opcode, scope, instruction.results, sums))
        for inner, around in program.inside(instruction, computation):
            if name := _collective(inner, around):
                # One that a TPU's compiler spreads over many fusions is in each, with its channel.
                channel = inner.attribute(r"channel_id=(\d+)") or f"{instruction.name} {inner.name}"
                runs[name, channel] = max(times, runs.get((name, channel), 0))
    collectives: collections.Counter[str] = collections.Counter()
    for (name, _), times in runs.items():
        collectives[name] += times
    return Account(tuple(lines), dict(collectives))


def _collective(instruction: Instruction, computation: Computation) -> str | None:
    """The kind of a collective with its results' shapes; None for all else."""
    opcode = instruction.opcode.removesuffix("-start")
    if opcode not in COLLECTIVES:
        return None
    is_started = opcode != instruction.opcode
    results = started(instruction, computation) if is_started else instruction.results
    shapes = collections.Counter(map(str, results))
    listed = [f"{count} x {shape}" if count > 1 else shape for shape, count in shapes.items()]
    return f"{opcode} {', '.join(listed)}"


def _weight(sums: Sums) -> tuple[float, float]:
    """Cycles, where there are estimates of them, before bytes."""
    return sums.cycles, sums.laid_out
