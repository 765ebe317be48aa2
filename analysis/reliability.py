"""Reliability of coding: Krippendorff's alpha and Cohen's kappa, with bootstrap intervals."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError

Distance = Callable[[Hashable, Hashable], float]


class Interval(NamedTuple):
    """An estimate with a percentile interval."""

    estimate: float
    low: float
    high: float


def nominal_distance(a: Hashable, b: Hashable) -> float:
    """Return 0 for equal values and 1 for different ones."""
    return float(a != b)


def masi_distance(a: Hashable, b: Hashable) -> float:
    """Return the distance of two sets of codes, 0 to 1.

    One minus Jaccard times monotonicity: 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0
    where they share nothing (Passonneau 2006, "Measuring agreement on set-valued items (MASI)"). Two empty sets are
    equal.
    """
    one, other = frozenset(a), frozenset(b)  # type: ignore[call-overload]
    if one == other:
        return 0.0
    shared = one & other
    monotonicity = 2 / 3 if shared in (one, other) else 1 / 3
    return 1 - monotonicity * len(shared) / len(one | other) if shared else 1.0


def krippendorff_alpha(ratings: pd.DataFrame, *, distance: Distance = nominal_distance) -> float:
    """Return Krippendorff's alpha.

    1 - D_o / D_e over the coincidences of values within units, where each unit of m values counts each of its ordered
    pairs 1 / (m - 1) times (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C). `distance`
    stands for his squared difference function.

    Parameters
    ----------
    ratings
        One row is a unit, one column a coder; values are hashable, missing where the coder did not code the unit.

    Returns
    -------
    float
        At most 1; 0 where coders agree as chance would. Not a number where all values are equal or none are paired.
    """
    counts, distances = _count_values(ratings, distance)
    return float(_alphas(counts, distances, np.ones((1, len(counts))))[0])


def bootstrap_alpha(
    ratings: pd.DataFrame, *, seed: int, distance: Distance = nominal_distance, draws: int = 1000, level: float = 0.95
) -> Interval:
    """Return alpha with a percentile interval from drawing units with replacement (Efron and Tibshirani 1993, ch. 13).

    Units are the sentences, drawn as if independent of each other; the interval says nothing about other documents.
    """
    counts, distances = _count_values(ratings, distance)
    number = len(counts)
    weights = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / max(number, 1)), size=draws)
    alphas = _alphas(counts, distances, weights.astype(float))
    alphas = alphas[~np.isnan(alphas)] if not np.isnan(alphas).all() else alphas[:1]
    low, high = np.quantile(alphas, [(1 - level) / 2, (1 + level) / 2])
    return Interval(krippendorff_alpha(ratings, distance=distance), float(low), float(high))


def cohen_kappa(first: pd.Series, second: pd.Series) -> float:
    """Return Cohen's kappa of two coders.

    (p_o - p_e) / (1 - p_e), with p_e from each coder's own shares (Cohen 1960, eq. 1). Not a number where both coders
    give one and the same value throughout.

    Raises
    ------
    InputError
        Where the two have not the same index, or values are missing.
    """
    if not first.index.equals(second.index) or first.isna().any() or second.isna().any():
        raise InputError(["kappa: both coders must have coded the same units, without gaps; drop the others first"])
    shares = pd.crosstab(first, second, normalize=True)
    values = shares.index.union(shares.columns)
    square = shares.reindex(index=values, columns=values, fill_value=0.0).to_numpy()
    observed, expected = float(np.trace(square)), float(square.sum(axis=1) @ square.sum(axis=0))
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def _count_values(ratings: pd.DataFrame, distance: Distance) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how often each unit has each value (units with fewer than two drop out), and the distances of values."""
    rows = [[value for value in row if value == value] for row in ratings.to_numpy()]
    rows = [row for row in rows if len(row) > 1]
    values = list(dict.fromkeys(value for row in rows for value in row))
    place = {value: i for i, value in enumerate(values)}
    counts = np.zeros((len(rows), len(values)))
    for i, row in enumerate(rows):
        for value in row:
            counts[i, place[value]] += 1
    return counts, np.array([[distance(a, b) for b in values] for a in values], dtype=float).reshape([len(values)] * 2)


def _alphas(
    counts: NDArray[np.float64], distances: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return alpha for each row of `weights`, which says how often each unit is drawn."""
    sizes = counts.sum(axis=1)
    apart = (counts @ distances * counts).sum(axis=1) / (sizes - 1)
    pairable, totals = weights @ sizes, weights @ counts
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = weights @ apart / pairable
        expected = (totals @ distances * totals).sum(axis=1) / (pairable * (pairable - 1))
        return np.where(expected > 0, 1 - observed / expected, np.nan)
