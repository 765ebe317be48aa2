"""Who acts: the subject of every stretch of every unit, found or carried over, by the syntax of directives."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.errors import InputError
from analysis.names import spell_places

GRAMMAR = ("modal", "direct", "charge", "object", "recipient", "modifier", "lead", "nominal", "person", "opener", "source", "light")
LEAGUE = frozenset({"social_organisation", "industry_association", "professional_society", "charity",
                    "volunteer_organisation", "social_service_institution", "community_organisation",
                    "online_organisation", "party_organisation"})  # fmt: skip
AUTHORITY = frozenset({"managing_authority", "government", "mass_organisation"})
LEADER = frozenset({"industry_association", "professional_society", "online_organisation"})
_STOPS = "，。！？；：\n"
_JOIN = re.compile(r"(?:[^，。；：！？、]{0,2}(?:负责人|理事|会长|秘书长))?(?:、|携手|联合|，?以及|，?及|和|与|或|暨|（)(?P<gap>[^，。；：！？、]{0,12})$")
_OWNED = re.compile(r"的?(?:(?:下属|所属|旗下|近|约)*(?:\d+(?:余|多)?[家个名支])?)?")
_PASSING = frozenset({"enterprise", "government", "grassroots_body"})
_COUNTED = re.compile(r"(?:[^\d]{0,4}[\d.]+万?[余多]?[家个]|不少|众多|许多|大批|部分|各|多家|一批|.{2,60}等.{0,8}$)")
_BARE = ("会", "学会", "总会", "中心", "联盟")
_TAIL = re.compile(r"(?:（[^（）]*）|等(?:十?[一二三四五六七八九十\d]+(?:余|多)?[家个])?)+")
_FRONT = re.compile(
    r"(?:(?:\d{4}年)?\d+月\d+日|\d+日|[一二三四五六七八九十]+(?:是|要|、)|（[^（）]*）|第[一二三四五六七八九十]+|\d+[.、．]|[\s“”《》·—\-－]|[\d.,]+[万亿]?[余多]?)$"
)
_MARKED = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.、．])")


class Name(NamedTuple):
    """A type or organisation in a unit, or several joined ones: offsets in the unit, actors and proper names."""

    start: int
    end: int
    actors: tuple[str, ...]
    names: tuple[str, ...]


class Subject(NamedTuple):
    """Who acts from `start` (offset in the unit) on; no actors if it is nobody of the codebook."""

    start: int
    actors: tuple[str, ...]
    names: tuple[str, ...]
    basis: str
    role: str = "subject"  # subject, modal, directed, carried
    by: tuple[str, ...] = ()  # who directs the actors
    verb: int = 0  # where the directing begins
    end: int = 0  # where the subject's own words end


@dataclass(frozen=True)
class Grammar:
    """The words of `cues.yaml` that tell subjects from objects."""

    find: Mapping[str, re.Pattern[str]]
    ends: Mapping[str, tuple[str, ...]]
    before: frozenset[str]
    verbs: tuple[str, ...]


def read_grammar(cues: Mapping[str, Any], places: Iterable[str] = ()) -> Grammar:
    """Prepare the `words` of the cues; raise `InputError` for sections that are missing or empty."""
    missing = [name for name in GRAMMAR if not (cues.get(name) or {}).get("words", "").split()]
    if missing:
        raise InputError([f"cues.yaml: section {name} has no words; write '{name}:' with 'words: ...'" for name in missing])
    words = {name: sorted(cues[name]["words"].split(), key=len, reverse=True) for name in GRAMMAR}
    voids = {name: sorted(cues[name].get("not", "").split(), key=len, reverse=True) for name in GRAMMAR}
    find = {
        name: re.compile("|".join([*map(re.escape, voids[name]), f"(?P<word>{'|'.join(map(re.escape, words[name]))})"]))
        for name in GRAMMAR
    }
    before = frozenset([*words["modifier"], *words["lead"], *places])
    verbs = tuple(word for name in ("object", "direct") for word in words[name] if len(word) > 1)
    return Grammar(find, {name: tuple(words[name]) for name in GRAMMAR}, before, verbs)


def begins(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether a text begins with a word and not with one of its exceptions."""
    match = pattern.match(text)
    return bool(match and match["word"])


def find_names(offset: int, mentions: Iterable[Any], organisations: Iterable[Any]) -> list[Name]:
    """Return the types, organisations, short forms and outsiders of a unit in order, none inside another."""
    found = [Name(o.start - offset, o.end - offset, (o.actor,) if o.actor else (), (o.name,)) for o in organisations]
    found += [
        Name(m.start - offset, m.end - offset, (m.code,) if m.kind == "type" else (), ())
        for m in mentions
        if m.kind == "type" or (m.kind == "cue" and m.code in ("other", "bare"))
    ]
    found.sort(key=lambda name: (name.start, -name.end, not name.names, not name.actors))
    names: list[Name] = []
    for name in found:
        if names and name.start < names[-1].end:
            if name.end > names[-1].end:  # 社会组织 + 组织管理: the longer reading wins
                names[-1] = _fuse(names[-1], name)
            continue
        names.append(name)
    return names


def _fuse(left: Name, right: Name) -> Name:
    return Name(left.start, right.end, right.actors or left.actors, left.names if right.actors == left.actors else right.names)


def join_names(text: str, names: list[Name]) -> list[Name]:
    """Join coordinated names (A、B和C), and keep the head of 'A的B' and of 'A等B'."""
    joined: list[Name] = []
    for name in names:
        left = joined[-1] if joined else None
        between = text[left.end : name.start] if left else ""
        if left is None:
            joined.append(name)
        elif _OWNED.fullmatch(between) and name.actors:
            keeps = name.actors == ("enterprise",) and text[name.start : name.end] == "会员" and set(left.actors) <= LEAGUE
            joined[-1] = Name(left.start, name.end, left.actors if keeps else name.actors, left.names)
        elif _is_apposition(between) and left.actors and name.actors and set(name.actors) <= LEAGUE | {"enterprise"}:
            joined[-1] = Name(left.start, name.end, left.actors, left.names)
        elif (match := _JOIN.match(between)) and (left.actors or name.actors) and _is_plain(match["gap"]):
            actors = tuple(dict.fromkeys([*left.actors, *name.actors]))
            joined[-1] = Name(left.start, name.end, actors, (*left.names, *name.names))
        else:
            joined.append(name)
    return joined


def _is_apposition(between: str) -> bool:
    return re.fullmatch(r"(?:（[^（）]*）)?等[^，。；：！？、]{0,6}|[—-]{1,6}", between) is not None


def _is_plain(gap: str) -> bool:
    return not re.search("[要为向对将把是在]|引导|指导|组织|动员|推动|积极", gap)


def classify_name(text: str, name: Name, grammar: Grammar, previous: int = 0) -> tuple[str, int]:
    """Tell what a name does in its clause: subject, modal, directed, recipient, vocative or object; and from where.

    The place is where its clause begins for a subject, where the directing verb begins for a directed name.
    """
    clause = max(text.rfind(stop, 0, name.start) for stop in _STOPS) + 1
    end = name.end + (len(tail.group()) if (tail := _TAIL.match(text, name.end)) else 0)
    if person := grammar.find["person"].match(text, end):
        end = person.end() if person["word"] else end
    post = re.split(f"[{_STOPS}]", text[end:], maxsplit=1)[0]
    stop = text[end + len(post) : end + len(post) + 1]
    modal = grammar.find["modal"].match(post)
    has_modal = bool(modal and modal["word"] and len(post) > modal.end())
    nominal = begins(grammar.find["nominal"], post) and not has_modal
    left = _strip(text, clause, name.start, grammar)
    is_head = left <= clause
    if begins(grammar.find["source"], text[clause:]) and not has_modal:
        return "object", left
    before = text[max(clause, min(previous, left)) : left]
    if not is_head:
        directs = [match for match in grammar.find["direct"].finditer(before) if match["word"]]
        if directs and not nominal and _reaches(before[directs[-1].end() :], grammar):
            return "directed", left - len(before) + directs[-1].start()
        if name.names and not nominal and before.endswith(grammar.ends["charge"]):
            return "charged", left - 2
        if before.endswith(grammar.ends["object"]) and not has_modal:
            issued = before.endswith("向") and any(m["word"] for m in grammar.find["recipient"].finditer(post))
            return ("recipient", left - 1) if issued else ("object", left)
        if before.endswith(("向", "对", "给", "把", "将")):
            return "object", left
    if not is_head and _COUNTED.match(before) and not _has_verb(before, grammar):
        is_head = True
    if has_modal or (is_head and text[clause] in "请望"):
        return "modal", clause if is_head else name.start
    if nominal:
        return "object", left
    if is_head and (post or stop == "，"):
        return "subject", clause
    if is_head and stop == "：":
        return "vocative", clause
    if name.names and post and name.actors and name.actors[0] not in ("enterprise", "government"):
        return "subject", name.start
    return "object", left


def _strip(text: str, clause: int, start: int, grammar: Grammar) -> int:
    """Walk left over modifiers, openers and numerals; return where something else ends, or the clause's start."""
    while start > clause:
        before = text[clause:start]
        if before.endswith(grammar.verbs):
            break
        word = next((before[-size:] for size in range(8, 0, -1) if before[-size:] in grammar.before), "")
        if front := _FRONT.search(before):
            word = max(word, front.group(), key=len)
        if not word:
            break
        start -= len(word)
    return start


def _has_verb(before: str, grammar: Grammar) -> bool:
    return any(m["word"] for kind in ("direct", "object", "modal", "light") for m in grammar.find[kind].finditer(before))


def _opens(text: str, grammar: Grammar) -> bool:
    """Tell whether a unit begins with words that wait for a subject."""
    return begins(grammar.find["opener"], text) or _FRONT.match(text[:8]) is not None or text[0].isdigit()


def _reaches(gap: str, grammar: Grammar) -> bool:
    """Tell whether a directing verb reaches over the words between it and a name."""
    return len(gap) <= 16 and not re.search("[向对为给将把]", gap) and not any(m["word"] for m in grammar.find["light"].finditer(gap)) and not any(m["word"] for m in grammar.find["modal"].finditer(gap))


def find_subjects(
    units: pd.DataFrame, mentions: pd.DataFrame, organisations: pd.DataFrame, codebook: Codebook, directive: Mapping[Any, bool]
) -> dict[tuple[Any, int], list[Subject]]:
    """Return the subjects of every unit, in order of their start; the first one starts at 0.

    Parameters
    ----------
    directive
        Of each document, whether it is addressed to its actors rather than about them.
    """
    grammar = read_grammar(codebook.cues, spell_places(codebook.names.get("places", {})))
    hits = _group(mentions)
    named = _group(organisations[organisations["name"] != ""])
    subjects: dict[tuple[Any, int], list[Subject]] = {}
    for doc_id, rows in units.groupby("doc_id", sort=False):
        memory = _Memory(directive[doc_id])
        for unit in rows.itertuples():
            key = (doc_id, unit.unit_id)
            names = memory.resolve(unit.text, find_names(unit.start, hits.get(key, []), named.get(key, [])))
            subjects[key] = memory.read(unit, names, grammar, [m for m in hits.get(key, []) if m.kind == "cue"])
    return subjects


def _group(table: pd.DataFrame) -> dict[tuple[Any, int], list[Any]]:
    groups: dict[tuple[Any, int], list[Any]] = {}
    for row in table.itertuples():
        groups.setdefault((row.doc_id, row.unit_id), []).append(row)
    return groups


class _Memory:
    """What a reader keeps in mind from unit to unit of one document."""

    def __init__(self, directive: bool) -> None:
        self.directive = directive
        self.default = Subject(0, (), (), "addressee", "carried")
        self.current = self.default
        self.base: dict[tuple[str, ...], Subject] = {}
        self.section: tuple[str, ...] = ()
        self.leader = self.default
        self.known: list[tuple[str, str]] = []

    def resolve(self, text: str, names: list[Name]) -> list[Name]:
        """Give short forms (协会, 中心) the organisation last named with that ending; join coordinated names."""
        resolved = []
        for name in names:
            short = text[name.start : name.end].lstrip("我本该")
            if not name.names and not name.actors or short in ("协会", "商会", "基金会", "学会"):
                ending = short if short not in ("会", "") else "会"
                match = next(((n, a) for n, a in reversed(self.known) if n.endswith(ending)), None)
                if match:
                    name = Name(name.start, name.end, (match[1],) if match[1] else (), (match[0],))
                elif short in ("协会", "商会", "会"):
                    name = Name(name.start, name.end, ("industry_association",), ())
                elif short == "基金会" or short == "慈善会":
                    name = Name(name.start, name.end, ("charity",), ())
            if not name.actors and not name.names and len(short) < 3 and short in _BARE:
                continue
            self.known += [(n, name.actors[0] if name.actors else "") for n in name.names]
            resolved.append(name)
        return join_names(text, resolved)

    def read(self, unit: Any, names: list[Name], grammar: Grammar, cues: list[Any]) -> list[Subject]:
        """Return the subjects of a unit and remember what the next units will carry over."""
        if unit.kind == "addressee" or unit.kind == "title":
            self._address(unit, names)
            return [self.default]
        if unit.kind == "furniture":
            return [Subject(0, (), (), "carried", "carried")]
        self._hail(unit.text, names)
        first = self._carry(unit)
        codes = {cue.code for cue in cues}
        issues = "issue" in codes and self.directive
        events = self._find_events(unit.text, names, grammar, first, issues)
        own = [event for event in events if event.role != "effect"]
        if not own and re.match("在[^，。]{2,24}方面，", unit.text) and self.section in self.base and not self.directive:
            first = self._prefer_leader(self.base[self.section])
        if not own and first.actors == ("enterprise",) and "member" in codes and self.leader.actors and "enterprise" not in self.default.actors:
            first = self.leader._replace(start=0, basis="carried", role="carried")
        if own and own[0].actors and _MARKED.match(unit.text) and own[0].start > 0:
            first = own[0]._replace(start=0, basis="heading", role="carried")
        elif own and own[0].actors and own[0].start > 0 and _opens(unit.text, grammar):
            first = own[0]._replace(start=0)
        if issues:
            self._issue(unit.text, names, grammar)
            return sorted([first, *events, *self._turn(unit, cues)], key=lambda subject: subject.start)
        else:
            self._remember(own or [first])
        return [first, *events]

    def _hail(self, text: str, names: list[Name]) -> None:
        """Take the names before the first colon for the addressee, where line breaks were lost."""
        hailed = [name for name in names if name.end <= text.find("：")]
        if self.directive and self.current.basis == "addressee" and hailed and text[hailed[-1].end] in "：等" and hailed[0].start <= 8:
            actors = tuple(dict.fromkeys(actor for name in hailed for actor in name.actors))
            if actors:
                self.default = self.current = Subject(0, actors, (), "addressee", "carried")

    def _turn(self, unit: Any, cues: list[Any]) -> list[Subject]:
        """Return the addressee as subject of what follows words such as 发出如下倡议."""
        ends = [cue.end - unit.start for cue in cues if cue.code == "issue"]
        return [self.default._replace(start=ends[0])] if ends else []

    def _issue(self, text: str, names: list[Name], grammar: Grammar) -> None:
        """Take whom a text says it addresses (向…发出如下倡议) for its addressee."""
        for name in names:
            if name.actors and classify_name(text, name, grammar)[0] == "recipient":
                self.default = Subject(0, name.actors, name.names, "addressee", "carried")
        self.current = self.default

    def _address(self, unit: Any, names: list[Name]) -> None:
        text = unit.text
        if unit.kind == "addressee":
            actors = tuple(dict.fromkeys(actor for name in names for actor in name.actors))
            named: tuple[str, ...] = ()
        else:
            at = max((text.find(word) for word in ("致", "号召", "面向", "告", "关于")), default=-1)
            after = [name for name in names if at >= 0 and name.start > at and name.actors]
            chosen = after or [name for name in names if name.actors]
            actors, named = (chosen[0].actors, chosen[0].names) if chosen else ((), ())
            if self.directive and not after and actors:
                actors, named = (("enterprise",) if set(actors) <= LEADER else ("social_organisation",)), ()
        if actors:
            self.default = self.current = Subject(0, actors, named, "addressee", "carried")

    def _carry(self, unit: Any) -> Subject:
        section = tuple(unit.section.split("/")) if unit.section else ()
        before, self.section = self.section, section
        carried = self.current._replace(start=0, role="carried", basis="carried" if self.current.basis != "addressee" else "addressee")
        if section == before or not section or re.fullmatch("[一二三四五六七八九十]{1,2}[是要]|第.*", section[-1]):
            return carried
        for size in range(len(section) - 1, -1, -1):
            if section[:size] in self.base and (size or not self.directive):
                return self._prefer_leader(self.base[section[:size]])
        return self.default if self.default.actors else carried

    def _prefer_leader(self, subject: Subject) -> Subject:
        """In a report, what an authority has set going is the social organisations' to go on with."""
        if not self.directive and set(subject.actors) & AUTHORITY and self.leader.actors:
            subject = self.leader
        return subject._replace(start=0, role="carried", basis="heading")

    def _find_events(self, text: str, names: list[Name], grammar: Grammar, first: Subject, issues: bool) -> list[Subject]:
        events: list[Subject] = []
        waiting: Subject | None = None
        for number, name in enumerate(names):
            role, start = classify_name(text, name, grammar, names[number - 1].end if number else 0)
            force = events[-1] if events else first
            director = force.by or force.actors
            made = Subject(start, name.actors, name.names, "explicit", role, (), start, name.end)
            if role == "charged":
                role = "directed" if set(director) & AUTHORITY else "object"
                made = made._replace(role=role)
            if role == "directed":
                if self._takes_over(director, name):
                    events.append(made._replace(start=name.end, by=director))
                    comma = text.find("，", name.end)
                    if force.role == "modal" and "，" in text[force.end : start] and comma > 0:
                        events.append(force._replace(start=comma))
            elif role == "recipient" and not issues:
                if name.actors and set(name.actors) <= LEAGUE and set(director) & AUTHORITY:
                    waiting = made._replace(role="directed", by=director)
            elif role == "modal" or (role in ("subject", "vocative") and (name.actors or not self.directive)):
                events.append(made)
            elif text[: name.start].endswith("发挥") and name.actors and set(name.actors) <= LEAGUE:
                events.append(made._replace(role="effect", start=max(text.rfind(s, 0, name.start) for s in _STOPS) + 1))
        if waiting:
            order = re.compile("要求|号召|倡议|动员").search(text, waiting.end)
            if order and not any(event.start > order.start() for event in events if event.role != "effect"):
                events.append(waiting._replace(start=order.start(), verb=order.start()))
        return sorted(events, key=lambda event: event.start)

    def _takes_over(self, director: tuple[str, ...], name: Name) -> bool:
        """Tell whether a directed name acts, rather than whoever directs it."""
        if not name.actors or not set(name.actors) <= LEAGUE:
            return False
        return not set(director) & LEADER or set(director) == set(name.actors)

    def _remember(self, subjects: list[Subject]) -> None:
        last = subjects[-1]
        if self.directive and last.actors == ("party_organisation",) and self.leader.actors:
            return
        if not self.directive and last.role == "subject" and set(last.actors) <= _PASSING and self.default.names and set(self.default.actors) <= LEAGUE and self.leader.actors:
            self.current = self.leader
        elif last.role in ("subject", "modal", "vocative", "directed") and (last.actors or self.directive):
            self.current = last
        elif last.role == "carried":
            self.current = last
        for subject in subjects:
            if subject.role != "carried" and subject.actors:
                self.base.setdefault(self.section, subject)
                if set(subject.actors) & LEAGUE:
                    self.leader = subject
