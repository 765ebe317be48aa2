"""What each issuer stresses: shares, rates, similarity and distinctive codes. Zeros are rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist, squareform
from scipy.special import xlogy
from scipy.stats import binomtest, chi2, false_discovery_control

from analysis.errors import InputError
from analysis.twomode import build_two_mode


def profile_groups(
    joined: pd.DataFrame, documents: pd.DataFrame, *, group: str = "issuer", by: str = "measure",
    confidence: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """Return how much each group of documents says on each code.

    Parameters
    ----------
    joined
        One row is a statement, from `network.join_facts`.
    documents
        One row is a document; they give the number of characters.
    group
        A column of both tables: `issuer`, `level`, `place`, `genre` or `doc_id`.
    by
        A column of the statements: `measure`, `goal`, `instrument`, `actor`, `group` or `stance`.
    confidence
        Of the interval, between 0 and 1.

    Returns
    -------
    DataFrame
        One row is a group and a code, also where nothing is said: `statements` (count), `total` (statements of the
        group), `characters` (of the group), `rate` (statements per 1,000 characters), `share` (statements / total,
        0 to 1) and the bounds `low` and `high` of the share. The share and its bounds are missing where total is 0.

    Notes
    -----
    The interval is Wilson's score interval (E. B. Wilson 1927, JASA 22: 209-212), as SciPy computes it. It takes
    statements as independent draws; statements of one text are not, so the true uncertainty is larger.
    """
    if group not in documents.columns:
        raise InputError([f"documents: no column {group!r} to group by"])
    counts = build_two_mode(joined, group, by)
    characters = documents.groupby(group, sort=False)["characters"].sum()
    profile = _lengthen(counts)
    profile["total"] = profile[group].map(counts.sum(axis=1)).astype(int)
    profile["characters"] = profile[group].map(characters).astype(int)
    profile["rate"] = 1000 * profile["statements"] / profile["characters"]
    profile["share"] = profile["statements"] / profile["total"]
    bounds = [
        wilson_interval(k, n, confidence) for k, n in zip(profile["statements"], profile["total"], strict=True)
    ]
    profile[["low", "high"]] = pd.DataFrame(bounds, index=profile.index, dtype=float)
    return profile


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the bounds of Wilson's interval for a share; both missing (NaN) without trials."""
    if trials == 0:
        return float("nan"), float("nan")
    interval = binomtest(int(successes), int(trials)).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def measure_similarity(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the cosine similarity of every two rows of a table of counts.

    Returns
    -------
    DataFrame
        Square and symmetric, 0 (nothing in common) to 1 (the same profile, however long the texts); missing for a
        row without any statement, also with itself.
    """
    cosine = 1 - squareform(pdist(counts.to_numpy(float), metric="cosine"))
    silent = counts.sum(axis=1).to_numpy() == 0
    cosine[silent, :] = cosine[:, silent] = np.nan
    return pd.DataFrame(cosine, index=counts.index, columns=counts.index.rename(None))


def find_distinctive(counts: pd.DataFrame) -> pd.DataFrame:
    """Return which codes each row of a table of counts stresses or avoids, against all other rows.

    Returns
    -------
    DataFrame
        One row is a group and a code: `statements`; `expected`, the count if all groups spoke alike; `g2`, the
        log-likelihood ratio of the 2 x 2 table of group and code, with a minus where less is said than expected;
        `log_odds`, the logarithm of the odds ratio with 0.5 added to each cell, positive where more is said; `p`, of
        g2 with one degree of freedom; and `p_adjusted`, for the false discovery rate over all rows. Strongest first
        within each group; groups in the order of the table.

    Notes
    -----
    g2 is -2 log lambda of T. Dunning 1993, Computational Linguistics 19(1): 61-74; the 0.5 is Haldane's and
    Anscombe's (1956); the adjustment is that of Benjamini and Hochberg 1995. p takes statements as independent,
    which those of one text are not: read it as a ranking, not as a proof.
    """
    both = counts.to_numpy(float)
    group, code, total = both.sum(1, keepdims=True), both.sum(0, keepdims=True), both.sum()
    cells = np.stack([both, group - both, code - both, total - group - code + both])
    margins = [group * code, group * (total - code), (total - group) * code, (total - group) * (total - code)]
    expected = np.stack(margins) / max(total, 1)
    ratio = np.divide(cells, expected, out=np.ones_like(cells), where=expected > 0)
    g2 = 2 * xlogy(cells, ratio).sum(0).clip(min=0)
    half = cells + 0.5
    table = _lengthen(counts)
    table["expected"] = expected[0].ravel()
    table["g2"] = np.where(both < expected[0], -g2, g2).ravel()
    table["log_odds"] = np.log(half[0] * half[3] / (half[1] * half[2])).ravel()
    table["p"] = chi2.sf(g2, 1).ravel()
    table["p_adjusted"] = false_discovery_control(table["p"])
    return table.sort_values([table.columns[0], "g2"], ascending=[True, False], kind="stable", ignore_index=True)


def _lengthen(counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per cell: the row, as a category in the order of the table, the column, and `statements`."""
    table = pd.Series(counts.stack(), name="statements").reset_index()
    table[counts.index.name] = pd.Categorical(table[counts.index.name], categories=counts.index)
    return table
