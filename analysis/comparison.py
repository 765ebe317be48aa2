"""What each issuer stresses: shares, rates, similarity, distinctive codes and words. Zeros are rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
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
        One row is a statement, from `network.join_facts`; `by` is one of its columns.
    documents
        One row is a document with its `characters` and its `group`, such as `issuer`, `level` or `doc_id`.

    Returns
    -------
    DataFrame
        One row is a group and a code, also where nothing is said: `statements` (count), `total` (statements of the
        group), `characters` (of the group), `rate` (statements per 1,000 characters), `share` (statements / total,
        0 to 1) and the bounds `low` and `high` of the share. The share and its bounds are missing where total is 0.

    Notes
    -----
    The interval is Wilson's score interval (E. B. Wilson 1927, JASA 22: 209-212). It takes statements as independent
    draws; statements of one text are not, so the true uncertainty is larger: see `bootstrap_intervals`.
    """
    if group not in documents.columns:
        raise InputError([f"documents: no column {group!r} to group by"])
    counts = build_two_mode(joined, group, by)
    profile = _lengthen(counts, "statements")
    for name, values in (("total", counts.sum(axis=1)), ("characters", documents.groupby(group)["characters"].sum())):
        profile[name] = profile[group].map(values).astype(int)
    profile["rate"] = 1000 * profile["statements"] / profile["characters"]
    profile["share"] = profile["statements"] / profile["total"]
    said = zip(profile["statements"], profile["total"], strict=True)
    profile[["low", "high"]] = np.array([wilson_interval(k, n, confidence) for k, n in said]).reshape(-1, 2)
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


def find_distinctive(counts: pd.DataFrame, *, prior: float = 100) -> pd.DataFrame:
    """Return which codes or words each row of a table of counts stresses or avoids, against all other rows.

    Parameters
    ----------
    counts
        Issuers and codes, from `build_two_mode`; of words, `pd.crosstab(words["doc_id"], words["word"])`.
    prior
        Weight of the prior of `log_odds` in counts (alpha_0 > 0): the larger, the nearer to no difference.

    Returns
    -------
    DataFrame
        One row is a group and a code, zeros too: `count` and `rate` (in 1,000 counts) in the group, `other_count` and
        `other_rate` in all others; `g2`, the log-likelihood ratio, with a minus where the group has less; `p`, of g2
        with one degree of freedom, and `p_fdr`, for the false discovery rate over all rows; `log_ratio`, how many times
        the rate has doubled against the others'; `log_odds` and its `z`. Missing where there is nothing to divide by.
        Largest g2 first within each group; groups in the order of the table.

    Notes
    -----
    g2: T. Dunning 1993, Computational Linguistics 19: 61-74. p_fdr: Benjamini and Hochberg 1995. log_ratio: A. Hardie
    2014, a count of 0 taken as 0.5. log_odds: B. L. Monroe, M. P. Colaresi and K. M. Quinn 2008, Political Analysis 16:
    372-403, equations 15 to 22, each code's prior being its part of the whole. All take counts as drawn one by one,
    which those of one text are not: they order codes for reading and are no proof.
    """
    if min(counts.shape) < 2 or prior <= 0:
        raise InputError([f"counts: need two rows, two columns, and a prior ({prior}) above 0"])
    count = counts.to_numpy(float)
    n, both, total = count.sum(axis=1, keepdims=True), count.sum(axis=0), count.sum()
    other, m, g2 = both - count, total - n, log_likelihood(count, n, both, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = prior * both / total
        odds = [np.log((y + alpha) / (of + prior - y - alpha)) for y, of in ((count, n), (other, m))]
        columns = {
            "rate": 1000 * count / n, "other_count": other.astype(int), "other_rate": 1000 * other / m,
            "g2": g2, "p": chi2.sf(np.abs(g2), 1), "p_fdr": false_discovery_control(chi2.sf(np.abs(g2), 1), axis=None),
            "log_ratio": np.log2(np.where(count, count, 0.5) / n / (np.where(other, other, 0.5) / m)),
            "log_odds": odds[0] - odds[1],
            "z": (odds[0] - odds[1]) / np.sqrt(1 / (count + alpha) + 1 / (other + alpha)),
        }  # fmt: skip
    table = _lengthen(counts, "count").assign(**{name: values.ravel() for name, values in columns.items()})
    return table.sort_values([table.columns[0], "g2"], ascending=[True, False], kind="stable", ignore_index=True)


def log_likelihood(both: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> NDArray[np.float64]:
    """Return Dunning's log-likelihood ratio of 2 x 2 tables by one cell, its margins and the total; < 0 if repelled."""
    a, row, column, n = (np.asarray(values, dtype=float) for values in (both, first, second, total))
    cells = (a, row - a, column - a, n - row - column + a)
    margins = (row, n - row, column, n - column)
    g2 = 2 * (sum(xlogy(cell, cell) for cell in cells) - sum(xlogy(side, side) for side in margins) + xlogy(n, n))
    return np.asarray(np.where(a * n < row * column, -1, 1) * np.maximum(g2, 0))


def _lengthen(counts: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return one row per cell: the row, as a category in the order of the table, the column, and the count."""
    table = pd.Series(counts.stack(), name=name).reset_index()
    table[counts.index.name] = pd.Categorical(table[counts.index.name], categories=counts.index)
    return table
