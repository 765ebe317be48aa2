"""Agreement between two codings of the same documents."""

import pandas as pd

from analysis.pipeline import Coded
from analysis.reference import Coding

LAYERS = ("organisation", "quantity", "measure", "actor", "statement", "stance")


def compare_codings(coded: Coded, reference: Coding) -> pd.DataFrame:
    """Set the coding of the rules beside another one; documents that the other did not code are left out.

    Returns
    -------
    pandas.DataFrame
        As `match_codes` returns it.
    """
    key = ["doc_id", "unit_id"]
    units = coded.units[coded.units["doc_id"].isin(reference.units["doc_id"])]
    blocks, reference_blocks = align_units(units, reference.units)
    codes = list_codes(coded.statements, coded.organisations, coded.quantities)
    return match_codes(
        codes.merge(units[key].assign(block=blocks), on=key),
        reference.codes.merge(reference.units[key].assign(block=reference_blocks), on=key),
    )


def align_units(units: pd.DataFrame, others: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give both codings' units common blocks, since coders may cut a text differently.

    A block is the smallest run of raw text that begins and ends a unit in both; where both cut alike it is one unit.

    Returns
    -------
    tuple of two Series
        The block number, from 0 in each document, for each row of `units` and of `others`. Units that no unit of the
        other coding touches get a block of their own.
    """
    both = pd.concat([units.assign(side=0), others.assign(side=1)], keys=[0, 1])
    both = both.sort_values(["doc_id", "raw_start", "raw_end"], kind="stable")
    reach = both.groupby("doc_id")["raw_end"].cummax().groupby(both["doc_id"]).shift(fill_value=0)
    block = (both["raw_start"] >= reach).groupby(both["doc_id"]).cumsum() - 1
    left, right = (block[both["side"].eq(side)].droplevel(0) for side in (0, 1))
    return left.reindex(units.index), right.reindex(others.index)


def list_codes(
    statements: pd.DataFrame, organisations: pd.DataFrame | None = None, quantities: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List what a coding says, one code a row: `doc_id`, `unit_id`, `layer`, `code`, `stance`, `disputed`.

    The layer is statement (code `actor:measure`), organisation or quantity (code: the words of the text).
    """
    parts = [
        statements.assign(layer="statement", code=statements["actor"] + ":" + statements["measure"], disputed=False)
    ]
    for layer, table in (("organisation", organisations), ("quantity", quantities)):
        if table is not None:
            parts.append(table.assign(layer=layer, code=table["text"], stance="", disputed=False))
    columns = ["doc_id", "unit_id", "layer", "code", "stance", "disputed"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def match_codes(codes: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Set two codings side by side.

    Parameters
    ----------
    codes, reference
        One row is a code given to a unit: `doc_id`, `block`, `layer`, `code`, `stance`, `disputed`.

    Returns
    -------
    pandas.DataFrame
        One row is a code of one block that at least one side gave and neither disputes: `doc_id`, `block`, `layer`
        (see `LAYERS`), `code`, and the booleans `coded` and `expected`. The layer stance has one row for each statement
        that both sides gave: `code` is the stance of the reference, `coded` tells whether the stances agree.
    """
    keys = ["doc_id", "block", "layer", "code"]
    left, right = (_expand_layers(side) for side in (codes, reference))
    both = left.merge(right, on=keys, how="outer", suffixes=("", "_reference"))
    coded, expected = both["disputed"].notna(), both["disputed_reference"].notna()
    open_code = both["disputed"].eq(True) | both["disputed_reference"].eq(True)
    matches = both[keys].assign(coded=coded, expected=expected)[~open_code]
    shared = both[coded & expected & ~open_code & both["layer"].eq("statement")]
    agrees = [bool(set(a.split("|")) & set(b.split("|"))) for a, b in shared[["stance", "stance_reference"]].to_numpy()]
    stances = shared[keys].assign(layer="stance", code=shared["stance_reference"], coded=agrees, expected=True)
    return pd.concat([matches, stances], ignore_index=True)


def _expand_layers(codes: pd.DataFrame) -> pd.DataFrame:
    """Add the layers actor and measure to that of statements, each code once in a block; a sure code beats a doubt."""
    statements = codes[codes["layer"].eq("statement")]
    pair = statements["code"].str.split(":", n=1)
    parts = [
        codes,
        statements.assign(layer="actor", code=pair.str[0], stance=""),
        statements.assign(layer="measure", code=pair.str[1], stance=""),
    ]
    stacked = pd.concat(parts, ignore_index=True).sort_values("disputed", kind="stable")
    return stacked.drop_duplicates(["doc_id", "block", "layer", "code"])


def score_agreement(matches: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return precision, recall and F1 for each group of matches.

    Parameters
    ----------
    matches
        As `match_codes` returns them.
    by
        The columns that make a group, such as `["layer"]`, `["layer", "code"]` or `["doc_id", "layer"]`.

    Returns
    -------
    pandas.DataFrame
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
