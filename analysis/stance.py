"""How a text puts it: whether a measure is required, encouraged, prohibited or reported."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.actors import Subject
from analysis.syntax import Grammar, begins, find_clause, find_words
from analysis.tables import iterate_rows

DIRECTIVES = frozenset({"appeal", "notice"})
_ADDRESSED = "[各全]|广大|会员|单位|同志|朋友"  # a line of address names many; 兰州市慈善总会： is the head of a report
_HAILED = "(?:各|全体|全[国省市区县])[^，。；：！？“（]{2,40}：(?![一1“])"
Orders = list[tuple[int, bool]]  # see `find_orders`
_NUMERAL = re.compile(r"(?:[一二三四五六七八九十]{1,3}[是、]|（[^（）]{1,2}）|\d{1,2}[.、．])? ?")
_BOUND = re.compile(".{0,12}(?:会员|企业|行业|成员|员工|单位|公众|社会|市民|居民|职工|党员)")


def guess_directives(
    units: pd.DataFrame, mentions: pd.DataFrame, genres: Mapping[Any, str], grammar: Grammar
) -> dict[Any, bool]:
    """Tell of each document whether it directs: by its genre if that is known, else by title, address and wording."""
    addressed = (units["kind"] == "addressee") & units["text"].str.contains(_ADDRESSED)
    addressed |= (units["kind"] == "sentence") & units["text"].str.match(_HAILED)  # its line end was lost
    issues = (mentions["kind"] == "cue") & (mentions["code"] == "issue")
    issuing = {*mentions.loc[issues, "doc_id"], *units.loc[addressed, "doc_id"]}
    titles = {unit.doc_id: unit.text for unit in iterate_rows(units[units["kind"] == "title"][::-1])}
    directives = {}
    for doc_id in units["doc_id"].unique():
        title = re.sub("《[^》]*》|（[^）]*）$", "", titles.get(doc_id, ""))
        by_title = title.endswith(grammar.words["directive_title"]) and not find_words(grammar, "news_title", title)
        directs = (by_title or doc_id in issuing) and not title.endswith(grammar.words["thanking_title"])
        directives[doc_id] = genres[doc_id] in DIRECTIVES if genres.get(doc_id) else directs
    return directives


def find_orders(
    unit: Any, subjects: Sequence[Subject], cues: Sequence[Any], directs: bool, before: Orders, grammar: Grammar
) -> Orders:
    """Find where a unit orders and where it tells.

    `directs` tells whether its document directs, `before` what was found in the unit before.

    Returns
    -------
    list
        Pairs of an offset in the unit and whether the text orders from there on. The first pair has offset 0.
    """
    text = unit.text
    places = [match.end() for match in re.finditer("(?:^|[，；])[一二三四五六七八九十]*", text)]
    orders = [at for at in places if begins(grammar, "order", text, at)]
    musts = [at for at in orders if text.startswith("，应", at - 1)]  # 慈善组织公开募捐，应当…
    orders += [max([0, *(subject.start for subject in subjects if subject.start <= at)]) for at in musts]
    orders += [cue.end - unit.start for cue in cues if cue.code == "issue"]
    tells = [at for at in places if begins(grammar, "thanked", text, at)]  # 你们坚守岗位
    is_told = any(cue.code == "narrated" for cue in cues) and not (directs and unit.section)
    for subject in subjects:
        commands = subject.role == "directed" and begins(grammar, "command", text, subject.verb)
        ends = not directs and all(subject.start < at for at in orders)  # what the sentence before orders
        if subject.role == "modal" or commands:
            orders.append(subject.start)
        elif subject.role == "subject" and (is_told or subject.names or ends):
            tells.append(subject.start)
    changes = [(at, True) for at in orders] + [(at, False) for at in tells]
    return [(0, directs or before[-1][1]), *sorted(changes, key=lambda change: change[0])]


def find_order(orders: Orders, at: int) -> bool:
    """Tell whether a unit orders at an offset; see `find_orders`."""
    return [order for start, order in orders if start <= at][-1]


def decide_stance(unit: Any, measure: Any, subject: Subject, orders: Orders, cues: Sequence[Any]) -> str:
    """Return the stance of a measure of a subject: require, encourage, prohibit or report."""
    at = measure.start - unit.start
    if not find_order(orders, at):
        return "report"
    clause = find_clause(unit.text, at) + unit.start
    if any(cue.code == "forbid" and clause <= cue.start < measure.end for cue in cues):
        return "prohibit"
    if any(cue.code == "allow" and cue.end <= measure.start for cue in cues):
        return "encourage"
    governing = [cue for cue in cues if cue.code == "encourage" and cue.start < measure.end]
    return "encourage" if any(_governs(cue, unit, subject) for cue in governing) else "require"


def _governs(cue: Any, unit: Any, subject: Subject) -> bool:
    """Tell whether an encouraging word is addressed to the actor itself, not to those whom it leads."""
    start, end = cue.start - unit.start, cue.end - unit.start
    if subject.role != "carried" and subject.verb <= start < subject.end:
        return not re.match("[应必务需]|要(?!求)", unit.text[subject.end :])  # 倡议会员要…
    opens = _NUMERAL.fullmatch(unit.text, 0, start) or unit.text[start - 1] in "，。；："
    return bool(opens) and ("enterprise" in subject.actors or not _BOUND.match(unit.text, end))
