"""Cleaning: the five texts, each rule on a text of its own, and the way back to the raw text."""

import hashlib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import paths
from analysis.cleaning import ROUNDS, Repair, apply_edits, clean_text, find_suspicious, to_raw
from analysis.documents import read_documents
from analysis.errors import InputError
from analysis.rules import RULES
from analysis.tables import COLUMNS

# The letters that trigger the rules, alone and as the words that trigger them.
TRIGGERS = [
    *" \n\r\t\xa0\u3000\ufeff|,;:!?.()（）“”\"'「」，、；：。！？1２Ａ",
    *(
        "學",
        "(xué)",
        "贏",
        "覆工",
        "会",
        "协会要复工",
        "\r\n",
        "&nbsp;",
        "■ 本报记者 王勇 ",
        "02.27 ",
        "分享到:",
        "相关文章",
    ),
    *(
        "当前位置 : 首页",
        "发布日期:2020-02-12",
        "扫一扫",
        "一是",
        "一、",
        "倡 议 书",
        "各协会要做好防护",
        "。 ",
        ",,",
        ",。",
        "?",
    ),
    "协会要引导会员企业做好防护，保障供应。" * 12,
    "全省社会组织要統籌做好疫情防控和復工復產。" * 4 + "\n",
]
texts = st.lists(st.sampled_from(TRIGGERS), max_size=40).map("".join)


@pytest.fixture(scope="module")
def register():
    return read_documents()


@pytest.mark.parametrize("doc_id", ["zhejiang", "ministry", "guizhou", "jiangsu", "lanzhou"])
def test_a_text_of_the_corpus_becomes_its_reference_text_character_for_character(register, doc_id):
    clean = register[0].set_index("doc_id").loc[doc_id, "clean"]
    assert clean == (paths.REFERENCE / "clean" / f"{doc_id}.txt").read_bytes().decode()
    assert clean_text(clean)[0] == clean
    assert find_suspicious(clean).empty


def test_the_repairs_of_the_corpus_are_counted(register):
    documents, repairs = register
    assert repairs["doc_id"].value_counts().to_dict() == {
        "guizhou": 835, "lanzhou": 816, "ministry": 175, "zhejiang": 67, "jiangsu": 41
    }  # fmt: skip
    assert len(repairs[repairs["rule"].str.contains("pinyin") & (repairs["doc_id"] == "guizhou")]) == 223
    assert sum(repairs["rule"].str.contains("emendation")) == 5


def test_rebuilding_the_clean_texts_from_raw_and_repairs_gives_the_clean_texts(register):
    documents, repairs = register
    for doc in documents.itertuples():
        assert rebuild(doc.raw, repairs[repairs["doc_id"] == doc.doc_id]) == doc.clean


@pytest.mark.parametrize(
    ("raw", "clean", "rule"),
    [
        ("组织\u3000管理\r\n协会&nbsp;商会\n", "组织 管理\n协会 商会\n", "characters"),
        ("捐款３万元\n", "捐款3万元\n", "characters"),
        ("\n\n  第一段。  \n \n\n第二段。\n\n", "第一段。\n第二段。\n", "white space"),
        ("学(xué)习(xí)讲话。\n", "学习讲话。\n", "pinyin"),
        ("協會要做好疫情防控工作，乾著。\n", "协会要做好疫情防控工作，干着。\n", "script"),
        ("分類分批覆工復產，不顛覆產業。\n", "分类分批复工复产，不颠覆产业。\n", "script"),
        ("|\n||||\n| 协会捐款。 |\n", "协会捐款。\n", "table pipes"),
        (
            "当前位置 : 首页\n>> 通知公告\n关于复工的倡议\n发布日期:2020-02-12 11:54 访问次数:\n",
            "关于复工的倡议\n",
            "boilerplate",
        ),
        ("协会捐款。\n分享到:\n", "协会捐款。\n", "share buttons"),
        ("协会捐款。\n相关文章:\n某市协会捐款\n某县协会倡议\n", "协会捐款。\n", "related articles"),
        ("■ 本报记者 王勇 李小明 据网站消息，协会捐款。\n", "据网站消息，协会捐款。\n", "by-line"),
        ("02.27 协会在行动\n协会捐款。\n", "协会在行动\n协会捐款。\n", "title prefix"),
        ("协会在行动\n协会在行动\n协会捐款。\n", "协会在行动\n协会捐款。\n", "doubled"),
        ("协会在行动\n" * 50 + "协会捐款。\n", "协会在行动\n协会捐款。\n", "doubled"),
        ("企业,,协会,、商会,。\n", "企业，协会、商会。\n", "doubled punctuation"),
        ("会员(企业)要:一,复工;二,复产!\n", "会员（企业）要：一，复工；二，复产！\n", "full-width punctuation"),
        ('发扬"一盘棋"精神,企业能复工吗?能\n', "发扬“一盘棋”精神，企业能复工吗？能\n", "full-width punctuation"),
        ("倡 议 书\n围绕 : 三点 ，\n", "倡议书\n围绕：三点，\n", "spaces"),
        ("增强“四个\n\n自信”，做到。\n", "增强“四个自信”，做到。\n", "broken lines"),
        ("协会捐款。", "协会捐款。\n", "line end"),
    ],
)
def test_a_rule_mends_what_it_is_for(raw, clean, rule):
    got, repairs = clean_text(raw)
    assert got == clean
    assert any(rule in joined.split("+") for joined in repairs["rule"])


@pytest.mark.parametrize(
    "text",
    [
        "协会在2020年2月12日16:30发出倡议，捐款30,759.20元，见http://a.cn/x?id=3，微信号（abc）。\n",
        "施乾平、於若飞、兰国樑著文，山西融昇园捐口罩。\n",  # names keep Traditional forms
        "联系QQ群、N95口罩、APP，邮箱 a@b.com（微信（chinanpogov）查询）。\n",
        "关于压实防控责任 更好发挥社会组织作用的通知\n各协会：\n要求如下。\n",  # the space of a title stays
        "战“疫”公开课|专家直播。\n",
        "协会:\n".replace(":", "：") + "一、加强指导\n各协会要加强指导。\n二、做好服务\n各协会要做好服务。\n",
        "本报记者专访了协会会长。\n来源于会员的捐款，协会已公示。\n分享经验，协会在行动。\n打印机行业协会捐口罩\n",
        "位置：某市中心医院\n2.27 万元由协会捐出。\n",
        "还有防护口罩。。。。。”\n爱心捐赠?助力武汉\n",  # an ellipsis; a lost mark that no rule can know
        "颠覆工业。批复工作。\n",
    ],
)
def test_what_is_right_stays(text):
    assert clean_text(text)[0] == text
    assert clean_text(text)[1].empty


def test_a_body_that_stands_twice_stands_once():
    body = (
        "某省民政厅的倡议书\n" + "各协会要引导会员企业做好防护，保障供应。" * 12 + "\n" + "二、做好服务\n要做好服务。\n"
    )
    clean, repairs = clean_text(body + "扫一扫在手机打开当前页\n" + body)
    assert clean == body
    assert to_raw(repairs, 0, len(body)) == (0, len(body))


def test_a_short_passage_that_stands_twice_stays():
    text = "倡议书\n要做好服务。\n某协会\n要做好服务。\n某协会\n"
    assert clean_text(text)[0] == text


def test_paragraphs_and_subtitles_of_a_text_without_line_breaks_get_lines():
    first, second = "各协会要引导会员企业做好防护，保障供应。" * 8, "一是做好服务。" * 10
    clean, _ = clean_text(f"{first} 围绕两个方面下功夫 会议强调，要做好两点: {second} 二是反映诉求。")
    assert clean.split("\n") == [first, "围绕两个方面下功夫", f"会议强调，要做好两点：{second}", "二是反映诉求。", ""]


def test_a_page_break_is_mended_only_where_other_paragraphs_end_with_a_stop():
    paragraphs = [f"{who}要引导会员企业做好防护，保障供应。" * 5 for who in ("协会", "商会", "学会", "基金会")]
    cut = f"{paragraphs[0]}要做好防护措\n\n施，返程后隔离。\n"
    assert "防护措施，返程" in clean_text("\n".join([*paragraphs, cut]))[0]
    assert "防护措\n施，返程" in clean_text(cut)[0]


@given(texts)
@settings(max_examples=300, deadline=None)
def test_every_clean_character_outside_the_repairs_is_the_same_character_of_the_raw_text(raw):
    clean, repairs = clean_text(raw)
    assert rebuild(raw, repairs) == clean
    changed = {i for r in repairs.itertuples() for i in range(r.clean_start, r.clean_end)}
    for i, character in enumerate(clean):
        start, end = to_raw(repairs, i, i + 1)
        assert (i in changed) or (raw[start:end] == character)


@given(texts)
@settings(max_examples=300, deadline=None)
def test_a_second_cleaning_changes_nothing(raw):
    clean, _ = clean_text(raw)
    assert clean_text(clean)[0] == clean


@given(texts, st.data())
@settings(max_examples=200, deadline=None)
def test_raw_spans_are_monotone_and_repairs_are_mapped_whole(raw, data):
    clean, repairs = clean_text(raw)
    a, b, c = sorted(data.draw(st.lists(st.integers(0, len(clean)), min_size=3, max_size=3)))
    inner, outer = to_raw(repairs, a, b), to_raw(repairs, a, c)
    assert 0 <= outer[0] == inner[0] <= inner[1] <= outer[1] <= len(raw)
    for r in repairs.query("clean_start < clean_end").itertuples():
        assert to_raw(repairs, r.clean_start, r.clean_end) == (r.raw_start, r.raw_end)


def test_the_raw_span_leaves_out_what_was_deleted_at_its_edges():
    clean, repairs = clean_text("學(xué)習(xí)全體會議精神。\n")
    assert clean == "学习全体会议精神。\n"
    assert to_raw(repairs, 0, 1) == (0, 1)
    assert to_raw(repairs, 0, 2) == (0, 7)
    assert to_raw(repairs, 1, 2) == (6, 7)


edits = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.text("xy", max_size=2)), max_size=6)


@given(st.text("abc", min_size=1, max_size=30), st.lists(edits, max_size=4))
def test_edits_composed_give_the_text_that_edits_in_turn_give(raw, rounds):
    text, repairs = raw, []
    for number, gaps in enumerate(rounds):
        at, placed = 0, []
        for gap, length, by in gaps:
            start, end = at + gap, at + gap + length
            if end <= len(text) and (length or (by and not (placed and placed[-1][1] == start))):
                placed.append((start, end, by))
                at = end
        expected = text
        for start, end, by in reversed(placed):
            expected = expected[:start] + by + expected[end:]
        text, repairs = apply_edits(text, repairs, str(number), placed)
        assert text == expected
        rows = [(*r[:4], raw[r.raw_start : r.raw_end], text[r.start : r.end]) for r in repairs]
        assert rebuild(raw, pd.DataFrame(rows, columns=list(COLUMNS["repairs"][2:]))) == text


def test_overlapping_changes_make_one_repair_with_both_rules_and_touching_ones_stay_apart():
    text, repairs = apply_edits("abcdef", [], "first", [(1, 3, "X")])
    text, repairs = apply_edits(text, repairs, "second", [(1, 3, "Y"), (3, 4, "Z")])
    assert text == "aYZf"
    assert repairs == [Repair(1, 4, 1, 2, ("first", "second")), Repair(4, 5, 2, 3, ("second",))]


def test_emendations_come_first_and_stand_in_the_log():
    clean, repairs = clean_text("抵制积居奇,問題 and 困難。\n", emendations=[("积居奇", "囤积居奇"), (" and ", "和")])
    assert clean == "抵制囤积居奇，问题和困难。\n"
    assert sum(repairs["rule"] == "emendation") == 2


def test_an_emendation_that_does_not_occur_or_overlaps_another_is_an_error():
    with pytest.raises(InputError, match="'无': not in the text"):
        clean_text("协会", emendations=[("无", "有")])
    with pytest.raises(InputError, match="overlaps"):
        clean_text("某协会员", emendations=[("协会", "商会"), ("会员", "成员")])


def test_every_rule_changes_something_in_the_corpus_or_is_tested_above(register):
    used = {name for joined in register[1]["rule"] for name in joined.split("+")} - {"emendation"}
    assert used == set(RULES)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("安徽?六安", "half-width question mark"),
        ("协\ue123会", "lost or private character"),
        ("协\ufffd会", "lost or private character"),
        ("学xué习", "pinyin"),
        ("兰国樑", "mixed script"),
        ("问题 and 困难", "Latin letters between Chinese"),
        ("协会，。捐款", "doubled punctuation"),
    ],
)
def test_what_looks_wrong_is_listed_with_its_place(text, what):
    places = find_suspicious(text)
    assert what in set(places["what"])
    for place in places.itertuples():
        assert text[place.start : place.end] == place.text


def test_nothing_is_suspicious_in_what_is_usual():
    assert find_suspicious("QQ群、N95口罩、3M防护服、BIM、APP、5km，见 http://a.cn/x?id=3 或 a@b.com。\n").empty


def test_an_empty_text_stays_empty():
    clean, repairs = clean_text("")
    assert clean == "" and repairs.empty and to_raw(repairs, 0, 0) == (0, 0)


def test_the_rules_settle_well_before_the_last_round(register):
    assert ROUNDS > 3
    for raw in register[0]["raw"]:
        text = raw
        for _ in range(3):
            text, _ = clean_text(text)
        assert hashlib.sha256(text.encode()).digest() == hashlib.sha256(clean_text(raw)[0].encode()).digest()


def rebuild(raw: str, repairs: pd.DataFrame) -> str:
    """Put the clean text together from the raw one and its repairs alone."""
    pieces, done = [], 0
    for r in repairs.itertuples():
        assert done <= r.raw_start <= r.raw_end and raw[r.raw_start : r.raw_end] == r.before
        pieces += [raw[done : r.raw_start], r.after]
        done = r.raw_end
        assert sum(map(len, pieces)) == r.clean_end == r.clean_start + len(r.after)
    return "".join([*pieces, raw[done:]])
