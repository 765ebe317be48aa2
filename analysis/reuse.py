"""Shared wording: runs of characters that documents have in common, passages made of them, and how much that is.

Only letters and digits are compared: whoever copies or republishes a text changes punctuation, numbering and line
breaks first. So a run may cross those, but never another word. All lengths count Han characters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, permutations
from os.path import commonprefix

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cleaning import to_raw
from analysis.errors import InputError
from analysis.tables import iterate_rows

Ints = NDArray[np.int64]
_HAN = re.compile("[〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_PAIR, _SPANS = ["doc_id", "other_id"], ["start", "end", "other_start", "other_end"]


def find_runs(documents: pd.DataFrame, *, length: int = 8) -> pd.DataFrame:
    """Find all maximal runs of at least `length` Han characters that two documents share.

    Parameters
    ----------
    documents
        Has `doc_id` and `clean`.

    Returns
    -------
    pandas.DataFrame
        One row is a place in one document and a place in a later one that read the same and cannot be prolonged on
        either side: `doc_id`, `other_id`; `start`, `end`, `other_start`, `other_end`, offsets in the cleaned texts;
        `length`; how many `documents` have the run (2 or more): set phrases of the genre (打赢疫情防控阻击战) are on
        everybody's lips, copied wording on few; `text`, as `doc_id` has it. In the order of the documents and of
        their texts. What repeats within one document alone is no row.
    """
    _check(documents, ["doc_id", "clean"], length)
    ids, texts = documents["doc_id"].tolist(), documents["clean"].tolist()
    places = [[place for place, letter in enumerate(text) if letter.isalnum()] for text in texts]
    letters = ["".join(filter(str.isalnum, text)) for text in texts]
    starts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, text in enumerate(letters):
        for at in range(len(text) - length + 1):
            starts[text[at : at + length]].append((number, at))
    rows = []
    for found in starts.values():
        for (one, i), (other, j) in combinations(found, 2):
            mine, its = letters[one], letters[other]
            if one == other or (i and j and mine[i - 1] == its[j - 1]):
                continue
            run = commonprefix([mine[i:], its[j:]])
            if (size := len(_HAN.findall(run))) >= length:
                here, there = places[one][i : i + len(run)], places[other][j : j + len(run)]
                held = len({number for number, at in found if letters[number].startswith(run, at)})
                rows.append((one, other, here[0], here[-1] + 1, there[0], there[-1] + 1, size, held))
    named = [(ids[one], ids[other], start, end, *rest, texts[one][start:end])
             for one, other, start, end, *rest in sorted(rows, key=lambda row: (*row[:3], row[4]))]  # fmt: skip
    return pd.DataFrame(named, columns=[*_PAIR, *_SPANS, "length", "documents", "text"])


def align_passages(
    runs: pd.DataFrame, documents: pd.DataFrame, *, gap: int = 12, cost: float = 0.5, minimum: int = 16
) -> pd.DataFrame:
    """Join runs that follow each other in both documents to passages that can stand side by side.

    Parameters
    ----------
    runs, documents
        As `find_runs` returned and got them; runs from `length=4` on bridge well.
    gap, cost
        The most characters between two runs in either document, and what each costs (on the side that has more);
        a shared one earns 1.
    minimum
        The fewest shared characters of a passage.

    Returns
    -------
    pandas.DataFrame
        One row is a passage: `doc_id`, `other_id` and four offsets as in `find_runs`; `runs`, how many; `length`,
        shared characters; `similarity`, 2 length / (length of both spans), 0 to 1; `documents`, the fewest that have
        one of its runs; `text`, `other_text`. Longest first in each pair. A run is in one passage only, but the same
        place may be in several if the other text repeats itself.

    Notes
    -----
    The local alignment of T. F. Smith and M. S. Waterman 1981, J. Mol. Biol. 147: 195-197, a changed character costing
    as much as a missing one, by chaining of runs; shared wording in a gap that is shorter than a run goes uncounted.
    """
    _check(documents, ["doc_id", "clean"], runs=runs)
    tallies, rows = _tally_han(documents), []
    texts = dict(zip(documents["doc_id"], documents["clean"], strict=True))
    runs = runs[runs.groupby(_PAIR)["length"].transform("sum") >= minimum]
    for _, pair in runs.groupby(_PAIR, sort=False):
        one, other = pair[_PAIR].iloc[0]
        some = pair.sort_values(["end", "other_end"])
        places, held = some[_SPANS].to_numpy(), some["documents"].to_numpy()
        sides = (tallies[one], tallies[one], tallies[other], tallies[other])
        spans = np.column_stack([tally[column] for tally, column in zip(sides, places.T, strict=True)])
        for chain, shared in sorted(_chain(spans, gap, cost), key=lambda found: -found[1]):
            if shared >= minimum:
                first, last = chain[0], chain[-1]
                start, end, its_start, its_end = np.where([1, 0, 1, 0], places[first], places[last]).tolist()
                similarity = 2 * shared / (spans[last] @ [0, 1, 0, 1] - spans[first] @ [1, 0, 1, 0])
                rows.append((one, other, start, end, its_start, its_end, len(chain), shared, similarity,
                             held[chain].min(), texts[one][start:end], texts[other][its_start:its_end]))  # fmt: skip
    columns = [*_PAIR, *_SPANS, "runs", "length", "similarity", "documents", "text", "other_text"]
    return pd.DataFrame(rows, columns=columns)


def _chain(spans: Ints, gap: int, cost: float) -> list[tuple[list[int], int]]:
    """Return chains of runs (their rows, which are in the order of their ends), and how much each shares."""
    sizes = spans[:, 1] - spans[:, 0]
    scores, before, cuts = sizes.astype(float), np.full(len(spans), -1), np.zeros_like(sizes)
    for row in range(1, len(spans)):
        gaps = spans[row, [0, 2]] - spans[:row, [1, 3]]
        cut = np.maximum(0, -gaps.min(axis=1))  # what the run before has of this one already
        gaps = gaps.max(axis=1) + cut
        gain = np.where((cut < sizes[row]) & (gaps <= gap), scores[:row] - cut - cost * gaps, 0)
        if gain.max() > 0:
            before[row] = gain.argmax()
            scores[row], cuts[row] = sizes[row] + gain.max(), cut[before[row]]
    chains, used = [], np.zeros(len(spans), dtype=bool)
    for last in np.argsort(-scores, kind="stable").tolist():
        chain: list[int] = []
        while last >= 0 and not used[last]:
            chain.insert(0, last)
            used[last], last = True, before[last]
        if chain:
            chains.append((chain, int(sizes[chain].sum() - cuts[chain[1:]].sum())))
    return chains


def measure_sharing(
    runs: pd.DataFrame, documents: pd.DataFrame, *, by: Sequence[str] = ("other_id", "other_date")
) -> pd.DataFrame:
    """Return how much of each document also stands in others, by the other's id, by its date, or (`by=()`) in any.

    Parameters
    ----------
    runs, documents
        As `find_runs` returned and got them; `documents` has `date` (ISO, '' if unknown) too.

    Returns
    -------
    pandas.DataFrame
        One row is a document and what `by` names, zeros too: `shared`, its characters in the union of runs (none
        counts twice); `characters`, all; `share`, 0 to 1. `other_date` is `earlier` (the other may be the source),
        `later`, `same day` or `unknown` (who was first cannot be said). Even `earlier` proves nothing: both may follow
        a third text, and a date of issue is not one of writing. Its share is the most that may have been borrowed.
    """
    _check(documents, ["doc_id", "clean", "date"], runs=runs)
    if unknown := sorted({*by} - {"other_id", "other_date"}):
        raise InputError([f"by: {unknown[0]!r}; give other_id, other_date, both or ()"])
    dates = dict(zip(documents["doc_id"], documents["date"].fillna(""), strict=True))

    def name(one: str, other: str) -> tuple[str, ...]:
        mine, its = dates[one], dates[other]
        order = "same day" if mine == its else "earlier" if its < mine else "later"
        told = {"other_id": other, "other_date": order if mine and its else "unknown"}
        return (one, *(told[key] for key in by))

    spans: dict[tuple[str, ...], list[tuple[int, int]]] = {name(*pair): [] for pair in permutations(dates, 2)}
    for row in iterate_rows(runs):
        spans[name(row.doc_id, row.other_id)].append((row.start, row.end))
        spans[name(row.other_id, row.doc_id)].append((row.other_start, row.other_end))
    tallies, rows = _tally_han(documents), []
    for key, some in spans.items():
        tally, shared, reached = tallies[key[0]], 0, 0
        for start, end in sorted(some):
            shared += int(tally[max(end, reached)] - tally[max(start, reached)])
            reached = max(end, reached)
        rows.append((*key, shared, int(tally[-1])))
    table = pd.DataFrame(rows, columns=["doc_id", *by, "shared", "characters"])
    return table.assign(share=table["shared"] / table["characters"].clip(lower=1))


def add_raw_spans(table: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    """Return runs, passages or keywords with `raw_start`, `raw_end` (`other_raw_...`), by `cleaning.to_raw`."""
    table, by_document = table.copy(), dict(tuple(repairs.groupby("doc_id")))
    for side, owner in (("", "doc_id"), ("other_", "other_id")):
        if owner in table.columns:
            spans = zip(table[owner], table[f"{side}start"], table[f"{side}end"], strict=True)
            raw = [to_raw(by_document.get(doc_id, repairs.iloc[:0]), start, end) for doc_id, start, end in spans]
            table[[f"{side}raw_start", f"{side}raw_end"]] = np.array(raw, dtype=np.int64).reshape(-1, 2)
    return table


def _tally_han(documents: pd.DataFrame) -> dict[str, Ints]:
    """Return for each document how many Han characters stand before each place, and before its end."""
    return {doc_id: np.cumsum([0, *map(bool, map(_HAN.match, text))], dtype=np.int64)
            for doc_id, text in zip(documents["doc_id"], documents["clean"], strict=True)}  # fmt: skip


def _check(documents: pd.DataFrame, needs: Sequence[str], length: int = 1, runs: pd.DataFrame | None = None) -> None:
    problems = [f"documents: no column {name!r}" for name in needs if name not in documents.columns]
    ids = documents.get("doc_id", pd.Series(dtype=object))
    problems += [f"documents: {twice!r} comes twice; name each text once" for twice in ids[ids.duplicated()].unique()]
    used = [] if runs is None else sorted({*runs["doc_id"], *runs["other_id"]} - {*ids})
    problems += [f"runs: {doc_id!r} is not among the documents; give those that the runs are from" for doc_id in used]
    if length < 1:
        problems.append(f"length {length}: a run has 1 character or more")
    if problems:
        raise InputError(problems)
