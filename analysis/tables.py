"""The columns of every table, and how tables are checked, read and written."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.errors import InputError

COLUMNS: dict[str, tuple[str, ...]] = {
    "repairs": ("doc_id", "rule", "raw_start", "raw_end", "clean_start", "clean_end", "before", "after"),
    "units": ("doc_id", "unit_id", "kind", "section", "paragraph", "start", "end", "text", "raw_start", "raw_end"),
    "organisations": ("doc_id", "unit_id", "start", "end", "text", "name", "actor", "level", "place", "section"),
    "quantities": ("doc_id", "unit_id", "start", "end", "text", "value", "unit", "qualifier"),
    "mentions": ("doc_id", "unit_id", "kind", "code", "start", "end", "text", "pattern"),
    "statements": (
        "statement_id", "doc_id", "unit_id", "actor", "measure", "stance", "basis", "organisation", "sector",
        "start", "end", "raw_start", "raw_end", "evidence", "coder",
    ),
}  # fmt: skip
STANCES = ("require", "encourage", "prohibit", "report")
BASES = ("explicit", "carried", "heading", "addressee")


def make_table(rows: list[tuple[object, ...]], name: str) -> pd.DataFrame:
    """Return a table of the named kind; it has its columns even when it has no row."""
    return pd.DataFrame(rows, columns=list(COLUMNS[name]))


def check_table(table: pd.DataFrame, name: str) -> None:
    """Raise `InputError` unless the table has the columns of its kind."""
    missing = [column for column in COLUMNS[name] if column not in table.columns]
    if missing:
        raise InputError([f"table {name}: no column {', '.join(missing)}; it needs {', '.join(COLUMNS[name])}"])


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, then rename it, so that nothing is ever half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}{path.suffix}")
    try:
        write(beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with LF line ends, atomically."""
    write_atomically(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV (UTF-8, LF, no index), atomically."""
    write_text(path, table.to_csv(index=False, lineterminator="\n"))
