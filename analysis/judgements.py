"""Judgements of people: they accept, reject, change or add statements, and override the rules."""

from pathlib import Path

import pandas as pd

from analysis.codebook import Codebook
from analysis.errors import InputError
from analysis.tables import COLUMNS, STANCES

VERDICTS = ("accept", "reject", "change", "add")
JUDGEMENT_COLUMNS = (
    "doc_id", "unit_id", "text", "verdict", "actor", "measure", "stance",
    "new_actor", "new_measure", "new_stance", "coder", "date", "reason",
)  # fmt: skip
_KEY = ["doc_id", "unit_id", "actor", "measure"]


def read_judgements(path: Path, units: pd.DataFrame, statements: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read and check a file of judgements.

    Parameters
    ----------
    path
        CSV, UTF-8, with the columns `JUDGEMENT_COLUMNS`. `text` is the unit as it read when it was judged. `accept`,
        `reject` and `change` name a statement of the rules by `actor` and `measure`; `change` gives what differs in
        `new_actor`, `new_measure`, `new_stance`; `add` gives `actor`, `measure` and `stance`.
    units, statements
        What the rules found.

    Returns
    -------
    pandas.DataFrame
        One row is a judgement, in the order of the file; `unit_id` is a number, empty cells are ''.

    Raises
    ------
    InputError
        With every row that names an unknown unit, code, stance or verdict, whose unit reads differently now, that
        judges a statement which the rules do not make (or adds one they do), that lacks coder, date or reason, or that
        contradicts another row.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    missing = [column for column in JUDGEMENT_COLUMNS if column not in table.columns]
    if missing:
        raise InputError([f"{path.name}: no column {', '.join(missing)}; it needs {', '.join(JUDGEMENT_COLUMNS)}"])
    numbers = pd.to_numeric(table["unit_id"], errors="coerce")
    table["unit_id"] = numbers.where(numbers % 1 == 0, -1).astype(int)
    texts = units.set_index(["doc_id", "unit_id"])["text"].to_dict()
    found = set(statements[_KEY].itertuples(index=False, name=None))
    problems = []
    for number, row in enumerate(table.itertuples(), 2):
        faults = _find_faults(row._asdict(), texts, found, codebook)
        problems += [f"{path.name}, row {number}: {fault}" for fault in faults]
    twice = table.duplicated(_KEY)
    problems += [
        f"{path.name}, row {number + 2}: a second judgement on {row.actor}, {row.measure} in unit {row.unit_id} of "
        f"{row.doc_id}; keep one"
        for number, row in enumerate(table.itertuples()) if twice.iloc[number]
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return table[list(JUDGEMENT_COLUMNS)]


def _find_faults(
    row: dict[str, str], texts: dict[tuple[str, int], str], found: set[tuple[str, ...]], codebook: Codebook
) -> list[str]:
    choices = {
        "actor": list(codebook.types.index), "measure": list(codebook.measures.index), "stance": list(STANCES),
    }  # fmt: skip
    verdict = row["verdict"]
    faults = [f"no {column}; fill it in" for column in ("coder", "date", "reason") if not row[column]]
    if verdict not in VERDICTS:
        faults.append(f"unknown verdict {verdict!r}; one of {', '.join(VERDICTS)}")
    for column, allowed in choices.items():
        needed = column != "stance" or verdict == "add"
        for name, required in ((column, needed), (f"new_{column}", False)):
            if (row[name] or required) and row[name] not in allowed:
                faults.append(f"unknown {name} {row[name]!r}; one of {', '.join(allowed)}")
    if verdict == "change" and not (row["new_actor"] or row["new_measure"] or row["new_stance"]):
        faults.append("a change needs new_actor, new_measure or new_stance")
    text = texts.get((row["doc_id"], int(row["unit_id"])))
    if text is None:
        return [*faults, f"document {row['doc_id']!r} has no unit {row['unit_id']}"]
    if text != row["text"]:
        faults.append(f"unit {row['unit_id']} of {row['doc_id']} now reads {text[:20]!r}…; judge it again")
    exists = tuple(row[column] for column in _KEY) in found
    if exists == (verdict == "add"):
        state = "already make" if exists else "do not make"
        faults.append(f"the rules {state} this statement, so it cannot be judged by {verdict!r}")
    return faults


def apply_judgements(statements: pd.DataFrame, judgements: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Let people's judgements override the statements of the rules.

    Returns
    -------
    pandas.DataFrame
        One row is a statement in force. All have the coder `judged`; `verdict` and `judge` say which of them a person
        accepted, changed or added, and who ('' for statements of the rules that nobody judged). The evidence of an
        added statement is its whole unit.
    """
    table = statements.assign(coder="judged").merge(
        judgements.rename(columns={"coder": "judge", "stance": "_", "text": "__"}), on=_KEY, how="left"
    )
    table = table[table["verdict"].ne("reject")].fillna({"verdict": "", "judge": ""})
    for column in ("actor", "measure", "stance"):
        table[column] = table[f"new_{column}"].fillna("").where(lambda new: new.ne(""), table[column])
    added = judgements.query("verdict == 'add'").drop(columns="text").rename(columns={"coder": "judge"})
    added = added.merge(units.rename(columns={"text": "evidence"}), on=["doc_id", "unit_id"])
    added = added.assign(basis="explicit", organisation="", sector="", coder="judged")
    table = pd.concat([table, added], ignore_index=True)
    key = table["doc_id"] + ":" + table["unit_id"].astype(str)
    table["statement_id"] = key + ":" + table["actor"] + ":" + table["measure"]
    table = table.drop_duplicates("statement_id").sort_values(["doc_id", "unit_id", "start", "statement_id"])
    return table[[*COLUMNS["statements"], "verdict", "judge"]].reset_index(drop=True)
