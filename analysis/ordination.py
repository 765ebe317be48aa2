"""Rows and columns of a table of counts on common axes, and groups merged by likeness."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

from analysis.errors import InputError


def correspond(counts: pd.DataFrame, *, axes: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the correspondence analysis of a table of counts: its points and its axes.

    `counts` is from `build_two_mode`, such as measures by issuers. Points get as many `axes` as said, fewer than the
    shorter side has rows or columns with counts.

    Returns
    -------
    points
        One row is a row or column of `counts`: `side`, `label`, `mass` (share of all counts), `inertia` (each side
        sums to the total), and for each axis k from 1 the principal coordinate `axis_k`, `contribution_k` (share of
        the inertia of the axis) and `quality_k` (share of the inertia of the point). Without counts the mass is 0, and
        coordinates and quality are missing.
    axes
        One row is an axis, all of them: `axis`, `inertia`, `share` (0 to 1) and `cumulative`.

    Notes
    -----
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


def cluster_groups(similarity: pd.DataFrame) -> pd.DataFrame:
    """Return the order in which two or more groups merge, the most alike first, by the mean distance of their members.

    `similarity` is from `measure_similarity`, 0 to 1, without silent issuers. One row is a merge: `first` and
    `second` (labels of members joined by ` + `), `distance` (1 - similarity), `size` (members of both). Average linkage
    (R. Sokal and C. Michener 1958) by SciPy. Five groups give four merges whatever the data: look at the distances.
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
