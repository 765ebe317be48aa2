"""Which ties of a dense network are more than its nodes' strengths and degrees let expect.

`p_adjusted` is for the false discovery rate (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import expit, logit
from scipy.stats import false_discovery_control, poisson_binom

from analysis.errors import InputError
from analysis.structure import check_weights

Numbers = NDArray[np.float64]


def filter_disparity(graph: nx.Graph[str], *, weight: str = "weight") -> pd.DataFrame:
    """Return how unevenly large the weight (above 0) of each edge is for its nodes; small p makes the backbone.

    One row is an edge, in the order of the graph: `first`, `second`, `weight`, `p` and `p_adjusted`, each the smaller
    one of its two ends, as an edge that matters to either stays. A node with one edge cannot be tested; both are
    missing where both ends are such.

    Notes
    -----
    p = (1 - w / s) ** (k - 1) for an end with k edges of total weight s: M. Serrano, M. Boguna and A. Vespignani 2009,
    PNAS 106: 6483-6488, eq. 2; corrected over all ends. Made for heavy-tailed weights and many edges: with k = 4, as
    for five issuers, an edge needs 63 % of a node's weight for p = 0.05. For projections use `filter_projection`.
    """
    check_weights(graph.edges(data=weight), weight)
    table = pd.DataFrame(list(graph.edges(data=weight)), columns=["first", "second", "weight"])
    strengths, degrees = (np.array([table[end].map(dict(of_node)) for end in ("first", "second")], dtype=float)
                          for of_node in (graph.degree(weight=weight), graph.degree))  # fmt: skip
    shares = table["weight"].to_numpy(float) / strengths
    p = np.where(degrees > 1, (1 - shares).clip(0) ** (degrees - 1), np.nan)
    adjusted = p.copy()
    adjusted[degrees > 1] = false_discovery_control(p[degrees > 1])
    return table.assign(p=np.fmin(*p), p_adjusted=np.fmin(*adjusted))


def filter_projection(counts: pd.DataFrame) -> pd.DataFrame:
    """Return which rows of a table share more columns than their numbers of columns, and those of rows, let expect.

    `counts` is from `build_two_mode`, two rows or more; a cell above 0 is a tie, however large. One row is a pair of
    its rows: `first`, `second`; `shared` (columns that both have), `expected` (columns), `p`, the probability of
    sharing as many or more, and `p_adjusted`, over all pairs, also those that share nothing.

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
    _, one, model = np.unique([*degrees, shared], axis=1, return_index=True, return_inverse=True)
    p = np.array([poisson_binom.sf(shared[i] - 1, chance[first[i]] * chance[second[i]]) for i in one])[model].clip(0, 1)
    table = pd.DataFrame({"first": counts.index[first], "second": counts.index[second], "shared": shared})
    return table.assign(expected=(chance @ chance.T)[first, second], p=p, p_adjusted=false_discovery_control(p))


def fit_degrees(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the probability, 0 to 1, of each cell to be above 0 that keeps the expected ties of rows and columns.

    All else is as random as can be: p = xy / (1 + xy), with x for the row and y for the column (bipartite configuration
    model of F. Saracco et al. 2015, Scientific Reports 5: 10595), by least squares, one unknown per distinct degree.
    """
    ties = counts.to_numpy(float) > 0
    rows, row, many_rows = np.unique(ties.sum(axis=1), return_inverse=True, return_counts=True)
    columns, column, many_columns = np.unique(ties.sum(axis=0), return_inverse=True, return_counts=True)

    def misfit(x: Numbers) -> Numbers:
        p = expit(x[: len(rows), None] + x[len(rows) :])
        return np.concatenate([p @ many_columns - rows, many_rows @ p - columns])

    start = [logit((rows + 0.5) / (ties.shape[1] + 1)), logit((columns + 0.5) / (len(ties) + 1))]
    x = least_squares(misfit, np.concatenate(start), xtol=1e-15, ftol=1e-15, gtol=1e-15).x
    p = expit(x[: len(rows), None] + x[len(rows) :])[row][:, column]
    return pd.DataFrame(p, counts.index, counts.columns)
