"""The columns of every table, and how files are read and written, whatever their encoding."""

import csv
import io
import json
import os
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

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
T = TypeVar("T")
STANCES = ("require", "encourage", "prohibit", "report")
_NO_TEXT = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
_MARKS = {  # those of UTF-32 begin like those of UTF-16
    "UTF-32": (BOM_UTF32_LE, BOM_UTF32_BE), "UTF-16": (BOM_UTF16_LE, BOM_UTF16_BE), "UTF-8-SIG": (BOM_UTF8,),
}  # fmt: skip
_FOREIGN = re.compile("[^\t\n\r\f -~\xa0-\xff\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def make_table(rows: Iterable[tuple[object, ...]], name: str) -> pd.DataFrame:
    """Return a table of the named kind; it has its columns even when it has no row."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS[name]))


def iterate_rows(table: pd.DataFrame) -> Iterator[Any]:
    """Yield each row as a named tuple; its values have the types of their columns, which no checker can know."""
    return table.itertuples()


def check_table(table: pd.DataFrame, name: str) -> None:
    """Raise `InputError` unless the table has the columns of its kind."""
    missing = [column for column in COLUMNS[name] if column not in table.columns]
    if missing:
        raise InputError([f"table {name}: no column {', '.join(missing)}; it needs {', '.join(COLUMNS[name])}"])


def count_characters(texts: pd.Series) -> pd.Series:
    """Return how many characters each text has, white space not counted."""
    return texts.str.replace(r"\s", "", regex=True).str.len()


def find_row_faults(path: Path, table: pd.DataFrame, find: Callable[[Any], Iterable[str]]) -> list[str]:
    """Return what `find` says of each row of a table that `read_rows` read, with the name of the file and the row."""
    return [f"{name_file(path)}, row {row.Index}: {fault}" for row in iterate_rows(table) for fault in find(row)]


# --- reading ---
def read_encoded(path: Path) -> tuple[str, str]:
    """Read a text (a byte order mark taken off, line ends as they are) and the name of its encoding.

    With a byte order mark that is UTF-8-SIG, UTF-16 or UTF-32; without one UTF-8, or, where at least nine in ten
    characters are usual in Chinese or English, GB18030, UTF-16-LE or UTF-16-BE. Raises `InputError` where the file
    cannot be read, is empty or in none of these encodings.
    """
    name, fault = name_file(path), "is binary, or neither UTF-8 nor GB18030 nor UTF-16; save it as plain text (UTF-8)"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError([f"{name}: cannot be read ({error.strerror}); check its name and rights"]) from None
    if data.startswith(_NO_TEXT):
        raise InputError([f"{name}: the file is an office file, a PDF or a picture; save it as plain text (UTF-8)"])
    marked = [encoding for encoding, marks in _MARKS.items() if data.startswith(marks)][:1]
    for encoding in marked or (["UTF-16-LE", "UTF-16-BE"] if b"\0" in data else ["UTF-8", "GB18030"]):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > len(text) / 20:
            continue
        if marked or encoding == "UTF-8" or len(_FOREIGN.findall(text)) <= 0.1 * len(text):
            try:
                if data.decode(encoding).strip():
                    return text, encoding
                fault = "is empty; fill it or take it out"
            except UnicodeDecodeError as error:
                line = data.count(b"\n", 0, error.start) + 1
                fault = f"is {encoding}, but for byte {error.start} in line {line}; mend that line"
            break
    raise InputError([f"{name}: the file {fault}"])


def read_text(path: Path) -> str:
    """Read a text file as `read_encoded` does."""
    return read_encoded(path)[0]


def read_date(value: str) -> str:
    """Return a day written as year, month, day in ISO form, or `''` where the value is none."""
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}([-/.])\d{1,2}\1\d{1,2}", value):
            return date(*map(int, re.split("[-/.]", value))).isoformat()
    return ""


def find_date_faults(value: str) -> list[str]:
    """Say what is wrong with a day that must be written in ISO form; nothing if it is."""
    return [] if value and read_date(value) == value else [f"date {value!r} is no day written as 2020-02-12; mend it"]


def read_rows(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read a table as spreadsheet programs save it: any encoding of `read_encoded`; comma, semicolon or tab.

    One row is a row that is not blank, its index the number in the file (the header is row 1). All values are text,
    without the white space around them. Raises `InputError` where the file lacks one of `columns`, has one twice, or
    has rows that are longer than its header.
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


def read_records(path: Path, parse: Callable[[str, Any], T]) -> list[T]:
    """Read JSON Lines: return what `parse` makes of each place and object; a ValueError of it names a faulty line."""
    text, parsed, problems = read_text(path), [], []
    for number, line in enumerate(text.split("\n"), 1):
        place = f"{path}, line {number}"
        try:
            if line.strip():
                parsed.append(parse(place, json.loads(line)))
        except (json.JSONDecodeError, RecursionError) as error:
            problems.append(f"{place}: no JSON ({error}); write one object a line")
        except ValueError as error:
            problems.append(f"{place}: {error}")
    if len(problems) > 1:
        with suppress(ValueError, RecursionError):
            json.loads(text)
            problems = [f"{path}: one JSON value over several lines; write one object a line"]
    if problems:
        raise InputError(problems)
    return parsed


# --- writing ---
def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, then rename it, so that nothing is ever half-written.

    Raises `InputError` with the name of the file if it cannot be written there.
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
