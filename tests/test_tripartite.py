from collections import Counter

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from analysis.drawing import COLOURS, PALE
from analysis.network import build_network
from analysis.tripartite import draw_tripartite, order_nodes, tabulate_flows
from tests.drawn import find_overlaps, find_texts, read_network
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS

SMALL = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)


def test_flows_join_issuer_type_and_measure_of_each_statement():
    flows = tabulate_flows(SMALL).set_index(["issuer", "type", "measure"])["statements"]
    assert flows.to_dict() == {
        ("issuer:ant", "type:association", "measure:donation"): 1,
        ("issuer:ant", "type:charity", "measure:donation"): 1,
        ("issuer:ant", "type:charity", "measure:logistics"): 1,
        ("issuer:bee", "type:association", "measure:donation"): 1,
        ("issuer:bee", "type:association", "measure:logistics"): 1,
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("stated", ["", "jiangsu"])
def test_no_text_overlaps_another_or_is_cut_off(language, stated):
    figure = draw_tripartite(read_network(stated), language=language)
    assert find_overlaps(figure) == []
    assert figure.get_figwidth() == pytest.approx(89 / 25.4, abs=0.01)
    assert figure.get_figheight() < 235 / 25.4
    assert min(text.get_fontsize() for text in find_texts(figure)) >= 6


def test_a_dozen_issuers_have_room():
    network = SMALL.copy()
    for number in range(9):
        network.add_node(
            f"issuer:{number}", kind="issuer", label_zh=f"第{number}民政局", label_en=f"Office Number {number}"
        )
    figure = draw_tripartite(network, language="en")
    assert find_overlaps(figure) == []
    names = [text.get_text() for text in find_texts(figure)]
    assert "Office Number 8" in names


def test_every_node_has_its_label_and_count_and_the_silent_are_pale():
    texts = find_texts(draw_tripartite(SMALL, language="zh"))
    names = "甲厅 乙局 丙市 慈善组织 协会 政府 捐款 物流 减租 疫情防控 复工复产 两者兼顾"
    assert set(names.split()) <= {text.get_text() for text in texts}
    assert {text.get_text() for text in texts if text.get_color() == PALE} == {"丙市", "政府", "减租", "复工复产", "0"}
    counts = Counter(text.get_text() for text in texts if text.get_text().isdigit())
    assert counts == {"3": 4, "2": 4, "0": 4}  # 3 of ant, the association, donation and its goal


def test_bands_are_as_wide_as_their_statements_and_coloured_by_issuer():
    bands = draw_tripartite(SMALL, language="en").axes[0].collections
    assert {to_hex(band.get_facecolor()[0]) for band in bands} == set(COLOURS[:2])
    first = [band.get_paths()[0].vertices for band in bands]
    widths = sorted(round(np.ptp(path[path[:, 0] == path[:, 0].min(), 1]) / 0.45, 3) for path in first)
    assert widths == [1] * 6 + [2] * 2  # of ant: 2 to charities, 1 to associations; of bee: 2; five singles


def test_bars_count_the_statements_of_a_measure_by_issuer():
    bars = [bar for bar in draw_tripartite(SMALL, language="en").axes[0].patches if bar.get_height() == 2.4]
    lengths = [(round(bar.get_width() / 3, 3), to_hex(bar.get_facecolor())) for bar in bars]
    ant, bee = COLOURS[:2]
    assert sorted(lengths) == sorted([(2, ant), (1, ant), (1, bee), (1, bee)])
    assert bars[2].get_xy() == pytest.approx((bars[0].get_x() + bars[0].get_width(), bars[0].get_y()))  # donation


def test_nodes_stand_near_what_they_lead_to_and_those_that_lead_nowhere_last():
    flows = pd.DataFrame({"a": list("pqr"), "b": list("zyx"), "statements": [1, 5, 1]})
    ordered = order_nodes(flows, {"a": "spqr", "b": "xyz"})
    assert ordered == {"a": ["r", "q", "p", "s"], "b": ["x", "y", "z"]}
    flows = pd.DataFrame({"a": list("ppq"), "b": list("xzy"), "statements": [1, 3, 1]})
    assert order_nodes(flows, {"a": "pq", "b": "xyz"})["a"] == ["q", "p"]  # at 1.5 and 1


def test_a_network_without_statements_is_drawn_pale():
    network = build_network(STATEMENTS.iloc[:0], DOCUMENTS, codebook=CODEBOOK)
    texts = {text.get_text(): text.get_color() for text in find_texts(draw_tripartite(network, language="en"))}
    assert texts["Charities"] == texts["Donations"] == PALE
