"""The columns of every table, and how tables are checked, read and written."""

import csv
import io
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.decoding import read_encoded
from analysis.errors import InputError, name_file

COLUMNS: dict[str, tuple[str, ...]] = {
    "repairs": ("doc_id", "rule", "raw_start", "raw_end", "clean_start", "clean_end", "before", "after"),
    "units": ("doc_id", "unit_id", "kind", "section", "paragraph", "start", "end", "text", "raw_start", "raw_end"),
    "organisations": ("doc_id", "unit_id", "start", "end", "text", "name", "actor", "level", "place", "section"),
    "quantities": ("doc_id", "unit_id", "start", "end", "text", "value", "unit", "qualifier"),
    "mentions": ("doc_id", "unit_id", "kind", "code", "start", "end", "text", "pattern"),
    "invocations": ("doc_id", "unit_id", "start", "end", "text", "kind", "name", "level", "relation"),
    "statements": (
        "statement_id", "doc_id", "unit_id", "actor", "measure", "stance", "basis", "organisation", "sector",
        "start", "end", "raw_start", "raw_end", "evidence", "coder",
    ),
}  # fmt: skip
STANCES = ("require", "encourage", "prohibit", "report")


def make_table(rows: list[tuple[object, ...]], name: str) -> pd.DataFrame:
    """Return a table of the named kind; it has its columns even when it has no row."""
    return pd.DataFrame(rows, columns=list(COLUMNS[name]))


def iterate_rows(table: pd.DataFrame) -> Iterator[Any]:
    """Yield each row as a named tuple; its values have the types of their columns, which no checker can know."""
    return table.itertuples()


def check_table(table: pd.DataFrame, name: str) -> None:
    """Raise `InputError` unless the table has the columns of its kind."""
    missing = [column for column in COLUMNS[name] if column not in table.columns]
    if missing:
        raise InputError([f"table {name}: no column {', '.join(missing)}; it needs {', '.join(COLUMNS[name])}"])


def read_text(path: Path) -> str:
    """Read a text file in any encoding of `decode_text`; raise `InputError` where that cannot be done."""
    return read_encoded(path)[0]


def read_rows(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read a table as spreadsheet programs save it: any encoding of `decode_text`; comma, semicolon or tab.

    One row is a row that is not blank, its index the number in the file (the header is row 1). All values are text,
    without the white space around them.

    Raises
    ------
    InputError
        If the file cannot be read, lacks one of `columns`, has one twice, or has rows that are longer than its header.
    """
    text = read_text(path)
    name, head = name_file(path), text.partition("\n")[0]
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True))
    except csv.Error as error:
        raise InputError([f"{name}: the file is no CSV ({error}); check its quotation marks"]) from None
    header, *rows = [[value.strip() for value in line] for line in lines]
    if missing := [column for column in columns if column not in header]:
        mend = f"it needs {', '.join(columns)}, separated by comma, semicolon or tab"
        raise InputError([f"{name}, row 1: no column {', '.join(missing)}; {mend}"])
    doubled = [column for column, count in Counter(header).items() if column and count > 1]
    problems = [f"{name}, row 1: column {column} stands there twice; keep one" for column in doubled]
    problems += [
        f"{name}, row {number}: {len(row)} fields, not {len(header)}; put text with a comma between quotation marks"
        for number, row in enumerate(rows, 2)
        if len(row) > len(header)
    ]
    if problems:
        raise InputError(problems)
    full = {number: row + [""] * (len(header) - len(row)) for number, row in enumerate(rows, 2) if any(row)}
    return pd.DataFrame.from_dict(full, orient="index", columns=header)[list(columns)]


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, then rename it, so that nothing is ever half-written.

    Raises
    ------
    InputError
        Naming the file, if it cannot be written there.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        os.replace(beside, path)
    except OSError as error:
        raise InputError([f"{path}: cannot be written ({error.strerror}); give another name"]) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with LF line ends, atomically."""
    write_atomically(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV (UTF-8, LF, no index), atomically."""
    write_text(path, table.to_csv(index=False, lineterminator="\n"))
