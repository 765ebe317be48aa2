"""Statements: which actor is asked for, or reported for, which measure, and how, by the rules of the codebook."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.actors import AUTHORITY, Subject, find_subjects
from analysis.cleaning import to_raw
from analysis.codebook import Codebook
from analysis.stance import decide_stance, find_orders, guess_directive
from analysis.tables import check_table, make_table

BANS = frozenset({"gathering_suspension", "self_discipline", "rumour_control"})
DIRECTORS = AUTHORITY
_STOPS = "，。！？；：\n"


def code_statements(
    units: pd.DataFrame,
    mentions: pd.DataFrame,
    organisations: pd.DataFrame,
    codebook: Codebook,
    documents: pd.DataFrame,
    *,
    repairs: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Turn mentions into statements.

    Parameters
    ----------
    units, mentions, organisations
        Of whole documents, as `split_units`, `find_mentions` and `find_organisations` return them.
    codebook
        Its `cues` hold the words by which actors and stances are told.
    documents
        Has `doc_id`; a column `genre` is used where it is filled, else genre is guessed from title and wording.
    repairs
        Leads evidence back to the raw text; without it, the raw span of the unit is given.

    Returns
    -------
    pandas.DataFrame
        One row is an actor that is asked for, or reported for, a measure in a unit; at most one row per actor and
        measure of a unit. `start`, `end` span the words that state the measure, in the cleaned text of the document.
    """
    for name, table in (("units", units), ("mentions", mentions), ("organisations", organisations)):
        check_table(table, name)
    genres = dict(zip(documents["doc_id"], documents["genre"], strict=True)) if "genre" in documents else {}
    directive = guess_directive(units, mentions, genres)
    subjects = find_subjects(units, mentions, organisations, codebook, directive)
    cues = _group(mentions[mentions["kind"] == "cue"])
    measures = _group(mentions[mentions["kind"] == "measure"])
    orders = find_orders(units, subjects, cues, directive)
    rows: list[tuple[object, ...]] = []
    for unit in units.itertuples():
        key = (unit.doc_id, unit.unit_id)
        if unit.kind in ("title", "addressee", "furniture"):
            continue
        found = _state(unit, measures.get(key, []), subjects[key], cues.get(key, []), orders[key])
        for (actor, measure), (stance, basis, names, start, end) in found.items():
            raw = (unit.raw_start, unit.raw_end) if repairs is None else to_raw(repairs[repairs["doc_id"] == unit.doc_id], start, end)
            identity = f"{unit.doc_id}:{unit.unit_id}:{actor}:{measure}"
            if unit.kind == "heading" and measure in _list_below(unit, units, measures):
                continue
            rows.append((identity, unit.doc_id, unit.unit_id, actor, measure, stance, basis, "、".join(names), "",
                         start, end, *raw, unit.text[start - unit.start : end - unit.start], "rules"))  # fmt: skip
    return make_table(rows, "statements")


def _list_below(heading: Any, units: pd.DataFrame, measures: Mapping[tuple[Any, int], Sequence[Any]]) -> set[str]:
    """Return the measures that the units of a heading's section state."""
    inside = units[(units["doc_id"] == heading.doc_id) & (units["unit_id"] > heading.unit_id)]
    path = heading.section
    below: set[str] = set()
    for unit in inside.itertuples():
        if unit.section != path and not unit.section.startswith(path + "/"):
            break
        below |= {measure.code for measure in measures.get((unit.doc_id, unit.unit_id), [])}
    return below


def _group(table: pd.DataFrame) -> dict[tuple[Any, int], list[Any]]:
    groups: dict[tuple[Any, int], list[Any]] = {}
    for row in table.itertuples():
        groups.setdefault((row.doc_id, row.unit_id), []).append(row)
    return groups


def _state(
    unit: Any, measures: Sequence[Any], subjects: Sequence[Subject], cues: Sequence[Any], orders: Sequence[tuple[int, bool]]
) -> dict[tuple[str, str], tuple[str, str, tuple[str, ...], int, int]]:
    found: dict[tuple[str, str], tuple[str, str, tuple[str, ...], int, int]] = {}
    for subject in subjects:
        if subject.role == "directed" and set(subject.by) & DIRECTORS:
            for actor in subject.by:
                if actor in DIRECTORS:
                    is_order = [order for at, order in orders if at <= max(subject.verb-1,0)][-1]
                    found[actor, "supervision"] = ("require" if is_order else "report", "carried", (), unit.start + subject.verb, unit.start + subject.end)
    for measure in measures:
        if _is_background(unit, measure, cues):
            continue
        at = measure.start - unit.start
        subject = [subject for subject in subjects if subject.start <= at][-1]
        if measure.code == "supervision":
            actors = tuple(actor for actor in subject.actors if actor in AUTHORITY)
        else:
            actors = subject.actors
        is_order = [order for start, order in orders if start <= at][-1]
        stance = decide_stance(unit, measure, subject, is_order, cues)
        for actor in actors:
            before = found.get((actor, measure.code))
            if before is None or (stance == "prohibit" and measure.code in BANS and before[0] == "require"):
                found[actor, measure.code] = (stance, subject.basis, subject.names, measure.start, measure.end)
    return found


def _is_background(unit: Any, measure: Any, cues: Sequence[Any]) -> bool:
    """Tell whether a measure stands in a condition (在…前提下), or in a slogan."""
    text, at = unit.text, measure.start - unit.start
    end = min((i for i in (text.find(stop, at) for stop in _STOPS) if i >= 0), default=len(text))
    for cue in cues:
        if cue.code == "condition" and measure.end <= cue.start <= end + unit.start and text.rfind("在", 0, at) > max(text.rfind(s, 0, at) for s in _STOPS):
            return True
        if cue.code == "slogan" and cue.start <= measure.start and (cue.start == unit.start or text[cue.start - unit.start - 1] in _STOPS):
            return True
    return False
