"""The package's rooms and the way data goes: a lower room never imports a higher one."""

import ast
import pathlib
import subprocess
import sys

import motext_jax

PACKAGE = pathlib.Path(motext_jax.__file__).parent

# From the ground up; rooms of one floor do not import each other.
FLOORS = (
    {"counted", "nearest_name", "shown", "whole_file", "terminal", "waiting"},
    {"errors"},
    {"skeleton", "losses", "runtime", "input_file", "given_flags", "outputs"},
    {"motion", "text"},
    {"config", "pictures"},
    {"data", "models"},
    {"trained", "configs"},
    {"training"},
    {"evaluation", "library"},
    {"reproduction", "command", "model_flags", "library_flags", "help_page", "web"},
    {"train", "eval", "search", "prepare", "reproduce", "export", "index", "serve"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def imports(path):
    """The modules of the package that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "motext_jax":
            yield from (f"motext_jax.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("motext_jax."):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("motext_jax."))


def test_every_room_has_a_floor():
    rooms = {
        path.stem for path in PACKAGE.iterdir() if not path.name.startswith(("_", "py.", "starter"))
    }
    assert rooms == FLOOR.keys()


def test_no_room_imports_one_of_its_floor_or_above():
    upward = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path in PACKAGE.rglob("*.py")
        for module in imports(path)
        for own in [path.relative_to(PACKAGE).parts[0].removesuffix(".py")]
        for room in [module.split(".")[1]]
        if own in FLOOR and room in FLOOR and room != own and FLOOR[room] >= FLOOR[own]
    ]
    assert not upward


def test_neither_the_trained_model_nor_the_loop_knows_babel():
    for room in ("trained", "training", "library"):
        for path in (PACKAGE / room).rglob("*.py"):
            assert not [module for module in imports(path) if "babel" in module], path


def test_a_trained_model_is_imported_without_data_and_training():
    program = (
        "import sys, motext_jax; motext_jax.load;"
        "print([m for m in sys.modules if m.startswith(('motext_jax.data', 'motext_jax.train'))])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = [name for name in ast.literal_eval(found.stdout) if "trained" not in name]
    assert loaded == [], found.stderr
