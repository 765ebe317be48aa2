"""Which ties of a dense network are more than its nodes' strengths and degrees let expect."""

from __future__ import annotations

from typing import Literal, get_args

import networkx as nx
import numpy as np
import pandas as pd
from scipy.optimize import least_squares
from scipy.special import expit, logit
from scipy.stats import false_discovery_control

from analysis.errors import InputError

Correction = Literal["bh", "by"]
"""Of the false discovery rate: Benjamini and Hochberg 1995, or Benjamini and Yekutieli 2001 for any dependence."""


def filter_disparity(graph: nx.Graph[str], *, weight: str = "weight", correction: Correction = "bh") -> pd.DataFrame:
    """Return how unevenly large the weight of each edge is for its nodes; small p makes the backbone.

    Returns
    -------
    DataFrame
        One row is an edge, in the order of the graph: `first`, `second`, `weight`, `p` and `p_adjusted`, each the
        smaller one of its two ends, as an edge that matters to either stays. A node with one edge cannot be tested;
        both are missing where both ends are such.

    Raises
    ------
    InputError
        A weight that is not above 0; an unknown correction.

    Notes
    -----
    p = (1 - w / s) ** (k - 1) for an end with k edges of total weight s: M. Serrano, M. Boguna and A. Vespignani 2009,
    PNAS 106: 6483-6488, eq. 2; corrected over all ends. Made for heavy-tailed weights and many edges: with k = 4, as
    for five issuers, an edge needs 63 % of a node's weight for p = 0.05. For projections use `filter_projection`.
    """
    edges = [(u, v, w) for u, v, w in graph.edges(data=weight)]
    problems = [f"graph, {u} - {v}: {weight} is {w}; give a weight above 0" for u, v, w in edges if not (w or 0) > 0]
    if problems:
        raise InputError(problems)
    table = pd.DataFrame(edges, columns=["first", "second", "weight"])
    share, rivals = [], []
    for end in ("first", "second"):
        share.append(table["weight"] / table[end].map(dict(graph.degree(weight=weight))))
        rivals.append(table[end].map(dict(graph.degree)) - 1)
    p = np.where(np.array(rivals) > 0, (1 - np.array(share, dtype=float)).clip(0) ** np.array(rivals), np.nan)
    return table.assign(p=np.fmin(*p), p_adjusted=np.fmin(*_adjust(p, correction)))


def filter_projection(counts: pd.DataFrame, *, correction: Correction = "bh") -> pd.DataFrame:
    """Return which rows of a table share more columns than their numbers of columns, and those of rows, let expect.

    Parameters
    ----------
    counts
        From `build_two_mode`; a cell above 0 is a tie, however large. To test ties of measures transpose it.
    correction
        Over all pairs of rows, also those that share nothing.

    Returns
    -------
    DataFrame
        One row is a pair of rows: `first`, `second`; `shared` (columns that both have), `expected` (columns), `p`, the
        probability of sharing as many or more, and `p_adjusted`.

    Raises
    ------
    InputError
        Fewer than two rows; an unknown correction.

    Notes
    -----
    The stochastic degree sequence model of Z. Neal 2014, Social Networks 39: 84-97, with the probabilities of
    `fit_degrees`, as Z. Neal, R. Domagalski and B. Sagan 2021, Scientific Reports 11: 23929, advise; shared columns are
    then Poisson-binomial, here exactly. The numbers of rows per column vary in this model, so over all pairs it expects
    at least as much sharing as there is: with few rows it is strict. Of five issuers hardly any pair can pass, and a
    tie that fails proves nothing. A column that all rows have, or none, carries no information.
    """
    if len(counts) < 2:
        raise InputError(["table of counts: fewer than two rows, so no pair; take another column as rows"])
    ties, chance = counts.to_numpy(float) > 0, fit_degrees(counts).to_numpy()
    first, second = np.triu_indices(len(ties), 1)
    shared = (ties[first] & ties[second]).sum(axis=1)
    degrees = np.sort(ties.sum(axis=1)[[first, second]], axis=0)  # pairs of rows with equal degrees have one null model
    _, one, model = np.unique(degrees, axis=1, return_index=True, return_inverse=True)
    both = chance[first[one]] * chance[second[one]]
    p = (1 - _sum_below(both, int(shared.max()))[model, shared]).clip(0, 1)
    table = pd.DataFrame({"first": counts.index[first], "second": counts.index[second], "shared": shared})
    return table.assign(expected=both.sum(axis=1)[model], p=p, p_adjusted=_adjust(p, correction))


def fit_degrees(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the probability of each cell to be above 0 that keeps the expected number of ties of rows and columns.

    Returns
    -------
    DataFrame
        The shape of `counts`, each cell 0 to 1; all else as random as can be.

    Notes
    -----
    p = xy / (1 + xy), with x for the row and y for the column: F. Saracco et al. 2015, Scientific Reports 5: 10595
    (bipartite configuration model), solved by least squares, one unknown per distinct degree.
    """
    ties = counts.to_numpy(float) > 0
    rows, row, many_rows = np.unique(ties.sum(axis=1), return_inverse=True, return_counts=True)
    columns, column, many_columns = np.unique(ties.sum(axis=0), return_inverse=True, return_counts=True)

    def misfit(x: np.ndarray) -> np.ndarray:
        p = expit(x[: len(rows), None] + x[len(rows) :])
        return np.concatenate([p @ many_columns - rows, many_rows @ p - columns])

    start = [logit((rows + 0.5) / (ties.shape[1] + 1)), logit((columns + 0.5) / (len(ties) + 1))]
    x = least_squares(misfit, np.concatenate(start), xtol=1e-15, ftol=1e-15, gtol=1e-15).x
    p = expit(x[: len(rows), None] + x[len(rows) :])[row][:, column]
    return pd.DataFrame(p, counts.index, counts.columns)


def _sum_below(chances: np.ndarray, most: int) -> np.ndarray:
    """Return, for each row of chances, the probability that fewer than 0, 1, ... `most` of them come true."""
    exactly = np.zeros((len(chances), most + 1))
    exactly[:, 0] = 1
    for chance in chances.T[..., None]:
        exactly[:, 1:] = exactly[:, 1:] * (1 - chance) + exactly[:, :-1] * chance
        exactly[:, :1] *= 1 - chance
    return np.asarray(exactly.cumsum(axis=1) - exactly)


def _adjust(p: np.ndarray, correction: Correction) -> np.ndarray:
    if correction not in get_args(Correction):
        raise InputError([f"backbone: unknown correction {correction!r}; one of {', '.join(get_args(Correction))}"])
    adjusted, tested = np.full(p.shape, np.nan), ~np.isnan(p)
    if tested.any():
        adjusted[tested] = false_discovery_control(p[tested], method=correction)
    return adjusted
