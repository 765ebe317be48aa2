"""Reliability of coding: Krippendorff's alpha and Cohen's kappa, with bootstrap intervals."""

import operator
from collections.abc import Callable, Hashable

import numpy as np
import pandas as pd

Distance = Callable[[Hashable, Hashable], float]


def masi_distance(a: Hashable, b: Hashable) -> float:
    """Return the distance of two sets of codes, 0 to 1: one minus Jaccard times monotonicity.

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they share nothing
    (Passonneau 2006, "Measuring agreement on set-valued items (MASI)").
    """
    one, other = frozenset(a), frozenset(b)  # type: ignore[call-overload]
    if one == other:
        return 0.0
    shared = one & other
    monotonicity = 2 / 3 if shared in (one, other) else 1 / 3
    return 1 - monotonicity * len(shared) / len(one | other) if shared else 1.0


def krippendorff_alpha(
    ratings: pd.DataFrame, *, seed: int, distance: Distance = operator.ne, draws: int = 1000
) -> tuple[float, float, float]:
    """Return Krippendorff's alpha with the bounds of its 95 % interval.

    1 - D_o / D_e over the coincidences of values within units, where each unit of m values counts each of its ordered
    pairs 1 / (m - 1) times (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C). The interval
    comes from drawing units with replacement (Efron and Tibshirani 1993, ch. 13), as if they were independent of each
    other; it says nothing about other documents.

    Parameters
    ----------
    ratings
        One row is a unit, one column a coder; values are hashable, missing where the coder did not code the unit.
    distance
        Of two values; it stands for Krippendorff's squared difference function. By default values are nominal.

    Returns
    -------
    tuple of float
        At most 1; 0 where coders agree as chance would. Not a number where all values are equal or none are paired.
    """
    rows = [[value for value in row if value == value] for row in ratings.to_numpy()]
    rows = [row for row in rows if len(row) > 1]
    if not rows:
        return (float("nan"),) * 3
    values = list(dict.fromkeys(value for row in rows for value in row))
    counts = np.array([[row.count(value) for value in values] for row in rows], dtype=float)
    distances = np.array([[distance(a, b) for b in values] for a in values], dtype=float)
    drawn = np.random.default_rng(seed).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=draws)
    weights = np.vstack([np.ones(len(rows)), drawn])  # how often each unit is drawn: at first once, then by chance
    sizes = counts.sum(axis=1)
    apart = (counts @ distances * counts).sum(axis=1) / (sizes - 1)
    pairable, totals = weights @ sizes, weights @ counts
    observed = weights @ apart / pairable
    expected = (totals @ distances * totals).sum(axis=1) / (pairable * (pairable - 1))
    estimate, *alphas = 1 - observed / np.where(expected > 0, expected, np.nan)
    known = [alpha for alpha in alphas if not np.isnan(alpha)] or [estimate]
    low, high = np.quantile(known, [0.025, 0.975])
    return float(estimate), float(low), float(high)


def cohen_kappa(first: pd.Series, second: pd.Series) -> float:
    """Return Cohen's kappa of two coders who coded the same units.

    (p_o - p_e) / (1 - p_e), with p_e from each coder's own shares (Cohen 1960, eq. 1). Not a number where both coders
    give one and the same value throughout.
    """
    observed = (first == second).mean()
    shares = first.value_counts(normalize=True).mul(second.value_counts(normalize=True), fill_value=0)
    return float((observed - shares.sum()) / (1 - shares.sum())) if len(shares) > 1 else float("nan")
