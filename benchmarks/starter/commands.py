"""The package's commands, as the benchmarks run them."""

import subprocess
import sys


def command(name: str, *flags: str) -> None:
    """Runs a command of the package; its output goes to stderr."""
    subprocess.run(
        [sys.executable, "-m", f"motext_jax.{name}", *flags], check=True, stdout=sys.stderr
    )
