"""Read documents: those of the corpus with their register, or any texts of a user's own."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.cleaning import clean_text, find_emendations
from analysis.errors import InputError, find_unknown, gather, name_file
from analysis.tables import (
    COLUMNS,
    count_characters,
    find_date_faults,
    find_row_faults,
    iterate_rows,
    read_date,
    read_encoded,
    read_records,
    read_rows,
)  # fmt: skip

LEVELS = ("nation", "province", "city")
GENRES = ("appeal", "notice", "news", "bulletin")
FACTS = ("issuer", "level", "place", "date", "genre", "number")
BASES = tuple(f"{fact}_basis" for fact in FACTS)
REGISTER = ("doc_id", "issuer", "date", "genre", "number", "title", "source", "raw_sha256", *BASES)
ISSUERS = ("issuer", "zh", "en", "level", "place")
EMENDATIONS = ("doc_id", "raw_run", "emended_run", "reason")
DOCUMENTS = (
    "doc_id", "issuer", "issuer_zh", "issuer_en", "level", "place", "date", "genre", "number", "title", "source",
    "raw_sha256", *BASES, "encoding", "raw", "clean", "characters",
)  # fmt: skip
SUFFIXES = (".txt", ".jsonl")
OFFICE = (".doc", ".docx", ".pdf", ".rtf", ".odt", ".wps", ".ofd", ".html", ".htm", ".xls", ".xlsx")
Row = dict[str, str]
Runs = dict[str, list[tuple[str, str]]]


def read_documents(folder: Path = paths.CORPUS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read, check and clean the documents of a corpus folder, which `corpus/README.md` describes.

    Raises `InputError` with everything that is wrong with register, issuers, emendations and raw files.

    Returns
    -------
    tuple
        `documents`: one row is one text, in the order of the register, with its facts and those of its issuer,
        its `raw` and its `clean` text, and `characters` (of the clean text, without white space).
        `repairs`: one row is one change that cleaning made, see `analysis.cleaning.clean_text`.
    """
    problems: list[str] = []
    tables: list[pd.DataFrame] = []
    for name, columns in (("documents.csv", REGISTER), ("issuers.csv", ISSUERS), ("emendations.csv", EMENDATIONS)):
        with gather(problems):
            tables.append(read_rows(folder / name, columns))
    if problems:
        raise InputError(problems)
    documents, issuers, emendations = tables
    texts: dict[str, Row] = {}
    runs: Runs = {}
    for name, table, find in (
        ("issuers.csv", issuers, lambda row: _check_issuer(row, issuers)),
        ("documents.csv", documents, lambda row: _check_document(row, documents, issuers)),
        ("documents.csv", documents, lambda row: _check_raw(folder / "raw", row, texts)),
        ("emendations.csv", emendations, lambda row: _check_run(row, texts, runs)),
    ):
        problems += find_row_faults(folder / name, table, find)
    names = {f"{doc_id}.txt" for doc_id in documents["doc_id"]}
    problems += [
        f"{name_file(path)}: no row of documents.csv names it; add one or take it out"
        for path in sorted((folder / "raw").glob("[!.]*"))
        if path.name not in names
    ]
    if documents.empty:
        problems.append(f"{name_file(folder / 'documents.csv')}: no document; add a row for each file in raw/")
    if problems:
        raise InputError(problems)
    issuers = issuers.rename(columns={"zh": "issuer_zh", "en": "issuer_en"})
    documents = documents.merge(issuers, on="issuer", how="left")
    return _clean_documents(documents.join(pd.DataFrame.from_dict(texts, orient="index"), on="doc_id"), runs)


def _check_id(table: pd.DataFrame, column: str, value: str) -> Iterator[str]:
    if (table[column] == value).sum() > 1:
        yield f"{column} {value!r} stands there twice; take one out"
    if not re.fullmatch(r"[\w-]+", value):
        yield f"{column} {value!r} is no id; use letters, digits, _ and -"


def _check_issuer(row: Any, issuers: pd.DataFrame) -> Iterator[str]:
    yield from _check_id(issuers, "issuer", row.issuer)
    yield from find_unknown("level", row.level, LEVELS)
    yield from (f"no {name}; fill it in" for name in ("zh", "en", "place") if not getattr(row, name))


def _check_document(row: Any, documents: pd.DataFrame, issuers: pd.DataFrame) -> Iterator[str]:
    yield from _check_id(documents, "doc_id", row.doc_id)
    yield from (f"{fault}, or add it to issuers.csv" for fault in find_unknown("issuer", row.issuer, issuers["issuer"]))
    yield from find_unknown("genre", row.genre, GENRES)
    yield from find_date_faults(row.date)
    for fact, basis in zip(FACTS, BASES, strict=True):
        yield from find_unknown(
            basis, getattr(row, basis), ("stated", "inferred") if getattr(row, fact, True) else [""]
        )
    if ((documents["issuer"] == row.issuer) & (documents["raw_sha256"] == row.raw_sha256)).sum() > 1:
        yield "issuer and raw_sha256 are those of another row too; take one out"


def _check_raw(folder: Path, row: Any, texts: dict[str, Row]) -> list[str]:
    """Say what is wrong with the file of a document, and put its text and encoding into `texts`."""
    path, faults = folder / f"{row.doc_id}.txt", list[str]()
    texts[row.doc_id] = {"raw": "", "encoding": ""}
    with gather(faults):
        text, encoding = read_encoded(path)
        texts[row.doc_id] = {"raw": text, "encoding": encoding}
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        if not encoding.startswith("UTF-8"):
            mend = f"convert it: iconv -f {encoding} -t UTF-8 {path.name} > new.txt"
            faults.append(f"{name_file(path)} is {encoding}, not UTF-8; {mend}")
        elif row.raw_sha256 != checksum:
            mend = f"restore the file, or register its checksum {checksum}"
            faults.append(f"raw_sha256 {row.raw_sha256!r} is not that of {name_file(path)}; {mend}")
    return faults


def _check_run(row: Any, texts: dict[str, Row], runs: Runs) -> list[str]:
    """Say what is wrong with an emendation, and put it into `runs`."""
    faults = [] if row.reason else ["no reason; say why no rule can make this repair"]
    faults += find_unknown("doc_id", row.doc_id, texts)
    if raw := texts.get(row.doc_id, {}).get("raw"):
        both = [*runs.get(row.doc_id, []), (row.raw_run, row.emended_run)]
        with gather(faults):
            find_emendations(raw, both)
            runs[row.doc_id] = both
    return faults


# --- a user's own texts ---
def read_texts(paths: Sequence[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read and clean any texts: `.txt` files, `.jsonl` files and folders of both.

    A text file is one document, its `doc_id` the file name without ending; `analysis.tables.read_encoded` says which
    encodings are recognised. A line of JSON Lines is one document, with `id` and `text`, and if there, `title`,
    `issuer` and `date`; a title that is not the first line of the text is put before it. A folder is read with the
    folders in it, without what is hidden. `documents` and `repairs` are as `read_documents` returns them; a fact that
    is not known is `''`. Raises `InputError` with everything that cannot be read or holds no text, and every id that
    occurs twice.
    """
    problems: list[str] = []
    rows: list[Row] = []
    for path in _list_files(paths, problems):
        with gather(problems):
            if path.suffix.lower() == ".jsonl":
                rows += read_records(path, _parse_record)
            else:
                raw, encoding = read_encoded(path)
                rows.append({"doc_id": path.stem, "source": str(path), "encoding": encoding, "raw": raw})
    seen: dict[str, str] = {}
    for row in rows:
        if row["doc_id"] in seen:
            problems.append(f"{row['source']}: id {row['doc_id']!r} is that of {seen[row['doc_id']]} too; rename one")
        seen[row["doc_id"]] = row["source"]
    if not rows and not problems:
        problems.append("no text given; name a .txt or .jsonl file or a folder of them")
    if problems:
        raise InputError(problems)
    return _clean_documents(pd.DataFrame([dict.fromkeys(DOCUMENTS, "") | row for row in rows]), {})


def _list_files(given: Sequence[Path], problems: list[str]) -> Iterator[Path]:
    """Yield the text files among the paths and in the folders among them; what cannot be read goes to `problems`."""
    for path in map(Path, given):
        files = [path]
        if path.is_dir():
            files, errors = [], list[OSError]()
            for top, folders, names in os.walk(path, onerror=errors.append):
                folders[:] = [name for name in folders if not name.startswith(".")]
                files += [Path(top, name) for name in names if not name.startswith(".")]
            files = sorted(file for file in files if file.suffix.lower() in SUFFIXES + OFFICE)
            problems += [f"{error.filename}: cannot be read ({error.strerror}); check its rights" for error in errors]
            problems += [] if files else [f"{path}: no .txt or .jsonl file in this folder; put one there"]
        for file in files:
            if re.search("[\x00-\x1f\ud800-\udfff]", str(file)):
                problems.append(f"{str(file)!r}: no name that every system can write; rename the file")
            elif file.exists() and not file.is_file():
                problems.append(f"{file}: is no file but a pipe, a device or the like; take it out")
            elif file.suffix.lower() in SUFFIXES or not file.exists():
                yield file
            else:
                problems.append(f"{file}: {file.suffix or 'no ending'} is not read; save it as .txt (UTF-8) or .jsonl")


def _parse_record(place: str, record: Any) -> Row:
    """Return the document that a line of JSON Lines holds."""
    match record:
        case {"id": bool()}:
            raise ValueError("id is true or false; give each text a name or number of its own")
        case {"id": str() | int() as doc_id, "text": str(text)} if str(doc_id).strip() and text.strip():
            if re.search("[\ud800-\udfff\0]", json.dumps(record, ensure_ascii=False) + text):
                raise ValueError("holds NUL or half a character (U+D800 to U+DFFF); take it out")
            if re.search(r"^\s|\s$|[\x00-\x1f]", str(doc_id)):
                raise ValueError(f"id {doc_id!r} has spaces around it, or a line end in it; take them out")
        case _:
            raise ValueError('no object with id and text; write {"id": "a1", "text": "..."}, neither of them empty')
    title, issuer, day = (str(record.get(key) or "").strip() for key in ("title", "issuer", "date"))
    first = text.lstrip().partition("\n")[0].strip()
    raw = text if title in ("", first) else f"{title}\n{text}"
    facts = {"title": title, "issuer": issuer, "issuer_zh": issuer, "date": read_date(day)}
    return {"doc_id": str(doc_id), "source": place, "raw": raw, **facts}


def _clean_documents(texts: pd.DataFrame, emendations: Runs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clean every text and return the two tables."""
    pairs = zip(texts["doc_id"], texts["raw"], strict=True)
    cleaned = {doc_id: clean_text(raw, emendations=emendations.get(doc_id, [])) for doc_id, raw in pairs}
    if empty := [row for row in iterate_rows(texts) if not cleaned[row.doc_id][0]]:
        fault = "holds nothing but what surrounds a text; take it out"
        raise InputError([f"{row.source}: {row.doc_id!r} {fault}" for row in empty])
    clean = [text for text, _ in cleaned.values()]
    documents = texts.assign(clean=clean, characters=count_characters(pd.Series(clean)).to_numpy())
    repairs = pd.concat([table.assign(doc_id=doc_id) for doc_id, (_, table) in cleaned.items()], ignore_index=True)
    return documents[list(DOCUMENTS)], repairs[list(COLUMNS["repairs"])]
