"""One-mode networks: by hand, by the numbers of the DNA manual, and by the naive loops of the definitions."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cosine

from analysis.errors import InputError
from analysis.export import read_network, write_network
from analysis.network import attach_evidence, build_network, edge_evidence, join_facts
from analysis.structure import find_communities, select_layers
from analysis.twomode import build_one_mode, build_two_mode, make_graph
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS, UNITS, tell

# Statements by code and stance:   ant: donation required 2, logistics required 1
#                                  bee: donation required 1, donation reported 1, logistics reported 1
SAID = tell(
    ("ant", "donation", "require"), ("ant", "donation", "require"), ("ant", "logistics", "require"),
    ("bee", "donation", "require"), ("bee", "donation", "report"), ("bee", "logistics", "report"),
    ("cat", "rent", "require"),
)  # fmt: skip


def tie(said: pd.DataFrame = SAID, **options) -> float:
    matrix = build_one_mode(said, "issuer", "measure", **options)
    assert matrix.index.tolist() == matrix.columns.tolist() == ["ant", "bee", "cat"]
    assert np.array_equal(matrix, matrix.T) and not np.diag(matrix).any()
    return float(matrix.loc["ant", "bee"])


@pytest.mark.parametrize(
    ("aggregation", "weight"),
    [
        ("ignore", 2 * 2 + 1 * 1),  # donation, logistics
        ("congruence", 2 * 1),  # donation, both required
        ("conflict", 2 * 1 + 1 * 1),  # donation required and reported; logistics required and reported
        ("subtract", 2 - 3),
    ],
)
def test_ties_by_stance_counted_by_hand(aggregation, weight):
    assert tie(aggregation=aggregation) == weight


@pytest.mark.parametrize(
    ("aggregation", "normalisation", "weight"),
    [
        ("ignore", "average", 5 / ((3 + 3) / 2)),
        ("subtract", "average", -1 / 3),
        ("ignore", "jaccard", 5 / (0 + 0 + 5)),
        # by stance: ant alone on logistics-required (1), bee alone on two (2), shared donation-required 2 x 1
        ("congruence", "jaccard", 2 / (1 + 2 + 2)),
        ("ignore", "cosine", 5 / (math.sqrt(2**2 + 1**2) * math.sqrt(2**2 + 1**2))),
        ("congruence", "cosine", 2 / (math.sqrt(2**2 + 1**2) * math.sqrt(1 + 1 + 1))),
        ("conflict", "cosine", 3 / 5),
        ("subtract", "cosine", -1 / 5),
    ],
)
def test_normalised_ties_counted_by_hand(aggregation, normalisation, weight):
    assert tie(aggregation=aggregation, normalisation=normalisation) == pytest.approx(weight)


def test_the_other_side_ties_measures_by_issuers():
    matrix = build_one_mode(SAID, "measure", "issuer")
    assert matrix.loc["donation", "logistics"] == 2 * 1 + 2 * 1  # by ant and by bee
    assert not matrix.loc["rent"].any()


@pytest.mark.parametrize("aggregation", ["ignore", "congruence"])
def test_identical_profiles_have_cosine_one_where_dna_gives_a_half(aggregation):
    said = tell(*((issuer, code, "require") for issuer in ("ant", "bee") for code in ("donation", "rent")))
    assert tie(said, aggregation=aggregation, normalisation="cosine") == pytest.approx(1)
    assert tie(said) / (2 * 2) == 0.5  # what the program divides by: the product of the totals


def test_profiles_in_proportion_have_cosine_one():
    said = tell(*([("ant", "donation", "require")] * 2), *([("bee", "donation", "require")] * 6))
    assert tie(said, normalisation="cosine") == pytest.approx(1)


def test_silence_is_no_conflict_where_dna_counts_it():
    said = tell(("ant", "donation", "require"), ("bee", "logistics", "report"))
    assert tie(said, aggregation="conflict") == 0


def test_jaccard_without_stances_does_not_tell_them_apart_where_dna_does():
    said = tell(("ant", "donation", "require"), ("bee", "donation", "report"))
    assert tie(said, normalisation="jaccard") == 1
    assert tie(said, aggregation="congruence", normalisation="jaccard") == 0


@pytest.mark.parametrize(("first", "second", "congruence"), [(2, 5, 7 / 10), (-4, 2, 4 / 10)])
def test_numeric_ties_have_the_values_of_the_figure_on_integer_congruence_in_the_dna_manual(first, second, congruence):
    said = tell(("ant", "donation", "require"), ("bee", "donation", "require")).assign(score=[first, second])
    options = {"qualifier": "score", "scale": (-5, 5)}
    assert tie(said, aggregation="congruence", **options) == pytest.approx(congruence)
    assert tie(said, aggregation="conflict", **options) == pytest.approx(1 - congruence)
    assert tie(said, aggregation="subtract", **options) == pytest.approx(2 * congruence - 1)


def test_the_worked_example_of_the_dna_manual_has_its_right_result():
    """Twice -4 and three times 2 on -5 to 5: 2 x 3 x (1 - 6/10) = 2.4, which the manual misprints as 4.2."""
    said = tell(*([("ant", "donation", "require")] * 2), *([("bee", "donation", "require")] * 3))
    said = said.assign(score=[-4, -4, 2, 2, 2])
    assert tie(said, aggregation="congruence", qualifier="score", scale=(-5, 5)) == pytest.approx(2.4)


def test_the_range_is_the_declared_one_not_the_observed_one():
    said = tell(("ant", "donation", "require"), ("bee", "donation", "require")).assign(score=[2, 5])
    ties = [tie(said, aggregation="congruence", qualifier="score", scale=scale) for scale in ((2, 5), (-5, 5), (0, 30))]
    assert ties == pytest.approx([0, 0.7, 0.9])


def test_a_truth_value_agrees_only_when_equal():
    said = SAID.assign(agrees=[True, True, False, True, False, False, True])
    assert tie(said, aggregation="congruence", qualifier="agrees") == 2 * 1 + 1 * 1
    assert tie(said, aggregation="conflict", qualifier="agrees") == 2 * 1


@pytest.mark.parametrize(
    ("score", "scale", "message"),
    [([1, 2], None, "score is numeric; declare its scale"), ([1, 2], (3, 3), "declare its scale"),
     ([1, 9], (0, 5), r"score lies between 1.0 and 9.0, outside \(0, 5\)"), ([1, None], (0, 5), "1 without score")],
)  # fmt: skip
def test_a_numeric_qualifier_needs_a_scale_that_holds_it(score, scale, message):
    said = tell(("ant", "donation", "require"), ("bee", "donation", "require")).assign(score=score)
    with pytest.raises(InputError, match=message):
        tie(said, aggregation="congruence", qualifier="score", scale=scale)


def test_unknown_options_are_refused():
    with pytest.raises(InputError, match="unknown aggregation 'combine'; one of ignore, congruence"):
        tie(aggregation="combine")
    with pytest.raises(InputError, match="unknown normalisation 'activity'; one of none, average"):
        tie(normalisation="activity")


def test_a_pair_of_weighted_statements_counts_the_root_of_the_product():
    said = tell(("ant", "donation", "require"), ("bee", "donation", "require")).assign(weight=[0.25, 0.64])
    assert tie(said, weight="weight") == pytest.approx(math.sqrt(0.25 * 0.64))


def loop_over_the_definition(said: pd.DataFrame, first: str, second: str, aggregation: str) -> tuple[float, dict]:
    """Sum over pairs of statements, one by one, as the definitions say."""
    of_first, of_second = (said[said["issuer"] == node] for node in (first, second))
    weight = joint = 0.0
    for one in of_first.itertuples():
        for other in of_second.itertuples():
            if one.measure == other.measure:
                distance = float(one.stance != other.stance)
                weight += {"ignore": 1, "congruence": 1 - distance, "conflict": distance, "subtract": 1 - 2 * distance}[
                    aggregation
                ]
                joint += aggregation == "ignore" or one.stance == other.stance
    keys = ["measure"] if aggregation == "ignore" else ["measure", "stance"]
    pairs = [set(map(tuple, table[keys].to_numpy())) for table in (of_first, of_second)]
    alone = [
        sum(tuple(row) not in other for row in table[keys].to_numpy())
        for table, other in ((of_first, pairs[1]), (of_second, pairs[0]))
    ]
    return weight, {"none": 1, "average": (len(of_first) + len(of_second)) / 2, "jaccard": sum(alone) + joint}


rows = st.tuples(
    st.sampled_from(["ant", "bee"]), st.sampled_from(["donation", "rent"]), st.sampled_from(["require", "report"])
)


@given(st.lists(rows, max_size=12), st.sampled_from(["ignore", "congruence", "conflict", "subtract"]))
def test_every_option_equals_the_naive_loop(said, aggregation):
    table = tell(*said)
    weight, denominators = loop_over_the_definition(table, "ant", "bee", aggregation)
    for normalisation, denominator in denominators.items():
        expected = weight / denominator if denominator else 0
        assert tie(table, aggregation=aggregation, normalisation=normalisation) == pytest.approx(expected)


@given(st.lists(rows, max_size=12))
def test_cosines_equal_those_of_scipy_and_stay_within_their_bounds(said):
    table = tell(*said)
    profile = build_two_mode(table, "issuer", "measure").to_numpy()
    if profile[:2].any(axis=1).all():
        assert tie(table, normalisation="cosine") == pytest.approx(1 - cosine(profile[0], profile[1]))
    assert -1e-12 <= tie(table, aggregation="conflict", normalisation="cosine") <= 1 + 1e-12
    assert abs(tie(table, aggregation="subtract", normalisation="cosine")) <= 1 + 1e-12


@given(st.lists(rows, max_size=12))
def test_congruence_and_conflict_make_up_what_stances_ignored_gives(said):
    table = tell(*said)
    assert tie(table, aggregation="congruence") + tie(table, aggregation="conflict") == tie(table)


@given(st.sets(rows, min_size=1))
def test_without_repeats_a_tie_counts_shared_codes_as_networkx_does(said):
    pairs = sorted({(issuer, measure) for issuer, measure, _ in said})
    bipartite = nx.Graph(pairs)
    bipartite.add_nodes_from(["ant", "bee"])
    expected = nx.bipartite.weighted_projected_graph(bipartite, ["ant", "bee"])
    table = tell(*((issuer, measure, "require") for issuer, measure in pairs))
    assert tie(table) == expected.get_edge_data("ant", "bee", {"weight": 0})["weight"]


JOINED = join_facts(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)


@pytest.mark.parametrize(
    ("columns", "ids"),
    [
        # both speak of associations; only ant of charities
        ("actor", ["a1:2:association:donation", "b1:1:association:donation", "b2:1:association:logistics"]),
        ("measure", ["a1:1:charity:donation", "a1:2:association:donation", "b1:1:association:donation",
                     "a1:1:charity:logistics", "b2:1:association:logistics"]),
    ],
)  # fmt: skip
def test_a_one_mode_graph_has_labels_and_leads_back_to_the_statements_of_both_on_what_they_share(columns, ids):
    network = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    graph = make_graph(build_one_mode(JOINED, "issuer", columns), JOINED, columns=columns, network=network)
    assert list(graph) == ["issuer:ant", "issuer:bee", "issuer:cat"]
    assert graph.nodes["issuer:cat"]["label_zh"] == "丙市"
    assert list(graph.edges) == [("issuer:ant", "issuer:bee")]
    assert graph.edges["issuer:ant", "issuer:bee"]["statement_ids"] == ids
    table = edge_evidence(graph, "issuer:ant", "issuer:bee", STATEMENTS, UNITS, DOCUMENTS)
    assert table["statement_id"].tolist() == ids and table["raw"].equals(table["evidence"])


def test_a_two_mode_graph_reconciles_with_the_network_of_three_modes():
    network = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    matrix = build_two_mode(JOINED, "actor", "measure")
    graph = make_graph(matrix, JOINED, columns="measure", network=network)
    for u, v, edge in graph.edges(data=True):
        assert edge["weight"] == network.edges[u, v]["statements"]
        assert edge["statement_ids"] == network.edges[u, v]["statement_ids"]
    assert sum(weight for _, _, weight in graph.edges(data="weight")) == len(STATEMENTS)


def test_the_laplacian_of_a_one_mode_graph_is_degrees_minus_ties_where_that_of_dna_is_the_degrees():
    network = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    graph = make_graph(build_one_mode(JOINED, "issuer", "measure"), JOINED, columns="measure", network=network)
    # ant and bee: donation 2 x 1, logistics 1 x 1
    assert nx.laplacian_matrix(graph).toarray().tolist() == [[3, -3, 0], [-3, 3, 0], [0, 0, 0]]
    assert nx.laplacian_spectrum(graph).tolist() == pytest.approx([0, 0, 6])


def test_nodes_of_two_modes_know_their_side_so_that_modularity_is_that_of_two_modes():
    network = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    graph = make_graph(build_two_mode(JOINED, "issuer", "measure"), JOINED, columns="measure", network=network)
    layers = select_layers(network)
    assert list(graph.nodes(data="bipartite")) == list(layers.nodes(data="bipartite"))
    assert find_communities(graph, seed=1).modularity == find_communities(layers, seed=1).modularity


def test_a_one_mode_graph_is_exported_with_its_evidence_and_read_again(tmp_path):
    network = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    graph = make_graph(build_one_mode(JOINED, "issuer", "actor"), JOINED, columns="actor", network=network)
    graph = attach_evidence(graph, STATEMENTS, UNITS)
    write_network(graph, tmp_path / "ties")
    assert nx.utils.graphs_equal(read_network(tmp_path / "ties.graphml"), graph)
