"""Judgements of people: they accept, reject, change or add statements, and override the rules."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.codebook import Codebook
from analysis.decoding import read_date
from analysis.reference import CODES, find_code_faults
from analysis.sheets import check_rows
from analysis.tables import COLUMNS, read_rows

VERDICTS = ("accept", "reject", "change", "add")
_NEW = tuple(f"new_{code}" for code in CODES)
JUDGEMENT_COLUMNS = ("doc_id", "unit_id", "text", "verdict", *CODES, *_NEW, "coder", "date", "reason")
_KEY = ["doc_id", "unit_id", "actor", "measure"]


def read_judgements(units: pd.DataFrame, codebook: Codebook, *, path: Path = paths.JUDGEMENTS) -> pd.DataFrame:
    """Read and check a file of judgements on the units of the corpus.

    Parameters
    ----------
    path
        CSV with the columns `JUDGEMENT_COLUMNS`. `text` is the unit as it read when it was judged. `accept` and `add`
        put the statement `actor`, `measure`, `stance` in force; `reject` takes the one with `actor` and `measure` out;
        `change` replaces what `new_actor`, `new_measure`, `new_stance` give.

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
    seen: dict[tuple[Any, ...], tuple[str | None, int, str]] = {}

    def find_faults(row: int, record: dict[str, str]) -> list[str]:
        faults = _find_faults(record, codebook)
        for key, stance in ({} if faults else _list_effects(record)).items():
            before, first, coder = seen.setdefault(key, (stance, row, record["coder"]))
            if first != row and (before != stance or coder == record["coder"]):
                what = "repeats" if before == stance else "contradicts"
                faults.append(f"{what} row {first} on {key[2]}, {key[3]} in unit {key[1]} of {key[0]}; keep one")
        return faults

    return check_rows(read_rows(path, JUDGEMENT_COLUMNS), path, units, find_faults).reset_index(drop=True)


def _find_faults(record: dict[str, str], codebook: Codebook) -> list[str]:
    """Say what is wrong with one judgement in itself."""
    verdict, new = record["verdict"], [name for name in _NEW if record[name]]
    faults = [f"no {column}; fill it in" for column in ("coder", "reason") if not record[column]]
    if record["coder"] in ("rules", "reference"):
        faults.append(f"coder {record['coder']!r} is no person; give a name")
    if not read_date(record["date"], r"\d{4}-\d\d-\d\d"):
        faults.append(f"date {record['date']!r} is no day written as 2020-02-12; mend it")
    if verdict not in VERDICTS:
        faults.append(f"unknown verdict {verdict!r}; one of {', '.join(VERDICTS)}")
    elif verdict != "change" and new:
        faults.append(f"{new[0]} is filled in, but the verdict is {verdict!r}; empty it, or write 'change'")
    elif verdict == "change" and all(record[name] == record[name.removeprefix("new_")] for name in new):
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

    Returns
    -------
    pandas.DataFrame
        One row is a statement in force. `judge` is the person who accepted, changed or added it, '' where nobody did;
        `coder` is `judged` as soon as there is one judgement. A statement keeps the evidence, basis and organisations
        that the rules found for it, or for what it was changed from; where they found none, its evidence is the whole
        unit, its basis ''.
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
