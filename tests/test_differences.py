import hashlib

import pandas as pd
import pytest

from analysis.differences import draw_differences, tabulate_differences
from analysis.drawing import INK, PALE, SIZE, measure_text
from analysis.network import build_network, join_facts
from analysis.publishing import make_caption, save_figure
from tests.drawn import find_overlaps, find_texts
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS

# The rules lack the first statement (a donation of ant) and find the others.
RULES = join_facts(STATEMENTS.assign(coder="rules").iloc[1:], DOCUMENTS, codebook=CODEBOOK)
REFERENCE = join_facts(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
NAMES = ["donation", "logistics", "rent", ""]
CONFUSION = pd.DataFrame([[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]], NAMES, NAMES)
NETWORK = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
SMALL = tabulate_differences(RULES, REFERENCE, CONFUSION, NETWORK, seed=1)


@pytest.fixture(scope="module")
def differences(register, corpus, reference, codebook):
    import analysis as an

    documents, _ = register
    confusion = an.tabulate_confusion(an.compare_codings(corpus, reference), codebook.measures.index, by="measure")
    joined = [an.join_facts(coding.statements, documents, codebook=codebook) for coding in (corpus, reference)]
    network = an.build_network(corpus.statements, documents, codebook=codebook)
    return tabulate_differences(*joined, confusion, network, seed=1)


def find_marks(figure, size):
    """Return the places of the marks of one size, those of the heads (right of the scales) among them."""
    lines = [line for line in figure.axes[0].lines if line.get_markersize() == size]
    return [(x, y) for line in lines for x, y in zip(*line.get_data(), strict=True) if x == x]


def test_strengths_and_cosines_stand_side_by_side_as_counted_by_hand():
    table = SMALL.set_index("code")
    assert table.loc["measure:donation", ["first", "second"]].tolist() == [2, 3]
    assert table.loc["measure:rent", ["first", "second"]].tolist() == [0, 0]
    # Ant is (1, 1) by the rules and (2, 1) by the reference; bee is (1, 1) by both; cat is silent.
    assert table.loc["issuer:ant issuer:bee", ["first", "second"]].tolist() == pytest.approx([1, 3 / 10**0.5], abs=1e-4)
    assert table.loc["issuer:ant issuer:cat", ["first", "second", "low"]].isna().all()
    assert table.loc["issuer:ant issuer:bee", ["label_zh", "label_en"]].tolist() == ["甲厅 – 乙局", "Ant – Bee"]
    assert set(table["first_coder"]) == {"rules"} and set(table["second_coder"]) == {"reference"}


def test_an_interval_reaches_towards_what_the_coding_misses():
    table = SMALL.set_index("code")
    assert table.at["measure:donation", "high"] > 3 and table.at["measure:donation", "low"] <= 2
    high = table["high"] - table["first"]
    assert high["measure:donation"] > high["measure:logistics"]


def test_blocks_stay_together_and_the_greatest_stands_first(differences):
    assert list(differences["block"].drop_duplicates()) == ["epidemic", "resumption", "both", "governance", "pair"]
    assert all(block["second"].is_monotonic_decreasing for _, block in differences.groupby("block", observed=True))
    assert (differences["kind"] == "pair").sum() == 10


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("silent", [False, True])
def test_no_text_overlaps_another_or_is_cut_off(differences, language, silent):
    table = differences.assign(first=float("nan"), low=float("nan"), high=float("nan")) if silent else differences
    figure = draw_differences(table, language=language)
    assert find_overlaps(figure) == []
    assert figure.get_figwidth() == pytest.approx(89 / 25.4, abs=0.01)
    assert figure.get_figheight() < 235 / 25.4
    assert {text.get_fontsize() for text in find_texts(figure)} == {SIZE}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_reaches_into_the_scale_and_no_mark_leaves_it(differences, language):
    figure = draw_differences(differences, language=language)
    dots, rings = find_marks(figure, 2.5), find_marks(figure, 4.2)
    assert len(dots) == len(rings) == len(differences) + 2  # two heads
    texts = {(text.get_text(), *text.get_position()) for text in figure.axes[0].texts}
    ticks = [x for text, x, _ in texts if text in ("0", "30", "1") and x < 215]
    assert all(min(ticks) <= x <= max(ticks) for x, _ in dots + rings if x < 215)
    assert max(measure_text(text) for text, x, y in texts if x == 0) < min(ticks) - 2.1 - 1


def test_dots_and_rings_lie_at_their_values_and_meet_where_codings_agree():
    figure = draw_differences(SMALL, language="en")
    dots, rings = (dict((y, x) for x, y in find_marks(figure, size)) for size in (2.5, 4.2))
    rows = {text.get_text(): round(text.get_position()[1] - 0.36 * SIZE, 3) for text in find_texts(figure)}
    dots, rings = ({round(y, 3): x for y, x in marks.items()} for marks in (dots, rings))
    donation, logistics, rent = (rows[name] for name in ("Donations", "Logistics", "Rent relief"))
    assert dots[logistics] == rings[logistics] and dots[rent] == rings[rent]
    one = rings[donation] - dots[donation]
    assert one > 4 and rings[donation] - rings[rent] == pytest.approx(3 * one)


def test_values_stand_as_numbers_pale_where_both_agree():
    shown = [(text.get_text(), text.get_color()) for text in draw_differences(SMALL, language="zh").axes[0].texts]
    assert {("2", INK), ("3", INK), ("2", PALE), ("0", PALE), ("1.00", INK), ("0.95", INK), ("–", PALE)} <= set(shown)


def test_the_key_and_the_caption_say_that_a_language_model_made_the_reference():
    for language, words in (("zh", ("语言模型", "4 / 5")), ("en", ("language model", "4 / 5"))):
        assert any(words[0] in text.get_text() for text in find_texts(draw_differences(SMALL, language=language)))
        caption = make_caption(SMALL, DOCUMENTS, language=language)
        assert all(word in caption for word in words) and caption.count("\n") == 1


def test_the_same_codings_give_the_same_bytes(tmp_path):
    sums = []
    for _ in range(2):
        table = tabulate_differences(RULES, REFERENCE, CONFUSION, NETWORK, seed=1)
        figure = draw_differences(table, language="zh")
        save_figure(figure, tmp_path, "05-differences", language="zh", data=table, caption="x")
        sums.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()})
    assert sums[0] == sums[1] and len(sums[0]) == 5
