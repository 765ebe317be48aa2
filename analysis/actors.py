"""Who acts: the subject of every stretch of every unit, named there, carried over or addressed by the text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.parties import LEAGUE, find_names, join_names, resolve_names
from analysis.syntax import Grammar, Name, awaits_subject, find_clause, find_role, find_sector, read_grammar
from analysis.tables import iterate_rows

AUTHORITY = frozenset({"managing_authority", "government", "mass_organisation"})
_LEADERS = frozenset({"industry_association", "professional_society", "online_organisation"})
_FIRMS = frozenset({"enterprise"})
_PARTY = frozenset({"party_organisation"})
_ENUMERATION = re.compile("[一二三四五六七八九十]{1,2}[是要]|第.*")
_MARKER = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.、．]")
_ISSUED = re.compile("要求|号召|倡议|动员")

Key = tuple[Any, int]


class Subject(NamedTuple):
    """Who acts from `start` (offset in the unit) on; no actors if it is nobody of the codebook."""

    start: int
    actors: tuple[str, ...]
    names: tuple[str, ...] = ()
    basis: str = "explicit"
    role: str = "carried"  # subject, modal, directed, effect (发挥…作用), vocative, carried
    verb: int = 0  # where its clause begins, or the verb that directs it
    end: int = 0  # where its own words end
    directors: tuple[str, ...] = ()
    is_led: bool = False  # the director is named in the same unit
    sector: str = ""


_NOBODY = Subject(0, (), basis="addressee")


@dataclass(frozen=True)
class Memory:
    """What a reader keeps in mind of a document: whom it addresses, who acted last, who first in each section."""

    is_directive: bool
    addressee: Subject = _NOBODY
    current: Subject = _NOBODY
    league: Subject = _NOBODY  # the last social organisation that acted
    first: Mapping[tuple[str, ...], Subject] = field(default_factory=dict)
    section: tuple[str, ...] = ()
    known: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # ending -> name and type last seen with it


def find_subjects(
    units: pd.DataFrame,
    mentions: pd.DataFrame,
    organisations: pd.DataFrame,
    codebook: Codebook,
    directives: Mapping[Any, bool],
) -> dict[Key, list[Subject]]:
    """Find who acts in every unit.

    Parameters
    ----------
    directives
        Of each document, whether it is addressed to its actors rather than about them.

    Returns
    -------
    dict
        By (doc_id, unit_id), the subjects in the order of their start; the first one starts at 0.
    """
    grammar = read_grammar(codebook.cues, codebook.names)
    endings = codebook.cues.get("bare", {}).get("types", {})
    hits, named = group_rows(mentions), group_rows(organisations[organisations["name"] != ""])
    subjects: dict[Key, list[Subject]] = {}
    document, memory = None, Memory(False)
    for unit in iterate_rows(units):
        if unit.doc_id != document:
            document, memory = unit.doc_id, Memory(directives[unit.doc_id])
        key = (unit.doc_id, unit.unit_id)
        cues = [hit for hit in hits.get(key, []) if hit.kind == "cue"]
        names = find_names(unit.start, hits.get(key, []), named.get(key, []))
        names, known = resolve_names(unit.text, names, memory.known, endings)
        memory = replace(memory, known=known)
        subjects[key], memory = _read_unit(unit, join_names(unit.text, names, grammar), grammar, cues, memory)
    return subjects


def group_rows(table: pd.DataFrame) -> dict[Key, list[Any]]:
    """Return the rows of a table by (doc_id, unit_id)."""
    groups: dict[Key, list[Any]] = {}
    for row in iterate_rows(table):
        groups.setdefault((row.doc_id, row.unit_id), []).append(row)
    return groups


def _read_unit(
    unit: Any, names: list[Name], grammar: Grammar, cues: Sequence[Any], memory: Memory
) -> tuple[list[Subject], Memory]:
    """Return the subjects of a unit and what to keep in mind for the next one."""
    if unit.kind in ("title", "addressee"):
        return [_NOBODY], _address(unit, names, grammar, memory)
    if unit.kind == "furniture":
        return [_NOBODY], memory
    memory = _hail(unit.text, names, memory)
    carried, memory = _carry(unit, memory)
    issues = [cue.end - unit.start for cue in cues if cue.code == "issue"] if memory.is_directive else []
    events = _find_events(unit.text, names, grammar, carried, memory, bool(issues))
    own = [event for event in events if event.role != "effect"]
    opening = _open_unit(unit.text, own, carried, any(cue.code == "member" for cue in cues), grammar, memory)
    if not issues:
        return [opening, *events], _remember(own or [opening], memory)
    memory = _issue(unit.text, names, grammar, memory)
    return sorted([opening, *events, memory.addressee._replace(start=issues[0])], key=lambda event: event.start), memory


def _address(unit: Any, names: list[Name], grammar: Grammar, memory: Memory) -> Memory:
    """Take from a title or a line of address whom the text addresses or is about."""
    actors = tuple(dict.fromkeys(actor for name in names for actor in name.actors))
    proper: tuple[str, ...] = ()
    if unit.kind == "title":
        at = max(unit.text.find(word) for word in grammar.words["address"])
        named = [name for name in names if name.actors]
        behind = [name for name in named if 0 <= at < name.start or _is_told(unit.text, name, grammar)]
        chosen = next(iter(behind or named), None)
        actors, proper = (chosen.actors, chosen.names) if chosen else ((), ())
        if memory.is_directive and not behind and actors:  # only the issuer is named
            actors, proper = ("enterprise" if set(actors) <= _LEADERS else "social_organisation",), ()
    subject = Subject(0, actors, proper, "addressee")
    return replace(memory, addressee=subject, current=subject) if actors else memory


def _is_told(text: str, name: Name, grammar: Grammar) -> bool:
    """Tell whether something is issued to a name, or it is set to work."""
    return find_role(text, name, grammar).kind in ("recipient", "directed")


def _hail(text: str, names: list[Name], memory: Memory) -> Memory:
    """Take the names before the first colon for the addressee, where line breaks were lost."""
    hailed = [name for name in names if name.end <= text.find("：")]
    actors = tuple(dict.fromkeys(actor for name in hailed for actor in name.actors))
    begun = memory.current.basis != "addressee" or not memory.is_directive
    if begun or not actors or hailed[0].start > 8 or text[hailed[-1].end] not in "：等":
        return memory
    subject = Subject(0, actors, basis="addressee")
    return replace(memory, addressee=subject, current=subject)


def _issue(text: str, names: list[Name], grammar: Grammar, memory: Memory) -> Memory:
    """Take whom a text says that it addresses (向…发出如下倡议) for its addressee; it is spoken to from here on."""
    told = [name for name in names if name.actors and find_role(text, name, grammar).kind == "recipient"]
    subject = Subject(0, told[-1].actors, told[-1].names, "addressee") if told else memory.addressee
    return replace(memory, addressee=subject, current=subject)


def _carry(unit: Any, memory: Memory) -> tuple[Subject, Memory]:
    """Return who acts before any name in a unit: the one of the sentence before, of the section above, or addressed."""
    section = tuple(unit.section.split("/")) if unit.section else ()
    is_new = bool(section) and section != memory.section and not _ENUMERATION.fullmatch(section[-1])
    memory = replace(memory, section=section)
    basis = "addressee" if memory.current.basis == "addressee" else "carried"
    carried = memory.current._replace(start=0, role="carried", basis=basis)
    if not is_new:
        return carried, memory
    above = [section[:size] for size in range(len(section) - 1, -1, -1) if size or not memory.is_directive]
    for path in above:
        if path in memory.first:
            return _return_to(memory.first[path], memory), memory
    return memory.addressee if memory.addressee.actors else carried, memory


def _return_to(subject: Subject, memory: Memory) -> Subject:
    """Return to a subject; in a report, what an authority set going is for the social organisations to go on with."""
    if not memory.is_directive and set(subject.actors) & AUTHORITY and memory.league.actors:
        subject = memory.league
    return subject._replace(start=0, role="carried", basis="heading")


def _open_unit(
    text: str, own: Sequence[Subject], carried: Subject, has_member: bool, grammar: Grammar, memory: Memory
) -> Subject:
    """Return who acts from the beginning of a unit."""
    if not own:
        strays = set(carried.actors) == _FIRMS and not _FIRMS & set(memory.addressee.actors)
        if strays and has_member and memory.league.actors:
            return memory.league._replace(start=0, role="carried", basis="carried")
    elif own[0].actors and own[0].start > 0:
        if _MARKER.match(text):
            return own[0]._replace(start=0, role="carried", basis="heading")
        if awaits_subject(text, grammar):
            return own[0]._replace(start=0)
    return carried


def _find_events(
    text: str, names: list[Name], grammar: Grammar, carried: Subject, memory: Memory, issues: bool
) -> list[Subject]:
    """Return where in a unit somebody begins to act."""
    events: list[Subject] = []
    told: Subject | None = None
    previous = 0
    for name in names:
        role = find_role(text, name, grammar, previous)
        force = next((event for event in reversed(events) if event.role != "effect"), carried)
        directors = force.directors or force.actors
        sector = find_sector(text, name, max(previous, find_clause(text, name.start)), grammar)
        event = Subject(role.start, name.actors, name.names, "explicit", role.kind, role.start, role.end, sector=sector)
        previous = name.end
        if role.kind == "directed" or (role.kind == "charged" and set(directors) & AUTHORITY):
            if _takes_over(force, directors, name, memory):
                is_led = force is not carried
                events.append(event._replace(role="directed", start=name.end, directors=directors, is_led=is_led))
            elif sector:
                events.append(force._replace(start=name.end, sector=sector))
        elif role.kind == "recipient" and set(name.actors) <= LEAGUE and name.actors and set(directors) & AUTHORITY:
            told = event._replace(role="directed", start=name.end, directors=directors, is_led=True)
        elif role.kind in ("modal", "subject", "vocative"):
            events.append(event)
        elif text.endswith("发挥", 0, name.start) and name.actors and set(name.actors) <= LEAGUE:
            events.append(event._replace(role="effect", start=find_clause(text, name.start)))
    asked = [told] if told and issues else _ask(text, told, events)
    return sorted([*events, *asked], key=lambda event: event.start)


def _ask(text: str, told: Subject | None, events: Iterable[Subject]) -> list[Subject]:
    """Return the one to whom something was issued (向…发出通知，要求…) as acting from the asking on."""
    asked = _ISSUED.search(text, told.end) if told else None
    if told is None or asked is None or any(event.start > asked.start() for event in events if event.role != "effect"):
        return []
    return [told._replace(start=asked.start(), verb=asked.start())]


def _takes_over(force: Subject, directors: tuple[str, ...], name: Name, memory: Memory) -> bool:
    """Tell whether a directed name acts, rather than the one that directs it."""
    if name.actors and set(directors) == set(name.actors):
        return set(directors) <= LEAGUE | set(memory.addressee.actors)
    if not name.actors or not set(name.actors) <= LEAGUE or set(directors) & _LEADERS:
        return False
    return not (force.names and set(directors) <= LEAGUE - _PARTY - {"social_organisation"})


def _remember(subjects: Sequence[Subject], memory: Memory) -> Memory:
    """Keep in mind who acted in a unit."""
    first = dict(memory.first)
    acting = [subject for subject in subjects if subject.role != "carried" and subject.actors]
    if acting:
        first.setdefault(memory.section, acting[0])
    league = next((subject for subject in reversed(acting) if set(subject.actors) & LEAGUE), memory.league)
    last, current = subjects[-1], memory.current
    if memory.is_directive and set(last.actors) == _PARTY and memory.league.actors:
        return memory
    if (last.role, last.actors) == ("subject", ("government",)):
        pass  # what it decided is invoked
    elif last.actors or memory.is_directive or last.role == "carried":
        current = last._replace(sector="")
    return replace(memory, first=first, league=league, current=current)
