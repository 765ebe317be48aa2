"""How a network is built: central nodes, core and periphery, nestedness, assortativity, communities.

These describe one network; whether a number differs from chance is for `nullmodels` to say. Five issuers are five
texts: read their ranks, not their differences. Two-mode measures need two modes, so of the three-layer network each
function takes one pair of layers at a time. What cannot be measured raises `InputError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from random import Random
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from networkx.algorithms import bipartite
from numpy.typing import ArrayLike
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

    Degree, betweenness, closeness: S. Borgatti and D. Halgin 2011, in *The Sage Handbook of Social Network Analysis*,
    ch. 28; closeness within each component, times the share of other nodes that it reaches (S. Wasserman and K. Faust
    1994: 201), as it can exceed 1 otherwise. Eigenvector: first singular vectors (P. Bonacich 1991, Social Networks 13:
    155-168), which are Kleinberg's hubs and authorities; arbitrary where components tie. Clustering: M. Latapy et al.
    2008, Social Networks 30: 31-48; for a whole graph see `nx.bipartite.robins_alexander_clustering`.
    """
    graph = select_layers(network, rows=rows, columns=columns, weight=weight)
    top, bottom = ([node for node, side in graph.nodes(data="bipartite") if side == number] for number in (0, 1))
    left, _, right = np.linalg.svd(bipartite.biadjacency_matrix(graph, top, bottom, dtype=float).toarray())
    closeness = dict.fromkeys(graph, 0.0)
    for part in map(graph.subgraph, nx.connected_components(graph)):
        if len(part) > 1:
            inside = bipartite.closeness_centrality(part, [node for node in top if node in part], normalized=False)
            closeness |= {node: value * (len(part) - 1) / (len(graph) - 1) for node, value in inside.items()}
    table = pd.DataFrame({
        "kind": [rows] * len(top) + [columns] * len(bottom), "degree": dict(graph.degree),
        "degree_share": bipartite.degree_centrality(graph, top), "strength": dict(graph.degree(weight="weight")),
        "betweenness": bipartite.betweenness_centrality(graph, top), "closeness": closeness,
        "eigenvector": np.concatenate([np.abs(vector) / np.abs(vector).sum() for vector in (left[:, 0], right[0])]),
        "clustering": bipartite.latapy_clustering(graph),
    }, index=pd.Index(graph, name="node"))  # fmt: skip
    return table.reset_index()


def find_core(counts: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Return which rows and columns of a table of counts are its core, and how well that describes it.

    One row is a row or column of `counts`, in order: `side`, `label`, `core` (true or false). The fit, -1 to 1, is the
    correlation of the ties (counts above 0) with the pattern that ties exactly core rows to core columns.

    The discrete model of S. Borgatti and M. Everett 1999, Social Networks 21: 375-395, rows and columns parted
    independently: the best columns for every set of rows or, if there are more than 10 rows, for the 1, 2, ... with
    most ties, which may miss the best. With five issuers that is a choice among 31 cores: the fit means nothing without
    a null model.
    """
    ties = counts.to_numpy(float) > 0
    if ties.all() or not ties.any():
        raise InputError([f"table of counts: {int(ties.sum())} of {ties.size} cells are above 0, so it has no core"])
    size, total, best, core = ties.size, ties.sum(), -2.0, np.array([])
    place = np.argsort(np.argsort(-ties.sum(axis=1), kind="stable"))
    few = product([True, False], repeat=len(ties)) if len(ties) <= 10 else (place < n for n in range(1, len(ties) + 1))
    for rows in map(np.array, few):
        into = ties[rows].sum(axis=0)
        order = np.argsort(-into, kind="stable")  # the best so many columns are those with most ties to the rows
        area = rows.sum() * np.arange(1, len(order) + 1)
        spread = np.sqrt(area * (size - area) * total * (size - total), dtype=float)
        gain = size * into[order].cumsum() - area * total
        fit = np.divide(gain, spread, out=np.full(len(area), -2.0), where=spread > 0)
        if fit.max() > best + 1e-12:
            best, core = float(fit.max()), np.concatenate([rows, np.isin(range(len(order)), order[: fit.argmax() + 1])])
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
    """Return whether the ties of a one-mode network, without weights below 0, stay within groups of nodes.

    1 if all weight is within groups, 0 if as much as the strengths of the groups let expect, negative if less; missing
    if there is one group. M. Newman 2003, Physical Review E 67: 026126, eq. 2, weights for edges. Nodes have no tie
    with themselves, so n groups of one node, evenly tied, give -1 / (n - 1) by arithmetic alone.

    `groups` is such as `documents.drop_duplicates("issuer").set_index("issuer")["level"]`. Genre is a fact of
    documents, so take a network of `doc_id` for it.
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


class Communities(NamedTuple):
    """The best of many partitions.

    `members`: one row is a node: `node`, `community` (0 is the largest; missing for a node without edges).
    `modularity`, at most 1; `agreement`, the mean adjusted Rand index of the other partitions with it (1 if all agree).
    """

    members: pd.DataFrame
    modularity: float
    agreement: float


def find_communities(graph: nx.Graph[str], *, weight: str = "weight", seed: int, runs: int = 100) -> Communities:
    """Return the partition of highest modularity over many runs (2 or more) of Louvain's search, and how stable it is.

    Modularity is that of M. Newman and M. Girvan 2004, Physical Review E 69: 026113, with weights, or, in a graph whose
    nodes know their side (from `select_layers`), that of M. Barber 2007, Physical Review E 76: 066102: the sum over
    rows i and columns j of one community of (b_ij - k_i d_j / m) / m, with m the sum of all weights. The search of V.
    Blondel et al. 2008, J. Stat. Mech. P10008, is that of networkx; two layers are directed from rows to columns, as
    directed modularity is then Barber's. The same seed gives the same runs. Among 5 nodes there are 52 partitions, and
    a dense graph of them is one community or noise: look at `agreement`, then at a null model.
    """
    edges, sides = graph.edges(data=weight), nx.get_node_attributes(graph, "bipartite")
    check_weights(edges, weight)
    if runs < 2 or not edges:
        raise InputError([f"communities: {runs} runs on {len(edges)} edges; take at least 2, on at least 1"])
    ties: nx.Graph[str] = nx.DiGraph() if sides else nx.Graph()
    ties.add_nodes_from(node for node in graph if graph.degree[node])
    ties.add_weighted_edges_from((v, u, w) if sides.get(u) else (u, v, w) for u, v, w in edges)
    place, random = {node: number for number, node in enumerate(ties)}, Random(seed)
    found = [nx.community.louvain_communities(ties, seed=random) for _ in range(runs)]
    found.sort(key=lambda parts: nx.community.modularity(ties, parts), reverse=True)
    found[0].sort(key=lambda part: (-len(part), min(map(place.__getitem__, part))))
    best, *others = (pd.Series({node: number for number, part in enumerate(parts) for node in part})[list(place)]
                     for parts in found)  # fmt: skip
    members = best.astype("Int64").reindex(list(graph)).rename_axis("node").reset_index(name="community")
    agreement = float(np.mean([adjusted_rand(best, other) for other in others]))
    return Communities(members, float(nx.community.modularity(ties, found[0])), agreement)


def adjusted_rand(first: ArrayLike, second: ArrayLike) -> float:
    """Return how alike two partitions are, given the group of every node in each: 1 if equal, 0 as chance has it.

    L. Hubert and P. Arabie 1985, Journal of Classification 2: 193-218.
    """
    table = pd.crosstab(np.asarray(first), np.asarray(second)).to_numpy()
    both, one, other, every = (comb(n, 2).sum() for n in (table, table.sum(1), table.sum(0), table.sum()))
    expected, most = one * other / max(every, 1), (one + other) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))
