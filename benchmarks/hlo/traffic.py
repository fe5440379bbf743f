"""Bytes that an instruction moves: what it reads of its operands, and what it writes.

XLA's own count, "bytes accessed", takes an operand as read in whole wherever a fusion's use of it
is not plain. Here it is followed through the fusion: of a slice or a gather only what it takes is
read, and what is changed in place is neither read nor written elsewhere.
"""

import dataclasses
import functools

from hlo.arrays import DEVICE_MEMORY, Array
from hlo.text import Computation, Instruction, Program

_TAKING = ("slice", "dynamic-slice", "gather")
_CHANGING = {"dynamic-update-slice": 1, "scatter": 2}
"""Instructions that change their first operand in place, and the operand that they put there."""


@dataclasses.dataclass(frozen=True)
class Moved:
    """An array, read or written.

    Attributes:
      array: its type.
      share: the part that is moved; above 1 where a gather takes the same rows several times.
    """

    array: Array
    share: float

    @property
    def is_device_memory(self) -> bool:
        """True unless it lies in a smaller memory beside the cores."""
        return self.array.space == DEVICE_MEMORY

    @property
    def bytes(self) -> float:
        """Bytes of the numbers that are moved."""
        return self.share * self.array.bytes

    @property
    def laid_out(self) -> float:
        """The same, filled up to whole tiles."""
        return self.share * self.array.laid_out


class Traffic:
    """The traffic of a program's instructions.

    Args:
      program: the program.
    """

    def __init__(self, program: Program):
        self._program = program
        self._needed = functools.lru_cache(None)(self._needed_of)

    def moved(self, instruction: Instruction, computation: Computation) -> list[Moved]:
        """All that an instruction reads and writes, which stands in a computation."""
        read = [
            Moved(array, self._share(instruction, position, computation))
            for position, name in enumerate(instruction.operands)
            for array in computation.instructions[name].results
        ]
        return read + self._written(instruction, computation)

    def _share(self, user: Instruction, position: int, computation: Computation) -> float:
        """The share of its operand that an instruction reads, if all of its result is wanted."""
        opcode = user.opcode.removesuffix("-start")
        if opcode == "fusion":
            called = self._program.computations[user.called or ""]
            return self._needed(user.called or "")[called.parameter(position).name]
        operand = computation.instructions[user.operands[position]]
        if position == 0 and opcode in _TAKING:
            taken = user.results[-1] if opcode == user.opcode else started(user, computation)[0]
            return _part(taken, operand)
        if position == 0 and opcode in _CHANGING:
            # A scatter adds to what is there; a slice that is put there needs nothing of it.
            update = computation.instructions[user.operands[_CHANGING[opcode]]]
            return _part(update.results[0], operand) if opcode == "scatter" else 0.0
        return 1.0

    def _needed_of(self, called: str) -> dict[str, float]:
        """By name, the share of each instruction's result that its fusion's result needs."""
        computation = self._program.computations[called]
        needed: dict[str, float] = {}
        for name, instruction in reversed(computation.instructions.items()):
            shares = [1.0] if instruction.is_root else []
            for user, position in computation.users[name]:
                share = self._share(user, position, computation)
                if position == 0 and user.opcode in _CHANGING and not _is_result(user, computation):
                    share = 1.0
                # Which rows are taken is read in whole, however little of each is needed.
                chooses = position > 0 and user.opcode in _TAKING
                shares.append(share * (needed[user.name] > 0 if chooses else needed[user.name]))
            # Pieces that are taken one by one are parts of a whole; a gather's rows may repeat.
            needed[name] = min(sum(shares), max([1.0, *shares])) if shares else 0.0
        return needed

    def _written(self, instruction: Instruction, computation: Computation) -> list[Moved]:
        if instruction.opcode.endswith("-start"):
            return [Moved(array, 1.0) for array in started(instruction, computation)]
        if instruction.opcode == "fusion":
            called = self._program.computations[instruction.called or ""]
            roots = [called.root]
            if called.root.opcode == "tuple":
                roots = [called.element(place) for place in range(len(called.root.operands))]
            if len(roots) == len(instruction.results):
                return [
                    Moved(array, _changed(root, called))
                    for array, root in zip(instruction.results, roots, strict=True)
                ]
        share = _changed(instruction, computation)
        return [Moved(array, share) for array in instruction.results]


def _changed(instruction: Instruction, computation: Computation) -> float:
    """The share of a result that is written: all, unless it is an operand that is changed."""
    while instruction.opcode == "bitcast":
        instruction = computation.instructions[instruction.operands[0]]
    if instruction.opcode not in _CHANGING:
        return 1.0
    update = computation.instructions[instruction.operands[_CHANGING[instruction.opcode]]]
    return _part(update.results[0], instruction)


def _is_result(instruction: Instruction, computation: Computation) -> bool:
    """True for a fusion's result, or one of them."""
    if instruction.is_root:
        return True
    users = [user for user, _ in computation.users[instruction.name]]
    return all(user.opcode in ("bitcast", "tuple") for user in users) and any(
        _is_result(user, computation) for user in users
    )


def _part(array: Array, whole: Instruction) -> float:
    return array.numbers / max(whole.results[0].numbers, 1)


def started(instruction: Instruction, computation: Computation) -> list[Array]:
    """The results of an asynchronous instruction, which bundles them with operands and handles."""
    if instruction.opcode == "all-reduce-start":
        return list(instruction.results)
    results = [array for array in instruction.results if str(array) != "u32[]"]
    if instruction.opcode == "copy-start":
        return results[:1]
    given = sum(len(computation.instructions[name].results) for name in instruction.operands)
    return results[given:] or results[-1:]
