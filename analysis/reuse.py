"""Shared wording: runs of characters that two documents have in common, passages made of them, and how much that is.

Only letters and digits are compared. Punctuation, white space and line breaks are left out, because whoever copies or
republishes a text changes them first; so a run may cross them, but never a changed word. Length counts Han characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cleaning import to_raw
from analysis.errors import InputError

Ints = NDArray[np.int64]
SPANS = ("start", "end", "other_start", "other_end")


def find_runs(documents: pd.DataFrame, *, length: int = 10, background: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find all maximal runs of characters that two documents share.

    Parameters
    ----------
    documents
        Has `doc_id` and `clean`.
    length
        The fewest Han characters of a run, 2 or more.
    background
        More documents (`doc_id`, `clean`; none of the above) that only tell how common a run is.

    Returns
    -------
    pandas.DataFrame
        One row is a place in one document and a place in a later row's document that read the same and cannot be
        prolonged on either side: `doc_id`, `other_id`; `start`, `end`, `other_start`, `other_end`, offsets in the
        cleaned texts; `length` in Han characters; `documents`, how many of the documents have the run (2 or more), and
        `background`, how many of the background; `text`, as `doc_id` has it. In the order of the documents and of
        their texts. Repetition within one document is no row.

    Raises
    ------
    InputError
        If a column is missing, an id comes twice, or length is below 2.

    Notes
    -----
    Substrings of lengths 1, 2, 4, ... are named so that equal ones have equal names (R. M. Karp, R. E. Miller and
    A. L. Rosenberg 1972, STOC '72: 125-136): n log n steps for n characters of all documents together, then one step
    for each pair of places that share `length` characters. Set phrases of the genre are in everybody's mouth, copied
    wording in few: tell them apart by `background`, or `documents` of a large collection, and by length.
    """
    everything = pd.concat([documents, documents.iloc[:0] if background is None else background], ignore_index=True)
    _check(everything, length=length)
    codes, places, owners, letters = _index(everything["clean"].tolist())
    names = _name(codes)
    grams = _name_grams(names, length)
    first, second = _pair(grams, codes, np.where(owners < len(documents), owners, -1))
    sizes = _measure(names, first, second)
    tally = np.concatenate([[0], np.cumsum(letters)])
    han = tally[first + sizes] - tally[first]
    first, second, sizes, han = (values[han >= length] for values in (first, second, sizes, han))
    held = _count_documents(names, grams, owners, len(documents), first, sizes)
    ids, texts = everything["doc_id"].to_numpy(), everything["clean"].to_numpy()
    table = pd.DataFrame({"doc_id": ids[owners[first]], "other_id": ids[owners[second]]})
    for name, begin in (("", first), ("other_", second)):
        table[f"{name}start"], table[f"{name}end"] = places[begin], places[begin + sizes - 1] + 1
    table["length"], table["documents"], table["background"] = han, held[0], held[1]
    spans = zip(owners[first], table["start"], table["end"], strict=True)
    table["text"] = [texts[owner][start:end] for owner, start, end in spans]
    order = np.lexsort((second, first, owners[second], owners[first]))
    return table.iloc[order].reset_index(drop=True)


def _check(documents: pd.DataFrame, *, needs: Sequence[str] = ("doc_id", "clean"), length: int = 2) -> None:
    problems = [f"documents: no column {name!r}" for name in needs if name not in documents.columns]
    if "doc_id" in documents.columns and (twice := documents["doc_id"][documents["doc_id"].duplicated()].tolist()):
        problems.append(f"documents: {twice[0]!r} comes twice; an id names one text, of the documents or the background")
    if length < 2:
        problems.append(f"length {length}: a run has 2 or more characters")
    if problems:
        raise InputError(problems)


def _is_han(codes: Ints) -> NDArray[np.bool_]:
    blocks = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
    return reduce(np.logical_or, [(low <= codes) & (codes <= high) for low, high in blocks])


def _index(texts: Sequence[str]) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """Return letters and digits of all texts, a separator of its own behind each: code, place, text, is it Han."""
    codes, places, owners = [], [], []
    for owner, text in enumerate(texts):
        kept = [place for place, character in enumerate(text) if character.isalnum()]
        codes += [ord(text[place]) for place in kept] + [-1 - owner]
        places += [*kept, len(text)]
        owners += [owner] * (len(kept) + 1)
    array = np.array(codes, dtype=np.int64)
    return array, np.array(places, dtype=np.int64), np.array(owners, dtype=np.int64), _is_han(array)


def _join(left: Ints, right: Ints) -> Ints:
    """Name pairs of names."""
    return np.asarray(pd.factorize(left * (right.max(initial=0) + 2) + right + 1)[0])


def _shift(values: Ints, by: int) -> Ints:
    return np.concatenate([values[by:], np.full(min(by, len(values)), -1)])


def _name(codes: Ints) -> list[Ints]:
    """Name the substrings of 1, 2, 4, ... characters at every place, until all differ."""
    names = [np.asarray(pd.factorize(codes)[0])]
    while names[-1].max(initial=0) + 1 < len(codes):
        names.append(_join(names[-1], _shift(names[-1], 1 << (len(names) - 1))))
    return names


def _name_grams(names: list[Ints], length: int) -> Ints:
    """Name the substrings of any one length."""
    level = min(length.bit_length(), len(names)) - 1
    return _join(names[level], _shift(names[level], length - (1 << level)))


def _pair(grams: Ints, codes: Ints, owners: Ints) -> tuple[Ints, Ints]:
    """Return the places in two documents that have the same gram, but not the same character before it."""
    order = np.argsort(grams, kind="stable")
    order = order[owners[order] >= 0]
    found, shift, here = [order[:0].reshape(2, 0)], 0, np.arange(len(order))
    while len(here):
        shift += 1
        here = here[here + shift < len(order)]
        here = here[grams[order[here]] == grams[order[here + shift]]]
        pair = np.stack([order[here], order[here + shift]])
        found.append(pair[:, (owners[pair[0]] != owners[pair[1]]) & (codes[pair[0] - 1] != codes[pair[1] - 1])])
    first, second = np.concatenate(found, axis=1)
    return first, second


def _measure(names: list[Ints], first: Ints, second: Ints) -> Ints:
    """Return how many characters read the same from each two places on."""
    sizes = np.zeros_like(first)
    for level in reversed(range(len(names))):
        sizes += (names[level][first + sizes] == names[level][second + sizes]).astype(np.int64) << level
    return sizes


def _count_documents(names: list[Ints], grams: Ints, owners: Ints, number: int, first: Ints, sizes: Ints) -> Ints:
    """Return how many of the first `number` documents, and how many of the others, have each run."""
    held, keys_at = np.zeros((2, len(first)), dtype=np.int64), np.zeros_like(grams)
    places = np.flatnonzero(np.bincount(grams)[grams] > 1)
    for size in np.unique(sizes).tolist():
        level = size.bit_length() - 1
        keys = _join(names[level][places], names[level][np.minimum(places + size - (1 << level), len(grams) - 1)])
        again = np.bincount(keys)[keys] > 1  # what stands once now will not stand twice when it is longer
        places, keys = places[again], keys[again]
        keys_at[places] = keys
        key, owner = np.divmod(np.unique(keys * (owners[-1] + 1) + owners[places]), owners[-1] + 1)
        rows = np.flatnonzero(sizes == size)
        for part, within in enumerate((owner < number, owner >= number)):
            held[part, rows] = np.bincount(key[within], minlength=len(grams))[keys_at[first[rows]]]
    return held


def align_passages(
    runs: pd.DataFrame, documents: pd.DataFrame, *, gap: int = 12, cost: float = 0.5, minimum: int = 20
) -> pd.DataFrame:
    """Join runs that follow each other in both documents to passages that can be read side by side.

    Parameters
    ----------
    runs
        From `find_runs`; short ones (`length=4`) bridge best. Filter them beforehand.
    documents
        Has `doc_id` and `clean`.
    gap
        The most Han characters that may stand between two runs, in either document.
    cost
        Of each character of a gap, where a shared one earns 1: the longer side of a gap counts.
    minimum
        The fewest shared Han characters of a passage.

    Returns
    -------
    pandas.DataFrame
        One row is a passage: `doc_id`, `other_id`; `start`, `end`, `other_start`, `other_end` as in `find_runs`;
        `runs`, how many; `length`, Han characters that both share; `similarity`, twice the length by the Han
        characters of both spans, 0 to 1; `documents`, the fewest that have any one of its runs; `text`, `other_text`.
        The longest first within each two documents. No run is in two passages, but a document that repeats itself may
        have one place in several.

    Notes
    -----
    Local alignment in the sense of T. F. Smith and M. S. Waterman 1981, J. Mol. Biol. 147: 195-197, with changed and
    missing characters at one cost, found by chaining runs (D. Eppstein, Z. Galil, R. Giancarlo and G. F. Italiano 1992,
    J. ACM 39: 519-545). With runs of length 1 and no limit to gaps the best passage has Smith and Waterman's score;
    with longer runs it may miss what shorter ones would bridge.
    """
    tallies = _tally(runs, documents)
    texts = dict(zip(documents["doc_id"], documents["clean"], strict=True))
    rows: list[tuple[Any, ...]] = []
    for (one, other), group in runs.groupby(["doc_id", "other_id"], sort=False):
        group = group.sort_values(["end", "other_end"], kind="stable")
        spans, held = group[list(SPANS)].to_numpy(), group["documents"].to_numpy()
        han = np.column_stack([tallies[one][spans[:, :2]], tallies[other][spans[:, 2:]]])
        passages = [passage for passage in _chain(han, gap, cost) if passage[1] >= minimum]
        for chain, shared in sorted(passages, key=lambda passage: -passage[1]):
            (start, _, other_start, _), (_, end, _, other_end) = spans[chain[0]], spans[chain[-1]]
            both = han[chain[-1], [1, 3]].sum() - han[chain[0], [0, 2]].sum()
            rows.append((one, other, start, end, other_start, other_end, len(chain), shared, 2 * shared / both,
                         held[chain].min(), texts[one][start:end], texts[other][other_start:other_end]))  # fmt: skip
    columns = ["doc_id", "other_id", *SPANS, "runs", "length", "similarity", "documents", "text", "other_text"]
    return pd.DataFrame(rows, columns=columns)


def _chain(spans: Ints, gap: int, cost: float) -> list[tuple[list[int], int]]:
    """Return chains of runs (their rows, by their ends) and how many characters each shares, the best first."""
    sizes = spans[:, 1] - spans[:, 0]
    scores, before, cuts = sizes.astype(float), np.full(len(spans), -1), np.zeros_like(sizes)
    for row in range(1, len(spans)):
        gaps = spans[row, [0, 2]] - spans[:row, [1, 3]]
        cut = np.maximum(0, -gaps.min(axis=1))  # what the run before has of this one already
        gaps = gaps.max(axis=1) + cut
        worth = np.where((cut < sizes[row]) & (gaps <= gap), scores[:row] - cut - cost * gaps, 0)
        if worth.max() > 0:
            before[row] = worth.argmax()
            scores[row], cuts[row] = sizes[row] + worth.max(), cut[before[row]]
    chains, used = [], np.zeros(len(spans), dtype=bool)
    for last in np.argsort(-scores, kind="stable").tolist():
        chain: list[int] = []
        while last >= 0 and not used[last]:
            chain.insert(0, last)
            used[last], last = True, before[last]
        if chain:
            chains.append((chain, int(sizes[chain].sum() - cuts[chain[1:]].sum())))
    return chains


def _tally(runs: pd.DataFrame, documents: pd.DataFrame) -> dict[str, Ints]:
    """Return for each document how many Han characters stand before each place."""
    _check(documents)
    unknown = sorted({*runs["doc_id"], *runs["other_id"]} - {*documents["doc_id"]})
    if unknown:
        raise InputError([f"runs: document {unknown[0]!r} is not in documents; give those the runs were found in"])
    return {
        doc_id: np.concatenate([[0], np.cumsum(_is_han(np.array([ord(letter) for letter in text], dtype=np.int64)))])
        for doc_id, text in zip(documents["doc_id"], documents["clean"], strict=True)
    }


def measure_sharing(runs: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return how much of each document stands in each other one, and which of the two is older.

    Returns
    -------
    pandas.DataFrame
        One row is a document and another one, also where they share nothing: `doc_id`, `other_id`; `shared`, the Han
        characters of `doc_id` that lie in runs shared with the other (the union of runs: none counts twice);
        `characters`, all its Han characters; `share`, 0 to 1; `longest`, the longest run; `order`: `later` if
        `doc_id` bears the later date, so that it may have borrowed; `earlier`; `same day` (who borrowed cannot be told
        from dates); `unknown` without a date. Dates do not show who wrote first, and both may follow a third text:
        `later` is compatible with borrowing, no proof of it.

    Raises
    ------
    InputError
        If `documents` lacks a column (`doc_id`, `clean`, `date`), or a document of `runs`.
    """
    sides, characters, dates = _list_sides(runs, documents)
    pairs = documents[["doc_id"]].merge(documents[["doc_id"]].rename(columns={"doc_id": "other_id"}), how="cross")
    pairs = pairs[pairs["doc_id"] != pairs["other_id"]].reset_index(drop=True)
    keys = ["doc_id", "other_id"]
    found = pd.DataFrame({"shared": _cover(sides, keys), "longest": sides.groupby(keys)["length"].max()})
    pairs = pairs.join(found, on=keys).fillna({"shared": 0, "longest": 0}).astype({"shared": int, "longest": int})
    pairs["characters"] = pairs["doc_id"].map(characters)
    pairs["share"] = pairs["shared"] / pairs["characters"].clip(lower=1)
    pairs["order"] = _compare_dates(pairs, dates)
    return pairs[[*keys, "shared", "characters", "share", "longest", "order"]]


def measure_borrowing(runs: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return how much of each document stands in any other, and how much in one of an earlier date.

    Returns
    -------
    pandas.DataFrame
        One row is a document: `doc_id`; `characters`, its Han characters; `shared` and `share` (0 to 1), those in runs
        that any other document has; `older` and `older_share`, those that one of an earlier date has: at most so much
        is borrowed from these documents. The same doubts as in `measure_sharing`. Raises the same.
    """
    sides, characters, dates = _list_sides(runs, documents)
    table = pd.DataFrame({"doc_id": documents["doc_id"], "characters": documents["doc_id"].map(characters)})
    for name, some in (("shared", sides), ("older", sides[_compare_dates(sides, dates) == "later"])):
        table[name] = table["doc_id"].map(_cover(some, ["doc_id"])).fillna(0).astype(int)
        table["share" if name == "shared" else "older_share"] = table[name] / table["characters"].clip(lower=1)
    return table


def _list_sides(runs: pd.DataFrame, documents: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[int], pd.Series[str]]:
    """Return every run from both sides, in Han offsets; the Han characters and the date of each document."""
    _check(documents, needs=("doc_id", "clean", "date"))
    tallies = _tally(runs, documents)
    names = ["doc_id", "other_id", *SPANS]
    swapped = runs.rename(columns=dict(zip(names, ["other_id", "doc_id", *SPANS[2:], *SPANS[:2]], strict=True)))
    sides = pd.concat([runs, swapped])[["doc_id", "other_id", "start", "end", "length"]].reset_index(drop=True)
    for side in ("start", "end"):
        sides[side] = [tallies[doc_id][place] for doc_id, place in zip(sides["doc_id"], sides[side], strict=True)]
    characters = pd.Series({doc_id: int(tally[-1]) for doc_id, tally in tallies.items()}, dtype=int)
    return sides, characters, documents.set_index("doc_id")["date"]


def _compare_dates(pairs: pd.DataFrame, dates: pd.Series[str]) -> NDArray[Any]:
    one, other = (pairs[name].map(dates).fillna("").to_numpy(str) for name in ("doc_id", "other_id"))
    return np.select([(one == "") | (other == ""), one == other, one < other], ["unknown", "same day", "earlier"], "later")


def _cover(sides: pd.DataFrame, keys: list[str]) -> pd.Series[int]:
    """Return the length of the union of spans, for each group."""
    sides = sides.sort_values([*keys, "start"], kind="stable")
    groups = [sides[key] for key in keys]
    reached = sides.groupby(keys)["end"].cummax().groupby(groups).shift(fill_value=0)
    return (sides["end"] - sides["start"].clip(lower=reached)).clip(lower=0).groupby(groups).sum()


def add_raw_spans(table: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    """Return runs, passages or lines of a concordance with `raw_start`, `raw_end` (and `other_...`), by `to_raw`."""
    table, by_document = table.copy(), dict(tuple(repairs.groupby("doc_id")))
    for side, owner in (("", "doc_id"), ("other_", "other_id")):
        if owner in table.columns:
            spans = zip(table[owner], table[f"{side}start"], table[f"{side}end"], strict=True)
            raw = [to_raw(by_document.get(doc_id, repairs.iloc[:0]), start, end) for doc_id, start, end in spans]
            table[[f"{side}raw_start", f"{side}raw_end"]] = np.array(raw, dtype=np.int64).reshape(-1, 2)
    return table
