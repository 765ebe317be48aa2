"""Which nodes of a network belong together, and whether a second look says the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import comb

from analysis.errors import InputError

Method = Literal["louvain", "barber"]


@dataclass(frozen=True)
class Communities:
    """The best of many partitions, and how far the others agree with it.

    `members`: one row is a node: `node`, `community` (0 is the largest; missing for a node without edges) and
    `stability`, the mean share of runs, 0 to 1, that put the node with each other member (missing if it has none).
    `modularity` of the best run, at most 1; `agreement`, the mean adjusted Rand index of the other runs with it (1 if
    all are equal); `together`, the share of runs that put two nodes together.
    """

    members: pd.DataFrame
    modularity: float
    agreement: float
    together: pd.DataFrame


def find_communities(
    graph: nx.Graph[str], *, method: Method = "louvain", weight: str = "weight", seed: int, runs: int = 100
) -> Communities:
    """Return the partition of highest modularity over many runs of Louvain's search, and how stable it is.

    Parameters
    ----------
    graph
        For `barber` two layers, from `select_layers`; for `louvain` any graph, such as `make_graph` gives.
    method, weight
        Whose modularity, as in `measure_modularity`, and the attribute of the edges that counts.
    seed, runs
        The same seed gives the same runs; at least 2.

    Raises
    ------
    InputError
        As `measure_modularity`; no edges; fewer than 2 runs.

    Notes
    -----
    V. Blondel et al. 2008, J. Stat. Mech. P10008, by networkx, nodes without edges left out. For `barber` the edges are
    directed from rows to columns, as directed modularity is then Barber's. Among 5 nodes there are 52 partitions, and
    a dense graph of them is one community or noise: look at `agreement`, then at a null model.
    """
    ties = _orient(graph, method, weight)
    if runs < 2 or not ties.size():
        raise InputError([f"communities: {runs} runs on {ties.size()} edges; take at least 2, on at least 1"])
    nodes, chance = list(ties), Random(seed)
    found = [nx.community.louvain_communities(ties, seed=chance) for _ in range(runs)]
    quality = [nx.community.modularity(ties, parts) for parts in found]
    labels = np.array([_label(parts, nodes) for parts in found])
    best = labels[int(np.argmax(quality))]
    shares = np.mean([np.equal.outer(label, label) for label in labels], axis=0)
    same = np.equal.outer(best, best) & ~np.eye(len(nodes), dtype=bool)
    stability = np.where(same, shares, np.nan)
    members = pd.DataFrame({"community": best, "stability": [np.nanmean(row) if near.any() else np.nan
                            for row, near in zip(stability, same, strict=True)]}, nodes)  # fmt: skip
    members = members.reindex(pd.Index(graph, name="node")).astype({"community": "Int64"}).reset_index()
    others = np.delete(labels, int(np.argmax(quality)), axis=0)
    agreement = float(np.mean([adjusted_rand(best, label) for label in others]))
    return Communities(members, float(max(quality)), agreement, pd.DataFrame(shares, nodes, nodes))


def measure_modularity(
    graph: nx.Graph[str], communities: Iterable[set[str]], *, method: Method = "louvain", weight: str = "weight"
) -> float:
    """Return how much more weight lies within communities than the strengths of their nodes let expect, at most 1.

    `louvain`: M. Newman and M. Girvan 2004, Physical Review E 69: 026113, with weights. `barber`, for two layers from
    `select_layers`: sum over rows i and columns j of one community of (b_ij - k_i d_j / m) / m, with m the sum of all
    weights (M. Barber 2007, Physical Review E 76: 066102). Nodes without edges do not count.

    Raises
    ------
    InputError
        An unknown method; for `barber`, a graph that is not from `select_layers`; a weight that is not above 0.
    """
    ties = _orient(graph, method, weight)
    return float(nx.community.modularity(ties, [part for c in communities if (part := set(c) & set(ties))]))


def adjusted_rand(first: ArrayLike, second: ArrayLike) -> float:
    """Return how alike two partitions are: 1 if equal, 0 as chance has it (L. Hubert and P. Arabie 1985).

    Each gives the group of every node, in the same order. Journal of Classification 2: 193-218.
    """
    table = pd.crosstab(np.asarray(first), np.asarray(second)).to_numpy()
    both, one, other, every = (comb(n, 2).sum() for n in (table, table.sum(1), table.sum(0), table.sum()))
    expected, most = one * other / max(every, 1), (one + other) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def _orient(graph: nx.Graph[str], method: Method, weight: str) -> nx.Graph[str]:
    sides = nx.get_node_attributes(graph, "bipartite")
    wrong = [(u, v, w) for u, v, w in graph.edges(data=weight) if not (w or 0) > 0]
    problems = [f"graph, {u} - {v}: {weight} is {w}; give a weight above 0" for u, v, w in wrong]
    if method not in get_args(Method):
        problems.append(f"communities: unknown method {method!r}; one of {', '.join(get_args(Method))}")
    if method == "barber" and (len(sides) < len(graph) or any(sides[u] == sides[v] for u, v in graph.edges)):
        problems.append("graph: barber needs two layers, as select_layers gives")
    if problems:
        raise InputError(problems)
    ties: nx.Graph[str] = nx.DiGraph() if method == "barber" else nx.Graph()
    ties.add_nodes_from(node for node in graph if graph.degree[node])
    for u, v, w in graph.edges(data=weight):
        ties.add_edge(*((v, u) if method == "barber" and sides[u] else (u, v)), weight=w)
    return ties


def _label(communities: Iterable[set[str]], nodes: list[str]) -> list[int]:
    """Return the number of each node's community: 0 the largest, then by the place of the first member."""
    place = {node: number for number, node in enumerate(nodes)}
    ranked = sorted(communities, key=lambda part: (-len(part), min(place[node] for node in part)))
    number = {node: rank for rank, part in enumerate(ranked) for node in part}
    return [number[node] for node in nodes]
