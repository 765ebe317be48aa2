import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.codebook import read_codebook
from analysis.errors import InputError
from analysis.mentions import find_mentions
from analysis.tables import COLUMNS, make_table
from tests.codebooks import load, write_codebook

TYPE = {"id": "charity", "zh": "慈善组织", "en": "Charities", "group": "social_organisations",
        "definition": "Charities.", "patterns": ["基金会|慈善组织"], "examples": ["基金会、慈善组织"]}  # fmt: skip
MEASURE = {"id": "poverty_relief", "zh": "扶贫", "en": "Poverty relief", "goal": "governance",
           "instrument": "treasure", "definition": "Help the poor.",
           "patterns": ["扶贫"], "examples": ["参与扶贫。"]}  # fmt: skip
CUES = {"allow": {"patterns": ["要|必须"], "examples": ["要行动。"]}, "bare": {"patterns": ["我会"]},
        "background": {"patterns": ["为|随着"], "not": ["为贫困户"], "examples": ["随着扶贫推进，"]}}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    contents = {"organisation_types": [TYPE], "measures": [MEASURE], "cues": load("cues") | CUES}
    return read_codebook(write_codebook(tmp_path_factory.mktemp("codebook"), **contents))


def make_units(*texts, kind="sentence", offset=0):
    rows = []
    for number, text in enumerate(texts, start=1):
        rows.append(("d", number, kind, "", 0, offset, offset + len(text), text, offset, offset + len(text)))
        offset += len(text)
    return make_table(rows, "units")


def find(text, codebook, names=(), **options):
    rows = [("d", 1, text.index(name), text.index(name) + len(name), name, name, "", "", "", "") for name in names]
    return find_mentions(make_units(text, **options), codebook, make_table(rows, "organisations"))


def codes(mentions, kind):
    return mentions.loc[mentions["kind"] == kind, "text"].tolist()


def test_types_measures_and_cues_are_found_with_their_patterns(small):
    mentions = find("基金会要参与扶贫。", small)
    assert mentions[["kind", "code", "start", "end", "text", "pattern"]].to_numpy().tolist() == [
        ["type", "charity", 0, 3, "基金会", "基金会|慈善组织"],
        ["cue", "allow", 3, 4, "要", "要|必须"],
        ["measure", "poverty_relief", 6, 8, "扶贫", "扶贫"],
    ]


def test_a_named_organisation_hides_the_words_in_its_name(small):
    mentions = find("中国扶贫基金会参与扶贫。", small, names=["中国扶贫基金会"])
    assert mentions["start"].tolist() == [9]


def test_a_hospital_built_for_the_epidemic_keeps_its_name(small):
    assert codes(find("参加扶贫方舱医院。", small, names=["扶贫方舱医院"]), "measure") == ["扶贫"]
    assert find("参加扶贫医院。", small, names=["扶贫医院"]).query("kind == 'measure'").empty


def test_a_cited_title_hides_the_words_in_it(small):
    assert find("学习《关于慈善组织扶贫的通知》。", small).empty


def test_the_last_two_characters_of_a_title_count_for_measures_but_not_for_types_and_cues(small):
    assert codes(find("印发《关于必须扶贫》。", small), "measure") == ["扶贫"]
    assert find("印发《关于扶贫必须》。", small).empty
    assert find("《要》", small).empty


def test_the_last_two_characters_of_a_title_stand_before_a_bracket_that_ends_it(small):
    assert codes(find("印发《关于必须扶贫（试行）》。", small), "measure") == ["扶贫"]
    assert find("印发《关于必须（扶贫）》。", small).empty


def test_the_title_of_an_appeal_just_issued_counts_for_measures_but_not_one_that_is_followed(small):
    assert codes(find("发出了《关于必须扶贫的倡议书》。", small), "measure") == ["扶贫"]
    assert codes(find("发布《提示》《扶贫公开信》。", small), "measure") == ["扶贫"]
    assert find("按照《关于扶贫的倡议书》，", small).empty
    assert find("发出《关于社会组织扶贫的倡议书》。", small).query("kind == 'measure'").empty
    assert find("发出《关于扶贫的通知》。", small).empty


def test_a_title_in_a_background_clause_is_hidden_to_its_end(small):
    assert find("随着《关于扶贫》印发，", small, offset=3).query("kind == 'measure'").empty


def test_a_background_clause_hides_measures_but_not_types(small):
    mentions = find("随着基金会扶贫推进，要行动。", small)
    assert (codes(mentions, "measure"), codes(mentions, "type")) == ([], ["基金会"])


def test_only_the_clause_that_begins_with_a_background_word_is_hidden(small):
    assert codes(find("为打赢阻击战，参与扶贫，为乡村扶贫。", small), "measure") == ["扶贫"]
    assert codes(find("因为有扶贫，", small), "measure") == ["扶贫"]


def test_a_not_pattern_keeps_a_clause_from_being_background(small):
    assert codes(find("为贫困户开展扶贫。", small), "measure") == ["扶贫"]


def test_furniture_has_no_mentions(small):
    assert find("联系人：扶贫办", small, kind="furniture").empty


def test_offsets_count_from_the_start_of_the_document(small):
    mentions = find_mentions(make_units("引言。", "参与扶贫。"), small, make_table([], "organisations"))
    assert mentions[["unit_id", "start", "end"]].to_numpy().tolist() == [[2, 5, 7]]


def test_an_organisation_of_another_unit_hides_nothing(small):
    row = ("d", 2, 0, 2, "扶贫", "扶贫", "", "", "", "")
    assert len(find_mentions(make_units("扶贫。"), small, make_table([row], "organisations"))) == 1


def test_no_units_give_an_empty_table_with_all_columns(small):
    mentions = find_mentions(make_units(), small, make_table([], "organisations"))
    assert mentions.empty and list(mentions.columns) == list(COLUMNS["mentions"])


def test_a_table_without_its_columns_is_refused(small):
    with pytest.raises(InputError, match="table units: no column"):
        find_mentions(pd.DataFrame({"text": ["扶贫"]}), small, make_table([], "organisations"))


pieces = st.sampled_from(["基金会", "扶贫", "要", "，", "。", "《", "》", "为", "的"])


@given(st.lists(pieces, max_size=12).map("".join))
def test_every_mention_is_its_slice_of_the_text(small, text):
    for start, end, found in find(text, small, offset=0)[["start", "end", "text"]].to_numpy().tolist():
        assert text[start:end] == found
