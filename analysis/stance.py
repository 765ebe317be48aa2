"""How a text puts it: whether a measure is required, encouraged, prohibited or reported."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.actors import AUTHORITY, Subject

FORBIDDEN = frozenset({"gathering_suspension", "self_discipline", "rumour_control", "workplace_prevention",
                       "personnel_screening"})  # fmt: skip
DIRECTIVES = frozenset({"appeal", "notice"})
_DIRECTIVE_TITLE = re.compile(r"(?:倡议书|倡议|公开信|一封信|通知|公告|通告|意见|方案|函|指引|提示|号召书)(?:（[^（）]*）)?$")
_ORDER = re.compile("(?<=[，；])(?:要(?!求)|应当|应(?!对|急|邀)|须|必须|不得|严禁)")
_ABOUT = re.compile("发布|发出|印发|出台|下发|转发|制定|推出|发起|解读|召开")


def guess_directive(units: pd.DataFrame, mentions: pd.DataFrame, genres: Mapping[Any, str]) -> dict[Any, bool]:
    """Tell of each document whether it directs; by its genre if that is known, else by title, address and wording."""
    issues = set(mentions.loc[(mentions["kind"] == "cue") & (mentions["code"] == "issue"), "doc_id"])
    directive = {}
    for doc_id, rows in units.groupby("doc_id", sort=False):
        titles = rows.loc[rows["kind"] == "title", "text"]
        title = re.sub("《[^》]*》", "", titles.iloc[0]) if len(titles) else ""
        by_title = bool(_DIRECTIVE_TITLE.search(title)) and not _ABOUT.search(title)
        guess = by_title or doc_id in issues or bool((rows["kind"] == "addressee").any())
        directive[doc_id] = genres[doc_id] in DIRECTIVES if genres.get(doc_id) else guess
    return directive


def find_orders(
    units: pd.DataFrame, subjects: Mapping[tuple[Any, int], Sequence[Subject]], cues: Mapping[tuple[Any, int], Sequence[Any]],
    directive: Mapping[Any, bool],
) -> dict[tuple[Any, int], list[tuple[int, int]]]:
    """Return for every unit from where (offset in the unit) it orders (2, or 1 until a new subject) or tells (0)."""
    orders: dict[tuple[Any, int], list[tuple[int, int]]] = {}
    document, state = None, 0
    for unit in units.itertuples():
        if unit.doc_id != document:
            document, state = unit.doc_id, 2 * directive[unit.doc_id]
        key = (unit.doc_id, unit.unit_id)
        codes = {cue.code for cue in cues.get(key, [])}
        own = [subject for subject in subjects[key] if subject.role != "carried"]
        changes = [(0, 2 if directive[unit.doc_id] else state)]
        if re.match("[一二三四五六七八九十]+要", unit.text):
            changes.append((0, 2))
        changes += [(match.start() + 1, 1) for match in _ORDER.finditer("，" + unit.text)]
        for subject in own:
            if subject.role == "modal":
                changes.append((subject.start, 2))
            elif subject.role == "directed" and subject.by:
                if set(subject.by) & AUTHORITY and unit.text.startswith("要求", subject.verb):
                    changes.append((subject.start, 1))
            elif subject.role == "subject" and subject.actors and _tells(unit, subject, directive[unit.doc_id], "narrated" in codes, max(value for at, value in changes if at <= subject.start)):
                changes.append((subject.start, 0))
        for cue in cues.get(key, []):
            if cue.code == "speech" and not set(subjects[key][0].actors if not own else own[0].actors) & {"industry_association"}:
                changes.append((cue.start - unit.start, 1))
        orders[key] = sorted(changes, key=lambda change: change[0])
        state = orders[key][-1][1]
    return orders


def _tells(unit: Any, subject: Subject, directs: bool, is_narrated: bool, state: int) -> bool:
    """Tell whether a subject without a modal opens a tale rather than an order."""
    if unit.text.startswith("将", subject.end):
        return True
    return (bool(subject.names) or is_narrated and not unit.section) if directs else is_narrated or bool(subject.names) or state < 2


def decide_stance(unit: Any, measure: Any, subject: Subject, is_order: bool, cues: Sequence[Any]) -> str:
    """Return the stance of a measure that is stated in a unit of a subject."""
    if not is_order:
        return "report"
    start, end = measure.start, measure.end
    text = unit.text
    clause = max(text.rfind(stop, 0, start - unit.start) for stop in "，。！？；：") + 1 + unit.start
    near = [cue for cue in cues if clause <= cue.start < end]
    if measure.code in FORBIDDEN and any(cue.code == "forbid" for cue in near):
        return "prohibit"
    if subject.role == "modal" and text.startswith("可", subject.end):
        return "encourage"
    if any(cue.code == "allow" and cue.end <= end for cue in near):
        return "encourage"
    if any(cue.code == "encourage" and _governs(cue, unit, subject) for cue in cues if cue.start < end):
        return "encourage"
    return "require"


def _governs(cue: Any, unit: Any, subject: Subject) -> bool:
    """Tell whether an encouraging word is addressed to the actor itself, not to those whom it leads."""
    position = cue.start - unit.start
    if subject.role in ("directed", "modal", "subject") and subject.basis == "explicit" and subject.verb <= position < subject.end:
        return True
    before = unit.text[:position]
    after = unit.text[cue.end - unit.start :]
    opens = not before or before[-1] in "，。；：" 
    return opens and subject.role == "carried" and not re.match(r".{0,12}(?:会员|企业|行业|成员|员工|单位|公众|社会|市民|居民|职工|党员)", after)
