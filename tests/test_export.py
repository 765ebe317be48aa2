"""What is written can be read again, by us and by others, and is the same to the byte."""

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import igraph
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.export import read_network, write_latex, write_network
from analysis.network import attach_evidence, build_network
from analysis.tables import STANCES
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS, UNITS

ENDINGS = [".graphml", ".gexf", ".json", "-nodes.csv", "-edges.csv", ".net", ".dl"]
NETWORK = attach_evidence(build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK), STATEMENTS, UNITS)


def describe(network: nx.Graph) -> tuple[dict, dict]:
    """Return nodes and edges with attributes and their types, so that 1 and 1.0 differ."""
    def with_types(data):
        return {name: (value, type(value)) for name, value in data.items()}

    return (
        {node: with_types(data) for node, data in network.nodes(data=True)},
        {frozenset((u, v)): with_types(data) for u, v, data in network.edges(data=True)},
    )


@pytest.fixture
def written(tmp_path):
    return write_network(NETWORK, tmp_path / "03.network")


def test_seven_files_are_written_beside_each_other(written, tmp_path):
    assert {path.name for path in written} == {f"03.network{ending}" for ending in ENDINGS}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in written)


def test_reading_back_gives_the_same_nodes_edges_attributes_and_types(written, tmp_path):
    assert describe(read_network(tmp_path / "03.network.graphml")) == describe(NETWORK)


def test_what_was_read_is_written_again_with_the_same_bytes(written, tmp_path):
    again = write_network(read_network(tmp_path / "03.network.graphml"), tmp_path / "again")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def read_rows(path: Path) -> list[dict]:
    """Return the filled cells of each row, numbers as numbers."""
    kinds = dict.fromkeys(["statements", "documents", "characters", *STANCES], int) | {"rate": float}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [{name: kinds.get(name, str)(value) for name, value in row.items() if value} for row in rows]


def read_by_others(folder: Path, stem: str) -> list[nx.Graph]:
    """Return what others read from the JSON, the GEXF and the two CSV files, lists as in JSON."""
    stored = nx.node_link_graph(json.loads((folder / f"{stem}.json").read_text(encoding="utf-8")), edges="links")
    gexf, lists = nx.read_gexf(folder / f"{stem}.gexf"), nx.Graph()
    for row in read_rows(folder / f"{stem}-nodes.csv"):
        lists.add_node(row.pop("id"), **row)
    for row in read_rows(folder / f"{stem}-edges.csv"):
        lists.add_edge(row.pop("source"), row.pop("target"), **row)
    for graph in (gexf, lists):
        graph.graph.clear()
        for _, data in graph.nodes(data=True):
            data.pop("label", None)
        for _, _, data in graph.edges(data=True):
            data.pop("id", None), data.pop("weight", None)
            data |= {name: data[name].split("|") for name in ("statement_ids", "sections") if name in data}
    return [stored, gexf, lists]


def test_other_programs_find_the_same_nodes_edges_and_attributes_in_json_gexf_and_csv(written, tmp_path):
    for graph in read_by_others(tmp_path, "03.network"):
        assert nx.utils.graphs_equal(graph, NETWORK)


def test_no_file_holds_a_date_or_a_program_version(written):
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert "lastmodified" not in text and "networkx" not in text.lower() and "\r" not in text


def test_gephi_finds_chinese_labels_and_weights(written, tmp_path):
    gexf = (tmp_path / "03.network.gexf").read_text(encoding="utf-8")
    assert '<node id="issuer:ant" label="甲厅">' in gexf
    space = {"g": "http://www.gexf.net/1.2draft"}
    edges = ET.fromstring(gexf.encode()).findall(".//g:edge", space)
    weights = {(edge.get("source"), edge.get("target")): edge.get("weight") for edge in edges}
    assert weights["issuer:ant", "type:charity"] == "2"


def test_igraph_reads_the_graphml_with_all_attributes(written, tmp_path):
    graph = igraph.Graph.Read_GraphML(str(tmp_path / "03.network.graphml"))
    assert graph.vcount() == 9 and graph.ecount() == NETWORK.number_of_edges()
    assert graph.vs.find(id="issuer:ant")["label"] == "甲厅"
    edge = graph.es[graph.get_eid(graph.vs.find(id="type:charity").index, graph.vs.find(id="measure:donation").index)]
    assert (edge["statements"], edge["weight"], edge["statement_ids"]) == (1, 1, "a1:1:charity:donation")
    assert (edge["sections"], edge["first_sentence"]) == ("a1 一", "慈善组织要捐款，可办物流。")


def test_pajek_has_ids_weights_and_statement_ids_for_networkx_and_igraph(written, tmp_path):
    network = nx.read_pajek(tmp_path / "03.network.net", encoding="UTF-8")
    assert list(network) == list(NETWORK)
    edge = network.edges["type:charity", "measure:donation", 0]
    assert (edge["weight"], edge["l"]) == (1, "a1:1:charity:donation")
    graph = igraph.Graph.Read_Pajek(str(tmp_path / "03.network.net"))
    assert (graph.vcount(), graph.ecount()) == (9, NETWORK.number_of_edges())
    assert sum(graph.es["weight"]) == 3 * len(STATEMENTS)


def test_ucinet_dl_has_all_nodes_and_weights_for_igraph(written, tmp_path):
    graph = igraph.Graph.Read_DL(str(tmp_path / "03.network.dl"))
    assert graph.vs["name"] == list(NETWORK)
    weights = {tuple(graph.vs[edge.tuple]["name"]): edge["weight"] for edge in graph.es}
    assert weights == {pair: n for u, v, n in NETWORK.edges(data="statements") for pair in ((u, v), (v, u))}


def test_a_table_for_a_paper_escapes_and_rounds(tmp_path):
    table = pd.DataFrame({"measure": ["捐款_a", "50 %"], "rate": [1.005, None], "n": [3, 4]})
    write_latex(table, tmp_path / "t.tex", caption="Rates", label="tab:rates", digits=1)
    text = (tmp_path / "t.tex").read_text(encoding="utf-8")
    assert r"捐款\_a & 1.0 & 3 \\" in text and r"50 \% &  & 4 \\" in text
    assert r"\toprule" in text and r"\caption{Rates}" in text and r"\label{tab:rates}" in text


def test_a_network_without_edges_comes_back_too(tmp_path):
    silent = build_network(STATEMENTS[:0], DOCUMENTS, codebook=CODEBOOK)
    write_network(silent, tmp_path / "silent")
    assert describe(read_network(tmp_path / "silent.graphml")) == describe(silent)
    assert all(nx.utils.graphs_equal(graph, silent) for graph in read_by_others(tmp_path, "silent"))


def test_writing_changes_nothing_in_the_network(tmp_path):
    before = describe(NETWORK)
    write_network(NETWORK, tmp_path / "x")
    assert describe(NETWORK) == before


@given(st.text(alphabet='"<>&,;：“|\' 　\t捐款a', min_size=1).filter(str.strip))
def test_sentences_with_marks_of_every_format_survive(tmp_path_factory, sentence):
    network = nx.Graph()
    network.add_edge("a", "b", first_sentence=sentence, statements=1)
    folder = tmp_path_factory.mktemp("x")
    write_network(network, folder / "x")
    for graph in (read_network(folder / "x.graphml"), *read_by_others(folder, "x")):
        assert graph.edges["a", "b"]["first_sentence"] == sentence


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1f", "\ud800", "\uffff"])
def test_characters_that_xml_forbids_are_replaced_where_one_sees_it(tmp_path, character):
    network = nx.Graph()
    network.add_node("a", label_zh=f"捐{character}款")
    network.add_edge("a", f"b{character}", first_sentence=f"一{character}二&#55555;", statements=1, statement_ids=["s"])
    write_network(network, tmp_path / "x")
    for ending in ENDINGS:
        text = (tmp_path / f"x{ending}").read_text(encoding="utf-8")
        assert character not in text
        assert "b\ufffd" in text or ending == ".json"
    ET.parse(tmp_path / "x.gexf")
    assert igraph.Graph.Read_GraphML(str(tmp_path / "x.graphml")).es["first_sentence"] == ["一\ufffd二&#55555;"]
    read = read_network(tmp_path / "x.graphml")
    assert read.nodes["a"]["label_zh"] == "捐\ufffd款"
    assert read.edges["a", "b\ufffd"]["first_sentence"] == "一\ufffd二&#55555;"


def test_ids_with_space_and_quotation_marks_stay_one_id_in_pajek_and_ucinet(tmp_path):
    network = nx.Graph([("issuer:my text", 'type:"q"'), ('type:"q"', "c")])
    write_network(network, tmp_path / "x")
    assert list(nx.read_pajek(tmp_path / "x.net")) == ["issuer:my text", "type:'q'", "c"]
    assert igraph.Graph.Read_Pajek(str(tmp_path / "x.net")).ecount() == 2
    graph = igraph.Graph.Read_DL(str(tmp_path / "x.dl"))
    assert graph.vs["name"] == ["issuer:my_text", 'type:"q"', "c"]
    assert graph.get_edgelist() == [(0, 1), (1, 0), (1, 2), (2, 1)]


def test_what_cannot_be_written_is_told_with_its_name(tmp_path):
    (tmp_path / "x.graphml").mkdir()
    (tmp_path / "file").touch()
    table = pd.DataFrame({"n": [1]})
    with pytest.raises(InputError, match=r"x.graphml: cannot be written \(Is a directory\); give another name"):
        write_network(NETWORK, tmp_path / "x")
    with pytest.raises(InputError, match=r"file/x.graphml: cannot be written \((Not a directory|File exists)\)"):
        write_network(NETWORK, tmp_path / "file" / "x")
    with pytest.raises(InputError, match=r"x.graphml: cannot be written \(Is a directory\)"):
        write_latex(table, tmp_path / "x.graphml", caption="", label="")


def test_an_id_that_could_not_be_read_back_is_refused(tmp_path):
    network = nx.Graph()
    network.add_edge("a", "b", statement_ids=["x|y"])
    with pytest.raises(InputError, match="edge a - b: statement_ids may not hold '|'"):
        write_network(network, tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_network_is_refused_by_name(tmp_path):
    path = tmp_path / "x.graphml"
    with pytest.raises(InputError, match="x.graphml: no network in GraphML .*No such file or directory"):
        read_network(path)
    with pytest.raises(InputError, match="no network in GraphML .*Is a directory"):
        read_network(tmp_path)
    for text in ("无\n", "<a/>", '{"nodes": []}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="x.graphml: no network in GraphML"):
            read_network(path)
