"""A config's programs, compiled for devices that are not here, and what they will cost there.

    pip install -e '.[aot]'    # or '.[cuda]'
    python benchmarks/compiled.py --config=configs/ctrgcn_transformer.py:babel120 \\
        --topology=tpu:v5e:2x4 --config.train.batch_size=512 --config.model.dtype=bfloat16

Compiles the training step and the embedding of clips on a CPU and reads the compiled text: memory,
collectives, products, bytes moved, a TPU's estimated cycles, a GPU's kernels, and each part of the
model's share. `--json=FILE` keeps all of it, `--text=FOLDER` the programs' text.
"""

import dataclasses
import json
import os
import pathlib
import time
from typing import Any

from absl import flags
from hlo import parts
from hlo.account import Account, Sums, account
from hlo.text import read
from ml_collections import config_flags
from rich.console import Console
from rich.table import Table

from motext_jax import command
from motext_jax.config import Config, validate
from motext_jax.errors import InputError

_CONFIG = config_flags.DEFINE_config_file("config", None, "A file of configs/, with :DATASET.")
_TOPOLOGY = flags.DEFINE_string("topology", "tpu:v5e:2x4", "Devices: PLATFORM:KIND:SHAPE.")
_PROGRAMS = flags.DEFINE_list("programs", ["step", "embedding"], "step, embedding or both.")
flags.register_validator(
    "programs", lambda given: set(given) <= {"step", "embedding"}, "step, embedding or both"
)
_STORED = flags.DEFINE_integer(
    "stored", 48_978, "Clips that the devices hold (BABEL-120's); 0: the host sends them.", 0
)
_JSON = flags.DEFINE_string("json", None, "A file for all numbers.")
_TEXT = flags.DEFINE_string("text", None, "A folder for the programs' text.")

COSTLIEST = 12
"""Instructions that are shown by themselves."""

WIDTH = 140
"""Columns of the tables, also where the output is a file."""

MEMORY = {"v4": 32, "v5e": 16, "v5p": 95, "v6e": 32}
"""GiB of a TPU's chip (cloud.google.com/tpu/docs)."""

BANDWIDTH = {"v4": 1228, "v5e": 819, "v5p": 2765, "v6e": 1638}
"""GB/s between a TPU's chip and its memory, from the same pages."""

# Neither is needed where nothing is run: a TPU's library asks the machine's host for both.
_ENVIRONMENT = {
    "JAX_PLATFORMS": "cpu",
    "JAX_SKIP_CUDA_CONSTRAINTS_CHECK": "1",
    "TPU_SKIP_MDS_QUERY": "1",
    "TPU_WORKER_HOSTNAMES": "localhost",
}


def main() -> None:
    """Compiles the programs that were asked for and prints each one's tables."""
    config = _CONFIG.value
    if not isinstance(config, Config):
        raise InputError("--config is missing; for example --config=configs/ctrgcn_clip.py:babel60")
    validate(config)
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)

    # Not above: JAX reads the environment when it is imported.
    from programs import Programs, mesh_of

    mesh = mesh_of(_TOPOLOGY.value)
    programs = Programs(mesh, config, _STORED.value)
    console = Console(width=WIDTH)
    found = {}
    for name in _PROGRAMS.value:
        result = compiled(getattr(programs, name)(), f"{config.name}.{name}")
        result |= {
            "program": name,
            "model": config.name,
            "dtype": config.model.dtype,
            "topology": _TOPOLOGY.value,
            "devices": mesh.size,
            "batch": config.train.batch_size,
            "parameters": sizes(programs.state.params),
            "device": device(_TOPOLOGY.value),
        }
        if "account" in result:
            logits = config.train.batch_size, programs.embedding_width
            result |= described(result.pop("account"), logits, result["device"])
        found[name] = result
        show(console, result)
    if _JSON.value:
        pathlib.Path(_JSON.value).write_text(json.dumps(found, indent=1))


def compiled(lowered: Any, name: str) -> dict[str, Any]:
    """Compiles a program: seconds, memory, XLA's own counts and the account; or why it refused."""
    import jax

    began = time.perf_counter()
    try:
        program = lowered.compile()
    except jax.errors.JaxRuntimeError as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        return {"seconds": time.perf_counter() - began, "refused": " ".join(lines[:2])}
    seconds = time.perf_counter() - began
    text = program.as_text()
    if _TEXT.value:
        folder = pathlib.Path(_TEXT.value)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.hlo").write_text(text)
    counts = program.cost_analysis() or {}
    return {
        "seconds": seconds,
        "jax": jax.__version__,
        "memory": memory(program.memory_analysis()),
        "xla": {key: counts[key] for key in ("flops", "bytes accessed") if key in counts},
        "account": account(read(text)),
    }


def memory(analysis: Any) -> dict[str, int]:
    """Bytes on one device: arguments, results that are not arguments' memory, temporaries, code."""
    names = {
        "arguments": analysis.argument_size_in_bytes,
        "results": analysis.output_size_in_bytes - analysis.alias_size_in_bytes,
        "temporaries": analysis.temp_size_in_bytes,
        "code": analysis.generated_code_size_in_bytes,
    }
    return names | {"all": sum(names.values())}


def sizes(tree: Any) -> dict[str, int]:
    """How many numbers a tree of arrays holds, and their bytes."""
    import jax

    leaves = jax.tree.leaves(tree)
    count = sum(leaf.size for leaf in leaves)
    return {"count": count, "bytes": sum(leaf.size * leaf.dtype.itemsize for leaf in leaves)}


def device(topology: str) -> dict[str, float]:
    """The memory and the bandwidth of one device, in bytes and bytes a second; 0 if not known."""
    platform, kind, _ = topology.split(":")
    if platform == "tpu":
        return {
            "memory": MEMORY.get(kind, 0) * 2**30,
            "bandwidth": BANDWIDTH.get(kind, 0) * 1e9,
        }
    text = pathlib.Path(__file__).with_name(f"{kind}.txtpb").read_text()
    values = dict(line.split(": ") for line in text.splitlines() if line.count(": ") == 1)
    values = {name.strip(): value.split()[0] for name, value in values.items()}
    return {
        "memory": int(values["device_memory_size"]),
        "bandwidth": float(values["memory_bandwidth"]),
    }


def described(
    found: Account, sides: tuple[int, int], of_device: dict[str, float]
) -> dict[str, Any]:
    """An account as JSON values; `sides` are the batch's clips and an embedding's width."""
    from motext_jax.losses import BLOCK

    logits = found.logits(*sides)
    bandwidth = of_device["bandwidth"]
    return {
        "total": values(found.total),
        "memory_ms": 1e3 * found.total.laid_out / bandwidth if bandwidth else None,
        "collectives": found.collectives,
        "logits": {
            "largest": str(logits[0]) if logits else None,
            "block": BLOCK,
            "above": bool(logits) and logits[0].numbers > BLOCK,
        },
        "parts": [
            {"part": part, "backward": backward, **values(sums)}
            for (part, backward), sums in found.by_part().items()
        ],
        "costliest": [
            {
                "opcode": line.opcode,
                "part": line.part,
                "backward": parts.is_backward(line.scope),
                "scope": line.scope,
                "results": [str(array) for array in line.results],
                **values(line.sums),
            }
            for line in found.costliest(COSTLIEST)
        ],
    }


def values(sums: Sums) -> dict[str, float]:
    """Sums as JSON values."""
    return dataclasses.asdict(sums) | {"padding": sums.padding}


def show(console: Console, result: dict[str, Any]) -> None:
    """Prints a program's tables."""
    title = (
        f"{result['model']}, {result['program']}, {result['dtype']}: {result['batch']} clips on "
        f"{result['devices']} of {result['topology']}"
    )
    table = Table("", "", title=title, title_justify="left", show_header=False)
    for name, value in summary(result).items():
        table.add_row(name, value)
    console.print(table)
    if "total" not in result:
        return
    whole = result["total"]
    share = "cycles" if whole["cycles"] else "laid_out"
    columns = ("share", "MB", "padding", "MB beside", "GFLOP", "instructions", "M cycles")
    table = Table("part", *columns, title="By part of the model", title_justify="left")
    for row in result["parts"]:
        table.add_row(named(row), *cells(row, row[share] / max(whole[share], 1)))
    console.print(table)
    table = Table("instruction", *columns, title="The costliest", title_justify="left")
    for row in result["costliest"]:
        scope = "/".join(row["scope"].strip("/").split("/")[-4:])
        name = f"{named(row)}: {row['opcode']} {', '.join(row['results'])} {scope}"
        table.add_row(name, *cells(row, row[share] / max(whole[share], 1)))
    console.print(table)


def named(row: dict[str, Any]) -> str:
    """A row's part and direction."""
    return row["part"] + (", backward" if row["backward"] else "")


def cells(row: dict[str, Any], share: float) -> tuple[str, ...]:
    """A row's numbers."""
    return (
        f"{share:.1%}",
        f"{row['laid_out'] / 1e6:,.1f}",
        f"{row['padding']:.2f}",
        f"{row['beside'] / 1e6:,.1f}",
        f"{row['flops'] / 1e9:,.2f}",
        f"{row['instructions']:,}",
        f"{row['cycles'] / 1e6:,.2f}" if row["cycles"] else "–",
    )


def summary(result: dict[str, Any]) -> dict[str, str]:
    """The rows of a program's first table."""
    lines = {
        "compiled in": f"{result['seconds']:.0f} s",
        "parameters": f"{result['parameters']['count']:,}, "
        f"{result['parameters']['bytes'] / 1e6:,.1f} MB",
    }
    if "refused" in result:
        return lines | {"refused": result["refused"]}
    held, whole, xla = result["memory"], result["total"], result["xla"]
    of = result["device"]["memory"]
    part = f", {held['all'] / of:.1%} of a device's {of / 2**30:.0f} GiB" if of else ""
    listed = ", ".join(f"{name} {held[name] / 1e6:,.1f}" for name in held if name != "all")
    lines["memory, MB"] = f"{listed}: {held['all'] / 1e6:,.1f}{part}"
    lines["products"] = f"{whole['flops'] / 1e9:,.2f} GFLOP"
    lines["bytes moved"] = (
        f"{whole['laid_out'] / 1e9:,.3f} GB, {whole['bytes'] / 1e9:,.3f} GB of it numbers: "
        f"padding {whole['padding']:.2f}"
    )
    if result["memory_ms"] is not None:
        lines["bytes moved"] += f"; {result['memory_ms']:.2f} ms of the memory's time"
    if whole["beside"]:
        lines["beside the cores"] = f"{whole['beside'] / 1e9:,.3f} GB in faster memory"
    if whole["cycles"]:
        lines["estimated cycles"] = (
            f"{whole['cycles'] / 1e6:,.2f} M; {whole['without_cycles'] / 1e6:,.1f} MB are moved by "
            "instructions without an estimate"
        )
    lines["instructions" if whole["cycles"] else "kernels"] = f"{whole['instructions']:,}"
    if xla:
        lines["as XLA counts"] = (
            f"{xla.get('flops', 0) / 1e9:,.2f} GFLOP, "
            f"{xla.get('bytes accessed', 0) / 1e9:,.3f} GB accessed"
        )
    collectives = [
        f"{count} x {name}" if count > 1 else name for name, count in result["collectives"].items()
    ]
    lines["collectives"] = "\n".join(collectives) or "none"
    logits = result["logits"]
    if logits["largest"]:
        place = "ABOVE" if logits["above"] else "within"
        lines["largest logits"] = f"{logits['largest']}, {place} a block of {logits['block']:,}"
    return lines


if __name__ == "__main__":
    command.run(main, huge_pages=False)
