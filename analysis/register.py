"""Read and check the files that a corpus folder consists of."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cleaning import find_emendations
from analysis.decoding import read_date, read_encoded
from analysis.errors import InputError, gather, name_file
from analysis.tables import iterate_rows, read_rows

LEVELS = ("nation", "province", "city")
GENRES = ("appeal", "notice", "news", "bulletin")
BASIS = ("stated", "inferred")
FACTS = ("issuer", "level", "place", "date", "genre", "number")
BASES = tuple(f"{fact}_basis" for fact in FACTS)
REGISTER = ("doc_id", "issuer", "date", "genre", "number", "title", "source", "raw_sha256", *BASES)
ISSUERS = ("issuer", "zh", "en", "level", "place")
EMENDATIONS = ("doc_id", "raw_run", "emended_run", "reason")


def read_register(folder: Path) -> pd.DataFrame:
    """Read `documents.csv`, `issuers.csv`, `emendations.csv` and `raw/` of a corpus folder, and check them all.

    One row is a document, in order, with the facts of its issuer (`issuer_zh`, `issuer_en`, `level`, `place`), its
    `encoding`, its `raw` text and its `emendations`, a list of (raw run, emended run).
    """
    problems: list[str] = []
    tables = []
    for name, columns in (("documents.csv", REGISTER), ("issuers.csv", ISSUERS), ("emendations.csv", EMENDATIONS)):
        with gather(problems):
            table = read_rows(folder / name, columns)
            tables.append(table.assign(where=[f"{name_file(folder / name)}, row {number}" for number in table.index]))
    if problems:
        raise InputError(problems)
    documents, issuers, emendations = tables
    problems += [*_check_ids(issuers, "issuer"), *_check_ids(documents, "doc_id")]
    for row in iterate_rows(issuers):
        problems += _check_value(row, "level", LEVELS)
        problems += [f"{row.where}: no {name}; fill it in" for name in ("zh", "en", "place") if not getattr(row, name)]
    problems += _check_documents(documents, issuers["issuer"].tolist())
    if documents.empty:
        problems.append(f"{name_file(folder / 'documents.csv')}: no document; add a row for each file in raw/")
    files = [_read_raw(folder / "raw", row, problems) for row in iterate_rows(documents)]
    documents = documents.assign(raw=[raw for raw, _ in files], encoding=[encoding for _, encoding in files])
    for path in sorted((folder / "raw").glob("[!.]*")):
        if path.name not in {f"{doc_id}.txt" for doc_id in documents["doc_id"]}:
            problems.append(f"{name_file(path)}: no row of documents.csv names it; add one or take it out")
    runs = _list_runs(emendations, dict(zip(documents["doc_id"], documents["raw"], strict=True)), problems)
    if problems:
        raise InputError(problems)
    facts = issuers.drop(columns="where").rename(columns={"zh": "issuer_zh", "en": "issuer_en"})
    return documents.assign(emendations=documents["doc_id"].map(runs)).merge(facts, on="issuer", how="left")


def _check_ids(table: pd.DataFrame, column: str) -> Iterator[str]:
    for where, value, again in zip(table["where"], table[column], table[column].duplicated(), strict=True):
        if again:
            yield f"{where}: {column} {value!r} stands there twice; take one out"
        if not re.fullmatch(r"[\w-]+", value):
            yield f"{where}: {column} {value!r} is no id; use letters, digits, _ and -"


def _check_value(row: Any, column: str, allowed: Sequence[str], mend: str = "") -> list[str]:
    value, known = getattr(row, column), ", ".join(item or "empty" for item in allowed)
    return [] if value in allowed else [f"{row.where}: unknown {column} {value!r}; {mend}one of {known}"]


def _check_documents(documents: pd.DataFrame, issuers: list[str]) -> Iterator[str]:
    for row in iterate_rows(documents):
        yield from _check_value(row, "issuer", issuers, "add it to issuers.csv, or use ")
        yield from _check_value(row, "genre", GENRES)
        if not read_date(row.date, r"\d{4}-\d\d-\d\d"):
            yield f"{row.where}: date {row.date!r} is no day written as 2020-02-12; mend it"
        for fact, basis in zip(FACTS, BASES, strict=True):
            yield from _check_value(row, basis, BASIS if getattr(row, fact, True) else ("",))
    for _, same in documents.groupby(["issuer", "raw_sha256"], sort=False):
        for row in iterate_rows(same.iloc[1:]):
            yield f"{row.where}: issuer and raw_sha256 are those of {same['where'].iloc[0]}; take one out"


def _read_raw(folder: Path, row: Any, problems: list[str]) -> tuple[str, str]:
    """Return the text and the encoding of a document, both '' where the file cannot be read."""
    path, faults = folder / f"{row.doc_id}.txt", list[str]()
    text = encoding = ""
    with gather(faults):
        text, encoding = read_encoded(path)
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        if not encoding.startswith("UTF-8"):
            mend = f"convert it: iconv -f {encoding} -t UTF-8 {path.name} > new.txt"
            faults.append(f"{name_file(path)} is {encoding}, not UTF-8; {mend}")
        elif row.raw_sha256 != checksum:
            mend = f"restore the file, or register its checksum {checksum}"
            faults.append(f"raw_sha256 {row.raw_sha256!r} is not that of {name_file(path)}; {mend}")
    problems += [f"{row.where}: {fault}" for fault in faults]
    return text, encoding


def _list_runs(
    emendations: pd.DataFrame, texts: dict[str, str], problems: list[str]
) -> dict[str, list[tuple[str, str]]]:
    """Return the emendations of each document; what is wrong with one goes to `problems`."""
    runs: dict[str, list[tuple[str, str]]] = {doc_id: [] for doc_id in texts}
    for row in iterate_rows(emendations):
        faults = [] if row.reason else ["no reason; say why no rule can make this repair"]
        if texts.get(row.doc_id):
            with gather(faults):
                find_emendations(texts[row.doc_id], [*runs[row.doc_id], (row.raw_run, row.emended_run)])
                runs[row.doc_id].append((row.raw_run, row.emended_run))
        problems += [*_check_value(row, "doc_id", list(texts)), *(f"{row.where}: {fault}" for fault in faults)]
    return runs
