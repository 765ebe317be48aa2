"""From documents to statements: every step in its order, for the corpus or for any texts."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.coding import code_statements
from analysis.errors import check_choice
from analysis.invocations import find_invocations
from analysis.mentions import find_mentions
from analysis.organisations import find_organisations
from analysis.quantities import find_quantities
from analysis.reference import list_codes
from analysis.tables import iterate_rows, write_atomically, write_table, write_text
from analysis.units import split_units

ENDINGS = (".jsonl", ".csv", ".parquet")
_PORTION = 50


class Coded(NamedTuple):
    """The tables that the rules make of documents; for what one row is, see `analysis.tables.COLUMNS`."""

    units: pd.DataFrame
    organisations: pd.DataFrame
    quantities: pd.DataFrame
    mentions: pd.DataFrame
    statements: pd.DataFrame
    invocations: pd.DataFrame

    @property
    def codes(self) -> pd.DataFrame:
        """What the rules say, as `analysis.reference.Coding` has it."""
        return list_codes(self.statements, organisation=self.organisations, quantity=self.quantities)


def code_documents(
    documents: pd.DataFrame,
    repairs: pd.DataFrame,
    codebook: Codebook,
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Coded:
    """Code documents, as `read_documents` or `read_texts` return them, by the rules of the codebook.

    Documents do not influence each other. `report` gets the numbers of documents done and of all.
    """
    portions = []
    for start in range(0, max(len(documents), 1), _PORTION):
        some = documents.iloc[start : start + _PORTION]
        changes = repairs[repairs["doc_id"].isin(some["doc_id"])]
        units = split_units(some, changes)
        organisations = find_organisations(units, codebook)
        quantities = find_quantities(units, codebook)
        mentions = find_mentions(units, codebook, organisations)
        statements = code_statements(units, mentions, organisations, codebook, some, repairs=changes)
        invocations = find_invocations(units, codebook, organisations)
        portions.append(Coded(units, organisations, quantities, mentions, statements, invocations))
        report(min(start + _PORTION, len(documents)), len(documents))
    return Coded(*(pd.concat(parts, ignore_index=True) for parts in zip(*portions, strict=True)))


def _list_records(coded: Coded) -> Iterator[dict[str, object]]:
    """Yield one record a unit, in order."""
    groups = [
        {key: list(iterate_rows(rows)) for key, rows in table.groupby(["doc_id", "unit_id"], sort=False)}
        for table in (coded.statements, coded.organisations, coded.quantities)
    ]
    for unit in iterate_rows(coded.units):
        statements, organisations, quantities = (group.get((unit.doc_id, unit.unit_id), []) for group in groups)
        yield {
            "doc": unit.doc_id, "unit": unit.unit_id, "text": unit.text,
            "start": unit.start, "end": unit.end, "raw_start": unit.raw_start, "raw_end": unit.raw_end,
            "statements": [[row.actor, row.measure, row.stance] for row in statements],
            "evidence": [{"start": row.start, "end": row.end, "text": row.evidence, "basis": row.basis,
                          "organisation": row.organisation, "sector": row.sector} for row in statements],
            "organisations": list(dict.fromkeys(row.text for row in organisations)),
            "quantities": [{"text": row.text, "value": row.value, "unit": row.unit} for row in quantities],
        }  # fmt: skip


def write_coded(coded: Coded, path: Path) -> None:
    """Write a coding by the ending of `path`: `.jsonl` (one unit a line), `.csv` or `.parquet` (the statements)."""
    check_choice("ending", path.suffix, ENDINGS)
    if path.suffix == ".jsonl":
        write_text(path, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in _list_records(coded)))
    elif path.suffix == ".csv":
        write_table(coded.statements, path)
    else:
        write_atomically(path, lambda beside: coded.statements.to_parquet(beside, index=False))
