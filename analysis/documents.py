"""Read documents: those of the corpus with their register, or any texts of a user's own."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.cleaning import apply_rules
from analysis.decoding import decode_text, read_date
from analysis.errors import InputError
from analysis.register import BASES, Row, read_register
from analysis.tables import COLUMNS, make_table

DOCUMENTS = (
    "doc_id", "issuer", "issuer_zh", "issuer_en", "level", "place", "date", "genre", "number", "title", "source",
    "raw_sha256", *BASES, "encoding", "raw", "clean", "characters",
)  # fmt: skip
SUFFIXES = (".txt", ".jsonl")
OFFICE = (".doc", ".docx", ".pdf", ".rtf", ".odt", ".wps", ".ofd", ".html", ".htm", ".xls", ".xlsx")


def read_documents(folder: Path = paths.CORPUS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read, check and clean the documents of a corpus folder.

    Parameters
    ----------
    folder
        Holds `documents.csv`, `issuers.csv`, `emendations.csv` and `raw/<doc_id>.txt` (UTF-8).

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
    return _make_documents(*read_register(folder))


def read_texts(paths: Sequence[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read and clean any texts: `.txt` files, `.jsonl` files and folders of both.

    A text file is one document, its `doc_id` the file name without ending; UTF-8, GB18030 and UTF-16 are recognised.
    A line of JSON Lines is one document, with `id` and `text`, and if there, `title`, `issuer` and `date`; a title that
    is not the first line of the text is put before it. A folder is read with the folders in it, without hidden files.

    Returns
    -------
    tuple
        `documents` and `repairs` as `read_documents` returns them; a fact that is not known is `''`.

    Raises
    ------
    InputError
        With everything that is wrong: a file that is missing, empty, binary or of another kind, a line that is not such
        an object, an id that occurs twice.
    """
    problems: list[str] = []
    rows = [row for path in _list_files(paths, problems) for row in _read_file(path, problems)]
    seen: dict[str, str] = {}
    for row in rows:
        if row["doc_id"] in seen:
            problems.append(f"{row['source']}: id {row['doc_id']!r} is that of {seen[row['doc_id']]} too; rename one")
        seen.setdefault(row["doc_id"], row["source"])
    if not rows and not problems:
        problems.append("no text given; name a .txt or .jsonl file or a folder of them")
    if problems:
        raise InputError(problems)
    return _make_documents(rows, {})


def _make_documents(rows: list[Row], runs: dict[str, list[tuple[str, str]]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clean every text and return the two tables."""
    documents: list[dict[str, object]] = []
    repairs: list[tuple[object, ...]] = []
    problems = []
    for row in rows:
        clean, changes = apply_rules(row["raw"], runs.get(row["doc_id"], ()))
        characters = len(re.sub(r"\s", "", clean))
        documents.append(dict.fromkeys(DOCUMENTS, "") | row | {"clean": clean, "characters": characters})
        repairs += ((row["doc_id"], *change) for change in changes)
        if not clean:
            problems.append(f"{row['source']}: {row['doc_id']!r} holds nothing but what surrounds a text; take it out")
    if problems:
        raise InputError(problems)
    table = make_table(repairs, "repairs").astype(dict.fromkeys(COLUMNS["repairs"][2:6], "int64"))
    return pd.DataFrame(documents, columns=list(DOCUMENTS)), table


# --- a user's own texts ---
def _list_files(given: Sequence[Path], problems: list[str]) -> Iterator[Path]:
    """Yield the text files among the paths and in the folders among them; what cannot be read goes to `problems`."""
    for path in map(Path, given):
        kind = path.suffix.lower()
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.is_file() and not _is_hidden(p.relative_to(path))]
            found = [p for p in inside if p.suffix.lower() in SUFFIXES]
            office = [p for p in inside if p.suffix.lower() in OFFICE]
            problems += [f"{p}: {p.suffix} is not read; save it as plain text (.txt, UTF-8)" for p in office]
            problems += [] if found else [f"{path}: no .txt or .jsonl file in this folder; put one there"]
            yield from found
        elif not path.exists():
            problems.append(f"{path}: no such file or folder; check its name")
        elif kind not in SUFFIXES:
            problems.append(f"{path}: {kind or 'no ending'} is not read; save it as .txt (UTF-8) or .jsonl")
        else:
            yield path


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read_file(path: Path, problems: list[str]) -> Iterator[Row]:
    """Yield the documents of a file."""
    try:
        text, encoding = decode_text(path.read_bytes())
    except OSError as error:
        problems.append(f"{path}: cannot be read ({error.strerror}); check its rights")
    except ValueError as error:
        problems.append(f"{path}: the file {error}")
    else:
        if path.suffix.lower() == ".txt":
            yield {"doc_id": path.stem, "source": str(path), "encoding": encoding, "raw": text}
            return
        for number, line in enumerate(text.split("\n"), 1):
            try:
                if line.strip():
                    yield _read_line(line) | {"source": f"{path}, line {number}", "encoding": encoding}
            except ValueError as error:
                problems.append(f"{path}, line {number}: {error}")


def _read_line(line: str) -> Row:
    """Return the document that a line of JSON Lines holds."""
    try:
        item = json.loads(line)
    except ValueError as error:
        raise ValueError(f"no JSON ({error}); write one object a line") from None
    if not isinstance(item, dict) or not {"id", "text"} <= item.keys():
        raise ValueError('no object with id and text; write {"id": "a1", "text": "..."}')
    if not isinstance(item["id"], str | int) or not str(item["id"]).strip():
        raise ValueError("id is empty or neither text nor a whole number; give one")
    if not isinstance(item["text"], str) or not item["text"].strip():
        raise ValueError("text is empty or no text; fill it in or take the line out")
    title, issuer, day = (item[k].strip() if isinstance(item.get(k), str) else "" for k in ("title", "issuer", "date"))
    first = item["text"].lstrip().partition("\n")[0].strip()
    raw = item["text"] if title in ("", first) else f"{title}\n{item['text']}"
    facts = {"title": title, "issuer": issuer, "issuer_zh": issuer, "date": read_date(day)}
    return {"doc_id": str(item["id"]), "raw": raw, **facts}
