"""Programs traced for a mesh of some of the test's devices."""

import jax

from motext_jax.runtime.mesh import data_mesh


def traced_for(devices):
    """A mesh, and the context in which programs are traced for it."""
    mesh = data_mesh(jax.devices()[:devices])
    return mesh, jax.sharding.use_abstract_mesh(mesh.abstract_mesh)
