"""How a text puts it: whether a measure is required, encouraged, prohibited or reported."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.actors import Key, Subject
from analysis.syntax import Grammar, begins, find_clause, find_words
from analysis.tables import iterate_rows

DIRECTIVES = frozenset({"appeal", "notice"})
BANNED = frozenset({"gathering_suspension", "self_discipline", "rumour_control", "workplace_prevention",
                    "personnel_screening"})  # fmt: skip
_ADDRESSED = "[各全]|广大|会员|单位|同志|朋友"  # a line of address names many; 兰州市慈善总会： is the head of a report
_ITEM = re.compile("[一二三四五六七八九十]+要")
Orders = Sequence[tuple[int, int]]  # see `find_orders`
_BOUND = re.compile(".{0,12}(?:会员|企业|行业|成员|员工|单位|公众|社会|市民|居民|职工|党员)")


def guess_directives(
    units: pd.DataFrame, cues: Mapping[Key, Sequence[Any]], genres: Mapping[Any, str], grammar: Grammar
) -> dict[Any, bool]:
    """Tell of each document whether it directs: by its genre if that is known, else by title, address and wording."""
    middle = units.groupby("doc_id")["unit_id"].max() / 2
    early = [key for key in cues if key[1] <= middle[key[0]]]
    issuing = {key[0] for key in early if any(cue.code == "issue" for cue in cues[key])}
    titles = {unit.doc_id: unit.text for unit in iterate_rows(units[units["kind"] == "title"][::-1])}
    addressed = (units["kind"] == "addressee") & units["text"].str.contains(_ADDRESSED)
    issuing |= set(units.loc[addressed, "doc_id"])
    directives = {}
    for doc_id in units["doc_id"].unique():
        title = re.sub("《[^》]*》|（[^）]*）$", "", titles.get(doc_id, ""))
        by_title = title.endswith(grammar.words["directive_title"]) and not find_words(grammar, "news_title", title)
        directives[doc_id] = genres[doc_id] in DIRECTIVES if genres.get(doc_id) else by_title or doc_id in issuing
    return directives


def find_orders(
    units: pd.DataFrame,
    subjects: Mapping[Key, Sequence[Subject]],
    cues: Mapping[Key, Sequence[Any]],
    directives: Mapping[Any, bool],
    grammar: Grammar,
) -> dict[Key, list[tuple[int, int]]]:
    """Find where the text orders and where it tells.

    Returns
    -------
    dict
        By (doc_id, unit_id), pairs of an offset in the unit and what holds from there on: 2 it orders, 1 it orders
        until somebody else acts, 0 it tells. The first pair has offset 0.
    """
    orders: dict[Key, list[tuple[int, int]]] = {}
    document, state = None, 0
    for unit in iterate_rows(units):
        if unit.doc_id != document:
            document, state = unit.doc_id, 0
        key = (unit.doc_id, unit.unit_id)
        start = 2 if directives[unit.doc_id] else state
        own = [subject for subject in subjects[key] if subject.role != "carried"]
        changes = _find_changes(unit, own, subjects[key], cues.get(key, []), directives[unit.doc_id], grammar)
        orders[key] = _settle(sorted([(0, start), *changes], key=lambda change: change[0]))
        state = orders[key][-1][1]
    return orders


def _find_changes(
    unit: Any, own: Sequence[Subject], subjects: Sequence[Subject], cues: Sequence[Any], directs: bool, grammar: Grammar
) -> list[tuple[int, int]]:
    """Return where a unit begins to order or to tell; -1 stands for a plain subject, which ends a passing order."""
    text, changes = unit.text, []
    if _ITEM.match(text):
        changes.append((0, 2))
    for at in (0, *(match.end() for match in re.finditer("[，；]", text))):
        if begins(grammar, "order", text, at):
            before = [subject for subject in own if subject.end <= at and subject.role == "subject"][-1:]
            since = [s.start + 1 for s in before if not re.search("要求|号召|倡议|了", text[s.end : at])]
            changes.append((since[0] if since else at, 1))  # ，要…: from its subject on, if that only must
    is_told = any(cue.code == "narrated" for cue in cues)
    for subject in own:
        if subject.role == "modal":
            changes.append((subject.start, 2))
        elif subject.role == "directed" and begins(grammar, "command", text, subject.verb):
            changes.append((subject.start, 1))
        elif subject.role == "subject" and subject.actors:
            tells = bool(subject.names) or (is_told and not (directs and unit.section))
            if tells or not directs:
                changes.append((subject.start, 0 if tells else -1))
    speaker = (own or subjects)[0].actors
    for cue in cues:
        if cue.code == "issue":
            changes.append((cue.end - unit.start, 2))
        elif cue.code == "speech" and "industry_association" not in speaker:
            changes.append((cue.start - unit.start, 1))
    return changes


def _settle(changes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Replace -1 by what holds then: a plain subject ends an order that holds only for the time being."""
    settled: list[tuple[int, int]] = []
    for at, value in changes:
        if value < 0:
            firmly = max(before for _, before in settled) == 2
            here = max((before for _, before in settled[1:]), default=0) > 0
            value = settled[-1][1] if firmly or here else 0
        settled.append((at, value))
    return settled


def find_order(orders: Orders, at: int) -> int:
    """Return what holds at an offset in a unit; see `find_orders`."""
    return [order for start, order in orders if start <= at][-1]


def decide_stance(unit: Any, measure: Any, subject: Subject, orders: Orders, cues: Sequence[Any]) -> str:
    """Return the stance of a measure of a subject: require, encourage, prohibit or report."""
    at = measure.start - unit.start
    if not find_order(orders, at):
        return "report"
    clause = find_clause(unit.text, at) + unit.start
    if measure.code in BANNED and any(cue.code == "forbid" and clause <= cue.start < measure.end for cue in cues):
        return "prohibit"
    may = subject.role == "modal" and unit.text.startswith("可", subject.end)
    if may or any(cue.code == "allow" and clause <= cue.start and cue.end <= measure.end for cue in cues):
        return "encourage"
    governing = [cue for cue in cues if cue.code == "encourage" and cue.start < measure.end]
    return "encourage" if any(_governs(cue, unit, subject) for cue in governing) else "require"


def _governs(cue: Any, unit: Any, subject: Subject) -> bool:
    """Tell whether an encouraging word is addressed to the actor itself, not to those whom it leads."""
    start, end = cue.start - unit.start, cue.end - unit.start
    if subject.role in ("directed", "modal", "subject") and subject.verb <= start < subject.end:
        return not re.match("[应必务需]|要(?!求)", unit.text[subject.end :])  # 倡议会员要…
    opens = start == 0 or unit.text[start - 1] in "，。；："
    return opens and subject.role == "carried" and not _BOUND.match(unit.text, end)
