"""Codings: what one coder says of some documents, and their form in JSON Lines, one unit a line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.cleaning import to_raw
from analysis.codebook import Codebook
from analysis.errors import find_unknown
from analysis.tables import COLUMNS, STANCES, iterate_rows, make_table, read_records

CODES = ("actor", "measure", "stance")
_OFFSETS = ("start", "end", "raw_start", "raw_end")
_COLUMNS = ["doc_id", "unit_id", "layer", "code", "stance", "disputed"]
_STANCES_ZH = pd.Series(["要求", "鼓励", "禁止", "报道"], STANCES)
_VALID = set(STANCES)
_LISTS = {
    "statements": ("statement", False), "disputed": ("statement", True),
    "organisations": ("organisation", False), "organisations_disputed": ("organisation", True),
    "quantities": ("quantity", False), "quantities_disputed": ("quantity", True),
}  # fmt: skip


class Coding(NamedTuple):
    """One coder's reading of some documents.

    `units`: one row is a unit as that coder cut it; a unit that is not there was not coded. `statements`: one row is a
    statement, as in `analysis.tables.COLUMNS`. `codes`: one row is a code given to a unit, with `layer` (statement,
    organisation, quantity), `code` (for a statement `actor:measure`), `stance` (`a|b` where readings differ), and
    `disputed` (bool: readers did not agree on it, so that it counts neither for nor against).
    """

    units: pd.DataFrame
    statements: pd.DataFrame
    codes: pd.DataFrame
    coder: str = ""


def read_coding(path: Path, documents: pd.DataFrame, repairs: pd.DataFrame, *, coder: str = "reference") -> Coding:
    """Read the reference coding, or what `python -m analysis code` wrote, and find its units in the documents.

    Of a line, `doc`, `unit` (or `sent`), `text` and `statements` are needed; the four offsets, `organisations`,
    `quantities`, and of these and of the statements what is `disputed`, are used where present. A unit without offsets
    is looked for in the cleaned text, then in the raw one, behind the unit before it. Raises `InputError` with every
    line that is no JSON object of this form, names an unknown document, or whose text is not found.
    """
    texts = {doc.doc_id: doc for doc in iterate_rows(documents)}
    changes = dict(tuple(repairs.groupby("doc_id")))
    reached = dict.fromkeys(texts, (0, 0))
    units: list[tuple[object, ...]] = []
    codes: list[tuple[object, ...]] = []

    def add_unit(place: str, record: Any) -> None:
        match record:
            case {"doc": str(doc_id), "text": str(text), "statements": list()}:
                unit = str(record.get("unit", record.get("sent")))
            case _:
                raise ValueError("needs doc and text (texts), unit (a number) and statements (a list)")
        if not unit.isdecimal():
            raise ValueError(f"unit {unit!r} is no number")
        if faults := find_unknown("document", doc_id, texts):
            raise ValueError(faults[0])
        if not any(key in record for key in _OFFSETS):
            span = _find_span(text, texts[doc_id], changes.get(doc_id, repairs.iloc[:0]), *reached[doc_id])
        elif not all(isinstance(record.get(key), int) for key in _OFFSETS):
            raise ValueError(f"{', '.join(_OFFSETS)} must be numbers, all four or none")
        else:
            span = record["start"], record["end"], record["raw_start"], record["raw_end"]
        reached[doc_id] = max(span[1], reached[doc_id][0]), span[3]
        units.append((doc_id, int(unit), "sentence", "", 0, *span[:2], text, *span[2:]))
        codes.extend((doc_id, int(unit), *code) for code in _list_unit_codes(record))

    read_records(path, add_unit)
    return make_coding(make_table(units, "units"), pd.DataFrame(codes, columns=_COLUMNS), coder)


def _find_span(text: str, doc: Any, changes: pd.DataFrame, clean_reached: int, raw_reached: int) -> tuple[int, ...]:
    """Return (clean start, clean end, raw start, raw end); -1 for clean offsets that are not known."""
    if (start := doc.clean.find(text, clean_reached)) >= 0:
        return start, start + len(text), *to_raw(changes, start, start + len(text))
    if (start := doc.raw.find(text, raw_reached)) >= 0:
        return -1, -1, start, start + len(text)
    raise ValueError(f"this text is not in document {doc.doc_id!r}, or not behind the unit before it")


def _list_unit_codes(record: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """List (layer, code, stance, disputed) of one unit, each code once; agreed codes come before disputed ones."""
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for key, (layer, disputed) in _LISTS.items():
        items = record.get(key, [])
        for item in items if isinstance(items, list) else [items]:
            match layer, item:
                case "statement", [str(actor), str(measure), str(stance)] if disputed or {*stance.split("|")} <= _VALID:
                    code = f"{actor}:{measure}"
                case "statement", [str(actor), str(measure)] if disputed:
                    code, stance = f"{actor}:{measure}", ""
                case "organisation" | "quantity", str(code) | {"text": str(code)}:
                    stance = ""
                case _:
                    form = (
                        f"[actor, measure, stance]; stances: {', '.join(STANCES)}" if layer == "statement" else "a text"
                    )
                    raise ValueError(f"{key}: {item!r} is not {form}")
            found.setdefault((layer, code), (stance, disputed))
    return [(*key, *value) for key, value in found.items()]


def make_coding(units: pd.DataFrame, codes: pd.DataFrame, coder: str) -> Coding:
    """Return a coding whose statements are the codes that are not disputed; their evidence is the whole unit."""
    rows = codes.query("layer == 'statement' and not disputed").merge(units, on=["doc_id", "unit_id"])
    pair = rows["code"].str.split(":", n=1)
    rows = rows.assign(
        actor=pair.str[0], measure=pair.str[1], basis="", organisation="", sector="", evidence=rows["text"],
        coder=coder, statement_id=rows["doc_id"] + ":" + rows["unit_id"].astype(str) + ":" + rows["code"],
    )  # fmt: skip
    return Coding(units, rows[list(COLUMNS["statements"])].reset_index(drop=True), codes, coder)


def list_codes(statements: pd.DataFrame, **layers: pd.DataFrame) -> pd.DataFrame:
    """List the codes of statements, and of `layers` the words of the text; one row is a code, see `Coding`."""
    parts = [statements.assign(layer="statement", code=statements["actor"] + ":" + statements["measure"])]
    parts += [table.assign(layer=layer, code=table["text"], stance="") for layer, table in layers.items()]
    return pd.concat([part.assign(disputed=False)[_COLUMNS] for part in parts], ignore_index=True)


def list_labels(codebook: Codebook) -> dict[str, pd.Series[str]]:
    """Return the Chinese labels of actors, measures and stances, each by its id."""
    return {"actor": codebook.types["zh"], "measure": codebook.measures["zh"], "stance": _STANCES_ZH}


def find_code_faults(codes: Mapping[str, str], codebook: Codebook) -> list[str]:
    """Say which codes there are not; `codes` has them by their column: `actor`, `new_actor`, `measure` and so on."""
    labels, faults = list_labels(codebook), list[str]()
    for name, code in codes.items():
        known = labels[name.removeprefix("new_")]
        faults += find_unknown(name, code, known.index if code.isascii() else known)
    return faults
