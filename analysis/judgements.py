"""What people say of units, in tables: coding sheets, and judgements that override the rules."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.codebook import Codebook
from analysis.errors import InputError, find_unknown
from analysis.pipeline import Coded
from analysis.reference import CODES, Coding, find_code_faults, list_labels, make_coding
from analysis.tables import COLUMNS, find_date_faults, find_row_faults, read_rows, write_text

SHEET_COLUMNS = ("doc_id", "unit_id", "section", "text", *CODES, "coder", "note")
# What a spreadsheet takes for a formula (the apostrophe stands for itself), and for a number or a date.
_FORMULA, _NUMBER = r"[=+\-@']", r"[\d\s年月日时分秒号.,:/%-]+"

VERDICTS = ("accept", "reject", "change", "add")
_NEW = tuple(f"new_{code}" for code in CODES)
JUDGEMENT_COLUMNS = ("doc_id", "unit_id", "text", "verdict", *CODES, *_NEW, "coder", "date", "reason")
_KEY = ["doc_id", "unit_id", "actor", "measure"]


# --- coding sheets ---
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

    Codes are ids or the Chinese labels of the codebook (stances: 要求, 鼓励, 禁止, 报道). Rows without actor, measure
    and stance say that the unit has no statement; units without a row were not coded. Raises `InputError` with
    every row that names an unknown unit or code, leaves a statement half-filled, whose text differs from the
    unit's, or that repeats a statement; and if the sheet has not one coder.
    """
    sheet = _replace_labels(read_rows(path, SHEET_COLUMNS[:-1]), codebook)
    coders = sorted(set(sheet["coder"]))
    if len(coders) != 1 or not coders[0]:
        raise InputError([f"{path}: needs one coder, has {', '.join(coders) or 'none'}"])
    doubled = sheet.index[sheet["actor"].ne("") & sheet.duplicated(_KEY)]

    def find_faults(row: Any) -> list[str]:
        codes = {code: getattr(row, code) for code in CODES}
        faults = find_code_faults(codes, codebook) if any(codes.values()) else []
        return faults + ["this statement stands twice in its unit; delete one"] * (row.Index in doubled)

    sheet = _check_rows(sheet, path, units, find_faults)
    filled = sheet[sheet["actor"].ne("")]
    codes = filled[["doc_id", "unit_id", "stance"]].assign(
        layer="statement", code=filled["actor"] + ":" + filled["measure"], disputed=False
    )
    return make_coding(units.merge(sheet[["doc_id", "unit_id"]].drop_duplicates()), codes, coders[0])


def _replace_labels(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Put ids in the place of Chinese labels."""
    table = table.copy()
    for code, labels in list_labels(codebook).items():
        for column in table.columns.intersection([code, f"new_{code}"]):
            table[column] = table[column].replace(dict(zip(labels, labels.index, strict=True)))
    return table


def _check_rows(
    table: pd.DataFrame, path: Path, units: pd.DataFrame, find_faults: Callable[[Any], Iterable[str]]
) -> pd.DataFrame:
    """Check rows about units by `doc_id`, `unit_id` and `text`, and by `find_faults`; make `unit_id` a number."""
    known = table["doc_id"].isin(units["doc_id"])
    table = table.assign(doc_id=table["doc_id"].where(known, table["doc_id"].str.removeprefix("'")))
    if len(table) > 1 and not table["doc_id"].isin(units["doc_id"]).any():
        raise InputError([f"{path}: none of its documents is among the texts; name the folder that holds them"])
    texts = {(doc_id, str(unit_id)): text for doc_id, unit_id, text in units[["doc_id", "unit_id", "text"]].to_numpy()}

    def find_all_faults(row: Any) -> Iterator[str]:
        yield from find_faults(row)
        text = texts.get((row.doc_id, row.unit_id))
        if text is None:
            yield f"document {row.doc_id!r} has no unit {row.unit_id}; mend doc_id and unit_id"
        elif row.text not in (text, f"'{text}") and not re.fullmatch(_NUMBER, text):
            yield f"this unit now reads {text!r}; if what you coded holds for that, copy it into text"

    if problems := find_row_faults(path, table, find_all_faults):
        raise InputError(problems)
    return table.astype({"unit_id": int})


# --- judgements ---
def read_judgements(units: pd.DataFrame, codebook: Codebook, *, path: Path = paths.JUDGEMENTS) -> pd.DataFrame:
    """Read and check a file of judgements on the units of the corpus, a CSV with the columns `JUDGEMENT_COLUMNS`.

    `text` is the unit as it read when it was judged. `accept` and `add` put the statement `actor`, `measure`, `stance`
    in force; `reject` takes the one with `actor` and `measure` out; `change` replaces what `new_actor`, `new_measure`,
    `new_stance` give; codes are ids or Chinese labels, as in a sheet. Raises `InputError` with every row that names an
    unknown unit, code, stance or verdict, whose unit reads differently now, that lacks what its verdict needs, a coder,
    a day or a reason, or that contradicts or repeats another row. One row of the result is a judgement, in the order of
    the file; empty cells are ''.
    """
    seen: dict[tuple[Any, ...], tuple[str | None, int, str]] = {}

    def find_faults(row: Any) -> list[str]:
        faults = _find_faults(row._asdict(), codebook)
        for key, stance in ({} if faults else _list_effects(row._asdict())).items():
            before, first, coder = seen.setdefault(key, (stance, row.Index, row.coder))
            if first != row.Index and (before != stance or coder == row.coder):
                what = "repeats" if before == stance else "contradicts"
                faults.append(f"{what} row {first} on {key[2]}, {key[3]} in unit {key[1]} of {key[0]}; keep one")
        return faults

    judgements = _replace_labels(read_rows(path, JUDGEMENT_COLUMNS), codebook)
    return _check_rows(judgements, path, units, find_faults).reset_index(drop=True)


def _find_faults(record: Mapping[str, str], codebook: Codebook) -> list[str]:
    """Say what is wrong with one judgement in itself."""
    verdict, new = record["verdict"], [name for name in _NEW if record[name]]
    faults = [f"no {column}; fill it in" for column in ("coder", "reason") if not record[column]]
    if record["coder"] in ("rules", "reference"):
        faults.append(f"coder {record['coder']!r} is no person; give a name")
    faults += find_date_faults(record["date"])
    faults += find_unknown("verdict", verdict, VERDICTS)
    if verdict != "change" and new:
        faults.append(f"{new[0]} is filled in, but the verdict is {verdict!r}; empty it, or write 'change'")
    if verdict == "change" and all(record[name] == record[name.removeprefix("new_")] for name in new):
        faults.append("nothing is changed; fill in new_actor, new_measure or new_stance")
    needed = CODES[:2] if verdict == "reject" and not record["stance"] else CODES
    return faults + find_code_faults({name: record[name] for name in (*needed, *new)}, codebook)


def _list_effects(record: Mapping[Any, Any]) -> dict[tuple[Any, ...], str | None]:
    """Return the stance that each statement gets by a judgement, or None where it is taken out."""
    old = tuple(record[column] for column in _KEY)
    if record["verdict"] == "reject":
        return {old: None}
    new = (*old[:2], record["new_actor"] or record["actor"], record["new_measure"] or record["measure"])
    return {old: None, new: record["new_stance"] or record["stance"]}


def apply_judgements(statements: pd.DataFrame, judgements: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Let people's judgements override the statements of the rules.

    A judgement holds whether or not the rules make the statement, so that better rules never undo what a person said.
    One row is a statement in force. `judge` is the person who accepted, changed or added it, '' where nobody did;
    `coder` is `judged` as soon as there is one judgement. A statement keeps the evidence, basis and organisations that
    the rules found for it, or for what it was changed from; where they found none, its evidence is the whole unit.
    """
    if judgements.empty:
        return statements.assign(judge="")
    columns = list(COLUMNS["statements"])
    whole = units.rename(columns={"text": "evidence"}).reindex(columns=columns, fill_value="").to_dict("records")
    bare = {(unit["doc_id"], unit["unit_id"]): unit for unit in whole}
    made = {tuple(row[column] for column in _KEY): row for row in statements.assign(judge="").to_dict("records")}
    rows = dict(made)
    for record in judgements.to_dict("records"):
        for key, stance in _list_effects(record).items():
            if stance is None:
                rows.pop(key, None)
                continue
            base = made.get(key) or made.get(tuple(record[column] for column in _KEY)) or bare[key[:2]]
            named = {**dict(zip(_KEY, key, strict=True)), "statement_id": ":".join(map(str, key))}
            rows[key] = {**base, **named, "stance": stance, "judge": record["coder"]}
    table = pd.DataFrame(list(rows.values()), columns=[*columns, "judge"]).assign(coder="judged")
    return units[["doc_id", "unit_id"]].merge(table)[table.columns]


def describe_judgements(judgements: pd.DataFrame, statements: pd.DataFrame) -> str:
    """Say in one line how many judgements are in force, and how many of them the rules give no occasion for."""
    if judgements.empty:
        return "No judgement by a person is in force: every statement is as the rules made it."
    judged = judgements[judgements["verdict"].isin(["reject", "change"])]
    idle = len(judged) - judged[_KEY].merge(statements[_KEY].drop_duplicates()).shape[0]
    counts = ", ".join(f"{(judgements['verdict'] == verdict).sum()} {verdict}" for verdict in VERDICTS)
    head = f"Judgements in force: {len(judgements)} ({counts}) by {', '.join(sorted(set(judgements['coder'])))}"
    return f"{head}; {idle} of them reject or change what the rules do not say."
