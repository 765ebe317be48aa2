"""Two codings of the same documents compared: how well coders agree, and what another codebook changes."""

from itertools import groupby, zip_longest

import pandas as pd

from analysis.pipeline import Coded
from analysis.reference import Coding
from analysis.reliability import cohen_kappa, krippendorff_alpha, masi_distance
from analysis.tables import iterate_rows

LAYERS = ("organisation", "quantity", "measure", "actor", "statement", "stance")
CHANGES = ("gained", "lost", "moved")
_PLACE = ["doc_id", "block"]


def compare_codings(coding: Coded | Coding, other: Coded | Coding, *, common: bool = False) -> pd.DataFrame:
    """Set two codings side by side, `other` in the part of the reference; documents that it did not code are left out.

    With `common` only what stands in blocks that both coded counts (see `align_units`).

    Returns
    -------
    pandas.DataFrame
        One row is a code of one block that at least one side gave and neither disputes: `doc_id`, `block`, `layer`
        (see `LAYERS`), `code`, and the booleans `coded` and `expected`. The layer stance has one row for each statement
        that both sides gave: `code` is the stance of `other`, `coded` tells whether the stances agree.
    """
    (left, right), blocks = _place_codes(coding, other)
    if common:
        left, right = left.merge(blocks), right.merge(blocks)
    left = left[left["doc_id"].isin(other.units["doc_id"])]
    keys = [*_PLACE, "layer", "code"]
    both = left.merge(right, on=keys, how="outer", suffixes=("", "_other"))
    coded, expected = both["disputed"].notna(), both["disputed_other"].notna()
    disputed = both["disputed"].eq(True) | both["disputed_other"].eq(True)
    matches = both[keys].assign(coded=coded, expected=expected)[~disputed]
    shared = both[coded & expected & ~disputed & both["layer"].eq("statement")]
    agrees = [bool(set(a.split("|")) & set(b.split("|"))) for a, b in shared[["stance", "stance_other"]].to_numpy()]
    stances = shared[keys].assign(layer="stance", code=shared["stance_other"], coded=agrees, expected=True)
    return pd.concat([matches, stances], ignore_index=True).astype({"coded": bool, "expected": bool})


def align_units(units: pd.DataFrame, others: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the number of its block, from 0 in each document, for each row of both codings' units.

    Coders may cut a text differently. A block is the smallest run of raw text that begins and ends a unit in both;
    where both cut alike it is one unit, and so is a unit that none of the other coding touches.
    """
    both = pd.concat([units.assign(side=0), others.assign(side=1)], keys=[0, 1])
    both = both.sort_values(["doc_id", "raw_start", "raw_end"], kind="stable")
    reach = both.groupby("doc_id")["raw_end"].cummax().groupby(both["doc_id"]).shift(fill_value=0)
    block = (both["raw_start"] >= reach).groupby(both["doc_id"]).cumsum() - 1
    left, right = (block[both["side"].eq(side)].droplevel(0) for side in (0, 1))
    return left.reindex(units.index), right.reindex(others.index)


def _place_codes(coding: Coded | Coding, other: Coded | Coding) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """Return the codes of both by blocks (each once, rather sure than disputed), and the blocks that both coded."""
    placed, blocks = [], []
    for side, numbers in zip((coding, other), align_units(coding.units, other.units), strict=True):
        units = side.units[["doc_id", "unit_id"]].assign(block=numbers)
        statements = side.codes[side.codes["layer"].eq("statement")].assign(stance="")
        pair = statements["code"].str.split(":", n=1)
        halves = [statements.assign(layer=layer, code=pair.str[i]) for i, layer in enumerate(("actor", "measure"))]
        codes = pd.concat([side.codes, *halves]).merge(units).sort_values("disputed", kind="stable")
        placed.append(codes.drop_duplicates([*_PLACE, "layer", "code"]))
        blocks.append(units[_PLACE].drop_duplicates())
    return placed, blocks[0].merge(blocks[1])


def score_agreement(matches: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return precision, recall and F1 of the matches of `compare_codings`, by columns such as `["layer", "code"]`.

    One row is a group: `expected` and `coded` (numbers of codes), `both`, and `precision`, `recall`, `f1` (0 to 1;
    missing where nothing was coded or expected). F1 is the harmonic mean of the two (van Rijsbergen 1979).
    """
    counts = matches.assign(both=matches["coded"] & matches["expected"])
    counts["coded"] |= counts["layer"].eq("stance")
    table = counts.groupby(by, sort=True)[["expected", "coded", "both"]].sum()
    return table.assign(
        precision=table["both"] / table["coded"].where(table["coded"] > 0),
        recall=table["both"] / table["expected"].where(table["expected"] > 0),
        f1=2 * table["both"] / (table["coded"] + table["expected"]),
    )


def measure_reliability(coding: Coded | Coding, other: Coded | Coding, *, seed: int, draws: int = 1000) -> pd.DataFrame:
    """Return Krippendorff's alpha and Cohen's kappa of two coders on the units that both coded.

    One row is a layer (statement, actor, measure: the set of codes of each block, compared by MASI distance) or
    `measure:<id>` (whether a block has that measure, nominal), for each measure that either coder gave: `units` (number
    of blocks), `alpha` with the bounds `low` and `high` of its 95 % interval, and `kappa`, which takes sets as equal or
    not. Missing where all blocks have one and the same value, or there is none. Disputed codes are in neither's set.
    """
    blocks = pd.MultiIndex.from_frame(_place_codes(coding, other)[1])
    matches = compare_codings(coding, other, common=True)
    rows = {}
    for layer in ("statement", "actor", "measure"):
        some = matches[matches["layer"] == layer]
        ratings = pd.DataFrame({side: _collect_sets(some[some[side]], blocks) for side in ("coded", "expected")})
        alpha = krippendorff_alpha(ratings, distance=masi_distance, seed=seed, draws=draws)
        rows[layer] = *alpha, cohen_kappa(*(ratings[side].map(sorted).map("|".join) for side in ratings))
    for measure in sorted(frozenset().union(*ratings.to_numpy().flat)):
        has = ratings.map(lambda codes, measure=measure: measure in codes)
        alpha = krippendorff_alpha(has, seed=seed, draws=draws)
        rows[f"measure:{measure}"] = *alpha, cohen_kappa(has["coded"], has["expected"])
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["alpha", "low", "high", "kappa"])
    table.insert(0, "units", len(blocks))
    return table


def _collect_sets(matches: pd.DataFrame, blocks: pd.MultiIndex) -> list[frozenset[str]]:
    sets = {block: frozenset(codes) for block, codes in matches.groupby(_PLACE)["code"]}
    return [sets.get(block, frozenset()) for block in blocks]


def compare_revisions(old: pd.DataFrame, new: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """List the statements that a change of the codebook gains, loses or moves; both tables are of the same units.

    One row is a change, in the order of the texts: `change`, `doc_id`, `unit_id`, `actor`, `measure`, `stance` (of the
    old statement where it is lost, else of the new one), `was` (for moved ones the old actor, or else the old stance;
    '' for the rest) and `text` of the unit. Where a measure of a unit loses and gains several actors, they are paired
    in the order of their ids.
    """
    was, now = (
        {(row.doc_id, row.unit_id, row.measure, row.actor): row.stance for row in iterate_rows(table)}
        for table in (old, new)
    )
    rows = [("moved", *key, now[key], was[key]) for key in was.keys() & now.keys() if was[key] != now[key]]
    for _, group in groupby(sorted(was.keys() ^ now.keys()), key=lambda key: key[:3]):
        keys = list(group)
        for lost, gained in zip_longest(*([key for key in keys if key in side] for side in (was, now))):
            if gained is None:
                rows.append(("lost", *lost, was[lost], ""))
            else:
                rows.append(("moved" if lost else "gained", *gained, now[gained], lost[3] if lost else ""))
    names = ["change", "doc_id", "unit_id", "measure", "actor", "stance", "was"]
    changes = pd.DataFrame(rows, columns=names).sort_values(["measure", "actor"])
    columns = ["change", "doc_id", "unit_id", "actor", "measure", "stance", "was", "text"]
    return units.merge(changes, on=["doc_id", "unit_id"])[columns]
