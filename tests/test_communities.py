"""Communities: modularity by hand and by its definition, the best of all partitions, another search, igraph."""

from random import Random

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.structure import adjusted_rand, find_communities, select_layers
from tests.test_structure import draw, draw_at_random

# a is tied to x and y, b to y
PATH = select_layers(draw(("a", "x", 1), ("a", "y", 1), ("b", "y", 1)))


def test_the_modularity_of_barber_worked_out_by_hand():
    # m = 3; degrees a 2, b 1, x 1, y 2. Together a-x: 1 - 2 * 1 / 3 = 1/3; b-y: 1 - 1 * 2 / 3 = 1/3
    assert find_communities(PATH, seed=1, runs=9).modularity == pytest.approx((1 / 3 + 1 / 3) / 3)
    # weights 2 and 1, apart: m = 3; a-x 2 - 2 * 2 / 3, b-y 1 - 1 * 1 / 3
    apart = select_layers(draw(("a", "x", 2), ("b", "y", 1)))
    assert find_communities(apart, seed=1, runs=9).modularity == pytest.approx((2 / 3 + 2 / 3) / 3)


def test_the_modularity_of_newman_worked_out_by_hand():
    # m = 3; within a-x: 1/3 - (3 / 6)^2, and the same for b-y
    one_mode = nx.Graph(PATH.edges(data=True))
    assert find_communities(one_mode, seed=1, runs=9).modularity == pytest.approx(2 * (1 / 3 - 1 / 4))


def partition(items: list[str]):
    if not items:
        yield []
        return
    for rest in partition(items[1:]):
        yield [{items[0]}, *rest]
        for place in range(len(rest)):
            yield [*rest[:place], rest[place] | {items[0]}, *rest[place + 1 :]]


def define_barber(graph: nx.Graph, parts: list[set[str]]) -> float:
    strength, m = dict(graph.degree(weight="weight")), graph.size(weight="weight")
    return sum(
        (graph.get_edge_data(i, j, {"weight": 0})["weight"] - strength[i] * strength[j] / m) / m
        for part in parts for i in part for j in part
        if graph.nodes[i]["bipartite"] == 0 and graph.nodes[j]["bipartite"] == 1
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_no_partition_of_a_small_network_is_better(seed):
    graph = select_layers(draw_at_random(seed, rows=3, columns=5))
    ties = graph.subgraph(node for node in graph if graph.degree[node])
    found = find_communities(graph, seed=1)
    assert found.modularity == pytest.approx(max(define_barber(ties, parts) for parts in partition(list(ties))))
    members = found.members.dropna(subset="community").groupby("community")["node"].agg(set)
    assert found.modularity == pytest.approx(define_barber(ties, members.tolist()))


def search_by_barber(ties: np.ndarray, seed: int, modules: int) -> float:
    """Return the modularity of one run of Barber's own search: rows choose modules, then columns, until all stay."""
    null = ties - np.outer(ties.sum(axis=1), ties.sum(axis=0)) / ties.sum()
    columns, best, last = np.eye(modules)[np.random.default_rng(seed).integers(0, modules, ties.shape[1])], 0.0, -1.0
    while best > last + 1e-12:
        rows, last = np.eye(modules)[(null @ columns).argmax(axis=1)], best
        columns = np.eye(modules)[(null.T @ rows).argmax(axis=1)]
        best = float((rows * (null @ columns)).sum() / ties.sum())
    return best


def test_the_search_of_barber_finds_nothing_better_for_the_women_of_davis():
    davis = nx.davis_southern_women_graph()
    nx.set_edge_attributes(davis, 1, "weight")
    ties = nx.bipartite.biadjacency_matrix(davis, davis.graph["top"]).toarray()
    found = max(search_by_barber(ties, seed, 3 + seed % 3) for seed in range(1500))
    assert find_communities(davis, seed=0).modularity == pytest.approx(found) == 0.345537


def test_two_pieces_are_two_communities_in_every_run_and_a_node_without_edges_is_in_none():
    graph = select_layers(draw(("a", "x", 1), ("b", "y", 1), ("b", "z", 1), nodes="abcxyz"))
    found = find_communities(graph, seed=1, runs=5)
    assert found.members["node"].tolist() == list("abcxyz")
    assert found.members["community"].fillna(-1).tolist() == [1, 0, -1, 1, 0, 0]
    assert found.agreement == 1


def test_a_network_without_structure_shows_it_by_what_the_runs_disagree_on():
    ring = nx.cycle_graph([f"n{i:02}" for i in range(20)])
    nx.set_edge_attributes(ring, 1, "weight")
    found = find_communities(ring, seed=1, runs=30)
    assert found.agreement < 0.8
    again, chance = nx.Graph(), Random(1)
    again.add_nodes_from(ring)
    again.add_weighted_edges_from(ring.edges(data="weight"))
    runs = [nx.community.louvain_communities(again, seed=chance) for _ in range(30)]
    best = max(runs, key=lambda parts: nx.community.modularity(again, parts))
    others = [parts for parts in runs if parts is not best]
    label = [[next(number for number, part in enumerate(parts) if node in part) for node in ring]
             for parts in (best, *others)]  # fmt: skip
    rand = [igraph.compare_communities(label[0], other, method="adjusted_rand") for other in label[1:]]
    assert found.agreement == pytest.approx(np.mean(rand))


def test_the_same_seed_gives_the_same_communities_and_the_graph_stays_as_it_was():
    graph = select_layers(draw_at_random(4))
    before = list(graph.edges(data=True))
    one, other = (find_communities(graph, seed=7, runs=20) for _ in range(2))
    assert one.members.equals(other.members) and one.agreement == other.agreement
    assert list(graph.edges(data=True)) == before


@pytest.mark.parametrize(
    ("graph", "options", "message"),
    [
        (PATH, {"weight": "share"}, "network, a - x: share is None"),
        (PATH, {"runs": 1}, "1 runs on 3 edges"),
        (nx.empty_graph(3), {}, "100 runs on 0 edges"),
    ],
)
def test_what_has_no_communities_is_refused(graph, options, message):
    with pytest.raises(InputError, match=message):
        find_communities(graph, seed=1, **options)


def test_the_adjusted_rand_index_worked_out_by_hand():
    # pairs together in both 1, in the first 2, in the second 1, of 6: (1 - 2 / 6) / (3 / 2 - 2 / 6)
    assert adjusted_rand([0, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx(4 / 7)
    assert adjusted_rand(list("aabb"), [5, 5, 2, 2]) == 1 and adjusted_rand([1, 1], [1, 1]) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2))
def test_the_adjusted_rand_index_agrees_with_igraph(pairs):
    first, second = map(list, zip(*pairs, strict=True))
    expected = igraph.compare_communities(first, second, method="adjusted_rand")
    assert adjusted_rand(first, second) == pytest.approx(1.0 if np.isnan(expected) else expected)
