"""Coding sheets: what a person fills in with a spreadsheet, and reading it back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.codebook import Codebook
from analysis.errors import InputError
from analysis.pipeline import Coded
from analysis.reference import CODES, Coding, find_code_faults, make_coding
from analysis.tables import iterate_rows, read_rows, write_text

SHEET_COLUMNS = ("doc_id", "unit_id", "section", "text", *CODES, "coder", "note")
# What a spreadsheet takes for a formula (the apostrophe stands for itself), and for a number or a date.
_FORMULA, _NUMBER = r"[=+\-@']", r"[\d\s年月日时分秒号.,:/%-]+"


def write_sheet(coding: Coded | Coding, coder: str, path: Path) -> None:
    """Write a coding sheet that spreadsheet programs open with Chinese intact (CSV, UTF-8 with byte order mark, CRLF).

    One row is a statement of `coding`, or a unit without one; to code one more statement, copy the row of its unit. An
    apostrophe stands before a text that a spreadsheet would take for a formula, and before an id that it would take for
    a number or a date; `read_sheet` takes it off. It also takes a date as text in any form that a spreadsheet gives it.
    """
    codes = coding.statements[["doc_id", "unit_id", *CODES]]
    sheet = coding.units.merge(codes, on=["doc_id", "unit_id"], how="left").fillna("")
    for column, pattern in (("text", _FORMULA), ("doc_id", f"{_FORMULA}|{_NUMBER}$")):
        sheet[column] = sheet[column].where(~sheet[column].str.match(pattern), "'" + sheet[column])
    sheet = sheet.assign(coder=coder, note="")[list(SHEET_COLUMNS)]
    write_text(path, "\ufeff" + sheet.to_csv(index=False, lineterminator="\r\n"))


def read_sheet(path: Path, units: pd.DataFrame, codebook: Codebook) -> Coding:
    """Read a filled-in sheet, its rows in any order, as `analysis.tables.read_rows` reads tables.

    Rows without actor, measure and stance say that the unit has no statement; units without a row were not coded.

    Raises
    ------
    InputError
        With every row that names an unknown unit or code, leaves a statement half-filled, whose text differs from the
        unit's, or that repeats a statement; and if the sheet is about other texts, or has not exactly one coder.
    """
    sheet = read_rows(path, SHEET_COLUMNS[:-1])
    coders = sorted(set(sheet["coder"]))
    if len(coders) != 1 or not coders[0]:
        raise InputError([f"{path}: needs one coder, has {', '.join(coders) or 'none'}"])
    if not sheet["text"].str.removeprefix("'").isin(units["text"]).any():
        about = ", ".join(dict.fromkeys(sheet["doc_id"]))
        raise InputError([f"{path}: no unit of it belongs to these texts, but to {about}; name the texts of the sheet"])
    doubled = sheet.index[sheet["actor"].ne("") & sheet.duplicated(["doc_id", "unit_id", "actor", "measure"])]

    def find_faults(row: int, record: dict[str, str]) -> list[str]:
        codes = {column: record[column] for column in CODES}
        faults = find_code_faults(codes, codebook) if any(codes.values()) else []
        return faults + ["this statement stands twice in its unit; delete one"] * (row in doubled)

    sheet = check_rows(sheet, path, units, find_faults)
    filled = sheet[sheet["actor"].ne("")]
    codes = filled[["doc_id", "unit_id", "stance"]].assign(
        layer="statement", code=filled["actor"] + ":" + filled["measure"], disputed=False
    )
    return make_coding(units.merge(sheet[["doc_id", "unit_id"]].drop_duplicates()), codes, coders[0])


def check_rows(
    table: pd.DataFrame, path: Path, units: pd.DataFrame, find_faults: Callable[[Any, dict[str, str]], list[str]]
) -> pd.DataFrame:
    """Check rows that are about units by `doc_id`, `unit_id` and `text`, and return them with numbers as `unit_id`.

    `table` was read from `path`; `find_faults` says what else is wrong with a row, given its number and values.
    """
    known = table["doc_id"].isin(units["doc_id"])
    table = table.assign(doc_id=table["doc_id"].where(known, table["doc_id"].str.removeprefix("'")))
    texts = {(unit.doc_id, str(unit.unit_id)): unit.text for unit in iterate_rows(units)}
    problems = []
    for row, values in table.iterrows():
        record = dict(zip(table.columns, values, strict=True))
        text, faults = texts.get((record["doc_id"], record["unit_id"])), find_faults(row, record)
        if text is None:
            faults.append(f"document {record['doc_id']!r} has no unit {record['unit_id']}; mend doc_id and unit_id")
        elif record["text"] not in (text, f"'{text}") and not re.fullmatch(_NUMBER, text):
            faults.append(f"this unit now reads {text!r}; if what you coded holds for that, copy it into text")
        problems += [f"{path}, row {row}: {fault}" for fault in faults]
    if problems:
        raise InputError(problems)
    return table.astype({"unit_id": int})
