"""Amounts of money and goods: what counts, its value, its qualifier."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.quantities import find_quantities, read_number


def find(codebook, text: str) -> list[tuple[str, float, str, str]]:
    units = pd.DataFrame({"doc_id": ["d"], "unit_id": [1], "start": [7], "text": [text]})
    found = find_quantities(units, codebook)
    spans = zip(found["start"], found["end"], strict=True)
    assert [text[start - 7 : end - 7] for start, end in spans] == found["text"].tolist()
    return list(found[["text", "value", "unit", "qualifier"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("累计捐款约31亿元。", [("约31亿元", 3.1e9, "元", "约")]),
        ("采购近百万件急需物资。", [("近百万件", 1e6, "件", "近")]),
        ("合计捐款53.7万余元。", [("53.7万余元", 537000, "元", "余")]),
        ("提供70多架无人机。", [("70多架", 70, "架", "多")]),
        ("口罩4300余个、原液8吨左右。", [("4300余个", 4300, "个", "余"), ("8吨左右", 8, "吨", "左右")]),
        ("送出一千万元和两台设备。", [("一千万元", 1e7, "元", ""), ("两台", 2, "台", "")]),
        ("每份59元/套，共计1,250,000元。", [("59元/套", 59, "元", ""), ("1,250,000元", 1.25e6, "元", "")]),
        ("收到善款$32,000。", [("$32,000", 32000, "美元", "")]),
        ("本次捐款200万，用于防疫。", [("200万", 2e6, "元", "")]),
        ("募集款物超1500万元。", [("1500万元", 1.5e7, "元", "超")]),
        ("捐赠逾20吨蔬菜、2亿元人民币。", [("20吨", 20, "吨", "逾"), ("2亿元", 2e8, "元", "")]),
        ("运来上万斤蔬菜。", [("上万斤", 10000, "斤", "上")]),
        ("善款三万五千元、1万2千副手套。", [("三万五千元", 35000, "元", ""), ("1万2千副", 12000, "副", "")]),
        ("手套30盒（600个）。", [("30盒", 30, "盒", ""), ("600个", 600, "个", "")]),
        (
            "口罩5万只，其中1万个送给村民，2000个用于值守。",
            [("5万只", 50000, "只", ""), ("1万个", 10000, "个", ""), ("2000个", 2000, "个", "")],
        ),
        ("租金按90元/天标准减收。", [("90元/天", 90, "元", "")]),
        ("捐赠1个体温枪，共捐款30万支持抗疫。", [("1个", 1, "个", ""), ("30万", 3e5, "元", "")]),
        ("手套90万个，其中市外捐赠20万个；", [("90万个", 9e5, "个", ""), ("20万个", 2e5, "个", "")]),
        ("捐赠20吨次氯酸钠。", [("20吨", 20, "吨", "")]),
    ],
)
def test_an_amount_is_found_with_value_unit_and_qualifier(codebook, text, found):
    assert find(codebook, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "2020年2月15日上午9点，第3批共45.6%。",
        "三个方面、12个项目、一个目标，近300家企业、100余名员工。",
        "出动5台次、服务20万人、覆盖2000万人。",
        "派出7支队伍，发布信息80余条。",
        "账号778350041398欧元账户。",
        "为9个社区、12个乡镇消毒，设6个消毒点。",
        "出动7辆消毒车，投入车3台。",
        "5L装酒精、汽车零部件。",
        "七台河市茶叶协会2月8日元宵节值守，登记车辆300余辆，收到捐赠3批。",
        "为5个防疫卡点、4个小时消毒，累计捐款2万余笔。",
        "消毒液（10L/桶）已到。",
    ],
)
def test_dates_shares_people_firms_and_bare_counts_are_no_amounts(codebook, text):
    assert find(codebook, text) == []


def test_a_unit_without_amount_gives_an_empty_table_with_its_columns(codebook):
    units = pd.DataFrame({"doc_id": ["d"], "unit_id": [1], "start": [0], "text": ["各协会要行动。"]})
    found = find_quantities(units, codebook)
    assert found.empty and list(found.columns)[-3:] == ["value", "unit", "qualifier"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("二十三", 23), ("十五", 15), ("三千五百万", 3.5e7), ("两亿零三百", 200000300), ("1.08亿", 1.08e8), ("5千", 5000)],
)
def test_numbers_are_read_in_both_scripts(text, value):
    assert read_number(text) == pytest.approx(value)


@given(st.integers(1, 9_999_999))
def test_a_number_with_separators_has_the_value_of_its_digits(number):
    assert read_number(f"{number:,}") == number == read_number(str(number))
    assert read_number(f"{number}万") == number * 10000


def test_the_amounts_of_the_corpus_are_those_of_the_reference(register, codebook):
    found = find_quantities(an.split_units(*register), codebook)
    assert len(found.drop_duplicates(["doc_id", "unit_id", "text"])) == 23
    assert found.loc[found["text"] == "约22亿元", "value"].tolist() == [2.2e9]
