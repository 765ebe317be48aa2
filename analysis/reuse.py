"""Shared wording: runs of characters that documents have in common, passages made of them, and how much that is.

Only letters and digits are compared: whoever copies or republishes a text changes punctuation, numbering and line
breaks first. So a run may cross those, but never another word. All lengths count Han characters. `documents` have
`doc_id`, `clean` and, to tell who was earlier, `date` (ISO, '' if unknown).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, permutations
from os.path import commonprefix
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError

Ints = NDArray[np.int64]
_HAN = re.compile("[〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_PAIR, _SPANS = ["doc_id", "other_id"], ["start", "end", "other_start", "other_end"]


def find_runs(documents: pd.DataFrame, *, length: int = 8) -> pd.DataFrame:
    """Find all maximal runs of at least `length` (1 or more) Han characters that two documents share.

    One row is a place in one document and a place in a later one that read the same and cannot be prolonged on either
    side: `doc_id`, `other_id`; `start`, `end`, `other_start`, `other_end`, offsets in the cleaned texts; `length`; how
    many `documents` have the run (2 or more): set phrases of the genre (打赢疫情防控阻击战) are on everybody's lips,
    copied wording on few; `text`, as `doc_id` has it. In the order of the documents and of their texts. What repeats
    within one document alone is no row.
    """
    if length < 1:
        raise InputError([f"length {length}: a run has 1 character or more"])
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

    `runs` are from `find_runs`; from `length=4` on they bridge well. Between two runs stand at most `gap` characters in
    either document, each of which costs `cost` (on the side that has more), while a shared one earns 1; a passage
    shares at least `minimum`.

    One row is a passage: `doc_id`, `other_id` and four offsets as in `find_runs`; `runs`, how many; `length`, shared
    characters; `similarity`, 2 length / (length of both spans), 0 to 1; `documents`, the fewest that have one of its
    runs; `text`, `other_text`. Longest first in each pair. A run is in one passage only, but the same place may be in
    several if the other text repeats itself.

    The local alignment of T. F. Smith and M. S. Waterman 1981, J. Mol. Biol. 147: 195-197, a changed character costing
    as much as a missing one, by chaining of runs; shared wording in a gap that is shorter than a run goes uncounted.
    """
    texts = dict(zip(documents["doc_id"], documents["clean"], strict=True))
    before = {doc_id: np.cumsum([0, *map(bool, map(_HAN.match, text))]) for doc_id, text in texts.items()}
    rows = []
    for _, pair in runs[runs.groupby(_PAIR)["length"].transform("sum") >= minimum].groupby(_PAIR, sort=False):
        one, other = pair[_PAIR].iloc[0]
        pair = pair.sort_values(["end", "other_end"])
        places, held = pair[_SPANS].to_numpy(), pair["documents"].to_numpy()
        spans = np.hstack([before[one][places[:, :2]], before[other][places[:, 2:]]])
        for chain, shared in sorted(_chain(spans, gap, cost), key=lambda found: -found[1]):
            if shared >= minimum:
                start, end, its_start, its_end = np.where([1, 0, 1, 0], places[chain[0]], places[chain[-1]]).tolist()
                similarity = 2 * shared / (spans[chain[-1]] @ [0, 1, 0, 1] - spans[chain[0]] @ [1, 0, 1, 0])
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
    runs: pd.DataFrame, documents: pd.DataFrame, *,
    by: Sequence[Literal["other_id", "other_date"]] = ("other_id", "other_date"),
) -> pd.DataFrame:  # fmt: skip
    """Return how much of each document also stands in others, by the other's id, by its date, or (`by=()`) in any.

    One row is a document and what `by` names, zeros too: `shared`, its characters in the union of runs (none counts
    twice); `characters`, all; `share`, 0 to 1. `other_date` is `earlier` (the other may be the source), `later`,
    `same day` or `unknown` (who was first cannot be said). Even `earlier` proves nothing: both may follow a third text,
    and a date of issue is not one of writing. Its share is the most that may have been borrowed.
    """
    texts, dates = (documents.set_index("doc_id")[name].fillna("") for name in ("clean", "date"))
    pairs, keys = pd.DataFrame(permutations(texts.index, 2), columns=_PAIR), ["doc_id", *by]
    mine, its = (pairs[side].map(dates) for side in _PAIR)
    order = [mine.eq("") | its.eq(""), mine.eq(its), its < mine]
    pairs["other_date"] = np.select(order, ["unknown", "same day", "earlier"], "later")
    there = [runs[[*_PAIR, "start", "end"]], runs[[*_PAIR[::-1], "other_start", "other_end"]]]
    places = [(doc_id, other, place) for side in there for doc_id, other, start, end in side.to_numpy()
              for place in range(start, end) if _HAN.match(texts[doc_id][place])]  # fmt: skip
    shared = pd.DataFrame(places, columns=[*_PAIR, "place"]).merge(pairs).drop_duplicates([*keys, "place"])
    table = pairs[keys].drop_duplicates(ignore_index=True)
    table["shared"] = shared.groupby(keys).size().reindex(table.set_index(keys).index, fill_value=0).to_numpy()
    table["characters"] = table["doc_id"].map(texts.map(lambda text: len(_HAN.findall(text))))
    return table.assign(share=table["shared"] / table["characters"].clip(lower=1))
