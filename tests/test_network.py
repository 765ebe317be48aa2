"""The network of issuers, types and measures, counted by hand on five statements, then on the reference coding."""

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.network import (
    LAYERS,
    PREFIXES,
    add_organisations,
    attach_evidence,
    build_network,
    edge_evidence,
    join_facts,
)  # fmt: skip
from analysis.twomode import build_two_mode
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS, UNITS


def build(statements=STATEMENTS, documents=DOCUMENTS):
    return build_network(statements, documents, codebook=CODEBOOK)


def sum_statements(network: nx.Graph, first: str, second: str) -> int:
    kinds = nx.get_node_attributes(network, "kind")
    pairs = network.edges(data="statements")
    return sum(count for u, v, count in pairs if {kinds[u], kinds[v]} == {first, second})


def test_units_and_evidence_made_by_hand_are_slices_of_their_raw_text():
    raw = DOCUMENTS.set_index("doc_id")["raw"]
    for table, text in ((UNITS, "text"), (STATEMENTS, "evidence")):
        assert all(raw[r.doc_id][r.raw_start : r.raw_end] == getattr(r, text) for r in table.itertuples())
        assert all(r.end - r.start == len(getattr(r, text)) for r in table.itertuples())


def test_every_issuer_type_and_measure_is_a_node_even_when_nothing_is_said_of_it():
    network = build()
    assert list(network) == [
        "issuer:ant", "issuer:bee", "issuer:cat", "type:charity", "type:association", "type:government",
        "measure:donation", "measure:logistics", "measure:rent",
    ]  # fmt: skip
    assert sorted(nx.isolates(network)) == ["issuer:cat", "measure:rent", "type:government"]


def test_nodes_carry_their_labels_and_facts():
    nodes = build().nodes
    assert nodes["issuer:ant"] == {
        "kind": "issuer", "label_zh": "甲厅", "label_en": "Ant", "statements": 3,
        "characters": 200, "level": "province", "place": "甲省",
    }  # fmt: skip
    assert nodes["type:government"]["group"] == "state" and nodes["type:government"]["statements"] == 0
    assert nodes["measure:logistics"]["goal"] == "both" and nodes["measure:logistics"]["instrument"] == "organisation"
    assert nodes["issuer:bee"]["characters"] == 800 and "place" not in nodes["issuer:bee"]


def test_edges_carry_counts_rates_stances_and_ids_counted_by_hand():
    edges = build().edges
    assert edges["issuer:ant", "type:charity"] == {
        "statements": 2, "documents": 1, "rate": 10.0, "require": 1, "encourage": 1, "prohibit": 0, "report": 0,
        "statement_ids": ["a1:1:charity:donation", "a1:1:charity:logistics"], "coder": "reference",
    }  # fmt: skip
    bee = edges["issuer:bee", "type:association"]
    assert (bee["statements"], bee["documents"], bee["rate"]) == (2, 2, 2.5)  # 2 statements in 300 + 500 characters
    donation = edges["type:association", "measure:donation"]
    assert (donation["statements"], donation["documents"]) == (2, 2)
    assert donation["rate"] == pytest.approx(2000 / 1100)  # of all documents, the silent one included


def test_every_layer_sums_to_the_number_of_statements_and_to_its_two_mode_table():
    network = build()
    joined = join_facts(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    for rows, columns in LAYERS:
        table = build_two_mode(joined, rows, columns)
        assert sum_statements(network, PREFIXES[rows], PREFIXES[columns]) == table.to_numpy().sum() == len(STATEMENTS)
        for (row, column), count in table.stack().items():
            u, v = f"{PREFIXES[rows]}:{row}", f"{PREFIXES[columns]}:{column}"
            assert network.edges.get((u, v), {"statements": 0})["statements"] == count


def test_the_denominator_stays_the_whole_document_when_statements_are_filtered():
    required = build(STATEMENTS.query("stance == 'require'"))
    assert required.edges["issuer:ant", "measure:donation"]["rate"] == 5.0
    assert not required.has_edge("issuer:ant", "measure:logistics")
    assert len(required) == len(build())


def test_texts_without_issuer_can_each_stand_for_themselves():
    documents = DOCUMENTS.assign(issuer=DOCUMENTS["doc_id"], issuer_zh="", issuer_en="", level="", place="", date="")
    network = build(documents=documents)
    assert network.nodes["issuer:b1"]["label_zh"] == "b1" and network.nodes["issuer:b1"]["statements"] == 1


def test_no_statements_make_a_network_without_edges():
    assert len(build(STATEMENTS[:0]).edges) == 0


def test_building_changes_neither_table():
    statements, documents = STATEMENTS.copy(), DOCUMENTS.copy()
    build(statements, documents)
    pd.testing.assert_frame_equal(statements, STATEMENTS)
    pd.testing.assert_frame_equal(documents, DOCUMENTS)


def test_a_table_keeps_the_zeros_of_all_codes_and_issuers():
    joined = join_facts(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
    table = build_two_mode(joined, "goal", "issuer")
    assert table.loc[["epidemic", "both", "resumption"], ["ant", "bee", "cat"]].to_numpy().tolist() == [
        [2, 1, 0], [1, 1, 0], [0, 0, 0],
    ]  # fmt: skip
    with pytest.raises(InputError, match="unknown column of the statements 'colour'"):
        build_two_mode(joined, "goal", "colour")


@pytest.mark.parametrize(
    ("statements", "documents", "message"),
    [
        (STATEMENTS.replace({"actor": {"charity": "club"}}), DOCUMENTS, r"a1:1:.* \(2 in all\): unknown actor 'club'"),
        (STATEMENTS.replace({"measure": {"logistics": "x"}}), DOCUMENTS, "unknown measure 'x'; one of donation"),
        (STATEMENTS.replace({"stance": {"report": "tell"}}), DOCUMENTS, "unknown stance 'tell'; one of require"),
        (STATEMENTS, DOCUMENTS[:1], "unknown doc_id 'b1'; one of a1"),
        (STATEMENTS.assign(actor=["charity", None, "charity", "charity", "charity"]), DOCUMENTS, "unknown actor nan"),
        (STATEMENTS.assign(coder=["rules", *4 * ["reference"]]), DOCUMENTS, "coders reference, rules mixed; keep one"),
        (pd.concat([STATEMENTS, STATEMENTS[:1]]), DOCUMENTS, "a1:1:charity:donation: this id stands twice"),
        (STATEMENTS.drop(columns="stance"), DOCUMENTS, "no column stance"),
        (STATEMENTS, DOCUMENTS.drop(columns="characters"), "documents: no column characters"),
        (STATEMENTS, DOCUMENTS.assign(characters=0), "issuer cat: no characters, so no rate"),
        (STATEMENTS, DOCUMENTS.assign(issuer=["ant", "", "bee", "cat"]), "documents, b1: no issuer; give one, or"),
    ],
)
def test_wrong_tables_are_refused_with_row_and_mend(statements, documents, message):
    with pytest.raises(InputError, match=message):
        build(statements, documents)


def test_all_problems_are_told_at_once():
    with pytest.raises(InputError) as error:
        build(STATEMENTS.assign(actor="x", measure="y", coder=list("abcde")), DOCUMENTS.assign(characters=-1))
    assert len(error.value.problems) == 1 + 1 + 1 + 3


def test_an_edge_leads_back_to_its_sentences_and_to_the_raw_text():
    table = edge_evidence(build(), "measure:donation", "type:association", STATEMENTS, UNITS, DOCUMENTS)
    assert table.columns.tolist() == [
        "statement_id", "doc_id", "issuer", "section", "actor", "measure", "stance", "coder",
        "start", "end", "raw_start", "raw_end", "evidence", "raw", "sentence",
    ]  # fmt: skip
    assert table.loc[0].tolist() == [
        "a1:2:association:donation", "a1", "ant", "二", "association", "donation", "report", "reference",
        13, 18, 14, 19, "协会捐了款", "协会捐了款", "协会捐了款。",
    ]  # fmt: skip
    assert table["statement_id"].tolist()[1:] == ["b1:1:association:donation"]


def test_every_edge_has_as_many_rows_of_evidence_as_statements():
    network = build()
    for u, v, count in network.edges(data="statements"):
        assert len(edge_evidence(network, u, v, STATEMENTS, UNITS, DOCUMENTS)) == count


@pytest.mark.parametrize(
    ("u", "v", "message"),
    [
        ("qqqq", "measure:rents", r"'qqqq'; did you mean another\?\n.*'measure:rents'; did you mean measure:rent"),
        ("issuer:ant", "measure:rent", "no edge between issuer:ant and measure:rent; issuer:ant has edges to "
         "measure:donation, measure:logistics there"),
        ("issuer:cat", "measure:rent", "issuer:cat has edges to nothing there"),
    ],
)  # fmt: skip
def test_a_pair_without_edge_gets_a_clear_answer(u, v, message):
    with pytest.raises(InputError, match=message):
        edge_evidence(build(), u, v, STATEMENTS, UNITS, DOCUMENTS)


def test_evidence_from_the_wrong_tables_is_refused():
    edge = build(), "issuer:bee", "measure:donation"
    with pytest.raises(InputError, match="first b1:1:association:donation"):
        edge_evidence(*edge, STATEMENTS[:2], UNITS, DOCUMENTS)
    with pytest.raises(InputError, match="no unit 1 in b1"):
        edge_evidence(*edge, STATEMENTS, UNITS[:2], DOCUMENTS)


def test_attached_evidence_names_sections_and_the_first_sentence_on_a_copy():
    network = build()
    edge = attach_evidence(network, STATEMENTS, UNITS).edges["type:association", "measure:donation"]
    assert edge["sections"] == ["a1 二", "b1"]
    assert edge["first_sentence"] == "协会捐了款。"
    assert "sections" not in network.edges["type:association", "measure:donation"]


@given(st.sets(st.integers(0, 4)))
def test_any_selection_of_statements_reconciles_over_the_three_layers(kept):
    network = build(STATEMENTS.iloc[sorted(kept)])
    assert {sum_statements(network, PREFIXES[rows], PREFIXES[columns]) for rows, columns in LAYERS} == {len(kept)}
    for _, _, edge in network.edges(data=True):
        assert edge["statements"] == len(edge["statement_ids"])
        assert edge["statements"] == edge["require"] + edge["encourage"] + edge["prohibit"] + edge["report"]


def test_the_reference_coding_makes_a_network_whose_edges_all_lead_back(register, corpus, codebook, reference):
    documents, _ = register
    network = build_network(reference.statements, documents, codebook=codebook)
    assert sum_statements(network, "issuer", "measure") == len(reference.statements) == 263
    assert len(network) == documents["issuer"].nunique() + len(codebook.types) + len(codebook.measures)
    table = edge_evidence(network, "issuer:guizhou", "measure:donation", reference.statements, corpus.units, documents)
    assert all(row.evidence in row.sentence for row in table.itertuples())
    for u, v, edge in attach_evidence(network, reference.statements, corpus.units).edges(data=True):
        assert edge["first_sentence"] and edge["sections"], (u, v)


def test_named_organisations_stand_between_type_and_measure_with_their_own_evidence(corpus, register, codebook):
    documents = register[0]
    network = build_network(corpus.statements, documents, codebook=codebook)
    named = add_organisations(network, corpus.statements, corpus.organisations, documents)
    who = corpus.statements["organisation"].str.split("、").map(lambda names: "中国肉类协会" in names)
    node = named.nodes["organisation:中国肉类协会"]
    assert (node["kind"], node["level"], node["statements"]) == ("organisation", "nation", who.sum())
    ties = {other: set(edge["statement_ids"]) for other, edge in named["organisation:中国肉类协会"].items()}
    assert set(ties) == {"type:industry_association", "measure:livelihood_supply"}
    assert all(ids == set(corpus.statements["statement_id"][who]) for ids in ties.values())
    assert not [node for node in network if node.startswith("organisation:")]
