"""The curves of an FBX animation: one number of a node's transform over time."""

import dataclasses
from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Int, Shaped

from motext_jax.motion.bounds import TOO_LARGE
from motext_jax.motion.fbx_document import Document, Record
from motext_jax.motion.frame_times import Place

TICKS = 46_186_158_000
"""FBX counts time in so many parts of a second."""

_TICKS_OF_8 = 141_120_000
"""The same from version 8 on, and in files of version 7 that choose it."""

_AS_IN_7, _FIRST_CHOICE = 127, 1004
"""The definition of time that is version 7's, and the first version of headers that says one."""

# Flags of a key: what follows it, and of a cubic one where its slopes are from.
_CONSTANT, _LINEAR, _CUBIC = 0x2, 0x4, 0x8
_NEXT = 0x100
"""A constant key has the next key's value at once."""
_BY_HAND, _FLAT, _EVEN, _BOUNDED = 0x400, 0x1000, 0x2000, 0x4000
"""Slopes are given; are flat beside an equal key; do not depend on the keys' times; overshoot
neither neighbour. FBX's SDK calls the last three clamp, time independent and progressive clamp."""

_EQUAL = 1e-4


@dataclasses.dataclass(frozen=True, eq=False)
class Curve:
    """A number over time; from a key to the next it is constant, linear or cubic.

    Attributes:
      keys: seconds, in order.
      values: at the keys.
      slopes: a second, right after each key and right before the next one.
      held: the number between each key and the next one where it is constant; NaN elsewhere.
    """

    keys: Float[np.ndarray, "n"]
    values: Float[np.ndarray, "n"]
    slopes: Float[np.ndarray, "n 2"]
    held: Float[np.ndarray, "n"]

    def at(self, place: Place) -> Float[np.ndarray, "t"]:
        """The values at places between the keys: cubic Hermite, with the slopes at both ends."""
        start, end, share = self.values[place.before], self.values[place.after], place.share
        if not share.any():
            return start
        leaving, arriving = (self.slopes[place.before] * place.gap[:, None]).T
        square, cube = share**2, share**3
        moved = (
            (2 * cube - 3 * square + 1) * start
            + (cube - 2 * square + share) * leaving
            + (3 * square - 2 * cube) * end
            + (cube - square) * arriving
        )
        held = self.held[place.before]
        return np.where(share == 0, start, np.where(np.isnan(held), moved, held))


def read_ticks(document: Document) -> int:
    """The parts of a second that a document counts time in."""
    header = document.fields("FBXHeaderExtension")
    version, flags = header.get("FBXHeaderVersion"), header.get("OtherFlags")
    choice = flags.child("TCDefinition") if flags else None
    if version and choice and version.whole(0) >= _FIRST_CHOICE:
        return TICKS if choice.whole(0) == _AS_IN_7 else _TICKS_OF_8
    return TICKS if document.version < 8000 else _TICKS_OF_8


def read_keys(record: Record, ticks: int) -> tuple[Float[np.ndarray, "n"], Float[np.ndarray, "n"]]:
    """The times in seconds and the values of an AnimationCurve's keys.

    Raises:
      InputError: they are not as many, or are not plausible.
    """
    return _keys(record, record.fields(), ticks)


def read_curve(record: Record, ticks: int) -> Curve:
    """The curve of an AnimationCurve.

    Of keys at the same time the last one counts. The weights of slopes, by which a curve bends
    later or earlier, are not read.

    Raises:
      InputError: keys, values and attributes are not as many, or are not plausible.
    """
    fields = record.fields()
    keys, values = _keys(record, fields, ticks)
    flags, given = _attributes(record, fields, len(keys))
    if not (np.diff(keys) > 0).all():
        order = len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1]
        keys, values, flags, given = keys[order], values[order], flags[order], given[order]
    return Curve(keys, values, *_between(keys, values, flags, given))


def _keys(
    record: Record, fields: Mapping[str, Record], ticks: int
) -> tuple[Float[np.ndarray, "n"], Float[np.ndarray, "n"]]:
    """As `read_keys`, in the file's order."""
    keys = _array(record, fields, "KeyTime", "i") / ticks
    values = _array(record, fields, "KeyValueFloat", "f").astype(np.float64)
    if len(values) != len(keys):
        raise record.error(f"{len(keys):,} keys and {len(values):,} values")
    if not (np.abs(values) < TOO_LARGE).all():
        raise record.error(f"values of {TOO_LARGE:g} and more")
    return keys, values


def _attributes(
    record: Record, fields: Mapping[str, Record], count: int
) -> tuple[Int[np.ndarray, "n"], Float[np.ndarray, "n 2"]]:
    """Each key's flags, and the slopes that are given; keys in a row may share theirs."""
    if "KeyAttrFlags" not in fields:
        return np.full(count, _LINEAR), np.zeros((count, 2))
    flags = _array(record, fields, "KeyAttrFlags", "i")
    numbers = _array(record, fields, "KeyAttrDataFloat", "f")
    keys = _array(record, fields, "KeyAttrRefCount", "i")
    # Of the four numbers of an attribute the first two are slopes.
    if not len(flags) == len(keys) == len(numbers) / 4:
        raise record.error(f"{len(flags):,} flags, {len(numbers):,} numbers of {len(keys):,} keys")
    if keys.min(initial=0) < 0 or keys.sum() != count:
        raise record.error(f"attributes of {keys.sum():,} keys, and {count:,} keys")
    return np.repeat(flags, keys), np.repeat(numbers.reshape(-1, 4)[:, :2], keys, axis=0)


def _between(
    keys: Float[np.ndarray, "n"],
    values: Float[np.ndarray, "n"],
    flags: Int[np.ndarray, "n"],
    given: Float[np.ndarray, "n 2"],
) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, "n"]]:
    """The slopes and the constant numbers of a `Curve`."""
    own = np.arange(len(keys))
    after = np.minimum(own + 1, len(keys) - 1)
    line = _slope(keys, values, own, after)
    automatic, fitted = flags & (_CUBIC | _BY_HAND) == _CUBIC, _automatic(keys, values, flags)
    # The slope that arrives at a key is given with the key before it.
    leaving = np.where(automatic, fitted, given[:, 0])
    arriving = np.where(automatic[after], fitted[after], given[:, 1])
    slopes = np.stack([leaving, arriving], axis=1)
    slopes = np.where((flags & _CUBIC != 0)[:, None], slopes, line[:, None])
    held = np.where(flags & _NEXT != 0, values[after], values)
    held = np.where(flags & _CONSTANT != 0, held, np.nan)
    # A long take has millions of keys.
    return slopes.astype(np.float32), held.astype(np.float32)


def _automatic(
    keys: Float[np.ndarray, "n"], values: Float[np.ndarray, "n"], flags: Int[np.ndarray, "n"]
) -> Float[np.ndarray, "n"]:
    """The slopes at keys where nobody gave them, between those of the lines to both neighbours."""
    own = np.arange(len(keys))
    before, after = np.maximum(own - 1, 0), np.minimum(own + 1, len(keys) - 1)
    arriving, leaving = _slope(keys, values, before, own), _slope(keys, values, own, after)
    through = _slope(keys, values, before, after)
    share = (keys - keys[before]) / np.maximum(keys[after] - keys[before], 1 / TICKS)
    mixed = (through + (1 - share) * arriving + share * leaving) / 2
    inner = (own > 0) & (own < len(keys) - 1)
    slopes = np.where(inner & (flags & _EVEN == 0), mixed, through)
    change = np.minimum(np.abs(values - values[before]), np.abs(values[after] - values))
    # At an end the one neighbour counts.
    change = np.where(inner, change, np.abs(values[after] - values[before]))
    slopes = np.where((flags & _FLAT != 0) & (change <= _EQUAL), 0, slopes)
    most = 3 * np.maximum(np.sign(slopes) * np.stack([arriving, leaving]), 0).min(axis=0)
    return np.where(flags & _BOUNDED != 0, np.clip(slopes, -most, most) * inner, slopes)


def _slope(
    keys: Float[np.ndarray, "n"],
    values: Float[np.ndarray, "n"],
    start: Int[np.ndarray, "n"],
    end: Int[np.ndarray, "n"],
) -> Float[np.ndarray, "n"]:
    """The slopes of lines from keys to keys; 0 from a key to itself."""
    gaps = keys[end] - keys[start]
    return (values[end] - values[start]) / np.where(gaps > 0, gaps, 1)


def _array(
    record: Record, fields: Mapping[str, Record], name: str, kinds: str
) -> Shaped[np.ndarray, "n"]:
    if name not in fields:
        raise record.error(f"no {name}")
    return fields[name].array(kinds)
