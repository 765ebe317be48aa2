"""Judgements of people: they accept, reject, change or add statements, and override the rules."""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.codebook import Codebook
from analysis.decoding import read_date
from analysis.errors import InputError
from analysis.tables import COLUMNS, STANCES, read_rows

VERDICTS = ("accept", "reject", "change", "add")
CODES = ("actor", "measure", "stance")
JUDGEMENT_COLUMNS = (
    "doc_id", "unit_id", "text", "verdict", *CODES, *(f"new_{code}" for code in CODES), "coder", "date", "reason",
)  # fmt: skip
Key = tuple[str, int, str, str]
_SPAN = ["start", "end", "raw_start", "raw_end", "evidence"]
_KEY = ["doc_id", "unit_id", "actor", "measure"]


def read_judgements(units: pd.DataFrame, codebook: Codebook, *, path: Path = paths.JUDGEMENTS) -> pd.DataFrame:
    """Read and check a file of judgements.

    Parameters
    ----------
    units
        The units of the corpus.
    codebook
        Tells which codes there are.
    path
        CSV, UTF-8, with the columns `JUDGEMENT_COLUMNS`. `text` is the unit as it read when it was judged. `accept` and
        `add` put the statement `actor`, `measure`, `stance` in force; `reject` takes the one with `actor` and `measure`
        out; `change` replaces what `new_actor`, `new_measure`, `new_stance` give.

    Returns
    -------
    pandas.DataFrame
        One row is a judgement, in the order of the file; `unit_id` is a number, empty cells are ''.

    Raises
    ------
    InputError
        With every row that names an unknown unit, code, stance or verdict, whose unit reads differently now, that lacks
        what its verdict needs, a coder, a day or a reason, or that contradicts or repeats another row.
    """
    table = read_rows(path, JUDGEMENT_COLUMNS)
    texts = {(unit.doc_id, unit.unit_id): unit.text for unit in units.itertuples()}
    choices = {"actor": list(codebook.types.index), "measure": list(codebook.measures.index), "stance": list(STANCES)}
    table["unit_id"] = [int(n) if re.fullmatch(r"\d{1,9}", n) else n for n in table["unit_id"]]
    problems = []
    seen: dict[Key, tuple[str | None, int, str]] = {}
    for row, record in zip(table.index, _list_records(table), strict=True):
        faults = [*_find_faults(record, choices), *_find_text_faults(record, texts)]
        for key, stance in ([] if faults else _list_effects(record)):
            before, first, coder = seen.setdefault(key, (stance, row, record["coder"]))
            if first != row and (before != stance or coder == record["coder"]):
                what = "repeats" if before == stance else "contradicts"
                faults.append(f"{what} row {first} on {key[2]}, {key[3]} in unit {key[1]} of {key[0]}; keep one")
        problems += [f"{path.parent.name}/{path.name}, row {row}: {fault}" for fault in faults]
    if problems:
        raise InputError(problems)
    return table[list(JUDGEMENT_COLUMNS)].reset_index(drop=True)


def _list_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def _find_faults(record: dict[str, Any], choices: dict[str, list[str]]) -> list[str]:
    verdict = record["verdict"]
    faults = [f"no {column}; fill it in" for column in ("coder", "reason") if not record[column]]
    if record["coder"] in ("rules", "reference"):
        faults.append(f"coder {record['coder']!r} is no person; give a name")
    if not read_date(record["date"], r"\d{4}-\d\d-\d\d"):
        faults.append(f"date {record['date']!r} is no day written as 2020-02-12; mend it")
    if verdict not in VERDICTS:
        faults.append(f"unknown verdict {verdict!r}; one of {', '.join(VERDICTS)}")
    for column, allowed in choices.items():
        needed = {column: column != "stance" or verdict != "reject", f"new_{column}": False}
        for name, required in needed.items():
            if (record[name] or required) and record[name] not in allowed:
                faults.append(f"unknown {name} {record[name]!r}; one of {', '.join(allowed)}")
    new = [f"new_{code}" for code in CODES if record[f"new_{code}"]]
    if verdict == "change" and all(record[name] == record[name[4:]] for name in new):
        faults.append("nothing is changed; fill in new_actor, new_measure or new_stance")
    if verdict in VERDICTS and verdict != "change" and new:
        faults.append(f"{new[0]} is filled in, but the verdict is {verdict!r}; empty it, or write 'change'")
    return faults


def _find_text_faults(record: dict[str, Any], texts: dict[Any, Any]) -> list[str]:
    doc_id, unit_id = record["doc_id"], record["unit_id"]
    text = texts.get((doc_id, unit_id))
    if text is None:
        return [f"document {doc_id!r} has no unit {unit_id!r}; see results/units.csv"]
    now = f"unit {unit_id} of {doc_id} now reads {text!r}; judge it again, then copy that into text"
    return [] if text == record["text"] else [now]


def _list_effects(record: dict[str, Any]) -> list[tuple[Key, str | None]]:
    """List what a judgement does: a key and the stance that it gets, or None where the statement is taken out."""
    doc_id, unit_id, actor, measure = (record[column] for column in _KEY)
    old, new = (doc_id, unit_id, actor, measure), (
        doc_id, unit_id, record["new_actor"] or actor, record["new_measure"] or measure
    )  # fmt: skip
    out: list[tuple[Key, str | None]] = [(old, None)]
    if record["verdict"] == "reject":
        return out
    return (out if new != old else []) + [(new, record["new_stance"] or record["stance"])]


def apply_judgements(statements: pd.DataFrame, judgements: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Let people's judgements override the statements of the rules.

    A judgement holds whether or not the rules make the statement, so that better rules never undo what a person said.

    Returns
    -------
    pandas.DataFrame
        One row is a statement in force. `judge` is the person who accepted, changed or added it, '' where nobody did;
        `coder` is `judged` as soon as there is one judgement. A statement keeps the evidence, basis and organisations
        that the rules found for it, or for what it was changed from; where they found none, its evidence is the whole
        unit, its basis ''.
    """
    rows = {tuple(row[column] for column in _KEY): row for row in _list_records(statements)}
    found = dict(rows)
    spans = units.rename(columns={"text": "evidence"})[["doc_id", "unit_id", *_SPAN]]
    whole = {(row["doc_id"], row["unit_id"]): row for row in _list_records(spans)}
    for record in _list_records(judgements):
        for key, stance in _list_effects(record):
            if stance is None:
                rows.pop(key, None)
                continue
            unit = dict.fromkeys(COLUMNS["statements"], "") | whole[key[:2]]
            base = found.get(key) or found.get(tuple(record[column] for column in _KEY), unit)
            rows[key] = base | dict(zip(_KEY, key, strict=True)) | {
                "statement_id": ":".join(map(str, key)), "stance": stance, "coder": record["coder"],
            }  # fmt: skip
    if judgements.empty:
        return statements.assign(judge="")
    order = {doc_id: number for number, doc_id in enumerate(dict.fromkeys(units["doc_id"]))}
    table = pd.DataFrame(list(rows.values()), columns=list(COLUMNS["statements"]))
    table = table.assign(judge=table["coder"].where(table["coder"].isin(judgements["coder"]), ""), coder="judged")
    places = table["doc_id"].map(order)
    return table.assign(_=places).sort_values(["_", "unit_id"], kind="stable", ignore_index=True).drop(columns="_")


def describe_judgements(judgements: pd.DataFrame, statements: pd.DataFrame) -> str:
    """Say in one line how many judgements are in force, and how many of them the rules give no occasion for."""
    if judgements.empty:
        return "No judgement by a person is in force: every statement is as the rules made it."
    made = set(statements[_KEY].itertuples(index=False, name=None))
    judged = judgements[judgements["verdict"].isin(["reject", "change"])]
    idle = sum(key not in made for key in judged[_KEY].itertuples(index=False, name=None))
    counts = ", ".join(f"{(judgements['verdict'] == verdict).sum()} {verdict}" for verdict in VERDICTS)
    people = judgements["coder"].nunique()
    return (
        f"Judgements in force: {len(judgements)} ({counts}) by {people} {'person' if people == 1 else 'people'}; "
        f"{idle} of them reject or change what the rules do not say."
    )
