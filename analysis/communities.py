"""Which nodes of a network belong together, and whether a second look says the same.

In a graph from `select_layers`, whose nodes know their side, modularity is that of M. Barber 2007, Physical Review E
76: 066102: the sum over rows i and columns j of one community of (b_ij - k_i d_j / m) / m, with m the sum of all
weights. In any other graph it is that of M. Newman and M. Girvan 2004, Physical Review E 69: 026113, with weights.
Nodes without edges do not count. Weights that are not above 0 raise `InputError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import comb

from analysis.errors import InputError
from analysis.structure import check_weights


class Communities(NamedTuple):
    """The best of many partitions, and how far the others agree with it.

    `members`: one row is a node: `node`, `community` (0 is the largest; missing for a node without edges) and
    `stability`, the mean share of runs, 0 to 1, that put the node with each other member (missing if it has none).
    `modularity` of the best run, at most 1; `agreement`, the mean adjusted Rand index of the other runs with it (1 if
    all are equal).
    """

    members: pd.DataFrame
    modularity: float
    agreement: float


def find_communities(graph: nx.Graph[str], *, weight: str = "weight", seed: int, runs: int = 100) -> Communities:
    """Return the partition of highest modularity over many runs (2 or more) of Louvain's search, and how stable it is.

    V. Blondel et al. 2008, J. Stat. Mech. P10008, by networkx; two layers as a graph directed from rows to columns,
    as directed modularity is then Barber's. The same seed gives the same runs. Among 5 nodes there are 52 partitions,
    and a dense graph of them is one community or noise: look at `agreement`, then at a null model.
    """
    ties = _orient(graph, weight)
    if runs < 2 or not ties.size():
        raise InputError([f"communities: {runs} runs on {ties.size()} edges; take at least 2, on at least 1"])
    nodes, random = list(ties), Random(seed)
    found = [nx.community.louvain_communities(ties, seed=random) for _ in range(runs)]
    quality = [nx.community.modularity(ties, parts) for parts in found]
    labels = [_label(parts, nodes) for parts in found]
    together = pd.DataFrame(np.mean([np.equal.outer(label, label) for label in labels], axis=0), nodes, nodes)
    best = labels.pop(int(np.argmax(quality)))
    mates = np.equal.outer(best, best) & ~np.eye(len(nodes), dtype=bool)
    members = pd.DataFrame({"community": pd.array(best, "Int64"), "stability": together.where(mates).mean(axis=1)})
    agreement = float(np.mean([adjusted_rand(best, label) for label in labels]))
    return Communities(members.reindex(pd.Index(graph, name="node")).reset_index(), float(max(quality)), agreement)


def measure_modularity(graph: nx.Graph[str], communities: Iterable[set[str]], *, weight: str = "weight") -> float:
    """Return how much more weight lies within communities than the strengths of their nodes let expect, at most 1."""
    ties = _orient(graph, weight)
    return float(nx.community.modularity(ties, [part for c in communities if (part := set(c) & set(ties))]))


def adjusted_rand(first: ArrayLike, second: ArrayLike) -> float:
    """Return how alike two partitions are: 1 if equal, 0 as chance has it (L. Hubert and P. Arabie 1985).

    Each gives the group of every node, in the same order. Journal of Classification 2: 193-218.
    """
    table = pd.crosstab(np.asarray(first), np.asarray(second)).to_numpy()
    both, one, other, every = (comb(n, 2).sum() for n in (table, table.sum(1), table.sum(0), table.sum()))
    expected, most = one * other / max(every, 1), (one + other) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def _orient(graph: nx.Graph[str], weight: str) -> nx.Graph[str]:
    """Return the edges with their weights, from rows to columns if the nodes know their side."""
    edges, sides = graph.edges(data=weight), nx.get_node_attributes(graph, "bipartite")
    check_weights(edges, weight)
    ties: nx.Graph[str] = nx.DiGraph() if sides else nx.Graph()
    ties.add_nodes_from(node for node in graph if graph.degree[node])
    ties.add_weighted_edges_from((v, u, w) if sides.get(u) else (u, v, w) for u, v, w in edges)
    return ties


def _label(communities: Iterable[set[str]], nodes: list[str]) -> list[int]:
    """Return the number of each node's community: 0 the largest, then by the place of the first member."""
    place = {node: number for number, node in enumerate(nodes)}
    ranked = sorted(communities, key=lambda part: (-len(part), min(place[node] for node in part)))
    number = {node: rank for rank, part in enumerate(ranked) for node in part}
    return [number[node] for node in nodes]
