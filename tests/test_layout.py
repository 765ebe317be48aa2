from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.layout import (
    BOLD,
    count_crossings,
    find_missing,
    fit_labels,
    measure_text,
    order_columns,
    place_boxes,
    wrap_text,
)

LETTERS = st.text(alphabet="行业协会商会、（）与和 abc-", min_size=1, max_size=40).map(str.strip).filter(bool)
LINKS = st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), st.integers(1, 9))


def test_a_chinese_character_is_one_em_wide():
    assert measure_text("行业", 6) == pytest.approx(12)
    assert measure_text("行业", 6, font=BOLD) == pytest.approx(12)


def test_missing_characters_are_found_once_each_and_sorted():
    assert find_missing("协会\U000203b4𐀀\U000203b4") == ["𐀀", "\U000203b4"]
    assert find_missing("民政部 Ministry of Civil Affairs, 2020–21: “1.5”") == []


@settings(deadline=None)  # jieba reads its dictionary once
@given(LETTERS, st.integers(20, 90))
def test_wrapping_loses_no_letter_and_breaks_only_where_it_may(text, width):
    lines = wrap_text(text, width=width, size=6)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "、）" for line in lines[1:])
    assert all(measure_text(line, 6) <= width for line in lines if set(line) <= set("行业协会商与和"))


def test_a_label_breaks_between_words_and_evenly():
    assert wrap_text("江苏省社会组织管理工作联席会议", width=48, size=6) == ["江苏省社会组织", "管理工作联席会议"]
    assert wrap_text("社会服务机构（民办非企业单位）", width=55, size=6) == ["社会服务机构", "（民办非企业单位）"]
    assert wrap_text("Hospital construction and medical aid", width=90, size=6) == [
        "Hospital construction",
        "and medical aid",
    ]


def test_all_labels_are_turned_where_one_does_not_fit():
    assert fit_labels(["浙江省民政厅", "A B"], width=20, length=80, size=6) == ([["浙江省", "民政厅"], ["A B"]], False)
    lines, turned = fit_labels(["浙江省民政厅", "Administration"], width=20, length=80, size=6)
    assert (lines, turned) == ([["浙江省民政厅"], ["Administration"]], True)


@given(st.lists(st.tuples(st.floats(-50, 400), st.floats(5, 30)), min_size=1, max_size=12))
def test_boxes_keep_order_distance_and_bounds(boxes):
    wanted, heights = zip(*boxes, strict=True)
    middles = place_boxes(wanted, heights, gap=2, top=10, bottom=500)
    tops, bottoms = middles - np.array(heights) / 2, middles + np.array(heights) / 2
    assert tops[0] >= 10 - 1e-6 and bottoms[-1] <= 500 + 1e-6
    assert all(after - before >= 2 - 1e-6 for before, after in zip(bottoms[:-1], tops[1:], strict=True))


def test_boxes_that_fit_stand_where_they_want():
    assert place_boxes([30, 80], [10, 10], gap=2, top=0, bottom=100).tolist() == pytest.approx([30, 80])


@given(LINKS, st.permutations("abcd"), st.permutations("wxyz"))
def test_crossings_are_those_of_a_naive_count(links, left, right):
    naive = sum(
        m * n
        for (a, b), m in links.items()
        for (c, d), n in links.items()
        if left.index(a) < left.index(c) and right.index(b) > right.index(d)
    )
    assert count_crossings(left, right, links) == naive


@given(LINKS)
def test_ordering_never_adds_crossings_and_keeps_nodes_and_blocks(links):
    columns, blocks = ["abcd", "wxyz"], dict.fromkeys("wx", "one") | dict.fromkeys("yz", "two")
    ordered = order_columns(columns, links, blocks=blocks)
    assert [sorted(column) for column in ordered] == [list(column) for column in columns]
    assert [blocks[node] for node in ordered[1]] == ["one", "one", "two", "two"]
    assert count_crossings(*ordered, links) <= count_crossings(*columns, links)


def test_ordering_untangles_what_can_be_untangled_and_puts_the_silent_last():
    links = {("a", "z"): 1, ("b", "y"): 1, ("c", "x"): 1}
    ordered = order_columns(["abcd", "wxyz"], links, blocks={})
    assert count_crossings(*ordered, links) == 0
    assert [column[-1] for column in ordered] == ["d", "w"]
    assert all(len(column) == 4 for column in ordered) and len(list(pairwise(ordered))) == 1
