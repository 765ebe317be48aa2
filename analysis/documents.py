"""Read documents: those of the corpus with their register, or any texts of a user's own."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.cleaning import apply_rules
from analysis.decoding import read_date, read_encoded
from analysis.errors import InputError, gather
from analysis.register import BASES, read_register
from analysis.tables import COLUMNS, iterate_rows, make_table

DOCUMENTS = (
    "doc_id", "issuer", "issuer_zh", "issuer_en", "level", "place", "date", "genre", "number", "title", "source",
    "raw_sha256", *BASES, "encoding", "raw", "clean", "characters",
)  # fmt: skip
SUFFIXES = (".txt", ".jsonl")
Row = dict[str, str]
_LONE = re.compile("[\ud800-\udfff]")
OFFICE = (".doc", ".docx", ".pdf", ".rtf", ".odt", ".wps", ".ofd", ".html", ".htm", ".xls", ".xlsx")


def read_documents(folder: Path = paths.CORPUS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read, check and clean the documents of a corpus folder, which `corpus/README.md` describes.

    Returns
    -------
    tuple
        `documents`: one row is one text, in the order of the register, with its facts and those of its issuer,
        its `raw` and its `clean` text, and `characters` (of the clean text, without white space).
        `repairs`: one row is one change that cleaning made, see `analysis.cleaning.clean_text`.

    Raises
    ------
    InputError
        With everything that is wrong with register, issuers, emendations and raw files.
    """
    return _clean_documents(read_register(folder))


def read_texts(paths: Sequence[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read and clean any texts: `.txt` files, `.jsonl` files and folders of both.

    A text file is one document, its `doc_id` the file name without ending; `analysis.decoding.decode_text` says which
    encodings are recognised. A line of JSON Lines is one document, with `id` and `text`, and if there, `title`,
    `issuer` and `date`; a title that is not the first line of the text is put before it. A folder is read with the
    folders in it, without what is hidden. `documents` and `repairs` are as `read_documents` returns them; a fact that
    is not known is `''`.

    Raises
    ------
    InputError
        With everything that cannot be read or holds no text, and every id that occurs twice.
    """
    problems: list[str] = []
    rows: list[Row] = []
    for path in _list_files(paths, problems):
        with gather(problems):
            rows += _read_file(path, problems)
    seen: dict[str, str] = {}
    for row in rows:
        if row["doc_id"] in seen:
            problems.append(f"{row['source']}: id {row['doc_id']!r} is that of {seen[row['doc_id']]} too; rename one")
        seen.setdefault(row["doc_id"], row["source"])
        if any(_LONE.search(value) for value in row.values()):
            problems.append(f"{row['source']}: half a character, such as \\ud83d alone; take it out or complete it")
    if not rows and not problems:
        problems.append("no text given; name a .txt or .jsonl file or a folder of them")
    if problems:
        raise InputError(problems)
    return _clean_documents(pd.DataFrame([dict.fromkeys(DOCUMENTS, "") | row for row in rows]))


def _clean_documents(texts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clean every text and return the two tables."""
    cleaned: list[str] = []
    repairs: list[tuple[object, ...]] = []
    for row in iterate_rows(texts):
        clean, changes = apply_rules(row.raw, getattr(row, "emendations", ()))
        cleaned.append(clean)
        repairs += ((row.doc_id, *change) for change in changes)
    texts = texts.assign(clean=cleaned, characters=[len("".join(clean.split())) for clean in cleaned])
    if not all(cleaned):
        raise InputError([
            f"{row.source}: {row.doc_id!r} holds nothing but what surrounds a text; take it out"
            for row in iterate_rows(texts[texts["clean"] == ""])
        ])  # fmt: skip
    table = make_table(repairs, "repairs").astype(dict.fromkeys(COLUMNS["repairs"][2:6], "int64"))
    return texts[list(DOCUMENTS)], table


# --- a user's own texts ---
def _list_files(given: Sequence[Path], problems: list[str]) -> Iterator[Path]:
    """Yield the text files among the paths and in the folders among them; what cannot be read goes to `problems`."""
    for path in map(Path, given):
        files = [path]
        if path.is_dir():
            errors: list[OSError] = []
            files = []
            for top, folders, names in os.walk(path, onerror=errors.append):
                folders[:] = [name for name in folders if not name.startswith(".")]
                files += [Path(top, name) for name in names if not name.startswith(".")]
            files = sorted(file for file in files if file.suffix.lower() in SUFFIXES + OFFICE)
            problems += [f"{error.filename}: cannot be read ({error.strerror}); check its rights" for error in errors]
            problems += [] if files else [f"{path}: no .txt or .jsonl file in this folder; put one there"]
        for file in files:
            if file.suffix.lower() in SUFFIXES or not file.exists():
                yield file
            else:
                problems.append(f"{file}: {file.suffix or 'no ending'} is not read; save it as .txt (UTF-8) or .jsonl")


def _read_file(path: Path, problems: list[str]) -> list[Row]:
    """Return the documents of a file; what is wrong with a line goes to `problems`."""
    text, encoding = read_encoded(path)
    if path.suffix.lower() == ".txt":
        return [{"doc_id": path.stem, "source": str(path), "encoding": encoding, "raw": text}]
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if line.strip():
                rows.append(_read_line(line) | {"source": f"{path}, line {number}", "encoding": encoding})
        except ValueError as error:
            problems.append(f"{path}, line {number}: {error}")
    return rows


def _read_line(line: str) -> Row:
    """Return the document that a line of JSON Lines holds."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"no JSON ({error}); write one object a line") from None
    doc_id, text = (item.get("id"), item.get("text")) if isinstance(item, dict) else (None, None)
    if not isinstance(doc_id, str | int) or not isinstance(text, str) or not (str(doc_id).strip() and text.strip()):
        raise ValueError('no object with id and text; write {"id": "a1", "text": "..."}, neither of them empty')
    title, issuer, day = (item[k].strip() if isinstance(item.get(k), str) else "" for k in ("title", "issuer", "date"))
    first = text.lstrip().partition("\n")[0].strip()
    raw = text if title in ("", first) else f"{title}\n{text}"
    facts = {"title": title, "issuer": issuer, "issuer_zh": issuer, "date": read_date(day)}
    return {"doc_id": str(doc_id), "raw": raw, **facts}
