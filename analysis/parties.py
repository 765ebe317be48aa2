"""Who is named in a unit: types, organisations, short forms and outsiders, joined where they are coordinated."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.syntax import Grammar, Name, begins, find_words

_APPOSED = re.compile(r"(?:（[^（）]*）)?等[^，。；：！？、向对为]{0,6}|[—-]{1,6}")
_OFFICE = re.compile(
    "(?:党支部|名誉|常务|执行|创会|轮值)?(?:副?(?:会长|理事长|主席|秘书长|书记)|理事|监事长?|委员)(?:单位)?[、，暨兼]"
)
_MET = re.compile("(?:积极|主动|密切|加强|保持)*(?:对接|联系|沟通|协商|协调|签|合作|联络|衔接)")
_OWNED = re.compile(r"的?(?:(?:全体|广大|下属|所属|旗下|近|约|各)*(?:\d+[余多]?[家个名支户](?:规模|骨干|重点)?)?)?")


def collect_names(offset: int, mentions: Iterable[Any], organisations: Iterable[Any]) -> list[Name]:
    """Return the types, organisations, short forms and outsiders of a unit in order, none inside another.

    `offset` is where the unit starts in its document; of its mentions, types and the cues `other` and `bare` count.
    """
    found = [Name(o.start - offset, o.end - offset, (o.actor,) if o.actor else (), (o.name,)) for o in organisations]
    for m in mentions:
        if m.kind == "type" or (m.kind == "cue" and m.code in ("other", "bare")):
            found.append(Name(m.start - offset, m.end - offset, (m.code,) if m.kind == "type" else (), ()))
    names: list[Name] = []
    for name in sorted(found, key=lambda name: (name.start, -name.end, not name.names, not name.actors)):
        if names and (name.start, name.end) == names[-1][:2] and not name.names:  # of two types: 慈善和志愿服务组织
            names[-1] = names[-1]._replace(actors=tuple(dict.fromkeys([*names[-1].actors, *name.actors])))
        elif not names or name.start >= names[-1].end:
            names.append(name)
    return names


def resolve_names(
    text: str, names: Iterable[Name], known: Mapping[str, tuple[str, str]], grammar: Grammar
) -> tuple[list[Name], dict[str, tuple[str, str]]]:
    """Give short forms (协会, 我会) the organisation last named with that ending; leave out those that mean nothing.

    `known` has by ending the name and type of the organisation last named with it and is returned brought up to date.
    """
    resolved, known, endings = list[Name](), dict(known), grammar.endings
    for name in names:
        short = text[name.start : name.end].lstrip("我本该")
        is_branch = short.startswith("各")  # 各分会: of the type of the body last named
        is_kind = text.startswith("、", name.end) or re.match("、.*等", text[name.start - 1 : name.end + 1])
        if short in endings and (is_branch or not is_kind):  # 商会、协会、学会等社会组织
            key = "我会" if text[name.start] == "我" else short  # who speaks is named first
            whole, actor = known.get(key, ("", endings[short]))
            if not actor:
                continue
            name = Name(name.start, name.end, (actor,), (whole,) if whole and not is_branch else ())
        for whole in name.names if set(name.actors) <= grammar.league else ():
            others = "各" if name.actors != ("party_organisation",) else whole
            ends = [ending for ending in endings if whole.endswith(ending) or ending.startswith(others)]
            known |= dict.fromkeys(ends, (whole, "".join(name.actors)))
            known.setdefault("我会", (whole, "".join(name.actors)))
        resolved.append(name)
    return resolved, known


def join_names(text: str, names: Iterable[Name], grammar: Grammar) -> list[Name]:
    """Keep the head of 'A的B', 'AB' and 'A等B', or A if B are its staff, then join coordinated names (A、B和C)."""
    heads: list[Name] = []
    for name in names:
        left = heads[-1] if heads else None
        is_staff = not name.actors and begins(grammar, "person", text, name.start) > 0
        if left and (name.actors or is_staff) and _OWNED.fullmatch(text, left.end, name.start):
            are_persons = is_staff or (text.startswith("会员", name.start) and left.actors != ("industry_association",))
            actors = left.actors if are_persons and left.actors else name.actors
            heads[-1] = Name(left.start, name.end, actors, left.names or name.names)
        else:
            heads.append(name)
    joined: list[Name] = []
    for name in heads:
        merged = _merge(text, joined[-1], name, grammar) if joined else None
        joined[-1:] = [merged] if merged else [*joined[-1:], name]
    return joined


def _merge(text: str, left: Name, right: Name, grammar: Grammar) -> Name | None:
    """Return two names as one if they are in apposition or coordinated."""
    between = text[left.end : right.start]
    if _OFFICE.fullmatch(between) and right.names:  # 茶叶协会会长、某公司董事长
        return Name(left.start, right.end, right.actors, right.names)
    if _APPOSED.fullmatch(between) and not grammar.state.intersection(right.actors):
        return Name(left.start, right.end, left.actors or right.actors, left.names)
    joint = begins(grammar, "joint", between)
    gap = between[joint:]
    blocked = find_words(grammar, "direct", gap) or re.search("[，。；：！？为向对将把是在]", gap)
    is_met = between[:joint] in ("与", "和") and _MET.match(text, right.end)  # A与B积极对接
    is_helper = between[:joint] in ("联合", "携手") and not right.names
    if not joint or is_helper or is_met or blocked:
        return None
    is_rest = right.actors == ("social_organisation",) and re.search("其[他它余]", gap)
    actors = left.actors if is_rest else tuple(dict.fromkeys([*left.actors, *right.actors]))
    return Name(left.start, right.end, actors, (*left.names, *right.names))
