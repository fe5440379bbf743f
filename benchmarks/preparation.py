"""Time and memory of preparing ten hours of AMASS with BABEL's annotations, on random motion.

    python benchmarks/preparation.py [HOURS] [PROCESSES]

Writes 60 fps files of five minutes to a temporary folder (2.7 GB for ten hours), and prepares them
as 21 joints at 30 fps. The memory is that of all processes together: the largest sum of their
proportional set sizes, taken every half second.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np

SECONDS = 300
FPS = 60.0
SEGMENT = 10.0


def write_files(root: pathlib.Path, hours: float) -> int:
    """AMASS files and BABEL's train.json; the number of files."""
    rng = np.random.default_rng(0)
    frames, count = int(SECONDS * FPS), round(hours * 3600 / SECONDS)
    poses = np.cumsum(rng.normal(0, 0.01, (frames, 156)), axis=0)
    (root / "amass" / "ACCAD" / "s").mkdir(parents=True)
    sequences = {}
    for number in range(count):
        np.savez(
            root / f"amass/ACCAD/s/{number}_poses.npz",
            poses=poses + number * 0.01,
            trans=np.zeros((frames, 3)),
            betas=np.zeros(16),
            gender=np.array("male"),
            mocap_framerate=np.array(FPS),
        )
        labels = [
            {
                "raw_label": "walk",
                "proc_label": "walk",
                "seg_id": f"{number}-{k}",
                "act_cat": ["walk"],
                "start_t": k * SEGMENT,
                "end_t": (k + 1) * SEGMENT,
            }
            for k in range(int(SECONDS / SEGMENT))
        ]
        sequences[str(number)] = {
            "feat_p": f"ACCAD/ACCAD/s/{number}_poses.npz",
            "dur": float(SECONDS),
            "seq_ann": {"labels": []},
            "frame_ann": {"labels": labels},
        }
    (root / "train.json").write_text(json.dumps(sequences))
    return count


def memory_of(pid: int) -> int:
    """Bytes of a process and its descendants, shared pages counted once."""
    children = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    try:
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        below = [int(child) for path in children for child in path.read_text().split()]
    except (OSError, StopIteration):
        return 0
    return own * 1024 + sum(map(memory_of, below))


def main(hours: float, processes: int) -> None:
    """Prints the files, the seconds and the largest memory."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        count = write_files(root, hours)
        arguments = ["babel60_amass", f"--data.root={root / 'amass'}", f"--data.annotations={root}"]
        arguments += ["--splits=train", f"--out={root / 'out'}", f"--processes={processes}"]
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "motext_jax.prepare", *arguments])
        largest = 0

        def watch() -> None:
            nonlocal largest
            while process.poll() is None:
                largest = max(largest, memory_of(process.pid))
                time.sleep(0.5)

        watcher = threading.Thread(target=watch)
        watcher.start()
        watcher.join()
        seconds = time.monotonic() - began
        written = sum(path.stat().st_size for path in (root / "out").rglob("*") if path.is_file())
        print(
            f"{count} files, {hours:g} hours, {processes} processes: {seconds:.0f} s, "
            f"at most {largest / 2**20:,.0f} MiB of memory, {written / 2**20:,.0f} MiB written"
        )


if __name__ == "__main__":
    hours, processes = [*sys.argv[1:], *("10", "4")[len(sys.argv) - 1 :]]
    main(float(hours), int(processes))
