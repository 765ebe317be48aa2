"""The pattern language of the codebook: literals, alternatives, gaps, and what must not stand there.

``减免|减收 … 会费`` is two parts, each a choice of literals, joined by a gap; ``<waive> … 会费`` names a class of them.
All literals of all patterns go into one Aho-Corasick automaton (Aho and Corasick 1975); sequences are checked over its
hits, so that the time to match grows with the length of the text and the number of hits, not of patterns.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import ahocorasick

GAP = 30
"""The most characters that a gap `…` may bridge; on coded texts the F1 of measures rose up to here, then no more."""
CLAUSE_ENDS = "，。！？；：\n"
"""Characters that a gap never bridges."""
MASK = "\ufffc"
"""Stands for each character of a masked name or title; it occurs in no literal and does not count in a gap."""

_CLASS = re.compile("<(.*?)>")

Span = tuple[int, int]


@dataclass(frozen=True)
class Pattern:
    """One pattern of one code; `void` marks a pattern of its `not` list, `classes` gives the literals of each class."""

    kind: str
    code: str
    text: str
    void: bool = False
    classes: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The literals of each part, in order."""
        text = _CLASS.sub(lambda name: self.classes.get(name[1], name[0]), self.text)
        return tuple(tuple(literal.strip() for literal in part.split("|")) for part in text.split("…"))


@dataclass(frozen=True)
class Match:
    """A span `text[start:end]` that a code's pattern matched."""

    kind: str
    code: str
    start: int
    end: int
    pattern: str


@dataclass(frozen=True)
class Matcher:
    """Patterns made ready for matching: one automaton from each literal to its places in them."""

    patterns: tuple[Pattern, ...]
    automaton: ahocorasick.Automaton


def find_faults(text: str, classes: Mapping[str, str]) -> list[str]:
    """Say what is wrong with a pattern as written; an empty list means nothing."""
    if not text.strip():
        return ["is empty"]
    faults = [f"names the unknown class <{name}>" for name in _CLASS.findall(text) if name not in classes]
    if re.search(r"\.\.|[<>｜]", _CLASS.sub("", text)):
        faults.append("holds .., <, > or ｜; write … for a gap, | between alternatives, <name> for a class")
    if not all(literal for part in Pattern("", "", text).parts for literal in part):
        faults.append("has an empty part or alternative beside | or …")
    return faults


def compile_patterns(patterns: Iterable[Pattern]) -> Matcher:
    """Put all literals of all patterns into one automaton."""
    patterns = tuple(patterns)
    places: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, parts in enumerate(pattern.parts for pattern in patterns):
        for part, literals in enumerate(parts):
            for literal in dict.fromkeys(literals):
                places[literal].append((number, part, len(parts)))
    automaton = ahocorasick.Automaton()
    for literal, where in places.items():
        automaton.add_word(literal, (len(literal), where))
    automaton.make_automaton()
    return Matcher(patterns, automaton)


def find_matches(text: str, matcher: Matcher) -> list[Match]:
    """Find the matches of every code in a text, sorted by start, end, kind and code.

    A match of a pattern is a choice of one literal per part, in order, where each follows the one before within the
    same clause and at most `GAP` unmasked characters on; it spans from the first literal's start to the last one's end.
    A match is void where a match of its code's `not` patterns shares a character with it. Of the others, each code
    keeps the leftmost, of these the longest, of these the first in the codebook, and goes on after its end.
    """
    found: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    voids: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for number, spans in _find_spans(text, matcher).items():
        pattern = matcher.patterns[number]
        key = (pattern.kind, pattern.code)
        if pattern.void:
            voids[key].extend(spans)
        else:
            found[key].extend((start, -end, number) for start, end in spans)
    matches = [
        Match(*key, start, end, matcher.patterns[number].text)
        for key, candidates in found.items()
        for start, end, number in _keep_leftmost(candidates, voids[key])
    ]
    return sorted(matches, key=lambda match: (match.start, match.end, match.kind, match.code))


def _find_spans(text: str, matcher: Matcher) -> dict[int, list[Span]]:
    """Give all spans of each pattern that matches, by the pattern's number."""
    hits: dict[int, list[list[Span]]] = {}
    if matcher.patterns:
        for last, (length, where) in matcher.automaton.iter(text):
            for number, part, count in where:
                hits.setdefault(number, [[] for _ in range(count)])[part].append((last + 1 - length, last + 1))
    breaks = [0, *accumulate(character in CLAUSE_ENDS for character in text)]
    steps = [0, *accumulate(character != MASK for character in text)]
    spans = {}
    for number, (reached, *following) in sorted(hits.items()):
        for part in following:
            reached = _extend(reached, sorted(part), breaks, steps)
        if reached:
            spans[number] = reached
    return spans


def _extend(
    reached: Sequence[Span], following: Sequence[Span], breaks: Sequence[int], steps: Sequence[int]
) -> list[Span]:
    """Lengthen each span by every literal of the next part that follows it within the gap and the clause."""
    starts = [start for start, _ in following]
    ways = [steps[start] for start in starts]
    longer = {
        (start, last)
        for start, end in reached
        for first, last in following[bisect_left(starts, end) : bisect_right(ways, steps[end] + GAP)]
        if breaks[end] == breaks[first]
    }
    return sorted(longer)


def _keep_leftmost(candidates: list[tuple[int, int, int]], voids: Iterable[Span]) -> list[tuple[int, int, int]]:
    """Choose leftmost-longest, non-overlapping candidates (start, -end, number) that no void span overlaps."""
    void = {at for start, end in voids for at in range(start, end)}
    kept: list[tuple[int, int, int]] = []
    free = 0
    for start, minus_end, number in sorted(candidates):
        if start >= free and void.isdisjoint(range(start, -minus_end)):
            kept.append((start, -minus_end, number))
            free = -minus_end
    return kept
