"""The modules that a start imports: a folder without changes is told of before JAX is there."""

import subprocess
import sys

import arm_raisers

from motext_jax.library.index import index

LARGE = ("jax", "flax", "orbax", "optax", "transformers", "grain", "tensorflow", "matplotlib")


def imported(program, *arguments):
    """The large packages that a program imports, and what it prints before."""
    program += f"\nimport sys; print([name for name in {LARGE} if name in sys.modules])"
    command = [sys.executable, "-c", program, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_a_folder_without_changes_is_indexed_without_jax(tmp_path):
    folder, library = tmp_path / "takes", tmp_path / "library"
    arm_raisers.write(folder / "a.npz", ("left", 2))
    arm_raisers.write(folder / "b.npz", ("right", 2))
    index(folder, library, arm_raisers.ArmModel())
    (folder / "b.npz").rename(folder / "c.npz")
    program = (
        "import sys\nfrom motext_jax.library.kept import bring_up_to_date\n"
        "found = bring_up_to_date(sys.argv[1], sys.argv[2])\n"
        "print(found.same, found.followed, found.new, found.gone)"
    )
    *_, counts, large = imported(program, folder, library)
    assert (counts, large) == ("1 1 0 1", "[]")


def test_the_starter_is_read_without_what_runs_are_trained_with():
    program = "from motext_jax.trained.model import load\nprint(load('starter').name)"
    assert imported(program)[-1] == "['jax', 'flax']"
