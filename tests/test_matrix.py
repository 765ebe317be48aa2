import pytest
from matplotlib.colors import rgb_to_hsv, to_rgb

from analysis.drawing import BLUES, SIZE
from analysis.matrix import draw_matrix, tabulate_rates
from analysis.network import build_network
from tests.drawn import find_overlaps, find_texts, read_network
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS

SMALL = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)


def test_rates_keep_every_code_and_issuer_with_zeros():
    rates = tabulate_rates(SMALL, "measure")
    table = rates.pivot(index="code", columns="issuer", values="rate")
    assert table.shape == (3, 3)
    assert table.loc["measure:donation"].tolist() == pytest.approx([1000 * 2 / 200, 1000 * 1 / 800, 0])
    assert table.loc["measure:rent"].tolist() == [0, 0, 0]
    assert set(rates["block"]) == {"epidemic", "both", "resumption"} and set(rates["coder"]) == {"reference"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["measure", "type"])
@pytest.mark.parametrize("stated", ["", "jiangsu"])
def test_no_text_of_a_matrix_overlaps_another_or_is_cut_off(kind, language, stated):
    figure = draw_matrix(tabulate_rates(read_network(stated), kind), language=language)
    assert find_overlaps(figure) == []
    assert figure.get_figwidth() == pytest.approx(89 / 25.4, abs=0.01)
    assert min(text.get_fontsize() for text in find_texts(figure)) >= SIZE == 6


def test_every_cell_of_a_matrix_shows_its_number():
    rates = tabulate_rates(SMALL, "measure")
    texts = [text.get_text() for text in find_texts(draw_matrix(rates, language="en"))]
    assert (rates["rate"] == 0).sum() == 5 and texts.count("0") == 5 + 5  # as the sums of blocks of one measure
    assert {"10.0", "1.2", "5.0"} <= set(texts)
    assert "n = 0" in texts and any("a language model" in text for text in texts)


def test_the_sum_of_each_block_stands_above_its_columns():
    rates = tabulate_rates(SMALL, "type").assign(rate=[1.2, 2, 0, 3.5, 5, 0, 0, 0.01, 0])
    texts = find_texts(draw_matrix(rates, language="en"))
    bold = [text.get_text() for text in texts if "Bold" in str(text.get_fontproperties().get_file())]
    assert sorted(text for text in bold if text[-1].isdigit()) == ["0", "0", "0", "4.7", "7.0", "<0.1"]


def test_shades_darken_steadily_so_that_they_read_in_grey():
    values = [rgb_to_hsv(to_rgb(BLUES(step / 20)))[2] for step in range(21)]
    greys = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue, _ in (BLUES(s / 20) for s in range(21))]
    assert all(after < before for before, after in zip(greys, greys[1:], strict=False)) and values[-1] < 0.5
