"""Coding sheets: what a person fills in with a spreadsheet, and reading it back."""

from pathlib import Path

import pandas as pd

from analysis.codebook import Codebook
from analysis.errors import InputError
from analysis.reference import Coding, make_coding
from analysis.tables import STANCES, read_rows, write_text

SHEET_COLUMNS = ("doc_id", "unit_id", "section", "text", "actor", "measure", "stance", "coder", "note")
# What a spreadsheet would turn into a formula, a number or a date: 2020年2月12日 comes back as 2/12/20.
_CHANGED = r"[=+\-@']|[\d\s年月日时分秒号.,:/%-]+$"


def make_sheet(units: pd.DataFrame, coder: str, *, statements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a coding sheet.

    One row is a statement of a unit, or a unit without one: `SHEET_COLUMNS`. To code a second statement in a unit, its
    row is copied. With `statements` the sheet is filled in beforehand, else its codes are empty.
    """
    base = units[["doc_id", "unit_id", "section", "text"]].assign(coder=coder, note="")
    if statements is not None:
        codes = statements[["doc_id", "unit_id", "actor", "measure", "stance"]]
        base = base.merge(codes, on=["doc_id", "unit_id"], how="left").fillna("")
    return base.reindex(columns=list(SHEET_COLUMNS), fill_value="")


def write_sheet(sheet: pd.DataFrame, path: Path) -> None:
    """Write a sheet as CSV that spreadsheet programs open with Chinese intact (UTF-8 with byte order mark, CRLF).

    A text or `doc_id` that a spreadsheet would take for a formula, a number or a date gets an apostrophe before it;
    `read_sheet` takes it off.
    """
    kept = {name: sheet[name].where(~sheet[name].str.match(_CHANGED), "'" + sheet[name]) for name in ("doc_id", "text")}
    write_text(path, "\ufeff" + sheet.assign(**kept).to_csv(index=False, lineterminator="\r\n"))


def read_sheet(path: Path, units: pd.DataFrame, codebook: Codebook) -> Coding:
    """Read a filled-in sheet, as `analysis.tables.read_rows` reads tables; its rows may stand in any order.

    Rows without actor, measure and stance say that the unit has no statement. Units that stand in no row of the sheet
    were not coded.

    Raises
    ------
    InputError
        With every row that names an unknown unit or code, leaves a statement half-filled, whose text differs from the
        unit's, or that repeats a statement; and if a column is missing or there is more than one coder.
    """
    sheet = read_rows(path, SHEET_COLUMNS[:-1])
    for name in ("doc_id", "text"):
        sheet[name] = sheet[name].str.removeprefix("'")
    problems = _find_problems(sheet, units, codebook)
    if problems:
        raise InputError([f"{path}{problem}" for problem in problems])
    sheet["unit_id"] = sheet["unit_id"].astype(int)
    coded = units.merge(sheet[["doc_id", "unit_id"]].drop_duplicates(), on=["doc_id", "unit_id"])
    filled = sheet[sheet["actor"].ne("")]
    codes = filled[["doc_id", "unit_id", "stance"]].assign(
        layer="statement", code=filled["actor"] + ":" + filled["measure"], disputed=False
    )
    return make_coding(coded, codes, sheet["coder"].iloc[0])


def _find_problems(sheet: pd.DataFrame, units: pd.DataFrame, codebook: Codebook) -> list[str]:
    texts = {(str(unit.doc_id), str(unit.unit_id)): str(unit.text) for unit in units.itertuples()}
    choices = {"actor": list(codebook.types.index), "measure": list(codebook.measures.index), "stance": list(STANCES)}
    coders = sorted(set(sheet["coder"]))
    problems = [] if len(coders) == 1 and coders[0] else [f": needs one coder, has {', '.join(coders) or 'none'}"]
    for number, row in zip(sheet.index, sheet.to_dict("records"), strict=True):
        text = texts.get((row["doc_id"], row["unit_id"]))
        if text is None:
            problems.append(f", row {number}: document {row['doc_id']!r} has no unit {row['unit_id']!r}; restore both")
        elif row["text"] != text:
            problems.append(f", row {number}: unit {row['unit_id']} of {row['doc_id']} reads {text!r}; restore that")
        if any(row[column] for column in choices):
            for column, allowed in choices.items():
                if row[column] not in allowed:
                    problems.append(f", row {number}: unknown {column} {row[column]!r}; one of {', '.join(allowed)}")
    filled = sheet[sheet["actor"].ne("")]
    for number in filled.index[filled.duplicated(["doc_id", "unit_id", "actor", "measure"])]:
        problems.append(f", row {number}: this statement stands twice in its unit; delete one")
    return problems
