"""Places of nodes, core, nestedness and assortativity: by hand, by naive loops, by igraph and by published numbers."""

from itertools import combinations, product

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.network import build_network
from analysis.structure import find_core, measure_assortativity, measure_nestedness, measure_nodes, select_layers
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS

# The worked example of Almeida-Neto et al. 2008.
WORKED = pd.DataFrame([[1, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [1, 1, 0, 0, 0], [1, 1, 0, 0, 0]])


def draw(*edges: tuple[str, str, int], nodes: str = "abxyz") -> nx.Graph:
    network = nx.Graph()
    for node in nodes:
        network.add_node(node, kind="issuer" if node < "m" else "measure")
    network.add_weighted_edges_from(edges, weight="statements")
    return network


def draw_at_random(seed: int, rows: int = 5, columns: int = 8) -> nx.Graph:
    ties = np.random.default_rng(seed).integers(0, 3, (rows, columns))
    edges = [("abcde"[i], "pqrstuvw"[j], int(ties[i, j])) for i, j in zip(*ties.nonzero(), strict=True)]
    return draw(*edges, nodes="abcde"[:rows] + "pqrstuvw"[:columns])


@st.composite
def tables(draw_one, most: int = 6):
    shape = draw_one(st.integers(2, most)), draw_one(st.integers(2, most))
    cells = draw_one(st.lists(st.integers(0, 2), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return pd.DataFrame(np.reshape(cells, shape))


# x - a - y - b in a line, z alone
LINE = draw(("a", "x", 2), ("a", "y", 1), ("b", "y", 3))


@pytest.mark.parametrize(
    ("measure", "values"),
    [
        ("degree", [2, 1, 1, 2, 0]),
        ("degree_share", [2 / 3, 1 / 3, 1 / 2, 2 / 2, 0]),
        ("strength", [3, 3, 2, 4, 0]),
        # a stands between x-y and x-b; two rows can stand between 5 pairs: all of x, y, z and b with the two not its
        # own. y stands between a-b and b-x; a column can stand between 4: a-b, a-z, b-x and x-z, as x-a-y-b-z does.
        ("betweenness", [2 / 5, 0, 0, 2 / 4, 0]),
        # least possible distances in x-a-y-b: 1 + 1 + 2 = 4; distances of a: 1 + 1 + 2, of b: 1 + 2 + 3; 3 of 4 reached
        ("closeness", [4 / 4 * 3 / 4, 4 / 6 * 3 / 4, 4 / 6 * 3 / 4, 4 / 4 * 3 / 4, 0]),
        ("clustering", [1 / 2, 1 / 2, 1 / 2, 1 / 2, 0]),  # one neighbour shared, of two
    ],
)
def test_places_on_a_line_counted_by_hand(measure, values):
    table = measure_nodes(LINE)
    assert table["node"].tolist() == list("abxyz")
    assert table["kind"].tolist() == ["issuer"] * 2 + ["measure"] * 3
    assert table[measure].tolist() == pytest.approx(values)


def test_eigenvector_centrality_solved_by_hand():
    # B = [[2, 1, 0], [0, 3, 0]]; BB' = [[5, 3], [3, 9]] has the root 7 + sqrt(13), with (3, 2 + sqrt(13))
    root, vector = np.sqrt(13), measure_nodes(LINE)["eigenvector"]
    columns = np.array([2 * 3, 3 + 3 * (2 + root), 0])
    assert vector.tolist() == pytest.approx([3 / (5 + root), (2 + root) / (5 + root), *columns / columns.sum()])


@pytest.mark.parametrize("seed", range(5))
def test_eigenvector_centrality_is_what_networkx_calls_hubs_and_authorities(seed):
    graph = select_layers(draw_at_random(seed))
    directed = nx.DiGraph()
    directed.add_weighted_edges_from((u, v, w) for u, v, w in graph.edges(data="weight"))
    hubs, authorities = nx.hits(directed)
    table = measure_nodes(draw_at_random(seed)).set_index("node")["eigenvector"]
    assert {node: hubs[node] + authorities[node] for node in hubs} == pytest.approx(table[list(hubs)].to_dict())


@pytest.mark.parametrize("seed", range(5))
def test_betweenness_and_closeness_agree_with_igraph(seed):
    graph = select_layers(draw_at_random(seed))
    other, nodes = igraph.Graph.from_networkx(graph), list(graph)
    table = measure_nodes(draw_at_random(seed)).set_index("node")
    # the most that Borgatti and Halgin allow for 5 and 8: found by drawing the most central graph, a double star
    for side, least in (("abcde", nx.Graph([("a", m) for m in "pqrstuvw"] + list(zip("bcde", "pqrs", strict=True)))),
                        ("pqrstuvw", nx.Graph([(i, "p") for i in "abcde"]
                                              + list(zip("qrstuvw", "abcdeab", strict=True))))):  # fmt: skip
        most = max(igraph.Graph.from_networkx(least).betweenness())
        raw = dict(zip(nodes, np.array(other.betweenness()) / most, strict=True))
        assert table.loc[list(side), "betweenness"].to_dict() == pytest.approx({node: raw[node] for node in side})
    assert other.is_connected()
    ideal = [8 + 2 * 4] * 5 + [5 + 2 * 7] * 8
    assert table["closeness"].tolist() == pytest.approx(np.divide(ideal, np.sum(other.distances(), axis=1)))


def test_closeness_never_exceeds_one_in_a_network_of_many_pieces():
    pairs = draw(*[(row, column, 1) for row, column in zip("abcde", "pqrst", strict=True)], nodes="abcdepqrst")
    assert measure_nodes(pairs)["closeness"].tolist() == pytest.approx([1 / 9] * 10)  # all is reached of one other
    raw = nx.bipartite.closeness_centrality(select_layers(pairs), list("abcde"))
    assert max(raw.values()) > 1  # networkx takes the ideal from all nodes, the distances from the piece


def test_one_pair_of_layers_is_taken_from_the_network_of_three():
    network = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    graph = select_layers(network, rows="type", columns="measure")
    assert [n for n in graph if graph.nodes[n]["bipartite"] == 0] == ["type:charity", "type:association",
                                                                     "type:government"]  # fmt: skip
    assert {frozenset(edge): edge_weight for *edge, edge_weight in graph.edges(data="weight")} == {
        frozenset({"type:charity", "measure:donation"}): 1, frozenset({"type:charity", "measure:logistics"}): 1,
        frozenset({"type:association", "measure:donation"}): 2,
        frozenset({"type:association", "measure:logistics"}): 1,
    }  # fmt: skip
    assert nx.bipartite.robins_alexander_clustering(graph) == 1.0  # one square; its four paths of three edges close
    silent = measure_nodes(network, rows="type").set_index("node").loc["type:government"]
    assert not silent.drop("kind").any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": "person"}, "fewer than two nodes of kind 'person'; kinds are issuer, measure"),
        ({"columns": "issuer"}, "take two layers that meet"),
        ({"weight": "share"}, "network, a - x: share is None; give a weight above 0"),
    ],
)
def test_layers_that_cannot_be_taken_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        select_layers(LINE, **options)


def test_layers_without_an_edge_are_refused():
    with pytest.raises(InputError, match="nothing between issuer and measure"):
        select_layers(draw())


def test_a_planted_core_is_found_and_its_fit_is_the_correlation_worked_out_by_hand():
    counts = pd.DataFrame([[2, 1, 0], [1, 3, 0], [0, 0, 1]], index=list("abc"), columns=list("xyz"))
    table, fit = find_core(counts.rename_axis("issuer", axis=0).rename_axis("measure", axis=1))
    assert table.to_dict("list") == {
        "side": ["issuer"] * 3 + ["measure"] * 3, "label": list("abcxyz"), "core": [True, True, False] * 2,
    }  # fmt: skip
    # 5 ties and 4 core cells of 9, all 4 tied: (9 * 4 - 4 * 5) / sqrt(4 * 5 * 5 * 4)
    assert fit == pytest.approx(16 / 20)


def correlate_best(ties: np.ndarray) -> float:
    """Try every core of rows and columns."""
    sides = [np.array(list(product([0, 1], repeat=length))) for length in ties.shape]
    patterns = [np.outer(row, column).ravel() for row in sides[0] for column in sides[1]]
    return max(np.corrcoef(p, ties.ravel())[0, 1] for p in patterns if 0 < p.sum() < p.size)


@given(tables(most=4))
def test_no_core_of_a_small_table_fits_better(counts):
    ties = counts.to_numpy() > 0
    if ties.all() or not ties.any():
        with pytest.raises(InputError, match="so it has no core"):
            find_core(counts)
    else:
        table, fit = find_core(counts)
        core = table["core"].to_numpy()
        pattern = np.outer(core[: len(counts)], core[len(counts) :])
        assert fit == pytest.approx(correlate_best(ties)) == np.corrcoef(pattern.ravel(), ties.ravel())[0, 1]


def test_the_core_of_a_large_table_is_found_from_the_rows_with_most_ties():
    noise = np.random.default_rng(3).random((40, 30))
    planted = np.outer(np.arange(40) % 4 == 0, np.arange(30) % 3 == 0)
    ties = np.where(planted, noise < 0.9, noise < 0.1)
    table, fit = find_core(pd.DataFrame(ties.astype(int)))
    assert table["core"].tolist() == [i % 4 == 0 for i in range(40)] + [j % 3 == 0 for j in range(30)]
    assert fit == pytest.approx(np.corrcoef(planted.ravel(), ties.ravel())[0, 1])


def test_nestedness_of_the_published_worked_example_worked_out_by_hand():
    # the first row or column with each later one, then the second, and so on; 0 where both have as many ties
    rows = [2 / 3, 2 / 3, 1 / 2, 1 / 2, 0, 1, 1, 1 / 2, 1 / 2, 0]
    columns = [0, 2 / 3, 1 / 2, 1, 2 / 3, 1 / 2, 0, 1, 1, 1]
    assert measure_nestedness(WORKED).tolist() == pytest.approx(
        [10 * sum(rows), 10 * sum(columns), 5 * sum(rows + columns)]
    )
    assert measure_nestedness(WORKED).round().tolist() == [53, 63, 58]


def nest_naively(ties: np.ndarray) -> tuple[float, int]:
    found = []
    for one, other in combinations([set(np.flatnonzero(row)) for row in ties if row.any()], 2):
        more, fewer = sorted((one, other), key=len, reverse=True)
        found.append(0 if len(more) == len(fewer) else len(more & fewer) / len(fewer))
    return 100 * sum(found), len(found)


@given(tables())
def test_nestedness_is_that_of_naive_loops_in_any_order_and_ignores_empty_rows(counts):
    rows, columns = nest_naively(counts.to_numpy() > 0), nest_naively(counts.to_numpy().T > 0)
    expected = [total / max(pairs, 1) if pairs else np.nan
                for total, pairs in (rows, columns, (rows[0] + columns[0], rows[1] + columns[1]))]  # fmt: skip
    assert measure_nestedness(counts).tolist() == pytest.approx(expected, nan_ok=True)
    assert measure_nestedness(counts.iloc[::-1, ::-1]).tolist() == pytest.approx(expected, nan_ok=True)


def test_a_staircase_is_wholly_nested_and_a_chessboard_not_at_all():
    assert measure_nestedness(pd.DataFrame(np.tri(5))).tolist() == [100, 100, 100]
    assert measure_nestedness(pd.DataFrame(np.indices((4, 4)).sum(0) % 2)).tolist() == [0, 0, 0]


def square(**weights: int) -> pd.DataFrame:
    matrix = pd.DataFrame(0, index=list("abcd"), columns=list("abcd"))
    for pair, weight in weights.items():
        matrix.loc[pair[0], pair[1]] = matrix.loc[pair[1], pair[0]] = weight
    return matrix


def test_assortativity_counted_by_hand():
    groups = pd.Series({"a": "city", "b": "city", "c": "nation", "d": "nation"})
    # ends of ties: 6 of 10 city-city, 2 nation-nation, 1 + 1 between; 7 of 10 at cities, 3 at nations
    assert measure_assortativity(square(ab=3, cd=1, bc=1), groups) == pytest.approx((0.8 - 0.58) / (1 - 0.58))
    assert measure_assortativity(square(ab=3, cd=1), groups) == pytest.approx(1)
    assert np.isnan(measure_assortativity(square(ab=3), groups)) and np.isnan(measure_assortativity(square(), groups))


def test_five_groups_of_one_evenly_tied_give_minus_a_quarter():
    matrix = pd.DataFrame(np.ones((5, 5)), index=list("abcde"), columns=list("abcde"))
    assert measure_assortativity(matrix, pd.Series(list("vwxyz"), list("abcde"))) == pytest.approx(-1 / 4)


@pytest.mark.parametrize("seed", range(5))
def test_assortativity_agrees_with_igraph_and_takes_weights_as_repeated_edges(seed):
    rng = np.random.default_rng(seed)
    values, groups = np.triu(rng.integers(0, 4, (9, 9)), 1), rng.integers(0, 3, 9)
    edges = [(i, j) for i, j in combinations(range(9), 2) for _ in range(values[i, j])]
    expected = igraph.Graph(9, edges).assortativity_nominal(groups.tolist(), directed=False)
    groups = pd.Series(groups).map({0: "city", 1: "nation", 2: "province"})
    assert measure_assortativity(pd.DataFrame(values + values.T), groups) == pytest.approx(expected)


def test_nodes_without_group_and_negative_weights_are_refused():
    with pytest.raises(InputError, match="none for c, d"):
        measure_assortativity(square(ab=1), pd.Series({"a": "city", "b": "city", "c": None}))
    with pytest.raises(InputError, match="weights below 0"):
        measure_assortativity(square(ab=-1), pd.Series(dict.fromkeys("abcd", "city")))
