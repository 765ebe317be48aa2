"""Shared wording: runs of characters that documents have in common, passages made of them, and how much that is.

Only letters and digits are compared: whoever copies or republishes a text changes punctuation, numbering and line
breaks first. So a run may cross those, but never another word. All lengths count Han characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cleaning import to_raw
from analysis.errors import InputError

Ints = NDArray[np.int64]
_PAIR, _SPANS = ["doc_id", "other_id"], ["start", "end", "other_start", "other_end"]
_HAN = re.compile("[〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def find_runs(documents: pd.DataFrame, *, length: int = 8, background: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find all maximal runs of at least `length` Han characters that two documents share.

    Parameters
    ----------
    documents
        Has `doc_id` and `clean`.
    background
        More documents, which only tell how common a run is. Set phrases of the genre (打赢疫情防控阻击战) are on
        everybody's lips, copied wording on few: filter by `background`, or by `documents` in a large collection.

    Returns
    -------
    pandas.DataFrame
        One row is a place in one document and a place in a later one that read the same and cannot be prolonged on
        either side: `doc_id`, `other_id`; `start`, `end`, `other_start`, `other_end`, offsets in the cleaned texts;
        `length`; how many `documents` (2 or more) and how many of the `background` have the run; `text`, as `doc_id`
        has it. In the order of the documents and of their texts. What repeats within one document alone is no row.

    Notes
    -----
    Substrings of 1, 2, 4, ... characters get names, equal ones the same (R. M. Karp, R. E. Miller and A. L. Rosenberg
    1972, STOC: 125-136): n log n steps for all documents together, and one for each pair of places to be compared.
    """
    parts = [documents] if background is None else [documents, background]
    everything = pd.concat(parts, join="inner", ignore_index=True)
    _check(everything, ["doc_id", "clean"], length)
    codes, places, owners, bases, tally = _index(everything["clean"].tolist())
    names = _name(codes)
    level = min(length.bit_length(), len(names)) - 1
    grams = _join(names[level], np.roll(names[level], (1 << level) - length))
    first, second, sizes = _pair(names, grams, codes, np.where(owners < len(documents), owners, -1))
    han = tally[places[first + sizes - 1] + 1] - tally[places[first]]
    order = np.lexsort((second, first, owners[second], owners[first]))
    order = order[han[order] >= length]
    first, second, sizes = first[order], second[order], sizes[order]
    table = pd.DataFrame(everything["doc_id"].to_numpy()[owners[[first, second]].T], columns=_PAIR)
    for side, begin in (("", first), ("other_", second)):
        table[f"{side}start"] = places[begin] - bases[owners[begin]]
        table[f"{side}end"] = places[begin + sizes - 1] + 1 - bases[owners[begin]]
    held = _count_documents(names, grams, owners, len(documents), first, sizes)
    table = table.assign(length=han[order], documents=held[0], background=held[1])
    return table.assign(text=_read(table, documents))


def _read(table: pd.DataFrame, documents: pd.DataFrame, side: str = "") -> pd.Series[str]:
    """Return the texts of spans."""
    texts = dict(zip(documents["doc_id"], documents["clean"], strict=True))
    spans = zip(table[_PAIR[bool(side)]], table[f"{side}start"], table[f"{side}end"], strict=True)
    return pd.Series([texts[doc_id][start:end] for doc_id, start, end in spans], dtype="str")


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


def _index(texts: list[str]) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Return code, place and text of all letters, digits and text ends; text begins; Han characters before a place."""
    letters = "".join(text + "\n" for text in texts)
    codes, kept = np.array([*map(ord, letters)], dtype=np.int64), np.array([*map(str.isalnum, letters)], dtype=bool)
    tally = np.cumsum([0, *map(bool, map(_HAN.match, letters))], dtype=np.int64)
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
    kept[ends - 1], codes[ends - 1] = True, -1 - np.arange(len(texts))
    places = np.flatnonzero(kept)
    return codes[places], places, ends.searchsorted(places, "right"), np.append(0, ends)[:-1], tally


def _join(left: Ints, right: Ints) -> Ints:
    """Name pairs of names."""
    return np.asarray(pd.factorize(left * (right.max(initial=0) + 1) + right)[0])


def _name(codes: Ints) -> list[Ints]:
    """Name the substrings of 1, 2, 4, ... characters at every place, until all differ."""
    names = [np.asarray(pd.factorize(codes)[0])]
    while names[-1].max(initial=0) + 1 < len(codes):
        names.append(_join(names[-1], np.roll(names[-1], -1 << (len(names) - 1))))
    return names


def _pair(names: list[Ints], grams: Ints, codes: Ints, owners: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the places in two texts with the same gram and not the same character before it; how long both agree."""
    order = np.argsort(grams, kind="stable")
    order = order[owners[order] >= 0]
    found, shift, here = [order[:0].reshape(2, 0)], 0, np.arange(len(order))
    while len(here):
        shift += 1
        here = here[here + shift < len(order)]
        here = here[grams[order[here]] == grams[order[here + shift]]]
        one, other = order[here], order[here + shift]
        begins = (owners[one] != owners[other]) & (codes[one - 1] != codes[other - 1])
        found.append(np.stack([one[begins], other[begins]]))
    first, second = np.concatenate(found, axis=1)
    sizes = np.zeros_like(first)
    for level in reversed(range(len(names))):
        sizes += (names[level][first + sizes] == names[level][second + sizes]).astype(np.int64) << level
    return first, second, sizes


def _count_documents(names: list[Ints], grams: Ints, owners: Ints, number: int, first: Ints, sizes: Ints) -> Ints:
    """Return how many of the first `number` texts, and how many of the others, have each run."""
    held, keys_at = np.zeros((2, len(first)), dtype=np.int64), np.zeros_like(grams)
    places = np.flatnonzero(np.bincount(grams)[grams] > 1)
    for size in np.unique(sizes).tolist():
        level = size.bit_length() - 1
        keys = _join(names[level][places], names[level][(places + size - (1 << level)) % len(grams)])
        again = np.bincount(keys)[keys] > 1  # what stands once at this size stands once at any larger
        places, keys = places[again], keys[again]
        keys_at[places] = keys
        key, owner = np.divmod(np.unique(keys * (owners[-1] + 1) + owners[places]), owners[-1] + 1)
        rows = np.flatnonzero(sizes == size)
        for part, within in enumerate((owner < number, owner >= number)):
            held[part, rows] = np.bincount(key[within], minlength=keys.max() + 1)[keys_at[first[rows]]]
    return held


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
    runs = runs[runs.groupby(_PAIR)["length"].transform("sum") >= minimum]
    han, spans, held = _count_han(runs, documents), runs[_SPANS].to_numpy(np.int64), runs["documents"].to_numpy()
    pair = runs.groupby(_PAIR, sort=False).ngroup().to_numpy()
    order = np.lexsort((spans[:, 3], spans[:, 1], pair))
    found: list[tuple[Ints, int]] = []
    for group in np.split(order, np.flatnonzero(np.diff(pair[order])) + 1):
        chains = [(group[chain], shared) for chain, shared in _chain(han[group], gap, cost) if shared >= minimum]
        found += sorted(chains, key=lambda chain: -chain[1])
    first, last = (np.array([chain[at] for chain, _ in found], dtype=np.int64) for at in (0, -1))
    table = runs[_PAIR].iloc[first].reset_index(drop=True)
    table[_SPANS] = np.where([True, False, True, False], spans[first], spans[last])
    table["runs"], table["length"] = [len(chain) for chain, _ in found], [shared for _, shared in found]
    table["similarity"] = 2 * table["length"] / (han[last] @ [0, 1, 0, 1] - han[first] @ [1, 0, 1, 0])
    table["documents"] = [held[chain].min() for chain, _ in found]
    return table.assign(text=_read(table, documents), other_text=_read(table, documents, "other_"))


def _count_han(runs: pd.DataFrame, documents: pd.DataFrame) -> Ints:
    """Return the four offsets of each run in Han characters (from any one zero for each document)."""
    *_, bases, tally = _index(documents["clean"].tolist())
    base = pd.Series(bases, index=documents["doc_id"])
    begins = np.column_stack([runs[name].map(base).to_numpy(np.int64) for name in np.repeat(_PAIR, 2)])
    return np.asarray(tally[begins + runs[_SPANS].to_numpy(np.int64)])


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
    keys, ids, han = ["doc_id", *by], documents["doc_id"], _count_han(runs, documents)
    grid = pd.merge(ids, ids.rename("other_id"), how="cross").query("doc_id != other_id")
    mine, other = (grid[name].map(documents.set_index("doc_id")["date"]).fillna("") for name in _PAIR)
    cases = [(mine == "") | (other == ""), mine == other, mine > other]
    grid["other_date"] = np.select(cases, ["unknown", "same day", "earlier"], "later")
    sides = [runs[names].set_axis(_PAIR, axis=1) for names in (_PAIR, _PAIR[::-1])]
    spans = pd.concat(sides, ignore_index=True).assign(start=han[:, ::2].T.ravel(), end=han[:, 1::2].T.ravel())
    spans = spans.merge(grid, on=_PAIR).sort_values([*keys, "start"], ignore_index=True)
    groups = [spans[key] for key in keys]
    reached = spans.groupby(groups)["end"].cummax().groupby(groups).shift(fill_value=0)
    spans["shared"] = (spans["end"] - np.maximum(spans["start"], reached)).clip(lower=0)
    table = grid[keys].drop_duplicates(ignore_index=True).join(spans.groupby(keys)["shared"].sum(), on=keys)
    table["shared"] = table["shared"].fillna(0).astype(int)
    table["characters"] = table["doc_id"].map(documents.set_index("doc_id")["clean"].map(_HAN.findall).map(len))
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
