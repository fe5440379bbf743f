"""CSV tables as people write them: with a byte-order mark, spaces, short rows."""

import csv
import pathlib
from collections.abc import Iterable, Sequence

from motext_jax.errors import InputError
from motext_jax.nearest_name import nearest_name
from motext_jax.shown import quoted, shown


def read_table(
    path: pathlib.Path,
    columns: Sequence[str],
    left_out: list[InputError] | None = None,
    *,
    optional: Sequence[str] = (),
) -> list[tuple[int, dict[str, str]]]:
    """The rows with their line numbers; a field that is not there is empty.

    Args:
      path: the table.
      columns: columns that it must have.
      left_out: takes an error for each row of too many fields; None raises the first.
      optional: columns that it may have besides; all others are ignored.

    Raises:
      InputError: the file is not UTF-8 or no table, a column is missing, an optional one is
        misspelt, or a quote is not closed.

    A line break in a text is a space.
    """
    line = 1
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file, restval="", strict=True)
            header = [name.strip() for name in table.fieldnames or ()]
            missing = [column for column in columns if column not in header]
            if missing:
                semicolons = len(header) == 1 and ";" in header[0]
                raise InputError(
                    f"{path}: there is no column {quoted(missing[0])}; the header has: "
                    f"{shown(', '.join(header)) or 'nothing'}; expected: {', '.join(columns)}"
                    + ("; save it with commas instead of semicolons" if semicolons else "")
                )
            absent = [column for column in optional if column not in header]
            for name in set(header) - {*columns, *optional}:
                if near := nearest_name(name, absent, cutoff=0.75):
                    raise InputError(
                        f"{path}: there is a column {quoted(name)}; did you mean {near}?"
                    )
            table.fieldnames = header
            rows = []
            for row in table:
                first, line = line + 1, table.line_num
                if None in row:
                    found = len(header) + len(row[None])
                    error = InputError(
                        f"{path}, line {first}: {found} fields, but the header has "
                        f"{len(header)}; quote a text that contains commas"
                    )
                    if left_out is None:
                        raise error
                    left_out.append(error)
                    continue
                if any(_holds_rows(field, len(header)) for field in row.values()):
                    raise InputError(
                        f"{path}, line {first}: a text goes on over lines that look like rows, up "
                        f"to line {line}; close its quote"
                    )
                rows.append((first, {name: " ".join(row[name].split()) for name in header}))
            return rows
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text ({error.reason}); save it as UTF-8") from None
    except csv.Error as error:
        raise InputError(
            f"{path}, line {line + 1} or after it: not a CSV table ({error}); is a quote open?"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None


def one_spelling(names: Iterable[str]) -> dict[str, str]:
    """Each name with the first of those that differ from it by capitals alone.

    A text tower reads small letters: `walk` and `Walk` are one action.
    """
    first: dict[str, str] = {}
    return {name: first.setdefault(name.casefold(), name) for name in names}


def _holds_rows(field: str, columns: int) -> bool:
    """True for a text that has swallowed rows, up to the next quote."""
    return columns > 1 and any(later.count(",") >= columns - 1 for later in field.splitlines()[1:])
