"""Clean a text by small rules, keep every change, and lead from the clean text back to the raw one."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.rules import HAN, RULES, TONES, Edit, is_traditional
from analysis.tables import COLUMNS

ROUNDS = 20
SUSPICIONS = {
    "half-width question mark": r"(?<![0-9A-Za-z/=])\?|\?(?![0-9A-Za-z])",
    "lost or private character": "[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0b-\x1f\x7f-\x9f]|锟斤拷",
    "pinyin": rf"[A-Za-z]*[{TONES}][A-Za-z{TONES}]*|(?<=[{HAN}])[(（](?:de|le|zi|ge|men|zhe|ma|ne)[)）]",
    "Latin letters between Chinese": rf"(?<=[{HAN}]) ?(?!(?:km|kg|mg|ml|cm|mm|nm|app)(?![a-z]))[a-z]{{2,}}"
    rf"(?: [a-z]+)* ?(?=[{HAN}])",
    "doubled punctuation": "[，、；：]{2,}|。[，、；：]|[，、；：]。|(?<!。)。。(?!。)",
}


class Repair(NamedTuple):
    """A changed span: `raw[raw_start:raw_end]` became `clean[start:end]`."""

    raw_start: int
    raw_end: int
    start: int
    end: int
    rules: tuple[str, ...]


def clean_text(raw: str, *, emendations: Sequence[tuple[str, str]] = ()) -> tuple[str, pd.DataFrame]:
    """Clean one text: emendations first, then the rules in their order until none changes anything.

    An emendation is a run that occurs in `raw`, and what is put in its place wherever it occurs. Raises `InputError`
    if the run does not occur, or two of them overlap.

    Returns
    -------
    tuple
        The clean text, one paragraph a line (a second cleaning changes nothing), and its repairs: one row is one
        change, `raw[raw_start:raw_end]` (`before`) to `clean[clean_start:clean_end]` (`after`), by one rule, or by
        several joined with `+`. Rows are in order and disjoint; what lies between them is unchanged.
    """
    text, repairs = apply_edits(raw, [], "emendation", find_emendations(raw, emendations))
    for _ in range(ROUNDS):
        before = text
        for name, rule in RULES.items():
            text, repairs = apply_edits(text, repairs, name, rule(text))
        if text == before:
            break
    rows = [("+".join(r.rules), *r[:4], raw[r.raw_start : r.raw_end], text[r.start : r.end]) for r in repairs]
    table = pd.DataFrame([row for row in rows if row[-2] != row[-1]], columns=list(COLUMNS["repairs"])[1:])
    return text, table.astype(dict.fromkeys(table.columns[1:5], "int64"))


def find_emendations(raw: str, emendations: Sequence[tuple[str, str]]) -> list[Edit]:
    """Return an edit for each place at which the run of an emendation stands in `raw`, in order."""
    if missing := [run for run, _ in emendations if not run or run not in raw]:
        raise InputError([f"emendation {run!r}: not in the text; copy the run from it exactly" for run in missing])
    edits = sorted((m.start(), m.end(), new) for run, new in emendations for m in re.finditer(re.escape(run), raw))
    if overlapping := [raw[after[0] : after[1]] for before, after in pairwise(edits) if after[0] < before[1]]:
        raise InputError([f"emendation {run!r}: overlaps another; make one row of them" for run in overlapping])
    return edits


def apply_edits(text: str, repairs: list[Repair], rule: str, edits: Sequence[Edit]) -> tuple[str, list[Repair]]:
    """Apply the edits of one rule to a text that already has repairs.

    Edits and repairs are each in order and disjoint. Those that overlap become one repair; those that only touch stay
    apart, so that the map stays exact, but for two changes at one point between the same characters.
    """
    if not edits:
        return text, repairs
    pieces, done = [], 0
    # Each change: start, end in `text`, by how much longer the raw and the new text are, rules so far, whether new.
    changes = [(r.start, r.end, r.raw_end - r.raw_start - r.end + r.start, 0, r.rules, False) for r in repairs]
    for start, end, by in edits:
        pieces += [text[done:start], by]
        done = end
        changes.append((start, end, 0, len(by) - end + start, (), True))
    changes.sort(key=lambda change: change[:2])
    merged = changes[:1]
    for start, end, in_raw, in_new, rules, is_new in changes[1:]:
        low, high, raw_before, new_before, rules_before, new_rule = merged[-1]
        if start < high or low == high == start == end:
            rules = tuple(dict.fromkeys(rules_before + rules))
            merged[-1] = low, max(high, end), raw_before + in_raw, new_before + in_new, rules, is_new or new_rule
        else:
            merged.append((start, end, in_raw, in_new, rules, is_new))
    composed = []
    to_raw = to_new = 0  # what to add to an offset in `text` for one in the raw or the new text
    for start, end, in_raw, in_new, rules, is_new in merged:
        names = tuple(dict.fromkeys((*rules, rule))) if is_new else rules
        composed.append(Repair(start + to_raw, end + to_raw + in_raw, start + to_new, end + to_new + in_new, names))
        to_raw, to_new = to_raw + in_raw, to_new + in_new
    return "".join([*pieces, text[done:]]), composed


def to_raw(repairs: pd.DataFrame, start: int, end: int) -> tuple[int, int]:
    """Return the raw span of the clean span `[start, end)` of one document, given its repairs alone, in order.

    It is the smallest raw span that holds every character of the clean one, and the whole of a repair that the span
    cuts through. What was deleted at its edges stays outside.
    """
    starts = repairs["clean_start"].to_numpy()
    ends, raw_starts, raw_ends = (np.append(0, repairs[name]) for name in ("clean_end", "raw_start", "raw_end"))
    before = starts.searchsorted(start, "right")  # how many repairs begin at or before the span
    within = starts.searchsorted(end, "left")  # how many begin before the end of the span
    raw_start = raw_starts[before] if start < ends[before] else raw_ends[before] + start - ends[before]
    raw_end = raw_ends[within] + max(0, end - ends[within])
    return int(raw_start), int(max(raw_start, raw_end))


def find_suspicious(clean: str) -> pd.DataFrame:
    """List what cleaning left behind and a reader should look at.

    One row is one place: `what` is wrong with it, `start` and `end` in `clean`, `text`, and `context` (ten characters
    on either side).
    """
    traditional = "".join(sorted(c for c in set(clean) if c > "\u33ff" and is_traditional(c)))
    patterns = SUSPICIONS | ({"mixed script": f"[{traditional}]"} if traditional else {})
    rows = [
        (what, m.start(), m.end(), m[0], clean[max(0, m.start() - 10) : m.end() + 10].replace("\n", " "))
        for what, pattern in patterns.items()
        for m in re.finditer(pattern, clean)
    ]
    table = pd.DataFrame(rows, columns=["what", "start", "end", "text", "context"])
    return table.sort_values(["start", "end", "what"], ignore_index=True)
