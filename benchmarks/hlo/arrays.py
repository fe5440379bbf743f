"""Arrays in a program's text: their numbers, and the bytes that they take as they are laid out."""

import dataclasses
import math
import re

_ARRAY = re.compile(r"\b([a-z]+\d*[a-z0-9]*)\[([\d,<=]*)\](?:\{([^{}]*)\})?")
_TILES = re.compile(r"T((?:\([\d,]+\))+)")
_SPACE = re.compile(r"S\((\d+)\)")
_WIDTH = re.compile(r"(?:pred|[a-z]+?(\d+))")

DEVICE_MEMORY = 0
"""The memory space of arrays without a mark. On a TPU 1 is the vector memory beside the cores."""


@dataclasses.dataclass(frozen=True)
class Array:
    """An array's type, for example `bf16[64,21,150]{2,1,0:T(8,128)(2,1)S(1)}`.

    Attributes:
      dtype: XLA's name of it.
      dims: the shape.
      order: numbers of the axes, the one whose neighbours lie side by side first.
      tiles: sizes of tiles that the array is filled up to; each divides the tiles before it.
      space: number of the memory space.
    """

    dtype: str
    dims: tuple[int, ...]
    order: tuple[int, ...]
    tiles: tuple[tuple[int, ...], ...] = ()
    space: int = DEVICE_MEMORY

    @property
    def numbers(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.dims)

    @property
    def bytes(self) -> int:
        """The bytes of its numbers."""
        return self.numbers * self._width()

    @property
    def laid_out(self) -> int:
        """The bytes that it takes, filled up to whole tiles."""
        sizes = [self.dims[axis] for axis in reversed(self.order)]
        for tile in self.tiles:
            # A scalar in a tile of 128 is a row of one.
            sizes = [1] * (len(tile) - len(sizes)) + sizes
            kept, last = sizes[: -len(tile)], sizes[-len(tile) :]
            whole = [-(-size // part) for size, part in zip(last, tile, strict=True)]
            sizes = [*kept, *whole, *tile]
        return math.prod(sizes) * self._width()

    def _width(self) -> int:
        """Bytes of a number; XLA keeps numbers of four bits in bytes of their own."""
        found = _WIDTH.match(self.dtype)
        return max(int(found[1] or 8) // 8, 1) if found else 0

    def __str__(self) -> str:
        return f"{self.dtype}[{','.join(map(str, self.dims))}]"


def arrays(text: str) -> tuple[Array, ...]:
    """All arrays of a type's text, those of a tuple in their order."""
    return tuple(_array(*found.groups()) for found in _ARRAY.finditer(text))


def _array(dtype: str, dims: str, layout: str | None) -> Array:
    sizes = tuple(int(size.lstrip("<=")) for size in dims.split(",") if size)
    order, _, marks = (layout or "").partition(":")
    axes = tuple(int(axis) for axis in order.split(",") if axis)
    tiles, space = _TILES.search(marks), _SPACE.search(marks)
    return Array(
        dtype,
        sizes,
        axes or tuple(reversed(range(len(sizes)))),
        tuple(_sizes(tile) for tile in tiles[1][1:-1].split(")(")) if tiles else (),
        int(space[1]) if space else DEVICE_MEMORY,
    )


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))
