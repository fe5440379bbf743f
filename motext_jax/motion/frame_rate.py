"""Frame rates that files state: as a number, or as the times of the frames."""

import numpy as np
from jaxtyping import Float, Int

from motext_jax.errors import InputError
from motext_jax.motion.bounds import RATES
from motext_jax.shown import quoted

SLOWEST, FASTEST = RATES
"""Frames a second of any recording: a time lapse, and more than a high-speed camera of bodies."""

NAMES = ("mocap_framerate", "mocap_frame_rate", "framerate", "frame_rate", "fps")
"""The names of a frame rate in array files, of the most particular first."""

# In seconds: what times are counted in, and the rates that tell which it is.
_COUNTED_IN = (1.0, 1e-3, 1e-6, 1e-9)
_USUAL = (1.0, 1000.0)

# Far above nanoseconds since 1970, and their differences are finite.
_LARGEST = 1e30

MOST_LOST = 2
"""The most frames there may be for each that is there, where a recorder lost some."""


def stated_rate(where: str, array: np.ndarray) -> float:
    """The frame rate that an array of one number states.

    Args:
      where: the file and the array's name, for the sentence.
      array: what the file holds.

    Raises:
      InputError: it is no number, or no frame rate.
    """
    value = float(array.ravel()[0]) if array.size == 1 and array.dtype.kind in "iuf" else np.nan
    if not SLOWEST <= value <= FASTEST:
        if array.dtype.kind in "SU":
            found = "a text"
        elif array.size == 1:
            found = quoted(array.ravel().tolist()[0])
        else:
            found = quoted(array.ravel()[:20].tolist())
        raise InputError(
            f"{where} is {found}; expected frames a second, from {SLOWEST:g} to {FASTEST:,.0f}"
        )
    return value


def rate_of_times(
    where: str, times: Float[np.ndarray, "t"]
) -> tuple[float | None, Int[np.ndarray, "t"]]:
    """Frames a second of frames at given times, and the number of each from 0.

    Numbers are left out where a recorder lost frames. Times are seconds, or milliseconds, micro- or
    nanoseconds where they would otherwise be of no usual rate. A rate next to a whole number is
    that number: times are rounded. A single frame has no rate.

    Raises:
      InputError: the times do not rise, are of no rate, or most frames are lost.
    """
    numbers = frame_numbers(where, times)
    if len(times) < 2:
        return None, numbers
    step = float(times[-1] - times[0]) / int(numbers[-1])
    seconds = [step * unit for unit in _COUNTED_IN]
    rates = [1 / one for one in seconds if one > 1 / _LARGEST]
    usual = [rate for rate in rates if _USUAL[0] <= round(rate, 2) <= _USUAL[1]]
    if not usual:
        raise InputError(
            f"{where}: {step:g} from one frame's time to the next; expected seconds, or "
            "milliseconds"
        )
    rate = usual[0]
    return float(round(rate)) if abs(rate - round(rate)) < 5e-4 * rate else rate, numbers


def frame_numbers(where: str, times: Float[np.ndarray, "t"]) -> Int[np.ndarray, "t"]:
    """The number of each frame, from 0, by its time in any unit; lost frames leave numbers out.

    Raises:
      InputError: the times do not rise, or most frames are lost.
    """
    good = np.abs(times) < _LARGEST
    steps = np.diff(np.where(good, times, 0.0))
    good &= np.append(True, steps > 0)
    if not good.all():
        frame = int(np.argmin(good))
        raise InputError(f"{where}: time {times[frame]:g} in frame {frame}; expected rising times")
    if not len(steps):
        return np.zeros(len(times), int)
    skipped = np.maximum(np.round(steps / np.median(steps)), 1)
    if skipped.sum() > MOST_LOST * len(steps):
        frame = int(np.argmax(steps))
        raise InputError(
            f"{where}: time {times[frame]:g} in frame {frame}, then {times[frame + 1]:g}; expected "
            "times that rise evenly"
        )
    return np.append(0, np.cumsum(skipped.astype(int)))
