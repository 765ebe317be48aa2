"""Codings in JSON Lines, one unit a line: the reference coding, or what `python -m analysis code` wrote."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.cleaning import to_raw
from analysis.errors import InputError
from analysis.tables import COLUMNS, STANCES, make_table

_KEYS = {"doc", "unit", "sent", "text", "statements"}


class Coding(NamedTuple):
    """One coder's reading of some documents.

    Attributes
    ----------
    units
        One row is a unit as that coder cut it: the columns of `units`.
    statements
        One row is a statement, with the columns of `statements`; the evidence is the whole unit.
    codes
        One row is a code given to a unit: `doc_id`, `unit_id`, `layer` (statement, organisation, quantity),
        `code` (for a statement `actor:measure`), `stance` (`a|b` where readings differ), `disputed` (bool: readers
        did not agree on it, so that it counts neither for nor against).
    """

    units: pd.DataFrame
    statements: pd.DataFrame
    codes: pd.DataFrame


def read_coding(path: Path, documents: pd.DataFrame, repairs: pd.DataFrame, *, coder: str = "reference") -> Coding:
    """Read a coding and find its units in the documents.

    Parameters
    ----------
    path
        JSON Lines; `doc`, `unit` (or `sent`), `text` and `statements` are needed; `raw_start`, `raw_end`, `disputed`,
        `organisations`, `organisations_disputed`, `quantities`, `quantities_disputed` are used where present.
    documents, repairs
        The texts that were coded; a unit without raw offsets is looked for in the cleaned text, then in the raw one,
        behind the unit before it.

    Raises
    ------
    InputError
        With every line that is no JSON object of this form, names an unknown document, or whose text is not found.
    """
    texts = {doc.doc_id: doc for doc in documents.itertuples()}
    changes = dict(tuple(repairs.groupby("doc_id"))) if len(repairs) else {}
    position: dict[str, tuple[int, int]] = {}
    problems: list[str] = []
    units: list[tuple[object, ...]] = []
    codes: list[tuple[object, ...]] = []
    for number, line in enumerate(_read_lines(path), 1):
        record = _parse_line(line, f"{path.name}, line {number}", texts, problems)
        if record is None:
            continue
        doc_id, unit_id = record["doc"], int(record["unit"] if "unit" in record else record["sent"])
        span = _find_span(record, texts[doc_id], changes.get(doc_id, repairs.iloc[:0]), position.get(doc_id, (0, 0)))
        if span is None:
            problems.append(f"{path.name}, line {number}: the text of unit {unit_id} is not in document {doc_id!r}")
            continue
        position[doc_id] = max(span[1], position.get(doc_id, (0, 0))[0]), span[3]
        units.append((doc_id, unit_id, "sentence", "", 0, span[0], span[1], record["text"], span[2], span[3]))
        codes += [(doc_id, unit_id, *code) for code in _list_codes(record)]
    if problems:
        raise InputError(problems)
    columns = ["doc_id", "unit_id", "layer", "code", "stance", "disputed"]
    return make_coding(make_table(units, "units"), pd.DataFrame(codes, columns=columns), coder)


def _read_lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError([f"{path.name}: not UTF-8; convert it"]) from None
    if not any(lines):
        raise InputError([f"{path.name}: is empty; a coding has one unit a line"])
    return lines


def _parse_line(line: str, place: str, texts: dict[Any, Any], problems: list[str]) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        problems.append(f"{place}: not JSON ({error.msg}); write one object a line")
        return None
    if not isinstance(record, dict) or len(_KEYS & record.keys()) < len(_KEYS) - 1:
        problems.append(f"{place}: needs the keys doc, unit, text and statements")
        return None
    fault = _find_fault(record)
    if fault:
        problems.append(f"{place}: {fault}")
        return None
    if record["doc"] not in texts:
        problems.append(f"{place}: unknown document {record['doc']!r}; one of {', '.join(map(str, texts))}")
        return None
    wrong = [s for s in record["statements"] if not set(s[2].split("|")) <= set(STANCES)]
    if wrong:
        problems.append(f"{place}: statement {wrong[0]} is not [actor, measure, stance]; stances: {', '.join(STANCES)}")
        return None
    return record


def _find_fault(record: dict[str, Any]) -> str:
    """Say what in a record has not the form that it must have, '' if nothing."""
    unit, offsets = record.get("unit", record.get("sent")), ("start", "end", "raw_start", "raw_end")
    if not isinstance(record.get("doc"), str) or not isinstance(record.get("text"), str):
        return "doc and text must be texts"
    if not str(unit).isdecimal():
        return f"unit {unit!r} is no number"
    if any(key in record for key in offsets) and not all(isinstance(record.get(key), int) for key in offsets):
        return f"{', '.join(offsets)} must be numbers, all four or none"
    for key, length in (("statements", {3}), ("disputed", {2, 3})):
        for item in record.get(key, []) if isinstance(record.get(key, []), list) else [None]:
            if not (isinstance(item, list) and len(item) in length and all(isinstance(code, str) for code in item)):
                return f"{key} must be a list of [actor, measure, stance], not {item!r}"
    for key in ("organisations", "organisations_disputed", "quantities", "quantities_disputed"):
        for item in record.get(key, []) if isinstance(record.get(key, []), list) else [None]:
            if not isinstance(item.get("text") if isinstance(item, dict) else item, str):
                return f"{key} must be a list of texts, not {item!r}"
    return ""


def _find_span(
    record: dict[str, Any], doc: Any, changes: pd.DataFrame, after: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """Return (clean start, clean end, raw start, raw end); -1 for clean offsets that are not known."""
    if "raw_start" in record:
        return record["start"], record["end"], record["raw_start"], record["raw_end"]
    text = record["text"]
    start = doc.clean.find(text, after[0])
    if start >= 0:
        return start, start + len(text), *to_raw(changes, start, start + len(text))
    start = doc.raw.find(text, after[1])
    return (-1, -1, start, start + len(text)) if start >= 0 else None


def _list_codes(record: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """List (layer, code, stance, disputed) of one unit, each code once; agreed codes come before disputed ones."""
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for key, disputed in (("statements", False), ("disputed", True)):
        for actor, measure, *stance in record.get(key, []):
            found.setdefault(("statement", f"{actor}:{measure}"), ("".join(stance[:1]), disputed))
    for layer in ("organisation", "quantity"):
        key = {"organisation": "organisations", "quantity": "quantities"}[layer]
        for suffix, disputed in (("", False), ("_disputed", True)):
            for item in record.get(key + suffix, []):
                found.setdefault((layer, item["text"] if isinstance(item, dict) else item), ("", disputed))
    return [(layer, code, stance, disputed) for (layer, code), (stance, disputed) in found.items()]


def make_coding(units: pd.DataFrame, codes: pd.DataFrame, coder: str) -> Coding:
    """Return a coding with its statements, made of the codes that are not disputed; see `Coding`."""
    rows = codes.query("layer == 'statement' and not disputed").merge(units, on=["doc_id", "unit_id"])
    pair = rows["code"].str.split(":", n=1)
    rows = rows.assign(
        actor=pair.str[0], measure=pair.str[1], basis="", organisation="", sector="", evidence=rows["text"],
        coder=coder, statement_id=rows["doc_id"] + ":" + rows["unit_id"].astype(str) + ":" + rows["code"],
    )  # fmt: skip
    return Coding(units, rows[list(COLUMNS["statements"])].reset_index(drop=True), codes)
