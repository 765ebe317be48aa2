"""Clean a text by small rules, keep every change, and lead from the clean text back to the raw one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

import pandas as pd

from analysis.errors import InputError
from analysis.rules import RULES, Edit
from analysis.suspicions import find_suspicious as find_suspicious
from analysis.tables import COLUMNS

ROUNDS = 20
RepairRow = tuple[str, int, int, int, int, str, str]


@dataclass(frozen=True, slots=True)
class Repair:
    """A changed span: `raw[raw_start:raw_end]` became `clean[start:end]`."""

    raw_start: int
    raw_end: int
    start: int
    end: int
    rules: tuple[str, ...]


def clean_text(raw: str, *, emendations: Sequence[tuple[str, str]] = ()) -> tuple[str, pd.DataFrame]:
    """Clean one text: emendations first, then the rules in their order until none changes anything.

    Parameters
    ----------
    raw
        The text as received.
    emendations
        Pairs of a run that occurs in `raw` and what stands in its place, wherever it occurs.

    Returns
    -------
    tuple
        The clean text, one paragraph a line (a second cleaning changes nothing), and its repairs:
        one row is one change, `raw[raw_start:raw_end]` (`before`) to `clean[clean_start:clean_end]` (`after`),
        by one rule, or by several joined with `+`. Rows are in order and do not overlap; what lies between them is
        unchanged. Offsets count characters from 0, ends are exclusive.

    Raises
    ------
    InputError
        If the run of an emendation does not occur in `raw`, or two of them overlap.
    """
    text, rows = apply_rules(raw, emendations)
    repairs = pd.DataFrame(rows, columns=list(COLUMNS["repairs"])[1:])
    return text, repairs.astype(dict.fromkeys(repairs.columns[1:5], "int64"))


def apply_rules(raw: str, emendations: Sequence[tuple[str, str]] = ()) -> tuple[str, list[RepairRow]]:
    """Do what `clean_text` does, but return the repairs as rows, for many texts at once."""
    text, repairs = apply_edits(raw, [], "emendation", find_emendations(raw, emendations))
    for _ in range(ROUNDS):
        before = text
        for name, rule in RULES.items():
            text, repairs = apply_edits(text, repairs, name, rule(text))
        if text == before:
            break
    return text, list_repairs(raw, text, repairs)


def find_emendations(raw: str, emendations: Sequence[tuple[str, str]]) -> list[Edit]:
    """Return an edit for each place at which the run of an emendation stands in `raw`, in order."""
    problems = [
        f"emendation {run!r}: not in the text; copy the run from it" for run, _ in emendations if run not in raw
    ]
    edits: list[Edit] = []
    for run, emended in emendations if not problems else ():
        start = raw.find(run)
        while start >= 0:
            edits.append((start, start + len(run), emended))
            start = raw.find(run, start + len(run))
    edits.sort()
    problems += [
        f"emendation {raw[b[0] : b[1]]!r}: overlaps another; make one row of them"
        for a, b in zip(edits, edits[1:], strict=False)
        if b[0] < a[1]
    ]
    if problems:
        raise InputError(problems)
    return edits


def apply_edits(text: str, repairs: list[Repair], rule: str, edits: Sequence[Edit]) -> tuple[str, list[Repair]]:
    """Apply the edits of one rule to a text that already has repairs, in one pass over both.

    Edits and repairs are each in order and disjoint. Those that overlap become one repair; those that only touch stay
    apart, so that the map stays exact, but for two changes at one point between the same characters.
    """
    if not edits:
        return text, repairs
    pieces, done, composed = [], 0, []
    for start, end, replacement in edits:
        pieces += [text[done:start], replacement]
        done = end
    new_text = "".join([*pieces, text[done:]])
    to_raw = to_new = 0  # what to add to an offset in `text` that no earlier change covers
    for start, end, group in _overlapping(repairs, edits):
        old = [change for change in group if isinstance(change, Repair)]
        new = [change for change in group if not isinstance(change, Repair)]
        raw_start, new_start = start + to_raw, start + to_new
        to_raw += sum(r.raw_end - r.raw_start - (r.end - r.start) for r in old)
        to_new += sum(len(replacement) - (e - s) for s, e, replacement in new)
        names = [name for r in old for name in r.rules] + [rule] * bool(new)
        composed.append(Repair(raw_start, end + to_raw, new_start, end + to_new, tuple(dict.fromkeys(names))))
    return new_text, composed


def _overlapping(repairs: list[Repair], edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Repair | Edit]]]:
    """Yield the repairs and edits of one text in groups that overlap, each with its start and end."""
    old: Iterator[tuple[int, int, Repair | Edit]] = ((r.start, r.end, r) for r in repairs)
    new: Iterator[tuple[int, int, Repair | Edit]] = ((e[0], e[1], e) for e in edits)
    group: list[Repair | Edit] = []
    low = high = -1
    for start, end, change in merge(old, new, key=lambda item: item[:2]):
        if group and (start < high or low == high == start == end):
            group.append(change)
            high = max(high, end)
            continue
        if group:
            yield low, high, group
        group, low, high = [change], start, end
    if group:
        yield low, high, group


def list_repairs(raw: str, clean: str, repairs: Sequence[Repair]) -> list[RepairRow]:
    """Return the rows of the table of repairs (without `doc_id`), but not those that ended where they began."""
    return [
        ("+".join(r.rules), r.raw_start, r.raw_end, r.start, r.end, before, after)
        for r in repairs
        if (before := raw[r.raw_start : r.raw_end]) != (after := clean[r.start : r.end])
    ]


def to_raw(repairs: pd.DataFrame, start: int, end: int) -> tuple[int, int]:
    """Return the raw span of the clean span `[start, end)` of one document.

    Parameters
    ----------
    repairs
        The repairs of this document alone, in order.
    start, end
        Offsets into the clean text, `0 <= start <= end`.

    Returns
    -------
    tuple
        The smallest raw span that holds every character of the clean one; a span that cuts through a repair takes in
        the whole of what was repaired. What was deleted at the edges of the span stays outside.
    """
    starts, ends = repairs["clean_start"].to_numpy(), repairs["clean_end"].to_numpy()
    raw_starts, raw_ends = repairs["raw_start"].to_numpy(), repairs["raw_end"].to_numpy()
    before = int(starts.searchsorted(start, "right")) - 1  # the last repair that begins at or before the span
    if before < 0:
        raw_start = start
    elif start < ends[before]:
        raw_start = raw_starts[before]
    else:
        raw_start = raw_ends[before] + start - ends[before]
    within = int(starts.searchsorted(end, "left")) - 1  # the last repair that begins before the end of the span
    raw_end = end if within < 0 else raw_ends[within] + max(0, end - ends[within])
    return int(raw_start), int(max(raw_start, raw_end))
