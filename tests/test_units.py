"""Units: cut like the reference, equal to their slice, with the right section."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.tables import make_table


def split(*texts: str) -> pd.DataFrame:
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "clean": texts})
    return an.split_units(documents, make_table([], "repairs"))


def test_the_216_units_of_the_reference_are_reproduced(corpus, reference):
    columns = ["doc_id", "unit_id", "text"]
    expected = reference.units[columns].sort_values(columns[:2]).reset_index(drop=True)
    found = corpus.units[columns].sort_values(columns[:2]).reset_index(drop=True)
    assert len(expected) == 216
    pd.testing.assert_frame_equal(found, expected)


def test_a_closing_quote_or_bracket_stays_with_its_sentence():
    units = split("他说：“必须落实。”各会员要响应（见附件。）然后复工；完成！")
    assert units["text"].tolist() == ["他说：“必须落实。”", "各会员要响应（见附件。）", "然后复工；", "完成！"]


@given(st.text(alphabet="一二三四五六七八九十、，。！？；：”“’（）(1)2.是要①\n 要会员", max_size=80))
def test_every_unit_equals_its_slice_and_no_letter_is_lost(clean):
    units = split(clean)
    assert all(unit.text == clean[unit.start : unit.end] for unit in units.itertuples())
    assert "".join("".join(units["text"]).split()) == "".join(clean.split())
    assert (units["start"].to_numpy()[1:] >= units["end"].to_numpy()[:-1]).all()


def test_sections_follow_the_numerals_and_subtitles_of_the_official_style():
    text = (
        "关于有序复工的通知\n各协会：\n一、加强指导\n协会要重视。\n（一）开展动员。要动员会员。一是宣传。二是排查。\n"
        "（二）规范行为。要自律。\n二、做好总结\n要总结。\n某协会\n2020年2月1日"
    )
    units = split(text)
    assert units["section"].tolist() == [
        "", "", "一", "一", "一/（一）", "一/（一）", "一/（一）/一是", "一/（一）/二是",
        "一/（二）", "一/（二）", "二", "二", "", "",
    ]  # fmt: skip
    assert units["kind"].tolist() == [
        "title", "addressee", "heading", "sentence", "heading", "sentence", "sentence", "sentence",
        "heading", "sentence", "heading", "sentence", "furniture", "furniture",
    ]  # fmt: skip


def test_a_numbered_sentence_with_nothing_below_it_is_no_heading():
    units = split("倡议书\n要做到：\n一、减免会费。\n二、捐款捐物。\n三、不信谣。")
    assert units["kind"].tolist()[2:] == ["sentence", "sentence", "sentence"]


def test_a_decimal_number_is_no_marker():
    assert split("捐赠如下。\n2.6亿元已到账。")["section"].tolist() == ["", ""]


def test_items_without_a_sentence_end_are_no_furniture():
    units = split("倡议书\n现倡议如下。\n1、做好体温检测\n2、减免会费\n3、捐款捐物\n某某协会\n2020年2月1日\n")
    kinds = dict(zip(units["text"], units["kind"], strict=True))
    assert "furniture" not in {kinds["2、减免会费"], kinds["3、捐款捐物"]}
    assert kinds["某某协会"] == kinds["2020年2月1日"] == "furniture"


def test_texts_without_any_sentence_end_are_sentences():
    assert split("行业协会要带头减免会费")["kind"].tolist() == ["sentence"]
    assert split("协会要捐款\n商会要自律")["kind"].tolist() == ["sentence", "sentence"]
