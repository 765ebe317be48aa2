"""Rows and columns of a table of counts on common axes, and groups merged by likeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

from analysis.errors import InputError


@dataclass(frozen=True)
class Correspondence:
    """Points and axes of a correspondence analysis.

    `points`: one row is a row or column of the table: `side`, `label`, `mass` (share of all counts), `inertia` (of the
    point; those of one side sum to the total), and for each axis k from 1 its principal coordinate `axis_k`, its
    `contribution_k` (share of the axis' inertia) and `quality_k` (share of the point's inertia on the axis). Rows and
    columns without counts have mass 0, all else missing.
    `axes`: one row is an axis, all of them: `axis`, `inertia`, `share` (0 to 1) and `cumulative`.
    """

    points: pd.DataFrame
    axes: pd.DataFrame


def correspond(counts: pd.DataFrame, *, axes: int = 2) -> Correspondence:
    """Return the correspondence analysis of a table of counts.

    Parameters
    ----------
    counts
        From `build_two_mode`, such as measures by issuers.
    axes
        How many the points get; at most one fewer than the shorter side has rows or columns with counts.

    Raises
    ------
    InputError
        Counts below 0 or missing, or more axes than there are.

    Notes
    -----
    M. Greenacre 2007, *Correspondence Analysis in Practice*, 2nd ed., appendix A: singular values of (P - rc') over
    the square root of rc'. Total inertia is chi-squared / n. Each axis has its largest coordinate of a row above 0.
    Rare codes lie far out, so read contributions; five issuers have four axes at most, so two show much by arithmetic.
    """
    matrix = counts.to_numpy(float)
    if not np.isfinite(matrix).all() or (matrix < 0).any():
        raise InputError(["table of counts: cells are missing or below 0; give counts"])
    there = [matrix.any(axis=1), matrix.any(axis=0)]
    most = int(min(side.sum() for side in there)) - 1
    if not 1 <= axes <= most:
        raise InputError([f"correspondence: {axes} axes, but the table has {max(most, 0)}; take 1 or more, or add rows"])
    share = matrix[there[0]][:, there[1]] / matrix.sum()
    masses = share.sum(axis=1), share.sum(axis=0)
    expected = np.outer(*masses)
    left, values, right = np.linalg.svd((share - expected) / np.sqrt(expected), full_matrices=False)
    left, values, right = left[:, :most], values[:most], right[:most].T
    coordinates = left * values / np.sqrt(masses[0])[:, None]
    signs = np.sign(coordinates[np.abs(coordinates).argmax(axis=0), np.arange(most)])
    signs[signs == 0] = 1
    sides = [(counts.index, "rows", there[0], masses[0], left), (counts.columns, "columns", there[1], masses[1], right)]
    points = [_place_points(*side, values, signs, axes) for side in sides]
    total = (values**2).sum() or np.nan
    table = pd.DataFrame({"axis": range(1, most + 1), "inertia": values**2, "share": values**2 / total})
    return Correspondence(pd.concat(points, ignore_index=True), table.assign(cumulative=table["share"].cumsum()))


def cluster_groups(
    similarity: pd.DataFrame, *, method: Literal["average", "complete", "single"] = "average"
) -> pd.DataFrame:
    """Return the order in which groups merge, the most alike first.

    Parameters
    ----------
    similarity
        Square, 0 to 1, from `measure_similarity`.
    method
        Distance of merged groups: the mean of their members' (R. Sokal and C. Michener 1958), the largest, the least.

    Returns
    -------
    DataFrame
        One row is a merge: `first` and `second` (labels of members joined by ` + `), `distance` (1 - similarity),
        `size` (members of both). Five groups give four merges whatever the data: look at the distances.

    Raises
    ------
    InputError
        Fewer than two groups, or similarities that are missing, as those of a silent issuer.
    """
    values = similarity.to_numpy(float)
    silent = [str(name) for name, bad in zip(similarity.index, np.isnan(values).all(axis=1), strict=True) if bad]
    if silent or len(values) < 2 or np.isnan(values).any():
        raise InputError([f"similarity: fewer than two groups, or none for {', '.join(silent)}; leave those out"])
    distance = (1 - (values + values.T) / 2).clip(0)
    np.fill_diagonal(distance, 0)
    names, merges = [str(name) for name in similarity.index], []
    for one, other, height, size in linkage(squareform(distance, checks=False), method):
        pair = names[int(one)], names[int(other)]
        merges.append((*pair, height, int(size)))
        names.append(" + ".join(pair))
    return pd.DataFrame(merges, columns=["first", "second", "distance", "size"])


def _place_points(
    labels: pd.Index, name: str, there: np.ndarray, mass: np.ndarray, vectors: np.ndarray, values: np.ndarray,
    signs: np.ndarray, axes: int,
) -> pd.DataFrame:  # fmt: skip
    coordinates = vectors * values / np.sqrt(mass)[:, None] * signs
    squares = coordinates**2
    inertia = squares.sum(axis=1)
    facts = {"inertia": mass * inertia}
    for k in range(axes):
        quality = np.divide(squares[:, k], inertia, out=np.zeros(len(mass)), where=inertia > 0)
        facts |= {f"axis_{k + 1}": coordinates[:, k], f"contribution_{k + 1}": vectors[:, k] ** 2}
        facts |= {f"quality_{k + 1}": quality}
    points = pd.DataFrame(facts, index=labels[there]).reindex(labels)
    points.insert(0, "mass", pd.Series(mass, labels[there]).reindex(labels).fillna(0))
    points.insert(0, "side", str(labels.name or name))
    return points.rename_axis("label").reset_index()[["side", "label", *points.columns[1:]]]
