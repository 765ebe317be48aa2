"""Coder beside coder: people, the rules and the reference, compared on the units that both coded."""

import pandas as pd

from analysis.agreement import align_units, list_codes, match_codes
from analysis.pipeline import Coded
from analysis.reference import Coding
from analysis.reliability import bootstrap_alpha, cohen_kappa, masi_distance, nominal_distance

SETS = ("statement", "actor", "measure")
_KEY = ["doc_id", "unit_id"]


def as_coding(coded: Coded) -> Coding:
    """Return what the rules made as a coding, so that it can stand beside those of people."""
    return Coding(coded.units, coded.statements, list_codes(coded.statements))


def match_coders(coder: Coding, other: Coding) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set the statements of two coders side by side.

    Returns
    -------
    tuple
        Matches, as `analysis.agreement.match_codes` returns them, where `other` takes the part of the reference; and
        the blocks that both coded (`doc_id`, `block`; see `align_units`), outside of which nothing counts.
    """
    sides = [
        coding.units[_KEY].assign(block=blocks)
        for coding, blocks in zip((coder, other), align_units(coder.units, other.units), strict=True)
    ]
    place = ["doc_id", "block"]
    common = sides[0][place].drop_duplicates().merge(sides[1][place].drop_duplicates(), on=place)
    codes = [
        coding.codes[coding.codes["layer"].eq("statement")].merge(side, on=_KEY).merge(common, on=place)
        for coding, side in zip((coder, other), sides, strict=True)
    ]
    return match_codes(*codes), common


def measure_reliability(matches: pd.DataFrame, blocks: pd.DataFrame, *, seed: int, draws: int = 1000) -> pd.DataFrame:
    """Return Krippendorff's alpha and Cohen's kappa of two coders.

    Parameters
    ----------
    matches, blocks
        As `match_coders` returns them. Codes that are disputed are in neither coder's set.
    seed, draws
        Of the bootstrap; see `analysis.reliability.bootstrap_alpha`.

    Returns
    -------
    pandas.DataFrame
        One row is a layer (statement, actor, measure: the set of codes of each block, compared by MASI distance) or
        `measure:<id>` (whether a block has that measure, nominal), for each measure that either coder gave: `units`
        (number of blocks), `alpha` with the bounds `low` and `high` of its 95 % interval, and `kappa`, which takes sets
        as equal or not. Missing where no chance agreement can be told, since all blocks have one and the same value.
    """
    index = list(blocks[["doc_id", "block"]].itertuples(index=False, name=None))
    rows = {}
    for layer in SETS:
        some = matches[matches["layer"] == layer]
        ratings = pd.DataFrame({side: _collect_sets(some[some[side]], index) for side in ("coded", "expected")})
        rows[layer] = [len(index), *bootstrap_alpha(ratings, distance=masi_distance, seed=seed, draws=draws),
                       cohen_kappa(*(ratings[side].map(sorted).map("|".join) for side in ratings))]  # fmt: skip
    for measure in sorted(set().union(*ratings.to_numpy().ravel())) if len(index) else []:
        has = ratings.map(lambda codes, measure=measure: measure in codes)
        interval = bootstrap_alpha(has, distance=nominal_distance, seed=seed, draws=draws)
        rows[f"measure:{measure}"] = [len(index), *interval, cohen_kappa(has["coded"], has["expected"])]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["units", "alpha", "low", "high", "kappa"])


def _collect_sets(matches: pd.DataFrame, index: list[tuple[str, int]]) -> list[frozenset[str]]:
    if matches.empty:
        return [frozenset()] * len(index)
    sets = matches.groupby(["doc_id", "block"])["code"].agg(frozenset).to_dict()
    return [sets.get(key, frozenset()) for key in index]
