"""Networks against chance: as they would be if only totals mattered, and which ties are more than that.

`p_fdr` is p adjusted for the false discovery rate (Y. Benjamini and Y. Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares
from scipy.special import expit, logit
from scipy.stats import false_discovery_control, poisson_binom, random_table

from analysis.errors import InputError
from analysis.structure import check_weights
from analysis.twomode import Matrix, divide


class Score(NamedTuple):
    """A statistic against chance: `z` is (observed - mean) / sd, missing if sd is 0; `p` is two-sided."""

    observed: float
    mean: float
    sd: float
    z: float
    p: float


def swap_edges(matrix: pd.DataFrame, *, seed: int, draws: int = 1000) -> NDArray[np.bool_]:
    """Draw networks without weights (draws x rows x columns), all with the same chance; what is not 0 is an edge.

    Rows and columns keep their numbers of edges. Curveball: two rows pool what only one of them has, shuffle it and
    take back as many each, which is a run of checkerboard swaps at once (G. Strona et al. 2014, Nature Communications
    5: 4114). Each draw is 20 trades for each row or column, whichever are fewer, from the network: plenty if small, but
    no proven bound.
    """
    edges = matrix.to_numpy() != 0
    start = edges if edges.shape[0] <= edges.shape[1] else edges.T
    if len(start) < 2:
        raise InputError(["null model: needs two rows and two columns, else nothing can be swapped"])
    random, drawn = np.random.default_rng(seed), np.repeat(start[None], draws, axis=0)
    chains = np.arange(draws)
    for _ in range(20 * len(start)):
        one = random.integers(len(start), size=draws)
        other = (one + random.integers(1, len(start), size=draws)) % len(start)
        a, b = drawn[chains, one], drawn[chains, other]
        order = np.where(a ^ b, random.random(a.shape), 2).argsort(axis=1).argsort(axis=1)
        mine = order < (a & ~b).sum(axis=1, keepdims=True)
        drawn[chains, one], drawn[chains, other] = (a & b) | mine, (a & b) | ((a ^ b) & ~mine)
    return drawn if start is edges else drawn.swapaxes(1, 2)


def draw_tables(counts: pd.DataFrame, *, seed: int, draws: int = 1000) -> NDArray[np.int64]:
    """Draw tables of counts (draws x rows x columns) with the same totals, as if rows and columns were independent.

    Each statement keeps its issuer, and its measure goes to another (W. M. Patefield 1981, Applied Statistics 30:
    91-97, in SciPy). Statements are taken as independent of each other, which those of a sentence are not.
    """
    table = counts.to_numpy()
    if not np.array_equal(table, np.abs(table).astype(np.int64)):
        raise InputError(["null model: counts must be whole numbers from 0; take a network without normalisation"])
    random = random_table(*(table.sum(axis=axis).astype(np.int64) for axis in (1, 0)), seed=np.random.default_rng(seed))
    return np.asarray(random.rvs(size=draws), dtype=np.int64)


def score_edges(matrix: pd.DataFrame, drawn: NDArray[Any]) -> pd.DataFrame:
    """Set every cell of a network against the same cell of the draws, from `draw_tables` or `swap_edges`.

    One row is a cell: its row, its column, `observed` (1 if there is an edge, after `swap_edges`), `mean`, `sd`, `z`
    and `p` as in `Score`, and `p_fdr`, over all cells that can vary.
    """
    observed = (matrix.ne(0) if drawn.dtype == bool else matrix).to_numpy(float)
    table = pd.MultiIndex.from_product([matrix.index, matrix.columns]).to_frame(index=False)
    table = table.join(pd.DataFrame(_score(observed.ravel(), drawn.reshape(len(drawn), -1).astype(float))))
    return table.assign(p_fdr=adjust(table["p"].where(table["sd"] > 0)))


def score_statistic(matrix: pd.DataFrame, drawn: NDArray[Any], statistic: Callable[[pd.DataFrame], float]) -> Score:
    """Set a statistic of the network, such as its nestedness or modularity, against that of each draw."""
    observed = matrix.ne(0).astype(int) if drawn.dtype == bool else matrix
    tables = (pd.DataFrame(table.astype(int), matrix.index, matrix.columns) for table in drawn)
    score = _score(np.array([statistic(observed)]), np.array([[statistic(table)] for table in tables]))
    return Score(**{name: float(values[0]) for name, values in score.items()})


def _score(observed: Matrix, drawn: Matrix) -> dict[str, Matrix]:
    """Return a score per column; p is twice the smaller tail, the observed value among the draws (as in resampling)."""
    mean, sd = drawn.mean(axis=0), drawn.std(axis=0, ddof=1)
    tails = [(1 + (side >= -1e-12).sum(axis=0)) / (1 + len(drawn)) for side in (drawn - observed, observed - drawn)]
    z, p = np.where(sd > 0, divide(observed - mean, sd), np.nan), np.minimum(1, 2 * np.minimum(*tails))
    return {"observed": observed, "mean": mean, "sd": sd, "z": z, "p": p}


def adjust(p: ArrayLike) -> NDArray[np.float64]:
    """Return p adjusted for the false discovery rate; missing ones were not tested and stay missing."""
    adjusted = np.array(p, dtype=float)
    tested = ~np.isnan(adjusted)
    adjusted[tested] = false_discovery_control(adjusted[tested])
    return adjusted


def filter_disparity(graph: nx.Graph[str], *, weight: str = "weight") -> pd.DataFrame:
    """Return how unevenly large the weight (above 0) of each edge is for its nodes; small p makes the backbone.

    One row is an edge, in the order of the graph: `first`, `second`, `weight`, `p` and `p_fdr`, over all ends of edges,
    each the smaller one of its two ends, as an edge that matters to either stays. A node with one edge cannot be
    tested; both are missing where both ends are such.

    p = (1 - w / s) ** (k - 1) for an end with k edges of total weight s: M. Serrano, M. Boguna and A. Vespignani 2009,
    PNAS 106: 6483-6488, eq. 2. Made for heavy-tailed weights and many edges: with k = 4, as for five issuers, an edge
    needs 63 % of a node's weight for p = 0.05. For projections use `filter_projection`.
    """
    check_weights(graph.edges(data=weight), weight)
    table = pd.DataFrame(list(graph.edges(data=weight)), columns=["first", "second", "weight"])
    strengths, degrees = (np.array([table[end].map(dict(of_node)) for end in ("first", "second")], dtype=float)
                          for of_node in (graph.degree(weight=weight), graph.degree))  # fmt: skip
    shares = table["weight"].to_numpy(float) / strengths
    p = np.where(degrees > 1, (1 - shares).clip(0) ** (degrees - 1), np.nan)
    return table.assign(p=np.fmin(*p), p_fdr=np.fmin(*adjust(p)))


def filter_projection(counts: pd.DataFrame) -> pd.DataFrame:
    """Return which rows of a table share more columns than their numbers of columns, and those of rows, let expect.

    `counts` is from `build_two_mode`; a cell above 0 is a tie, however large. One row is a pair of its rows: `first`,
    `second`; `shared` (columns that both have), `expected` (columns), `p`, the probability of sharing as many or more,
    and `p_fdr`, over all pairs, also those that share nothing.

    The stochastic degree sequence model of Z. Neal 2014, Social Networks 39: 84-97, with the probabilities of
    `fit_degrees`, as Z. Neal, R. Domagalski and B. Sagan 2021, Scientific Reports 11: 23929, advise; shared columns are
    then Poisson-binomial, here exactly. The numbers of rows per column vary in this model, so over all pairs it expects
    at least as much sharing as there is: with few rows it is strict. Of five issuers hardly any pair can pass, and a
    tie that fails proves nothing. A column that all rows have, or none, carries no information.
    """
    ties, chance, rows = counts.to_numpy(float) > 0, fit_degrees(counts).to_numpy(), []
    for one, other in combinations(range(len(ties)), 2):
        shared, expected = (ties[one] & ties[other]).sum(), chance[one] * chance[other]
        p = float(np.clip(poisson_binom.sf(shared - 1, expected), 0, 1))
        rows.append((counts.index[one], counts.index[other], shared, expected.sum(), p))
    table = pd.DataFrame(rows, columns=["first", "second", "shared", "expected", "p"])
    return table.assign(p_fdr=adjust(table["p"]))


def fit_degrees(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the probability, 0 to 1, of each cell to be above 0 that keeps the expected ties of rows and columns.

    All else is as random as can be: p = xy / (1 + xy), with x for the row and y for the column (bipartite configuration
    model of F. Saracco et al. 2015, Scientific Reports 5: 10595), by least squares, one unknown per distinct degree.
    """
    ties = counts.to_numpy(float) > 0
    rows, row, many_rows = np.unique(ties.sum(axis=1), return_inverse=True, return_counts=True)
    columns, column, many_columns = np.unique(ties.sum(axis=0), return_inverse=True, return_counts=True)

    def misfit(x: Matrix) -> Matrix:
        p = expit(x[: len(rows), None] + x[len(rows) :])
        return np.concatenate([p @ many_columns - rows, many_rows @ p - columns])

    start = [logit((rows + 0.5) / (ties.shape[1] + 1)), logit((columns + 0.5) / (len(ties) + 1))]
    x = least_squares(misfit, np.concatenate(start), xtol=1e-15, ftol=1e-15, gtol=1e-15).x
    p = expit(x[: len(rows), None] + x[len(rows) :])[row][:, column]
    return pd.DataFrame(p, counts.index, counts.columns)
