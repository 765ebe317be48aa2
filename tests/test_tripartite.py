import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from analysis.canvas import COLOURS, PALE
from analysis.network import build_network
from analysis.tripartite import draw_tripartite
from tests.drawn import find_overlaps, find_texts, read_network
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS

SMALL = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("stated", ["", "jiangsu"])
def test_no_text_overlaps_another_or_is_cut_off(language, stated):
    figure = draw_tripartite(read_network(stated), language=language)
    assert find_overlaps(figure) == []
    assert figure.get_figwidth() == pytest.approx(89 / 25.4, abs=0.01)
    assert figure.get_figheight() < 235 / 25.4
    assert min(text.get_fontsize() for text in find_texts(figure)) >= 6


def test_every_node_has_its_label_and_the_silent_are_pale():
    colours = {text.get_text(): text.get_color() for text in find_texts(draw_tripartite(SMALL, language="zh"))}
    assert {"甲厅", "乙局", "丙市", "慈善组织", "协会", "政府", "捐款", "物流", "减租"} <= set(colours)
    assert {name for name, colour in colours.items() if colour == PALE} == {"丙市", "政府", "减租", "0"}


def test_bands_are_as_wide_as_their_statements_and_coloured_by_issuer():
    bands = draw_tripartite(SMALL, language="en").axes[0].patches
    bands = [band for band in bands if isinstance(band, PathPatch)]
    starts = {(band.get_path().vertices[0][0], to_hex(band.get_facecolor())) for band in bands}
    assert {colour for _, colour in starts} == set(COLOURS[:2]) and len({x for x, _ in starts}) == 2
    widths = sorted(round(band.get_path().vertices[7][1] - band.get_path().vertices[0][1], 6) for band in bands)
    assert widths == [0.5] * 6 + [1.0] * 2  # of ant: 2 to charities, 1 to associations; of bee: 2; five singles


def test_a_network_without_statements_is_drawn_pale():
    network = build_network(STATEMENTS.iloc[:0], DOCUMENTS, codebook=CODEBOOK)
    texts = {text.get_text(): text.get_color() for text in find_texts(draw_tripartite(network, language="en"))}
    assert texts["Charities"] == texts["Donations"] == PALE
