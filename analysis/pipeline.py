"""From documents to statements: every step in its order, for the corpus or for any texts."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import tables
from analysis.codebook import Codebook
from analysis.coding import code_statements
from analysis.errors import InputError
from analysis.invocations import find_invocations
from analysis.mentions import find_mentions
from analysis.organisations import find_organisations
from analysis.quantities import find_quantities
from analysis.units import split_units


class Coded(NamedTuple):
    """The tables that the rules make of documents; for what one row is, see `analysis.tables.COLUMNS`."""

    units: pd.DataFrame
    organisations: pd.DataFrame
    quantities: pd.DataFrame
    mentions: pd.DataFrame
    statements: pd.DataFrame
    invocations: pd.DataFrame


def code_documents(
    documents: pd.DataFrame,
    repairs: pd.DataFrame,
    codebook: Codebook,
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Coded:
    """Code documents by the rules of the codebook.

    Documents do not influence each other, so the result is the same however they are cut into portions.

    Parameters
    ----------
    documents, repairs
        As `read_documents` or `read_texts` return them.
    report
        Called after each portion with the number of documents done and the number of all.
    """
    portions = []
    for start in range(0, max(len(documents), 1), _PORTION):
        some = documents.iloc[start : start + _PORTION]
        portions.append(_code_portion(some, repairs[repairs["doc_id"].isin(some["doc_id"])], codebook))
        report(min(start + _PORTION, len(documents)), len(documents))
    return Coded(*(pd.concat(parts, ignore_index=True) for parts in zip(*portions, strict=True)))


_PORTION = 50


def _code_portion(documents: pd.DataFrame, repairs: pd.DataFrame, codebook: Codebook) -> Coded:
    units = split_units(documents, repairs)
    organisations = find_organisations(units, codebook)
    quantities = find_quantities(units, codebook)
    mentions = find_mentions(units, codebook, organisations)
    statements = code_statements(units, mentions, organisations, codebook, documents, repairs=repairs)
    invocations = find_invocations(units, codebook, organisations)
    return Coded(units, organisations, quantities, mentions, statements, invocations)


def list_unit_records(coded: Coded) -> Iterator[dict[str, object]]:
    """Yield one record a unit, in order, in the JSON Lines form of `python -m analysis code`."""
    groups = {
        name: dict(tuple(table.groupby(["doc_id", "unit_id"], sort=False)))
        for name, table in coded._asdict().items()
        if name in ("statements", "organisations", "quantities")
    }
    for unit in coded.units.itertuples():
        key = (unit.doc_id, unit.unit_id)
        found = {name: list(group[key].itertuples()) if key in group else [] for name, group in groups.items()}
        yield {
            "doc": unit.doc_id, "unit": unit.unit_id, "text": unit.text,
            "start": unit.start, "end": unit.end, "raw_start": unit.raw_start, "raw_end": unit.raw_end,
            "statements": [[row.actor, row.measure, row.stance] for row in found["statements"]],
            "evidence": [
                {"start": row.start, "end": row.end, "text": row.evidence, "basis": row.basis,
                 "organisation": row.organisation, "sector": row.sector}
                for row in found["statements"]
            ],
            "organisations": list(dict.fromkeys(row.text for row in found["organisations"])),
            "quantities": [
                {"text": row.text, "value": row.value, "unit": row.unit} for row in found["quantities"]
            ],
        }  # fmt: skip


def write_coded(coded: Coded, path: Path) -> None:
    """Write a coding by the ending of `path`: `.jsonl` (one unit a line), `.csv` or `.parquet` (the statements).

    Raises
    ------
    InputError
        For any other ending.
    """
    if path.suffix == ".jsonl":
        lines = (json.dumps(record, ensure_ascii=False) for record in list_unit_records(coded))
        tables.write_text(path, "".join(line + "\n" for line in lines))
    elif path.suffix == ".csv":
        tables.write_table(coded.statements, path)
    elif path.suffix == ".parquet":
        tables.write_atomically(path, lambda beside: coded.statements.to_parquet(beside, index=False))
    else:
        raise InputError([f"{path}: unknown ending {path.suffix!r}; write to a .jsonl, .csv or .parquet file"])
