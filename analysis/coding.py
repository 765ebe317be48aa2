"""Statements: which actor is asked for, or reported for, which measure, and how, by the rules of the codebook."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from analysis.actors import LEADERS, Memory, Subject, read_unit
from analysis.cleaning import to_raw
from analysis.codebook import Codebook
from analysis.parties import collect_names, join_names, resolve_names
from analysis.stance import Orders, decide_stance, find_order, find_orders, guess_directives
from analysis.syntax import Grammar, begins, find_clause, find_end, read_grammar
from analysis.tables import check_table, iterate_rows, make_table

_ITEM = re.compile(r"(?:[一二三四五六七八九十]{1,3}[是要、]|（.{1,2}）|\d+[.、．]|第.{1,2}，)[^，；：]{2,24}。")
Key = tuple[Any, int]
Changes = Mapping[Any, pd.DataFrame]  # the repairs of each document
Found = dict[tuple[str, str], "Finding"]  # by actor and measure


class Finding(NamedTuple):
    """What is stated of an actor and a measure in a unit; `start`, `end` are offsets in the document."""

    stance: str
    subject: Subject
    start: int
    end: int


class Reading(NamedTuple):
    """A unit as read: who acts where, its cues, where it orders, and the managing authority that acted last."""

    unit: Any
    subjects: Sequence[Subject]
    cues: Sequence[Any]
    orders: Orders
    authority: Subject


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
        Has `doc_id`; a column `genre` is used where it is filled, else the genre is guessed from title and wording.
    repairs
        Leads evidence back to the raw text; without it, the raw span of the whole unit is given.

    Returns
    -------
    pandas.DataFrame
        One row is an actor that is asked for, or reported for, a measure in a unit; at most one row per actor and
        measure of a unit. `start`, `end` span the clauses that state the measure, in the cleaned text of the
        document, and `evidence` is their text.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    for name, table in (("units", units), ("mentions", mentions), ("organisations", organisations)):
        check_table(table, name)
    grammar = read_grammar(codebook)
    genres = dict(zip(documents["doc_id"], documents["genre"], strict=True)) if "genre" in documents else {}
    directives = guess_directives(units, mentions, genres, grammar)
    hits, named = _group_rows(mentions), _group_rows(organisations)
    changes = None if repairs is None else defaultdict(repairs.head(0).copy, tuple(repairs.groupby("doc_id")))
    known = {*product(codebook.types.index, codebook.measures.index)}  # a codebook may do without supervision
    rows: list[tuple[object, ...]] = []
    for doc_id, listed in units.groupby("doc_id", sort=False):
        for unit, found in _drop_announced(_code_document(listed, hits, named, directives[doc_id], grammar)):
            rows += [_make_row(unit, code, finding, changes) for code, finding in found.items() if code in known]
    return make_table(rows, "statements")


def _group_rows(table: pd.DataFrame) -> dict[Key, list[Any]]:
    """Return the rows of a table by (doc_id, unit_id)."""
    groups: dict[Key, list[Any]] = defaultdict(list)
    for row in iterate_rows(table):
        groups[row.doc_id, row.unit_id].append(row)
    return groups


def _code_document(
    units: pd.DataFrame, hits: Mapping[Key, list[Any]], named: Mapping[Key, list[Any]], directs: bool, grammar: Grammar
) -> list[tuple[Any, Found]]:
    """Read the units of a document one after the other; `hits` are mentions, `directs` tells whether it directs."""
    coded: list[tuple[Any, Found]] = []
    memory, orders = Memory(directs), [(0, directs)]
    for unit in iterate_rows(units):
        key = (unit.doc_id, unit.unit_id)
        cues, measures = ([hit for hit in hits[key] if hit.kind == kind] for kind in ("cue", "measure"))
        names = collect_names(unit.start, hits[key], named[key])
        names, known = resolve_names(unit.text, names, memory.known, grammar)
        names, memory = join_names(unit.text, names, grammar), replace(memory, known=known)
        subjects, memory = read_unit(unit, names, grammar, cues, memory)
        orders = find_orders(unit, subjects, cues, directs, orders, grammar)
        reading = Reading(unit, subjects, cues, orders, memory.authority)
        found = _find_findings(reading, measures, _find_supervision(reading, grammar), grammar)
        coded.append((unit, {} if unit.kind in ("title", "addressee", "furniture") else found))
    return coded


def _make_row(unit: Any, code: tuple[str, str], finding: Finding, changes: Changes | None) -> tuple[object, ...]:
    start = unit.start + find_clause(unit.text, finding.start - unit.start)
    end = unit.start + find_end(unit.text, finding.end - unit.start)
    subject = finding.subject
    raw = (unit.raw_start, unit.raw_end) if changes is None else to_raw(changes[unit.doc_id], start, end)
    return (
        f"{unit.doc_id}:{unit.unit_id}:{':'.join(code)}", unit.doc_id, unit.unit_id, *code, finding.stance,
        subject.basis, "、".join(dict.fromkeys(subject.names)), subject.sector, start, end, *raw,
        unit.text[start - unit.start : end - unit.start], "rules",
    )  # fmt: skip


def _find_supervision(reading: Reading, grammar: Grammar) -> Found:
    """Return an authority's directing as a statement of its own."""
    found: Found = {}
    for subject in reading.subjects:
        director, offset = subject.director, reading.unit.start
        led = director in reading.subjects[1:] or begins(grammar, "guide", reading.unit.text, subject.verb)
        if subject.role == "directed" and director and led:
            stance = "require" if find_order(reading.orders, max(subject.verb - 1, 0)) else "report"
            finding = Finding(stance, director, offset + subject.verb, offset + subject.end)
            found |= {(actor, "supervision"): finding for actor in director.actors if actor in grammar.state}
    return found


def _find_findings(reading: Reading, measures: Sequence[Any], found: Found, grammar: Grammar) -> Found:
    """Return the first finding of each actor and measure, or a later one that does not require instead."""
    merged = dict(found)
    unit, subjects, cues, orders, authority = reading
    for measure in measures:
        if any(cue.code == "issue" and measure.end <= cue.start for cue in cues):
            continue  # 现就捐赠有关事项通知如下
        subject = [s for s in subjects if s.start < max(measure.end - unit.start, 1)][-1]
        stance = decide_stance(unit, measure, subject, orders, cues)
        if measure.code == "supervision":
            subject = _find_supervisor(subject, stance, authority, grammar)
        if measure.code == "party_building" and subject.actors and set(subject.actors) != {"enterprise"}:
            subject = subject._replace(actors=tuple({"party_organisation"} & grammar.league) or subject.actors)
        for actor in subject.actors:
            before = merged.get((actor, measure.code))
            if before is None or before.stance == "require" != stance:
                merged[actor, measure.code] = Finding(stance, subject, measure.start, measure.end)
    return merged


def _find_supervisor(subject: Subject, stance: str, authority: Subject, grammar: Grammar) -> Subject:
    """Return the authorities among those who act, or the last one that acted where nobody is named who might direct."""
    unnamed = "carried" in (subject.role, subject.director and subject.director.role)  # 印发通知，要求社会组织…
    if unnamed and stance == "report" and not (grammar.state | LEADERS).intersection(subject.actors):
        subject = authority._replace(basis="carried")
    return subject._replace(actors=tuple(actor for actor in subject.actors if actor in grammar.state))


def _drop_announced(coded: Sequence[tuple[Any, Found]]) -> Iterator[tuple[Any, Found]]:
    """Drop what a heading or a short item (一是…。) states and a unit below it in its section states again.

    A heading that names no actor of its own only announces the sentences below it, whatever they state.
    """
    for number, (unit, found) in enumerate(coded):
        announces = unit.kind == "heading" and all(finding.subject.basis != "explicit" for finding in found.values())
        if found and (announces or _ITEM.fullmatch(unit.text)):
            path = f"{unit.section}/"
            below = [stated for other, stated in coded[number + 1 :] if f"{other.section}/".startswith(path)]
            again = {code for stated in below for code in found if announces or code in stated}
            found = {code: finding for code, finding in found.items() if code not in again}
        yield unit, found
