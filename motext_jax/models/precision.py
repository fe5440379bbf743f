"""The dtype of parameters beside activations of fewer digits."""

import jax.numpy as jnp
import numpy as np


def param_dtype(dtype: jnp.dtype) -> np.dtype:
    """The dtype of parameters and statistics beside activations of a dtype.

    In bfloat16, whose numbers are 2^-7 apart, small steps of a parameter would be lost. In float64
    everything is float64.
    """
    return np.promote_types(dtype, np.float32)
