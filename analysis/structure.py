"""How a network is built: central nodes, core and periphery, nestedness, assortativity.

These describe one network; whether a number differs from chance is for a null model to say. Five issuers are five
texts: read their ranks, not their differences. Two-mode measures need two modes, so of the three-layer network each
function takes one pair of layers at a time.
"""

from __future__ import annotations

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

    Raises
    ------
    InputError
        Fewer than two nodes of a kind, no edge between the kinds, or an edge without a weight above 0.
    """
    kinds = nx.get_node_attributes(network, "kind")
    sides = [[node for node in network if kinds.get(node) == kind] for kind in (rows, columns)]
    edges = [(u, v, network.edges[u, v].get(weight)) for u in sides[0] for v in network[u] if kinds.get(v) == columns]
    known = ", ".join(sorted(set(kinds.values())))
    problems = [f"network: fewer than two nodes of kind {kind!r}; kinds are {known}"
                for kind, side in zip((rows, columns), sides, strict=True) if len(side) < 2]  # fmt: skip
    problems += [f"network, {u} - {v}: {weight} is {w}; give a weight above 0" for u, v, w in edges if not (w or 0) > 0]
    if problems or not edges or rows == columns:
        raise InputError(problems or [f"network: nothing between {rows} and {columns}; take two layers that meet"])
    graph: nx.Graph[str] = nx.Graph()
    for number, side in enumerate(sides):
        graph.add_nodes_from(side, bipartite=number)
    graph.add_weighted_edges_from(edges)
    return graph


def measure_nodes(
    network: nx.Graph[str], *, rows: str = "issuer", columns: str = "measure", weight: str = "statements"
) -> pd.DataFrame:
    """Return the place of every node in the network of two layers.

    Returns
    -------
    DataFrame
        One row is a node, those of `rows` first: `node`, `kind`; `degree` (neighbours), `degree_share` (of the nodes
        on the other side), `strength` (sum of weights); `betweenness` and `closeness`, 0 to 1, by steps without
        weights, over the most that a node of that side can have in a two-mode network; `eigenvector`, by weights,
        summing to 1 on each side; `clustering`, 0 to 1.

    Raises
    ------
    InputError
        As `select_layers`.

    Notes
    -----
    Degree, betweenness, closeness: S. Borgatti and D. Halgin 2011, in *The Sage Handbook of Social Network Analysis*,
    ch. 28, by networkx; closeness within each component, times the share of other nodes that it reaches (S. Wasserman
    and K. Faust 1994: 201), as it can exceed 1 otherwise. Eigenvector: first singular vectors (P. Bonacich 1991,
    Social Networks 13: 155-168), which are Kleinberg's hubs and authorities; arbitrary where components tie.
    Clustering: mean Jaccard overlap with second neighbours (M. Latapy et al. 2008, Social Networks 30: 31-48). That of
    Robins and Alexander 2004, for a whole graph, is `nx.bipartite.robins_alexander_clustering(select_layers(...))`.
    """
    graph = select_layers(network, rows=rows, columns=columns, weight=weight)
    top = [node for node in graph if graph.nodes[node]["bipartite"] == 0]
    counts = bipartite.biadjacency_matrix(graph, top, [n for n in graph if n not in set(top)]).toarray().astype(float)
    left, _, right = np.linalg.svd(counts, full_matrices=False)
    vectors = [np.abs(vector) / np.abs(vector).sum() for vector in (left[:, 0], right[0])]
    table = pd.DataFrame({
        "kind": [rows] * len(top) + [columns] * (len(graph) - len(top)),
        "degree": dict(graph.degree), "degree_share": bipartite.degree_centrality(graph, top),
        "strength": dict(graph.degree(weight="weight")),
        "betweenness": bipartite.betweenness_centrality(graph, top), "closeness": _find_closeness(graph, top),
        "eigenvector": np.concatenate(vectors), "clustering": bipartite.latapy_clustering(graph),
    }, index=pd.Index(graph, name="node"))  # fmt: skip
    return table.reset_index()


def find_core(counts: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Return which rows and columns of a table of counts are its core, and how well that describes it.

    Returns
    -------
    table
        One row is a row or column of `counts`, in order: `side`, `label`, `core` (true or false).
    fit
        Correlation, -1 to 1, of the ties (counts above 0) with the pattern that ties exactly core rows to core columns.

    Raises
    ------
    InputError
        All cells, or none, are above 0: there is nothing to tell apart.

    Notes
    -----
    The discrete model of S. Borgatti and M. Everett 1999, Social Networks 21: 375-395, rows and columns parted
    independently, ties of core and periphery expected absent. The columns best for given rows are those with most ties
    to them, and the other way round, in turn until nothing improves; begun from every set of rows, so that nothing is
    better, or, if there are more than 10 rows, from the 1, 2, ... rows with most ties, which may miss the best. With
    five issuers that is a choice among 31 cores: the fit means nothing without a null model.
    """
    ties = counts.to_numpy(float) > 0
    if ties.all() or not ties.any():
        raise InputError([f"table of counts: {int(ties.sum())} of {ties.size} cells are above 0, so it has no core"])
    place = np.argsort(np.argsort(-ties.sum(axis=1), kind="stable"))
    best, core = -2.0, np.zeros(sum(ties.shape), bool)
    few = len(ties) <= 10
    starts = product([True, False], repeat=len(ties)) if few else [place < size for size in range(1, len(ties) + 1)]
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

    Returns
    -------
    Series
        `rows`, `columns` and `both`, 0 to 100. Ties are counts above 0. Rows and columns without ties are left out;
        missing where no two are left.

    Notes
    -----
    NODF of M. Almeida-Neto et al. 2008, Oikos 117: 1227-1239: over pairs, the mean share of ties of the one with fewer
    that the other has too; 0 where both have as many. It grows with density: compare it with a null model.
    """
    ties = counts.to_numpy(float) > 0
    ties = ties[ties.any(axis=1)][:, ties.any(axis=0)]
    sums, pairs = [_sum_overlaps(ties), _sum_overlaps(ties.T)], list(comb(ties.shape, 2))
    sums, pairs = [*sums, sum(sums)], [*pairs, sum(pairs)]
    nodf = [100 * total / number if number else np.nan for total, number in zip(sums, pairs, strict=True)]
    return pd.Series(nodf, index=["rows", "columns", "both"])


def measure_assortativity(matrix: pd.DataFrame, groups: pd.Series[str]) -> float:
    """Return whether the ties of a one-mode network stay within groups.

    Parameters
    ----------
    matrix
        Square, from `build_one_mode`; the diagonal does not count.
    groups
        The group of each node, as in `documents.drop_duplicates("issuer").set_index("issuer")["level"]`. Genre is a
        fact of documents, so take a network of `doc_id` for it.

    Returns
    -------
    float
        1 if all weight is within groups, 0 if as much as the strengths of the groups let expect, negative if less;
        missing if there is one group. M. Newman 2003, Physical Review E 67: 026126, eq. 2, weights for edges. Nodes
        have no tie with themselves, so n groups of one node, evenly tied, give -1 / (n - 1) by arithmetic alone.

    Raises
    ------
    InputError
        Nodes without a group, or weights below 0.
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


def _find_closeness(graph: nx.Graph[str], top: list[str]) -> dict[str, float]:
    closeness = dict.fromkeys(graph, 0.0)
    for part in (graph.subgraph(nodes) for nodes in nx.connected_components(graph) if len(nodes) > 1):
        inside = bipartite.closeness_centrality(part, [n for n in top if n in part], normalized=False)
        closeness |= {node: value * (len(part) - 1) / (len(graph) - 1) for node, value in inside.items()}
    return closeness


def _choose_core(ties: NDArray[np.bool_], rows: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], float]:
    """Return the columns that, with the given rows, make the core of highest correlation, and that."""
    into = ties[rows].sum(axis=0)
    order = np.argsort(-into, kind="stable")
    area, cells, edges = rows.sum() * np.arange(1, len(order) + 1), ties.size, ties.sum()
    spread = np.sqrt(area * (cells - area) * edges * (cells - edges), dtype=float)
    fit = np.divide(cells * into[order].cumsum() - area * edges, spread, out=np.full(len(area), -2.0), where=spread > 0)
    return np.isin(np.arange(len(order)), order[: fit.argmax() + 1]), float(fit.max())


def _sum_overlaps(ties: NDArray[np.bool_]) -> float:
    degrees, shared = ties.sum(axis=1), ties.astype(float) @ ties.T
    return float((shared / degrees)[degrees[:, None] > degrees].sum())
