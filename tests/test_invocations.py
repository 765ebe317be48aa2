"""Invocations: `data/invocations.csv` is one careful reading of the five texts by a language model, not by people."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import paths
from analysis.codebook import read_codebook
from analysis.documents import read_documents
from analysis.errors import InputError
from analysis.invocations import LEVELS, find_invocations, tabulate_invocations
from analysis.organisations import find_organisations
from analysis.tables import make_table
from analysis.units import split_units
from tests.codebooks import write_codebook

REFERENCE = Path(__file__).parent / "data" / "invocations.csv"
CODEBOOK = read_codebook()


@pytest.fixture(scope="module")
def corpus():
    documents, repairs = read_documents()
    units = split_units(documents, repairs)
    return documents, units, find_invocations(units, CODEBOOK, find_organisations(units, CODEBOOK))


def find(text, kind="sentence", offset=0):
    unit = ("d", 1, kind, "", 0, offset, offset + len(text), text, offset, offset + len(text))
    units = make_table([unit], "units")
    return find_invocations(units, CODEBOOK, find_organisations(units, CODEBOOK))


def names(text):
    return find(text)["name"].tolist()


def test_the_five_texts_are_coded_as_they_were_read(corpus):
    reference = pd.read_csv(REFERENCE, keep_default_na=False)
    found = corpus[2][list(reference.columns)]
    assert Counter(found.itertuples(index=False, name=None)) == Counter(reference.itertuples(index=False, name=None))


def test_every_invocation_is_its_slice_of_the_clean_text(corpus):
    clean = corpus[0].set_index("doc_id")["clean"]
    assert all(clean[row.doc_id][row.start : row.end] == row.text for row in corpus[2].itertuples())


def test_enumerations_are_split_and_named_canonically():
    found = find("贯彻落实党中央、国务院和浙江省委、省人民政府决策部署。")
    assert found["name"].tolist() == ["党中央", "国务院", "省委", "省政府"]
    assert found["level"].tolist() == ["centre", "centre", "province", "province"]
    assert set(found["relation"]) == {"implement"}


def test_a_bare_name_is_completed_by_its_neighbour():
    assert names("响应省、市政府号召。") == ["省政府", "市政府"]
    assert names("在各级党委、政府的领导下，") == ["各级党委", "各级政府"]
    assert names("按照自治区党委、政府安排，") == ["自治区党委", "自治区政府"]


def test_an_enumeration_goes_on_after_a_word_of_decision():
    assert names("学习习近平总书记重要指示精神和省委有关要求。") == ["习近平总书记", "省委"]


@pytest.mark.parametrize(
    "text",
    ["民政部召开会议。", "向主管部门报告。", "协助省政府收集物资。", "落实防控措施，省委发出通知。"]
    + ["据民政部网站消息，", "发出《倡议书》。", "按照《协会章程》办理。", "落实市场保供要求。"],
)
def test_an_actor_a_recipient_a_source_and_an_own_document_are_no_invocations(text):
    assert find(text).empty


@pytest.mark.parametrize(
    ("text", "relation"),
    [("执行国务院决定。", "implement"), ("传达省委精神。", "study"), ("响应市政府号召。", "answer"),
     ("按照省政府部署，", "follow"), ("把思想统一到党中央部署上来，", "follow"),
     ("在市委的领导下，", "under"), ("总书记作出重要指示，", "cite"),
     ("学习贯彻落实省委部署。", "implement")],
)  # fmt: skip
def test_the_relation_follows_the_words_before_or_behind(text, relation):
    assert find(text)["relation"].tolist() == [relation]


def test_a_speech_is_told_from_a_leader_and_a_meeting_from_an_authority():
    assert find("学习习近平总书记重要讲话精神。")["kind"].tolist() == ["speech"]
    assert find("学习习近平总书记重要指示精神。")["kind"].tolist() == ["leader"]
    meeting = find("落实全省复工复产工作会议部署，").iloc[0]
    assert (meeting["kind"], meeting["name"], meeting["level"]) == ("meeting", "全省复工复产工作会议", "province")


def test_a_cited_document_has_the_level_of_its_issuer_or_of_its_title():
    found = find("根据农业农村部《关于做好防控的通知》、《中华人民共和国慈善法》，")
    assert found["kind"].tolist() == ["authority", "document", "document"]
    assert found["name"].tolist()[1:] == ["关于做好防控的通知", "中华人民共和国慈善法"]
    assert found["level"].tolist() == ["centre"] * 3


def test_the_party_committee_of_a_municipality_is_of_a_province():
    assert find("按照天津市委、市政府要求，天津市民政局发出倡议。")["level"].tolist() == ["province", "province"]
    assert find("按照苏州市委、市政府要求，")["level"].tolist() == ["city", "city"]


def test_furniture_holds_none_and_offsets_count_from_the_start_of_the_document():
    assert find("响应省委号召。", kind="furniture").empty
    assert find("响应省委号召。", offset=7)[["start", "end"]].to_numpy().tolist() == [[9, 11]]


def test_zeros_are_rows_and_rates_are_per_1000_characters(corpus):
    documents, _, invocations = corpus
    table = tabulate_invocations(invocations, documents)
    assert len(table) == 5 * len(LEVELS) and table["invocations"].sum() == len(invocations)
    row = table[(table["issuer"] == "ministry") & (table["level"] == "centre")].iloc[0]
    assert (row["invocations"], row["rate"]) == (1, pytest.approx(1000 / row["characters"]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("level: centre, kind: leader", "level: top, kind: leader", "level: unknown value 'top'"),
     ("zh: 响应", "foo: 响应", "unknown key foo"), ("  joint:", "  joints:", "words: has no joint"),
     ("[贯彻落实党中央决策部署。", "[什么也没有。", "is matched by no pattern"),
     ("国务院: {level: centre, patterns: [国务院]}", "国务院: 国务院", "invoked, 国务院: must be keys"),
     ("国务院: {level: centre, patterns: [国务院]}", "国务院: {patterns: [国务院]}", "invoked, 国务院: has no level"),
     ("words:\n", "words: 部署\nold:\n", "words: must be lines 'name: words'; it is '部署'"),
     ("relations:\n", "relations: [implement]\nold:\n", "relations: must be entries 'name: ...'; it is")],
)  # fmt: skip
def test_a_fault_in_the_vocabulary_is_named(tmp_path, old, new, message):
    text = (paths.CODEBOOK / "invocations.yaml").read_text(encoding="utf-8")
    assert old in text
    write_codebook(tmp_path, invocations=text.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        read_codebook(tmp_path)


def test_every_relation_says_what_it_means():
    content = yaml.safe_load((paths.CODEBOOK / "invocations.yaml").read_text(encoding="utf-8"))
    assert all({"zh", "en", "definition", "examples"} <= set(entry) for entry in content["relations"].values())


pieces = st.sampled_from(
    ["贯彻", "落实", "按照", "在", "党中央", "国务院", "省", "市政府", "、", "和", "，", "部署", "领导下", "《慈善法》"]
    + ["“", "”"]
)


@given(st.lists(pieces, max_size=14).map("".join))
def test_invocations_are_in_order_do_not_overlap_and_are_slices(text):
    found = find(text)
    spans = found[["start", "end"]].to_numpy().tolist()
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    assert [text[start:end] for start, end in spans] == found["text"].tolist()
