"""How a network is built: central nodes, core and periphery, nestedness, assortativity.

These describe one network; whether a number differs from chance is for a null model to say. Five issuers are five
texts: read their ranks, not their differences. Two-mode measures need two modes, so of the three-layer network each
function takes one pair of layers at a time. What cannot be measured raises `InputError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import networkx as nx
import numpy as np
import pandas as pd
from networkx.algorithms import bipartite
from numpy.typing import NDArray
from scipy.special import comb

from analysis.errors import InputError


def select_layers(
    network: nx.Graph[str], *, rows: str = "issuer", columns: str = "measure", weight: str = "statements"
) -> nx.Graph[str]:
    """Return two layers of a network, and the edges between them, as a bipartite graph.

    `rows` and `columns` are kinds of node, such as `issuer`, `type` and `measure`. Nodes without edges stay. Nodes get
    `bipartite` 0 (rows, first) or 1; edges get `weight`, from their attribute of the name given.
    """
    kinds = nx.get_node_attributes(network, "kind")
    graph: nx.Graph[str] = nx.Graph()
    for number, kind in enumerate((rows, columns)):
        side = [node for node in network if kinds.get(node) == kind]
        if len(side) < 2:
            known = ", ".join(sorted(set(kinds.values())))
            raise InputError([f"network: fewer than two nodes of kind {kind!r}; kinds are {known}"])
        graph.add_nodes_from(side, bipartite=number)
    ties = [tie for tie in network.edges(data=weight) if {kinds.get(node) for node in tie[:2]} == {rows, columns}]
    if rows == columns or not ties:
        raise InputError([f"network: nothing between {rows} and {columns}; take two layers that meet"])
    check_weights(ties, weight)
    graph.add_weighted_edges_from(ties)
    return graph


def check_weights(ties: Iterable[tuple[str, str, float | None]], weight: str) -> None:
    """Raise `InputError` unless every edge has a weight above 0."""
    if wrong := [f"network, {u} - {v}: {weight} is {w}; give a weight above 0" for u, v, w in ties if not (w or 0) > 0]:
        raise InputError(wrong)


def measure_nodes(
    network: nx.Graph[str], *, rows: str = "issuer", columns: str = "measure", weight: str = "statements"
) -> pd.DataFrame:
    """Return the place of every node in the network of two layers, chosen as in `select_layers`.

    One row is a node, those of `rows` first: `node`, `kind`; `degree` (neighbours), `degree_share` (of the nodes on the
    other side), `strength` (sum of weights); `betweenness` and `closeness`, 0 to 1, by steps without weights, over the
    most that a node of that side can have in a two-mode network; `eigenvector`, by weights, summing to 1 on each side;
    `clustering`, 0 to 1, the mean Jaccard overlap with second neighbours.

    Notes
    -----
    Degree, betweenness, closeness: S. Borgatti and D. Halgin 2011, in *The Sage Handbook of Social Network Analysis*,
    ch. 28; closeness within each component, times the share of other nodes that it reaches (S. Wasserman and K. Faust
    1994: 201), as it can exceed 1 otherwise. Eigenvector: first singular vectors (P. Bonacich 1991, Social Networks 13:
    155-168), which are Kleinberg's hubs and authorities; arbitrary where components tie. Clustering: M. Latapy et al.
    2008, Social Networks 30: 31-48; for a whole graph see `nx.bipartite.robins_alexander_clustering`.
    """
    graph = select_layers(network, rows=rows, columns=columns, weight=weight)
    top, bottom = ([node for node, side in graph.nodes(data="bipartite") if side == number] for number in (0, 1))
    counts = bipartite.biadjacency_matrix(graph, top, bottom, dtype=float).toarray()
    left, _, right = np.linalg.svd(counts, full_matrices=False)
    vectors = [np.abs(vector) / np.abs(vector).sum() for vector in (left[:, 0], right[0])]
    closeness = dict.fromkeys(graph, 0.0)
    for part in map(graph.subgraph, nx.connected_components(graph)):
        if len(part) > 1:
            inside = bipartite.closeness_centrality(part, [node for node in top if node in part], normalized=False)
            closeness |= {node: value * (len(part) - 1) / (len(graph) - 1) for node, value in inside.items()}
    table = pd.DataFrame({
        "kind": [rows] * len(top) + [columns] * len(bottom), "degree": dict(graph.degree),
        "degree_share": bipartite.degree_centrality(graph, top), "strength": dict(graph.degree(weight="weight")),
        "betweenness": bipartite.betweenness_centrality(graph, top), "closeness": closeness,
        "eigenvector": np.concatenate(vectors), "clustering": bipartite.latapy_clustering(graph),
    }, index=pd.Index(graph, name="node"))  # fmt: skip
    return table.reset_index()


def find_core(counts: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Return which rows and columns of a table of counts are its core, and how well that describes it.

    One row is a row or column of `counts`, in order: `side`, `label`, `core` (true or false). The fit, -1 to 1, is the
    correlation of the ties (counts above 0) with the pattern that ties exactly core rows to core columns.

    Notes
    -----
    The discrete model of S. Borgatti and M. Everett 1999, Social Networks 21: 375-395, rows and columns parted
    independently. The columns best for given rows are those with most ties to them, and the other way round, in turn
    until nothing improves; begun from every set of rows or, if there are more than 10, from the 1, 2, ... with most
    ties, which may miss the best. With five issuers that is a choice among 31 cores: the fit means nothing without a
    null model.
    """
    ties = counts.to_numpy(float) > 0
    if ties.all() or not ties.any():
        raise InputError([f"table of counts: {int(ties.sum())} of {ties.size} cells are above 0, so it has no core"])
    place = np.argsort(np.argsort(-ties.sum(axis=1), kind="stable"))
    few = len(ties) <= 10
    starts = product([True, False], repeat=len(ties)) if few else (place < size for size in range(1, len(ties) + 1))
    best, core = -2.0, np.zeros(sum(ties.shape), bool)
    for start in starts:
        rows, fit, last = np.array(start), -2.0, -3.0
        while fit > last + 1e-12:
            columns, last = _choose_core(ties, rows)[0], fit
            rows, fit = _choose_core(ties.T, columns)
        if fit > best + 1e-12:
            best, core = fit, np.concatenate([rows, columns])
    sides = [str(counts.index.name or "rows")] * len(counts) + [str(counts.columns.name or "columns")] * ties.shape[1]
    return pd.DataFrame({"side": sides, "label": [*counts.index, *counts.columns], "core": core}), best


def measure_nestedness(counts: pd.DataFrame) -> pd.Series[float]:
    """Return how far rows and columns with few ties have a subset of the ties of those with more.

    `rows`, `columns` and `both`, 0 to 100. Ties are counts above 0. Rows and columns without ties are left out;
    missing where no two are left.

    NODF of M. Almeida-Neto et al. 2008, Oikos 117: 1227-1239: over pairs, the mean share of ties of the one with fewer
    that the other has too; 0 where both have as many. It grows with density: compare it with a null model.
    """
    ties = counts.to_numpy(float) > 0
    ties = ties[ties.any(axis=1)][:, ties.any(axis=0)]
    sums, pairs = [], comb(ties.shape, 2)
    for side in (ties, ties.T):
        degrees, shared = side.sum(axis=1), side.astype(float) @ side.T
        sums.append((shared / degrees)[degrees[:, None] > degrees].sum())
    totals = pd.DataFrame({"sum": sums, "pairs": pairs}, ["rows", "columns"])
    totals.loc["both"] = totals.sum()
    return 100 * totals["sum"] / totals["pairs"]


def measure_assortativity(matrix: pd.DataFrame, groups: pd.Series[str]) -> float:
    """Return whether the ties of a one-mode network stay within groups.

    1 if all weight is within groups, 0 if as much as the strengths of the groups let expect, negative if less; missing
    if there is one group. M. Newman 2003, Physical Review E 67: 026126, eq. 2, weights for edges. Nodes have no tie
    with themselves, so n groups of one node, evenly tied, give -1 / (n - 1) by arithmetic alone.

    `matrix` is from `build_one_mode`, without weights below 0; `groups` has the group of each node, as in
    `documents.drop_duplicates("issuer").set_index("issuer")["level"]`. Genre is a fact of documents, so take a network
    of `doc_id` for it.
    """
    values = matrix.to_numpy(float, copy=True)
    np.fill_diagonal(values, 0)
    lacking = [str(node) for node in matrix.index if pd.isna(groups.get(node))]
    if lacking or (values < 0).any():
        raise InputError([f"groups: none for {', '.join(lacking)}" if lacking else "matrix: weights below 0"])
    member = pd.get_dummies(groups[matrix.index].astype(str)).to_numpy(float)
    mixing = member.T @ values @ member / (values.sum() or np.nan)
    expected = float(mixing.sum(axis=0) @ mixing.sum(axis=1))
    return float("nan") if np.isclose(expected, 1) else (float(np.trace(mixing)) - expected) / (1 - expected)


def _choose_core(ties: NDArray[np.bool_], rows: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], float]:
    """Return the columns that, with the given rows, make the core of highest correlation, and that."""
    into = ties[rows].sum(axis=0)
    order = np.argsort(-into, kind="stable")
    area, cells, edges = rows.sum() * np.arange(1, len(order) + 1), ties.size, ties.sum()
    spread = np.sqrt(area * (cells - area) * edges * (cells - edges), dtype=float)
    fit = np.divide(cells * into[order].cumsum() - area * edges, spread, out=np.full(len(area), -2.0), where=spread > 0)
    return np.isin(np.arange(len(order)), order[: fit.argmax() + 1]), float(fit.max())
