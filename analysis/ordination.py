"""Rows and columns of a table of counts on common axes, and groups merged by likeness."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

from analysis.errors import InputError


def correspond(counts: pd.DataFrame, *, axes: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the correspondence analysis of a table of counts: its points and its axes.

    Parameters
    ----------
    counts
        From `build_two_mode`, such as measures by issuers.
    axes
        How many the points get; fewer than the shorter side has rows or columns with counts.

    Returns
    -------
    points
        One row is a row or column of `counts`: `side`, `label`, `mass` (share of all counts), `inertia` (each side
        sums to the total), and for each axis k from 1 the principal coordinate `axis_k`, `contribution_k` (share of
        the inertia of the axis) and `quality_k` (share of the inertia of the point). Without counts the mass is 0, and
        coordinates and quality are missing.
    axes
        One row is an axis, all of them: `axis`, `inertia`, `share` (0 to 1) and `cumulative`.

    Raises
    ------
    InputError
        Counts below 0 or missing, more axes than there are, or rows with all the same shares.

    Notes
    -----
    M. Greenacre 2007, *Correspondence Analysis in Practice*, 2nd ed., appendix A: singular values of P - rc' over the
    square root of rc'. Total inertia is chi-squared / n. On each axis the row that contributes most lies above 0.
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
    left, lengths, right = (part[..., :most] for part in np.linalg.svd(residuals)[:2] + (np.linalg.svd(residuals)[2].T,))
    inertia = lengths**2
    table = pd.DataFrame({"axis": range(1, most + 1), "inertia": inertia, "share": inertia / inertia.sum()})
    return table, table
