"""What each issuer stresses, and how groups compare: shares, distinctive codes and words, similarity, common axes.

Tables of counts are from `build_two_mode`, such as issuers by measures; of words, `pd.crosstab(words["doc_id"],
words["word"])`. Zeros are rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist, squareform
from scipy.special import xlogy
from scipy.stats import binomtest, chi2

from analysis.errors import InputError, check_choice
from analysis.nullmodels import adjust
from analysis.twomode import build_two_mode


def profile_groups(
    joined: pd.DataFrame, documents: pd.DataFrame, *, group: str = "issuer", by: str = "measure"
) -> pd.DataFrame:
    """Return how much each group of documents, such as an `issuer` or a `level`, says on each code.

    `joined` is from `network.join_facts`; `by` is one of its columns. One row is a group and a code: `statements`
    (count), `total` (statements of the group), `characters` (of the group), `rate` (statements per 1,000 characters),
    `share` (statements / total, 0 to 1) and the bounds `low` and `high` of its 95 % interval. The share and its bounds
    are missing where total is 0.

    The interval is Wilson's score interval (E. B. Wilson 1927, JASA 22: 209-212). It takes statements as independent
    draws; statements of one text are not, so the true uncertainty is larger: see `bootstrap_intervals`.
    """
    check_choice("column of the documents", group, documents.columns)
    counts = build_two_mode(joined, group, by)
    profile = _lengthen(counts, "statements")
    for name, values in (("total", counts.sum(axis=1)), ("characters", documents.groupby(group)["characters"].sum())):
        profile[name] = profile[group].map(values).astype(int)
    profile["rate"] = 1000 * profile["statements"] / profile["characters"]
    profile["share"] = profile["statements"] / profile["total"]
    said = zip(profile["statements"], profile["total"], strict=True)
    return profile.join(pd.DataFrame([wilson_interval(k, n) for k, n in said], columns=["low", "high"]))


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the bounds of Wilson's 95 % interval for a share; both missing (NaN) without trials."""
    if trials == 0:
        return float("nan"), float("nan")
    low, high = binomtest(successes, trials).proportion_ci(method="wilson")
    return float(low), float(high)


def find_distinctive(counts: pd.DataFrame, *, prior: float = 100) -> pd.DataFrame:
    """Return which codes or words each row of a table of counts stresses or avoids, against all other rows.

    One row is a group and a code: `count` and `rate` (in 1,000 counts) in the group, `other_count` and `other_rate` in
    all others; `g2`, the log-likelihood ratio, with a minus where the group has less; `p`, of g2 with one degree of
    freedom, and `p_fdr`, over all rows; `log_ratio`, how many times the rate has doubled against the others';
    `log_odds`, with a prior of so many counts (above 0: the more, the nearer to no difference), and its `z`. Missing
    where there is nothing to divide by. Largest g2 first within each group; groups in the order of the table.

    g2: T. Dunning 1993, Computational Linguistics 19: 61-74. log_ratio: A. Hardie 2014, a count of 0 taken as 0.5.
    log_odds: B. L. Monroe, M. P. Colaresi and K. M. Quinn 2008, Political Analysis 16: 372-403, equations 15 to 22,
    each code's prior being its part of the whole. All take counts as drawn one by one, which those of one text are not:
    they order codes for reading and are no proof.
    """
    if min(counts.shape) < 2 or prior <= 0:
        raise InputError([f"counts: need two rows, two columns, and a prior ({prior}) above 0"])
    count = counts.to_numpy(float)
    n, both, total = count.sum(axis=1, keepdims=True), count.sum(axis=0), count.sum()
    other, m, g2 = both - count, total - n, log_likelihood(count, n, both, total)
    p = chi2.sf(np.abs(g2), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = prior * both / total
        odds = [np.log((y + alpha) / (of + prior - y - alpha)) for y, of in ((count, n), (other, m))]
        columns = {
            "rate": 1000 * count / n, "other_count": other.astype(int), "other_rate": 1000 * other / m,
            "g2": g2, "p": p, "p_fdr": adjust(p),
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


def measure_similarity(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the cosine similarity of every two rows of a table of counts, however long their texts.

    0 (nothing in common) to 1 (the same profile); missing for a row without any statement, also with itself.
    """
    cosine = 1 - squareform(pdist(counts.to_numpy(float), metric="cosine"))
    silent = counts.sum(axis=1).to_numpy() == 0
    cosine[silent, :] = cosine[:, silent] = np.nan
    return pd.DataFrame(cosine, index=counts.index, columns=counts.index.rename(None))


def cluster_groups(similarity: pd.DataFrame) -> pd.DataFrame:
    """Return the order in which two or more groups merge, the most alike first, by the mean distance of their members.

    `similarity` is from `measure_similarity`, without silent issuers. One row is a merge: `first` and `second` (labels
    of members joined by ` + `), `distance` (1 - similarity), `size` (members of both). Average linkage (R. Sokal and C.
    Michener 1958) by SciPy. Five groups give four merges whatever the data: look at the distances.
    """
    values = similarity.to_numpy(float)
    silent = [str(name) for name in similarity.index[np.isnan(values).any(axis=1)]]
    if len(values) < 2 or silent:
        raise InputError([f"similarity: of {len(values)} groups, {', '.join(silent) or 'one'} cannot be compared; "
                          "give two or more, and leave silent ones out"])  # fmt: skip
    names, merges = [str(name) for name in similarity.index], []
    for first, second, distance, size in linkage(squareform(1 - values, checks=False).clip(0), "average"):
        pair = names[int(first)], names[int(second)]
        merges.append((*pair, float(distance), int(size)))
        names.append(" + ".join(pair))
    return pd.DataFrame(merges, columns=["first", "second", "distance", "size"])


def correspond(counts: pd.DataFrame, *, axes: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the correspondence analysis of a table of counts: its points, on as many axes as said, and all its axes.

    Of the points, one row is a row or column of `counts`: `side`, `label`, `mass` (share of all counts), `inertia`
    (each side sums to the total), and for each axis k from 1 the principal coordinate `axis_k`, `contribution_k` (share
    of the inertia of the axis) and `quality_k` (share of the inertia of the point). Without counts the mass is 0, and
    coordinates and quality are missing. Of the axes, one row is one: `axis`, `inertia`, `share` (0 to 1), `cumulative`.

    M. Greenacre 2007, *Correspondence Analysis in Practice*, 2nd ed., appendix A: singular values of P - rc' over the
    square root of rc'. Total inertia is chi-squared / n. On each axis the row that contributes most is above 0.
    Rare codes lie far out, so read contributions. Five issuers have four axes at most: two show much by arithmetic.
    """
    values = counts.to_numpy(float)
    if not np.isfinite(values).all() or (values < 0).any():
        raise InputError(["table of counts: cells are missing or below 0; give counts"])
    most = int(min(values.any(axis=0).sum(), values.any(axis=1).sum())) - 1
    if not 1 <= axes <= most:
        raise InputError([f"table of counts: {axes} axes asked, but it has {max(most, 0)}; take 1 to that many"])
    shares = values / values.sum()
    masses = shares.sum(axis=1), shares.sum(axis=0)
    expected = np.outer(*masses)
    residuals = np.divide(shares - expected, np.sqrt(expected), out=np.zeros(shares.shape), where=expected > 0)
    left, lengths, right = np.linalg.svd(residuals, full_matrices=False)
    left, lengths, right = left[:, :most], lengths[:most], right[:most].T
    table = pd.DataFrame({"axis": range(1, most + 1), "inertia": lengths**2})
    if table["inertia"].sum() < 1e-12:
        raise InputError(["table of counts: all rows have the same shares, so there is no axis"])
    table["share"] = table["inertia"] / table["inertia"].sum()
    signs = np.sign(left[np.abs(left).round(9).argmax(axis=0), np.arange(most)])
    mass, vectors = np.concatenate(masses)[:, None], np.vstack([left, right])
    with np.errstate(divide="ignore", invalid="ignore"):
        coordinates = np.where(mass > 0, vectors * lengths * signs / np.sqrt(mass), np.nan)
        quality = coordinates**2 / (coordinates**2).sum(axis=1, keepdims=True)
    sides = [str(counts.index.name or "rows")] * len(left) + [str(counts.columns.name or "columns")] * len(right)
    points = pd.DataFrame({"side": sides, "label": [*counts.index, *counts.columns], "mass": mass[:, 0]})
    points["inertia"] = ((vectors * lengths) ** 2).sum(axis=1)
    for k in range(axes):
        points[f"axis_{k + 1}"] = coordinates[:, k]
        points[f"contribution_{k + 1}"] = vectors[:, k] ** 2
        points[f"quality_{k + 1}"] = quality[:, k]
    return points, table.assign(cumulative=table["share"].cumsum())


def _lengthen(counts: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return one row per cell: the row, as a category in the order of the table, the column, and the count."""
    table = pd.Series(counts.stack(), name=name).reset_index()
    table[counts.index.name] = pd.Categorical(table[counts.index.name], categories=counts.index)
    return table
