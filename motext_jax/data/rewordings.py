"""Other ways to say a data set's categories, from a table."""

import pathlib
from collections.abc import Sequence

from motext_jax.data.table import read_table
from motext_jax.errors import InputError
from motext_jax.shown import quoted


def read_rewordings(
    path: pathlib.Path, categories: Sequence[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """The rewordings of each category that the table has, in the table's order.

    Args:
      path: a CSV file with the columns `action` and `rewording`, a line for each rewording.
      categories: names that an action may have; None allows any.

    Raises:
      InputError: no such file, no such table, no row, an unknown action or an empty rewording.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; it is a table of action,rewording")
    found: dict[str, list[str]] = {}
    for line, row in read_table(path, ("action", "rewording")):
        action, rewording = row["action"], row["rewording"]
        if categories is not None and action not in categories:
            raise InputError(
                f"{path}, line {line}: {quoted(action)} is none of the data set's "
                f"categories, which are: {', '.join(categories)}"
            )
        if not rewording:
            raise InputError(f"{path}, line {line}: there is no rewording of {quoted(action)}")
        found.setdefault(action, []).append(rewording)
    if not found:
        raise InputError(f"{path}: the table has no row")
    return {action: tuple(dict.fromkeys(texts)) for action, texts in found.items()}
