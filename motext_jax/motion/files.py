"""Motion capture files of every format that is read, by their endings."""

import os
import pathlib

from motext_jax.errors import InputError
from motext_jax.motion import amass, asf_amc, bvh
from motext_jax.motion.motion import Motion
from motext_jax.shown import quoted

FORMATS = (".bvh", ".amc", ".npz")
"""BVH; Acclaim's, with its .asf beside it; AMASS."""


def read_motion(
    path: str | os.PathLike,
    metres_per_unit: float | None = None,
    body_models: str | os.PathLike | None = None,
) -> Motion:
    """Reads a motion capture file as joint positions in metres, y up.

    AMASS comes on smpl22, every other format on the file's own skeleton.

    Args:
      path: the file; its ending tells the format.
      metres_per_unit: the unit of a BVH or ASF/AMC file, where it is known.
      body_models: SMPL+H's models for an AMASS file; see `amass.body_model`.

    Raises:
      InputError: the path is a folder, the format is none of `FORMATS`, or the file is missing or
        damaged.
    """
    if pathlib.Path(path).is_dir():
        raise InputError(f"{path}: a folder; expected a file, one of {', '.join(FORMATS)}")
    match pathlib.Path(path).suffix.lower():
        case ".bvh":
            return bvh.read_motion(path, metres_per_unit)
        case ".amc":
            return asf_amc.read_motion(path, metres_per_unit=metres_per_unit)
        case ".npz":
            return amass.read_motion(path, body_models)
        case suffix:
            raise InputError(
                f"{path}: a {quoted(suffix)} file; expected one of {', '.join(FORMATS)}"
            )
