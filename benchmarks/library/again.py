"""Times the indexing of what has changed: python benchmarks/library/again.py [FILES]

A folder of small BVH files is indexed; then the same command runs with nothing changed, with one
file changed, and with all files in a renamed folder. Printed are seconds of the whole command, from
the shell's view, the least of three.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

import small_files

ROUNDS = 3


def main(files: int, root: pathlib.Path) -> None:
    """Prints a row for each."""
    folder, library = root / "takes", root / "library"
    for number in range(files):
        small_files.write(folder / "day 1" / f"{number:05d}.bvh", number)
    print(f"{'all':12}{index(folder, library):6.2f} s of {files:,} files", flush=True)
    # The one file alone, with all that starts and compiles.
    small_files.write(root / "one" / "alone.bvh", 0)
    index(root / "one", root / "small")
    times: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        times.setdefault("none", []).append(index(folder, library))
        small_files.write(root / "one" / "alone.bvh", files + number)
        times.setdefault("one of one", []).append(index(root / "one", root / "small"))
        small_files.write(folder / f"day {number + 1}" / "00000.bvh", files + number)
        times.setdefault("one", []).append(index(folder, library))
        (folder / f"day {number + 1}").rename(folder / f"day {number + 2}")
        times.setdefault("renamed", []).append(index(folder, library))
    for name, seconds in times.items():
        print(f"{name:12}{min(seconds):6.2f} s")


def index(folder: pathlib.Path, library: pathlib.Path) -> float:
    """Seconds of the command."""
    began = time.monotonic()
    command = [sys.executable, "-m", "motext_jax.index", str(folder), f"--library={library}"]
    subprocess.run([*command, "--model=starter"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, pathlib.Path(place))
