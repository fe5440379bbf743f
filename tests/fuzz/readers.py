"""Reads broken files of every format: each must be read, or refused in a sentence.

python tests/fuzz/readers.py --inputs=1000000                   all formats, as many inputs of each
python tests/fuzz/readers.py --format=bvh --seconds=300         one, for five minutes
python tests/fuzz/readers.py --format=bvh --input=123           one input: its files and its error

Every input is a valid sample with mutations, told by its format, its number and the seed. Workers
read them with a limit of memory and of time. What is neither read nor refused is listed: another
exception or warning, NaN or infinity or half a character in the result, more than two seconds,
more than 500 MB. The status is 1 if there is any. With --state=FILE a run goes on where it stopped.
"""

import argparse
import contextlib
import dataclasses
import functools
import itertools
import json
import logging
import multiprocessing
import multiprocessing.connection
import os
import pathlib
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"}
TESTS = pathlib.Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS.parent):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

import numpy as np  # noqa: E402
from fuzz import mutations, samples  # noqa: E402

from motext_jax.errors import InputError  # noqa: E402

SECONDS = 2.0
"""The most of the processor's time for an input, so that a busy machine finds nothing."""
MEMORY = 500 << 20
STUCK_SECONDS = 60.0
"""Time after which a worker is killed: it waits, or is in code that hears no alarm."""
MOST_DEATHS = 100
CHUNK = 200
SHOWN = 40

MUTATIONS: Mapping[str, mutations.Mutation] = {
    **dict.fromkeys((".bvh", ".amc", ".asf", ".csv", ".txt", ".skeleton"), mutations.text),
    **dict.fromkeys((".json", ".gltf"), mutations.tree),
    **dict.fromkeys((".glb", ".vrm"), mutations.glb),
    ".npz": mutations.archive,
    ".npy": mutations.array,
    ".pkl": mutations.pickled,
}
"""By ending; all others are bytes."""


class TooLongError(BaseException):
    """Raised by the alarm; no Exception, for readers turn those into sentences."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """An input that is neither read nor refused: what it is, after a colon what it says."""

    format: str
    number: int
    what: str


def inputs(name: str, number: int, seed: int) -> dict[str, bytes]:
    """The files of an input, one or more of them broken."""
    rng = random.Random(f"{seed}/{name}/{number}")
    files = dict(rng.choice(_samples(name)))
    changeable = [file for file in files if not file.endswith(samples.SOUND)]
    for file in {rng.choice(changeable), rng.choice(changeable)}:
        mutate = MUTATIONS.get(pathlib.PurePath(file).suffix, mutations.binary)
        files[file] = mutate(files[file], rng)
    return files


@functools.cache
def _samples(name: str) -> list[dict[str, bytes]]:
    return samples.FORMATS[name].samples()


class Folder:
    """A folder for one input after the other; only what differs is written."""

    def __init__(self, path: pathlib.Path):
        self.path, self._held = path, dict[str, bytes]()

    def write(self, files: Mapping[str, bytes]) -> None:
        """Makes the folder hold just these files."""
        for name in self._held.keys() - files.keys():
            (self.path / name).unlink()
            del self._held[name]
        for name, content in files.items():
            if self._held.get(name) is not content:
                place = self.path / name
                if name not in self._held:
                    place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
                self._held[name] = content


def outcome(name: str, folder: Folder, files: Mapping[str, bytes]) -> str:
    """`read`, `refused`, or what is wrong."""
    folder.write(files)
    began = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            found = "read"
            for value in samples.FORMATS[name].read(folder.path):
                found = next(iter(unsound(value)), found)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except InputError as error:
        found = _refusal(error)
    except TooLongError as error:
        found = f"time {_place(error)}"
    except MemoryError as error:
        found = f"memory {_place(error)}"
    except Exception as error:
        found = f"{type(error).__name__} {_place(error)}: {str(error)[:100]!r}"
    if time.process_time() - began > SECONDS and found in ("read", "refused"):
        return f"time: {time.process_time() - began:.1f} s, though the alarm was not heard"
    return found


def _refusal(error: InputError) -> str:
    """`refused`, unless the memory was too small or the sentence is none."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            return f"memory {_place(cause)}"
        cause = cause.__cause__ or cause.__context__
    sentence = str(error)
    if len(sentence) > 1000 or any(unicodedata.category(letter) == "Cc" for letter in sentence):
        return f"sentence: {sentence[:100]!r}"
    return "refused"


def unsound(value: Any) -> Iterator[str]:
    """The faults that no result may have: numbers that are none, halves of characters."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        if not np.isfinite(value).all():
            yield "NaN or infinity"
    elif isinstance(value, float) and not abs(value) < 1e15:
        yield f"a number: {value}"
    elif isinstance(value, str):
        if value.encode("utf-8", "replace").decode() != value:
            yield "a text that is no Unicode"
    elif isinstance(value, Mapping):
        yield from itertools.chain.from_iterable(map(unsound, (*value, *value.values())))
    elif isinstance(value, list | tuple):
        yield from itertools.chain.from_iterable(map(unsound, value))
    elif dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        yield from itertools.chain.from_iterable(unsound(getattr(value, f.name)) for f in fields)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "motext_jax" in pathlib.Path(frame.filename).parts]
    frame = (own or frames)[-1]
    return f"({pathlib.Path(frame.filename).name}:{frame.lineno})"


@contextlib.contextmanager
def limited(memory: int = MEMORY) -> Iterator[None]:
    """The alarm, warnings as errors, and a limit of memory above what is taken now; 0 for none."""

    def raise_too_long(*_: Any) -> None:
        raise TooLongError

    before = resource.getrlimit(resource.RLIMIT_AS)
    handler = signal.signal(signal.SIGPROF, raise_too_long)
    if memory:
        taken = (
            int(pathlib.Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        )
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, before[1]))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
        signal.signal(signal.SIGPROF, handler)


def read_all(name: str, numbers: range, seed: int, folder: Folder) -> tuple[int, list[Finding]]:
    """The number of inputs that are read, and what is found, in this process."""
    read, found = 0, []
    with limited(memory=0):
        for number in numbers:
            what = outcome(name, folder, inputs(name, number, seed))
            read += what == "read"
            if what not in ("read", "refused"):
                found.append(Finding(name, number, what))
    return read, found


def _work(pipe: Any, counts: Any, names: list[str], seed: int, root: pathlib.Path) -> None:
    """A worker: reads the chunks that come through the pipe.

    `counts` holds the number of the input, and how many were read and refused in this chunk.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable()
    folders: dict[str, Folder] = {}
    for name in names:
        folders[name] = Folder(root / name)
        folders[name].path.mkdir(parents=True)
        # Whatever is imported and kept at first is not of an input.
        with contextlib.suppress(InputError):
            outcome(name, folders[name], _samples(name)[0])
    with limited():
        while (chunk := pipe.recv()) is not None:
            name, start, stop = chunk
            for number in range(start, stop):
                counts[0] = number
                what = outcome(name, folders[name], inputs(name, number, seed))
                counts[1] += what == "read"
                counts[2] += what == "refused"
                if what not in ("read", "refused"):
                    pipe.send(Finding(name, number, what))
            pipe.send(None)


class Worker:
    """A process that reads, and is begun anew when it dies or does not come back."""

    def __init__(self, names: list[str], seed: int):
        self._names, self._seed, self._deaths = names, seed, 0
        self.chunk: tuple[str, int, int] | None = None
        self._begin()

    def _begin(self) -> None:
        memory = pathlib.Path("/dev/shm")
        place = memory if memory.is_dir() else None
        self._root = pathlib.Path(tempfile.mkdtemp(prefix="fuzz-readers-", dir=place))
        context = multiprocessing.get_context("spawn")
        self.counts = context.Array("q", [-1, 0, 0], lock=False)
        self.pipe, other = context.Pipe()
        arguments = (other, self.counts, self._names, self._seed, self._root)
        self._process = context.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        other.close()
        self._last, self._since = -1, time.monotonic() + 60

    def give(self, chunk: tuple[str, int, int]) -> None:
        """Hands over a chunk."""
        self.chunk = chunk
        self.counts[:] = [chunk[1], 0, 0]
        self._last, self._since = chunk[1], max(time.monotonic(), self._since)
        self.pipe.send(chunk)

    def died(self) -> str:
        """How the process ended; empty while it lives and gets on."""
        if not self._process.is_alive():
            return f"died: exit code {self._process.exitcode}"
        if self.counts[0] != self._last:
            self._last, self._since = self.counts[0], time.monotonic()
        return "stuck: killed" if time.monotonic() - self._since > STUCK_SECONDS else ""

    def again(self) -> None:
        """Begins anew, with what is left of the chunk after the input that was the end."""
        assert self.chunk is not None
        name, _, stop = self.chunk
        number, read, refused = self.counts
        self._deaths += 1
        self.end()
        if self._deaths > MOST_DEATHS:
            raise SystemExit(f"{self._deaths} workers died")
        self._begin()
        self.give((name, number + 1, stop))
        self.counts[1:] = [read, refused]

    def end(self) -> None:
        """Ends the process and removes its folder."""
        self._process.kill()
        self._process.join()
        shutil.rmtree(self._root, ignore_errors=True)


@dataclasses.dataclass
class State:
    """How far a run has come."""

    seed: int
    done: dict[str, int]
    read: dict[str, int]
    refused: dict[str, int]
    findings: list[Finding]

    @classmethod
    def opened(cls, path: pathlib.Path | None, seed: int) -> "State":
        """The state of a file, or a new one."""
        state = cls(seed, {}, {}, {}, [])
        if path is not None and path.is_file():
            held = json.loads(path.read_text())
            state = cls(**held | {"findings": [Finding(**one) for one in held["findings"]]})
            if state.seed != seed:
                raise SystemExit(f"{path}: of the seed {state.seed}; give --seed={state.seed}")
        return state

    def save(self, path: pathlib.Path | None) -> None:
        """Writes it whole or not at all."""
        if path is not None:
            place = path.with_name(f"partial-{path.name}")
            place.write_text(json.dumps(dataclasses.asdict(self)))
            place.replace(path)

    def add(self, name: str, chunk: tuple[int, int, list[Finding]], count: int) -> None:
        """Counts a chunk of `count` inputs."""
        read, refused, findings = chunk
        self.done[name] = self.done.get(name, 0) + count
        self.read[name] = self.read.get(name, 0) + read
        self.refused[name] = self.refused.get(name, 0) + refused
        self.findings += findings


def run(names: list[str], options: argparse.Namespace) -> State:
    """Reads inputs until there are enough of each format, or the time is over."""
    state = State.opened(options.state, options.seed)
    enough = -(-options.inputs // len(names))
    until = time.monotonic() + options.seconds
    chunks = _chunks(names, state.done, enough)
    workers = [Worker(names, options.seed) for _ in range(options.processes)]
    found: dict[Worker, list[Finding]] = {worker: [] for worker in workers}
    # Chunks count in their order, so that those before a stop are all done.
    order: dict[str, list[int]] = {name: [] for name in names}
    finished: dict[tuple[str, int], tuple[int, int, list[Finding], int]] = {}
    begins: dict[Worker, int] = {}
    said = began = time.monotonic()
    try:
        while True:
            for worker in workers:
                over = time.monotonic() > until
                if worker.chunk is None and not over and (chunk := next(chunks, None)) is not None:
                    order[chunk[0]].append(chunk[1])
                    begins[worker] = chunk[1]
                    worker.give(chunk)
            busy = {worker.pipe: worker for worker in workers if worker.chunk is not None}
            if not busy:
                break
            for pipe in multiprocessing.connection.wait(list(busy), timeout=1):
                worker = busy[pipe]  # type: ignore[index]
                with contextlib.suppress(EOFError, ConnectionResetError):
                    message = worker.pipe.recv()
                    if message is not None:
                        found[worker].append(message)
                        print(f"\n{message.format} {message.number}: {message.what}", flush=True)
                        continue
                    assert worker.chunk is not None
                    name, _, stop = worker.chunk
                    start = begins[worker]
                    result = (worker.counts[1], worker.counts[2], found[worker], stop - start)
                    finished[name, start] = result
                    found[worker], worker.chunk = [], None
                    while order[name] and (name, order[name][0]) in finished:
                        *counted, count = finished.pop((name, order[name].pop(0)))
                        state.add(name, tuple(counted), count)  # type: ignore[arg-type]
            for worker in workers:
                if worker.chunk is not None and (how := worker.died()):
                    found[worker].append(Finding(worker.chunk[0], worker.counts[0], how))
                    print(f"\n{found[worker][-1]}", flush=True)
                    worker.again()
            if time.monotonic() - said > 2:
                said = time.monotonic()
                state.save(options.state)
                print(f"\r{_progress(state, said - began)}", end="", flush=True)
    except KeyboardInterrupt:
        print("\nstopped")
    finally:
        for worker in workers:
            worker.end()
        state.save(options.state)
    return state


def _chunks(
    names: list[str], done: Mapping[str, int], enough: int
) -> Iterator[tuple[str, int, int]]:
    """Chunks of every format in turn."""
    starts = {name: done.get(name, 0) for name in names}
    while any(start < enough for start in starts.values()):
        for name, start in starts.items():
            if start < enough:
                starts[name] = min(start + CHUNK, enough)
                yield name, start, starts[name]


def _progress(state: State, seconds: float) -> str:
    done = sum(state.done.values())
    return f"{done:,} inputs in {seconds:.0f} s, {len(state.findings)} found"


def report(state: State) -> None:
    """Prints the counts, and findings of every kind by their numbers."""
    print(f"\n{'format':<12}{'inputs':>10}{'read':>10}{'refused':>10}{'found':>8}")
    for name, count in state.done.items():
        found = sum(one.format == name for one in state.findings)
        print(f"{name:<12}{count:>10,}{state.read[name]:>10,}{state.refused[name]:>10,}{found:>8,}")
    kinds: dict[tuple[str, str], list[int]] = {}
    for one in state.findings:
        kinds.setdefault((one.format, one.what.partition(": ")[0]), []).append(one.number)
    for (name, what), numbers in itertools.islice(kinds.items(), SHOWN):
        print(f"{name}: {what}: {len(numbers)}, as --input={numbers[0]}")
    if len(kinds) > SHOWN:
        print(f"and {len(kinds) - SHOWN} kinds more")


def show(name: str, number: int, seed: int) -> None:
    """Writes the files of an input and reads them, without limits."""
    folder = Folder(pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-{number}-")))
    folder.write(inputs(name, number, seed))
    print(*sorted(str(path) for path in folder.path.rglob("*") if path.is_file()), sep="\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            for value in samples.FORMATS[name].read(folder.path):
                print(*list(unsound(value)) or [f"read: {type(value).__name__}"], sep="\n")
        except InputError as error:
            print(f"refused: {error}")


def main() -> int:
    """Reads broken files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=1_000_000, help="of all formats together")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--format", action="append", choices=tuple(samples.FORMATS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--state", type=pathlib.Path)
    parser.add_argument("--input", type=int, help="the number of one input, with its --format")
    options = parser.parse_args()
    names = options.format or list(samples.FORMATS)
    if options.input is not None:
        show(names[0], options.input, options.seed)
        return 0
    for ending in samples.without_sample():
        print(f"{ending}: is read, and no format of tests/fuzz/samples.py has a sample of it")
    state = run(names, options)
    report(state)
    return int(bool(state.findings))


if __name__ == "__main__":
    sys.exit(main())
