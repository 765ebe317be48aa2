"""Who acts: the subject of every stretch of every unit, named there, carried over or addressed by the text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from analysis.syntax import Grammar, Name, begins, find_clause, find_role, find_sector, find_words

LEADERS = frozenset({"industry_association", "professional_society", "online_organisation"})
_HELPERS = frozenset({"volunteer_organisation", "social_service_institution"})
_FIRMS = frozenset({"enterprise"})
_ENUMERATION = re.compile("[一二三四五六七八九十]{1,2}[是要]|第.*")


class Subject(NamedTuple):
    """Who acts from `start` (offset in the unit) on; no actors if it is nobody of the codebook."""

    start: int
    actors: tuple[str, ...]
    names: tuple[str, ...] = ()
    basis: str = "explicit"
    role: str = "carried"  # subject, modal, directed, effect (发挥…作用), carried
    verb: int = 0  # where its clause begins, or the verb that directs it
    end: int = 0  # where its own words end
    sector: str = ""
    director: "Subject | None" = None


_NOBODY = Subject(0, (), basis="addressee")


@dataclass(frozen=True)
class Memory:
    """What a reader keeps in mind of a document: whom it addresses, who acted last, who first in each section."""

    is_directive: bool
    addressee: Subject = _NOBODY
    current: Subject = _NOBODY
    league: Subject = _NOBODY  # the last social organisation that acted
    authority: Subject = _NOBODY  # the last managing authority that acted
    first: Mapping[str, Subject] = field(default_factory=dict)
    section: str = ""
    known: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # ending -> name and type last seen with it


def read_unit(
    unit: Any, names: list[Name], grammar: Grammar, cues: Sequence[Any], memory: Memory
) -> tuple[list[Subject], Memory]:
    """Find who acts in a unit, given who is named there.

    Returns
    -------
    tuple
        The subjects in the order of their start, the first of which starts at 0, and what to keep in mind for the next
        unit.
    """
    if unit.kind == "title":
        return [_NOBODY], _read_title(unit.text, names, grammar, memory)
    memory = _hail(unit, names, memory)
    if unit.kind in ("addressee", "furniture"):
        return [_NOBODY], memory
    local = memory.authority.actors or memory.addressee.actors
    if local == ("managing_authority",):  # 各地要…: those of the same kind
        names = [n._replace(actors=local) if unit.text[n.start : n.end] == "各地" else n for n in names]
    carried, memory = _carry(unit, memory), replace(memory, section=unit.section)
    issues = [cue.end - unit.start for cue in cues if cue.code == "issue"]
    events = _find_events(unit.text, names, grammar, carried)
    own = [event for event in events if event.role != "effect"]
    strays = not own and set(carried.actors) == _FIRMS and not _FIRMS & set(memory.addressee.actors)
    if strays and memory.league.actors and any(cue.code == "member" for cue in cues):
        carried = memory.league._replace(start=0, role="carried", basis="carried")
    if not own and carried.director and any(_is_served(unit.text, name, carried, grammar) for name in names):
        carried = carried.director._replace(start=0, role="carried", basis="carried")  # 收集社会组织信息
    opens = own and own[0].actors and (own[0].role != "directed" or memory.is_directive)
    opening = own[0]._replace(start=0) if opens else carried
    if not issues:
        return [opening, *events], _remember(own or [carried], memory, grammar)
    told = [name for name in names if name.actors and find_role(unit.text, name, grammar).kind == "recipient"]
    memory = _turn_to(memory, *(told[-1].actors, told[-1].names) if told else memory.addressee[1:3])
    return sorted([opening, *events, memory.addressee._replace(start=issues[0])], key=lambda event: event.start), memory


def _is_served(text: str, name: Name, subject: Subject, grammar: Grammar) -> bool:
    """Tell whether a name of the type of the subject is an object, so that the subject is another."""
    role = find_role(text, name, grammar)
    before = text[: role.start] if role.kind == "object" else ""
    is_object = before.endswith(grammar.words["object"]) and not before.endswith(("等", "发挥"))
    return is_object and set(name.actors) == set(subject.actors)


def _turn_to(memory: Memory, actors: Iterable[str], names: tuple[str, ...] = ()) -> Memory:
    """Take actors, if there are any, for those whom the text addresses or is about from here on."""
    subject = Subject(0, tuple(dict.fromkeys(actors)), names, "addressee")
    return replace(memory, addressee=subject, current=subject) if subject.actors else memory


def _read_title(text: str, names: list[Name], grammar: Grammar, memory: Memory) -> Memory:
    """Take from a title whom the text addresses or is about."""
    named = [name for name in names if name.actors]
    told = [name for name in named if find_role(text, name, grammar).kind in ("recipient", "directed")]
    if memory.is_directive and named and not told:  # only the issuer is named
        return _turn_to(memory, ["enterprise" if set(named[0].actors) <= LEADERS else "social_organisation"])
    chosen = (told or named)[:1]
    return _turn_to(memory, chosen[0].actors, chosen[0].names) if chosen else memory


def _hail(unit: Any, names: list[Name], memory: Memory) -> Memory:
    """Take the names before the first colon for the addressee: in a line of address, or where its end was lost."""
    hailed = [name for name in names if name.end <= unit.text.find("：")]
    opens = hailed and unit.text[hailed[-1].end] == "：" and memory.is_directive
    hailed = hailed if opens or unit.kind == "addressee" else []
    return _turn_to(memory, (actor for name in hailed for actor in name.actors))


def _carry(unit: Any, memory: Memory) -> Subject:
    """Return who acts before any name in a unit: the one of the sentence before, of the section above, or addressed."""
    is_item = _ENUMERATION.fullmatch(unit.section.rpartition("/")[2])
    if unit.section not in ("", memory.section) and not is_item:
        above = [path for path in memory.first if path and unit.section.startswith(path + "/")]
        if above:
            return memory.first[max(above, key=len)]._replace(start=0, role="carried", basis="heading")
        if memory.addressee.actors:
            return memory.addressee
    basis = "addressee" if memory.current.basis == "addressee" else "carried"
    return memory.current._replace(start=0, role="carried", basis=basis)


def _find_events(text: str, names: list[Name], grammar: Grammar, carried: Subject) -> list[Subject]:
    """Return where in a unit somebody begins to act."""
    events: list[Subject] = []
    told, previous = None, 0
    for name in names:
        role, clause = find_role(text, name, grammar, previous), find_clause(text, name.start)
        force = events[-1] if events else carried
        is_staff = not name.actors and begins(grammar, "person", text, name.start) > 0
        if is_staff and role.kind != "modal" and force.actors and set(force.actors) <= _HELPERS:
            continue  # 志愿者挨家挨户排查, in a story of theirs
        director = force.director or force
        sector = find_sector(text, name, max(previous, clause), grammar)
        event = Subject(role.start, name.actors, name.names, "explicit", role.kind, role.start, role.end, sector)
        directed = event._replace(role="directed", start=name.end, director=director)
        previous, is_body = name.end, bool(name.actors) and set(name.actors) <= grammar.league
        invoked = is_body and text.endswith("发挥", 0, name.start)  # 发挥商会作用
        if role.kind == "directed":
            if _takes_over(force, director, name, begins(grammar, "modal", text, role.end) > 0, grammar):
                events.append(directed)
            elif sector:
                events.append(force._replace(start=name.end, sector=sector))
            elif not (name.actors or name.names) and role.start == clause and begins(grammar, "command", text, clause):
                events.append(event._replace(role="subject", start=name.end))  # 号召市民…
        elif role.kind == "recipient" and is_body:
            told = directed
        elif role.kind in ("modal", "subject"):
            events.append(event)
        elif invoked and name.actors != ("party_organisation",) and not any(e.verb >= clause for e in events):
            events.append(event._replace(role="effect", start=clause))
    asked = find_words(grammar, "command", text[told.end :]) if told else []
    if told and asked:
        at = told.end + asked[0].start()
        events.append(told._replace(start=at, verb=at, end=at))  # 向…发出通知，要求…
    return sorted(events, key=lambda event: event.start)


def _takes_over(force: Subject, director: Subject, name: Name, must: bool, grammar: Grammar) -> bool:
    """Tell whether a directed name acts, rather than the one that directs it."""
    directors, actors, league = set(director.actors), set(name.actors), grammar.league
    if directors == actors or (must and directors <= grammar.state):
        return bool(actors) and (must or actors <= league | grammar.state)
    is_body = bool(actors & league) and actors <= league | grammar.state
    return is_body and not (force.names and directors <= league)


def _remember(subjects: Sequence[Subject], memory: Memory, grammar: Grammar) -> Memory:
    """Keep in mind who acted in a unit."""
    last = subjects[-1]
    if memory.is_directive and set(last.actors) == {"party_organisation"} and memory.league.actors:
        return memory  # what the Party members among those addressed are asked for
    acting = [subject for subject in subjects if subject.role != "carried" and subject.actors]
    first = {memory.section: acting[0], **memory.first} if acting else memory.first
    bodies = [subject for subject in acting if grammar.league.intersection(subject.actors)]
    authorities = [subject for subject in acting if subject.actors == ("managing_authority",)]
    is_invoked = (last.role, last.actors) == ("subject", ("government",))
    current = last._replace(sector="") if last.actors and not is_invoked else memory.current
    memory = replace(memory, authority=authorities[-1] if authorities else memory.authority)
    return replace(memory, first=first, league=bodies[-1] if bodies else memory.league, current=current)
