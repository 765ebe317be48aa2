import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from analysis.codebook import read_codebook
from analysis.drawing import (
    COLOURS,
    HEADING,
    LEADING,
    find_missing,
    lay_rows,
    measure_text,
    read_words,
    wrap_text,
)

LETTERS = st.text(alphabet="行业协会商会、（）与和 abc-", min_size=1, max_size=40).map(str.strip).filter(bool)


def test_a_chinese_character_is_one_em_wide_and_the_longest_line_counts():
    assert measure_text("行业") == pytest.approx(12, abs=0.5)
    assert measure_text("行业\n协会商会") == pytest.approx(24, abs=0.5)


def test_missing_characters_are_named_with_their_place_and_the_mend():
    problems = find_missing({"a": "协会\U000203b4\U000203b4", "b": "民政部\nMinistry, 2020–21: “1.5”", "c": "𐀀"})
    assert [problem.partition(":")[0] for problem in problems] == ["a", "c"]
    assert problems[0].count("U+203B4") == 1 and "make the fonts" in problems[0] and "𐀀 (U+10000)" in problems[1]


@settings(deadline=None)  # jieba reads its dictionary once
@given(LETTERS, st.integers(20, 90))
def test_wrapping_loses_no_letter_and_breaks_only_where_it_may(text, width):
    lines = wrap_text(text, width).split("\n")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[:1] in "、）" for line in lines[1:])
    assert all(measure_text(line) <= width for line in lines if set(line) <= set("行业协会商与和"))


def test_a_label_breaks_between_words_and_evenly():
    assert wrap_text("江苏省社会组织管理工作联席会议", 48) == "江苏省社会组织\n管理工作联席会议"
    assert wrap_text("社会服务机构（民办非企业单位）", 55) == "社会服务机构\n（民办非企业单位）"
    assert wrap_text("浙江省民政厅 – 江苏省社会组织管理工作会议", 90) == "浙江省民政厅 –\n江苏省社会组织管理工作会议"
    assert wrap_text("Hospital construction and medical aid", 90) == "Hospital construction\nand medical aid"
    assert wrap_text("Société générale", 30) == "Société\ngénérale"


def test_every_word_is_there_in_both_languages_and_can_be_drawn():
    chinese, english = read_words("zh"), read_words("en")
    blocks = {*read_codebook().types["group"], *read_codebook().measures["goal"]}
    assert blocks <= set(english) and list(chinese) == list(english)
    assert all(english.values()) and find_missing(chinese | {f"en {key}": text for key, text in english.items()}) == []
    fields = [[sorted(re.findall(r"{\w*}", words[key])) for key in english] for words in (chinese, english)]
    assert fields[0] == fields[1] and any(fields[0])


def test_rows_stand_by_block_the_greatest_first_below_room_for_a_heading():
    labels = pd.DataFrame({"label": list("abc"), "block": ["x", "y", "x"], "count": [1, 5, 2]}, index=list("ABC"))
    rows = lay_rows(labels, top=10, width=50, spare=2, x=7)
    assert list(rows.index) == ["C", "A", "B"] and set(rows["x"]) == {7}
    first = 10 + HEADING
    tops = [first, first + LEADING + 2, first + 2 * (LEADING + 2) + HEADING]
    assert rows["top"].tolist() == pytest.approx(tops)
    assert (rows["bottom"] - rows["top"]).tolist() == pytest.approx([LEADING + 2] * 3)


def test_five_issuers_are_told_apart_in_grey():
    def lightness(colour):
        """CIE 1976 L*."""
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        return 116 * (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]) ** (1 / 3) - 16

    greys = sorted(map(lightness, COLOURS[:5]))
    assert min(after - before for before, after in zip(greys, greys[1:], strict=False)) > 14 and greys[-1] < 88
