"""Read and check the files that a corpus folder consists of."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path

from analysis.decoding import decode_text, read_date
from analysis.errors import InputError

LEVELS = ("nation", "province", "city")
GENRES = ("appeal", "notice", "news", "bulletin")
BASIS = ("stated", "inferred")
FACTS = ("issuer", "level", "place", "date", "genre", "number")
BASES = tuple(f"{fact}_basis" for fact in FACTS)
REGISTER = ("doc_id", "issuer", "date", "genre", "number", "title", "source", "raw_sha256", *BASES)
ISSUERS = ("issuer", "zh", "en", "level", "place")
EMENDATIONS = ("doc_id", "raw_run", "emended_run", "reason")
Row = dict[str, str]


def read_register(folder: Path) -> tuple[list[Row], dict[str, list[tuple[str, str]]]]:
    """Read `documents.csv`, `issuers.csv`, `emendations.csv` and `raw/` of a corpus folder, and check them all.

    Returns
    -------
    tuple
        One row for each document, in order, with the facts of its issuer (`issuer_zh`, `issuer_en`, `level`, `place`),
        its `encoding` and its `raw` text; and for each document its emendations (raw run, emended run).

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    problems: list[str] = []
    register = _read_csv(folder / "documents.csv", REGISTER, problems)
    issuers = _read_csv(folder / "issuers.csv", ISSUERS, problems)
    emendations = _read_csv(folder / "emendations.csv", EMENDATIONS, problems)
    if problems:
        raise InputError(problems)
    by_id = {row["issuer"]: row for row in issuers}
    problems += _check_issuers(issuers, f"{folder.name}/issuers.csv")
    problems += _check_register(register, list(by_id), f"{folder.name}/documents.csv")
    texts = _read_raw(folder, register, problems)
    problems += _check_emendations(
        emendations, texts, [r["doc_id"] for r in register], f"{folder.name}/emendations.csv"
    )
    if problems:
        raise InputError(problems)
    names = {"zh": "issuer_zh", "en": "issuer_en", "level": "level", "place": "place"}
    rows = [
        row | {name: by_id[row["issuer"]][key] for key, name in names.items()} | texts[row["doc_id"]]
        for row in register
    ]
    runs = {d: [(e["raw_run"], e["emended_run"]) for e in emendations if e["doc_id"] == d] for d in texts}
    return rows, runs


def _read_csv(path: Path, columns: Sequence[str], problems: list[str]) -> list[Row]:
    """Return the rows of a CSV file, each with its `row` in the file (the header is row 1)."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text, encoding = decode_text(path.read_bytes())
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    except OSError as error:
        problems.append(f"{name}: cannot be read ({error.strerror}); it needs the columns {', '.join(columns)}")
        return []
    except csv.Error as error:
        problems.append(f"{name}: the file is no CSV ({error}); check its quotation marks")
        return []
    except ValueError as error:
        problems.append(f"{name}: the file {error}")
        return []
    if not encoding.startswith("UTF-8"):
        problems.append(f"{name}: the file is {encoding}, not UTF-8; save it as CSV UTF-8")
    missing = [column for column in columns if column not in header]
    if missing:
        problems.append(f"{name}, row 1: no column {', '.join(missing)}; the columns are {', '.join(columns)}")
        return []
    rows = [(number, line) for number, line in enumerate(lines, 2) if line]
    problems += [
        f"{name}, row {number}: {len(line)} fields, not {len(header)}; put text with a comma between quotation marks"
        for number, line in rows
        if len(line) != len(header)
    ]
    return [dict(zip(header, line, strict=False), row=str(number)) for number, line in rows]


def _check_value(place: str, column: str, value: str, allowed: Sequence[str]) -> list[str]:
    shown = ", ".join(item or "empty" for item in allowed)
    return [] if value in allowed else [f"{place}: unknown {column} {value!r}; one of {shown}"]


def _check_ids(rows: list[Row], column: str, name: str) -> list[str]:
    problems, seen = [], set()
    for row in rows:
        place, value = f"{name}, row {row['row']}", row[column]
        if value in seen:
            problems.append(f"{place}: {column} {value!r} stands there twice; take one out")
        if not re.fullmatch(r"[\w-]+", value):
            problems.append(f"{place}: {column} {value!r} is no id; use letters, digits, _ and -")
        seen.add(value)
    return problems


def _check_issuers(issuers: list[Row], name: str) -> list[str]:
    problems = _check_ids(issuers, "issuer", name)
    for row in issuers:
        place = f"{name}, row {row['row']}"
        problems += _check_value(place, "level", row["level"], LEVELS)
        problems += [f"{place}: no {column}; fill it in" for column in ("zh", "en", "place") if not row[column]]
    return problems


def _check_register(register: list[Row], issuers: list[str], name: str) -> list[str]:
    problems = _check_ids(register, "doc_id", name)
    if not register:
        problems.append(f"{name}: no document; add a row for each file in raw/")
    for row in register:
        place, known = f"{name}, row {row['row']}", ", ".join(issuers)
        if row["issuer"] not in issuers:
            problems.append(f"{place}: unknown issuer {row['issuer']!r}; add it to issuers.csv, or use one of {known}")
        problems += _check_value(place, "genre", row["genre"], GENRES)
        if not read_date(row["date"], r"\d{4}-\d\d-\d\d"):
            problems.append(f"{place}: date {row['date']!r} is no day written as 2020-02-12; mend it")
        for fact, basis in zip(FACTS, BASES, strict=True):
            empty = fact in row and not row[fact]
            problems += _check_value(place, basis, row[basis], ("",) if empty else BASIS)
    return problems


def _read_raw(folder: Path, register: list[Row], problems: list[str]) -> dict[str, Row]:
    """Return `raw` and `encoding` of each document; what is wrong with a file goes to `problems`."""
    texts: dict[str, Row] = {}
    for row in register:
        path = folder / "raw" / f"{row['doc_id']}.txt"
        place, name = f"{folder.name}/documents.csv, row {row['row']}", f"{folder.name}/raw/{path.name}"
        try:
            data = path.read_bytes()
            text, encoding = decode_text(data)
        except OSError as error:
            problems.append(f"{place}: {name} cannot be read ({error.strerror}); put it there or take out the row")
            continue
        except ValueError as error:
            problems.append(f"{place}: {name}: the file {error}")
            continue
        checksum = hashlib.sha256(data).hexdigest()
        if not encoding.startswith("UTF-8"):
            mend = f"iconv -f {encoding} -t UTF-8 {path.name} > new.txt"
            problems.append(f"{place}: {name} is {encoding}, not UTF-8; convert it: {mend}")
        elif checksum != row["raw_sha256"]:
            mend = f"restore the file, or register its checksum {checksum}"
            problems.append(f"{place}: raw_sha256 {row['raw_sha256']!r} is not that of {name}; {mend}")
        texts[row["doc_id"]] = {"raw": text, "encoding": encoding}
    known = {f"{row['doc_id']}.txt" for row in register}
    strange = [p.name for p in sorted((folder / "raw").glob("*")) if p.name not in known and p.name[0] != "."]
    problems += [f"{folder.name}/raw/{p}: no row of documents.csv names it; add one or take it out" for p in strange]
    return texts


def _check_emendations(rows: list[Row], texts: dict[str, Row], doc_ids: list[str], name: str) -> list[str]:
    problems = []
    for row in rows:
        place, run, doc_id = f"{name}, row {row['row']}", row["raw_run"], row["doc_id"]
        if doc_id not in doc_ids:
            problems.append(f"{place}: unknown doc_id {doc_id!r}; one of {', '.join(doc_ids)}")
        elif not run or (doc_id in texts and run not in texts[doc_id]["raw"]):
            problems.append(f"{place}: raw_run {run!r} is not in raw/{doc_id}.txt; copy it from there exactly")
        if not row["reason"]:
            problems.append(f"{place}: no reason; say why no rule can make this repair")
    return problems
