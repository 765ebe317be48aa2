"""Statements from small texts of our own, from text to table."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cleaning import clean_text
from analysis.codebook import Codebook, read_codebook
from analysis.coding import code_statements
from analysis.errors import InputError
from analysis.mentions import find_mentions
from analysis.organisations import find_organisations
from analysis.units import split_units
from tests.codebooks import load, write_codebook

APPEAL = "关于行业协会商会参与疫情防控的倡议书\n全省各行业协会商会：\n"
NEWS = "某地社会组织在行动\n"


def code(text: str, codebook: Codebook) -> pd.DataFrame:
    clean, repairs = clean_text(text)
    documents = pd.DataFrame({"doc_id": ["d"], "clean": [clean]})
    repairs.insert(0, "doc_id", "d")
    units = split_units(documents, repairs)
    organisations = find_organisations(units, codebook)
    mentions = find_mentions(units, codebook, organisations)
    return code_statements(units, mentions, organisations, codebook, documents, repairs=repairs)


def triples(table: pd.DataFrame) -> set[tuple[str, str, str]]:
    return set(zip(table["actor"], table["measure"], table["stance"], strict=True))


def test_coordinated_subjects_each_get_the_measure(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各慈善组织、志愿服务组织和社区社会组织要加强舆论引导，传播正能量。", codebook))
    actors = ("charity", "volunteer_organisation", "community_organisation")
    assert found == {(actor, "public_opinion", "require") for actor in actors}


def test_a_directing_authority_supervises_and_the_directed_organisation_acts(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各业务主管单位要指导慈善组织依法开展募捐。", codebook))
    assert found == {("managing_authority", "supervision", "require"), ("charity", "donation", "require")}


def test_an_association_that_leads_its_members_is_the_actor(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各行业协会商会要引导会员企业捐款捐物。", codebook))
    assert found == {("industry_association", "donation", "require")}


def test_members_act_only_as_grammatical_subject(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各会员单位要认真测量体温。", codebook))
    assert found == {("enterprise", "workplace_prevention", "require")}


def test_a_subjectless_sentence_carries_the_subject_over(codebook: Codebook) -> None:
    table = code(APPEAL + "各慈善组织要加强自律。依法开展募捐。", codebook).query("measure == 'donation'")
    assert table[["actor", "basis"]].values.tolist() == [["charity", "carried"]]


def test_a_new_section_returns_to_the_addressee(codebook: Codebook) -> None:
    text = "一、共同参与\n各慈善组织要依法开展募捐。\n二、团结一致\n积极捐款捐物。\n"
    table = code(APPEAL + text, codebook)
    assert table[["actor", "basis"]].values.tolist() == [["charity", "explicit"], ["industry_association", "addressee"]]


def test_a_subject_named_late_in_a_sentence_acts_from_its_beginning(codebook: Codebook) -> None:
    text = "湖南省茶叶协会发出倡议。积极捐款捐物，浙江省慈善总会迅速行动。"
    table = code(NEWS + text, codebook).query("measure == 'donation'")
    assert table["actor"].tolist() == ["charity"]


def test_outsiders_who_are_called_upon_make_nobody_else_act(codebook: Codebook) -> None:
    assert code(APPEAL + "号召广大居民积极捐款捐物。", codebook).empty


def test_outsiders_are_forgotten_in_the_next_sentence(codebook: Codebook) -> None:
    table = code(APPEAL + "各慈善组织要加强自律。广大市民应当佩戴口罩。依法开展募捐。", codebook)
    assert ("charity", "donation", "require") in triples(table)


def test_mass_organisations_are_directed_together_with_charities(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各级民政部门要指导慈善组织、红十字会依法开展募捐。", codebook))
    assert {("charity", "donation", "require"), ("mass_organisation", "donation", "require")} <= found


def test_party_building_is_done_by_the_party_organisation_that_directs(codebook: Codebook) -> None:
    text = "各社会组织党组织要引导慈善组织加强党建引领，依法开展募捐。"
    found = {(actor, measure) for actor, measure, _ in triples(code(APPEAL + text, codebook))}
    assert {("party_organisation", "party_building"), ("charity", "donation")} <= found


def test_what_an_authority_issues_to_organisations_is_asked_of_them(codebook: Codebook) -> None:
    text = "浙江省民政厅向全省慈善组织发出通知，要求依法开展募捐。"
    assert ("charity", "donation", "require") in triples(code(NEWS + text, codebook))


def test_what_an_authority_tells_another_that_it_must_do_is_asked_of_that_one(codebook: Codebook) -> None:
    text = "宁波市民政局要求宁波市红十字会要依法开展募捐。"
    assert ("mass_organisation", "donation", "require") in triples(code(NEWS + text, codebook))


@pytest.mark.parametrize(
    ("text", "actor", "stance"),
    [
        ("浙江省茶叶协会号召会员企业积极捐款捐物。", "industry_association", "report"),
        ("浙江省茶叶协会下发通知，要求会员单位捐款捐物。", "industry_association", "report"),
        ("浙江省茶叶协会发布倡议书。倡议书指出，各会员单位要积极捐款捐物。", "enterprise", "require"),
    ],
)
def test_a_reported_appeal_is_of_the_association_unless_its_members_must(
    codebook: Codebook, text: str, actor: str, stance: str
) -> None:
    assert triples(code(NEWS + text, codebook)) == {(actor, "donation", stance)}


def test_who_is_called_upon_and_must_is_required(codebook: Codebook) -> None:
    must = triples(code(NEWS + "兰州市民政局倡议全市慈善组织要依法开展募捐。", codebook))
    may = triples(code(NEWS + "兰州市民政局倡议全市慈善组织依法开展募捐。", codebook))
    assert ("charity", "donation", "require") in must
    assert ("charity", "donation", "encourage") in may


@pytest.mark.parametrize("outsiders", ["市民", "志愿者"])
def test_what_outsiders_do_is_no_statement(codebook: Codebook, outsiders: str) -> None:
    assert code(APPEAL + f"广大{outsiders}应当佩戴口罩。", codebook).empty


def test_a_clause_of_purpose_is_no_statement(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "为做好捐款捐物工作，各行业协会商会要传播正能量。", codebook))
    assert found == {("industry_association", "public_opinion", "require")}


def test_a_heading_that_is_carried_out_below_is_not_stated_twice(codebook: Codebook) -> None:
    table = code(APPEAL + "一、积极捐款捐物\n各行业协会商会要积极捐款捐物。\n", codebook)
    assert table["unit_id"].tolist() == [4]


@pytest.mark.parametrize("head", ["", "一、", "1. ", "（三）"])
def test_a_number_before_an_encouraging_word_changes_nothing(codebook: Codebook, head: str) -> None:
    encouraged = triples(code(APPEAL + f"{head}鼓励减免会费。", codebook))
    assert {stance for *_, stance in encouraged} == {"encourage"}


def test_firms_that_are_addressed_are_encouraged_themselves(codebook: Codebook) -> None:
    stated = triples(code("关于复工的倡议书\n各会员企业：\n鼓励会员企业捐款捐物。", codebook))
    assert ("enterprise", "donation", "encourage") in stated


def test_who_is_encouraged_to_act_is_encouraged_but_who_encourages_its_members_is_asked(codebook: Codebook) -> None:
    encouraged = triples(code(APPEAL + "鼓励有条件的行业协会商会减免会费。", codebook))
    asked = triples(code(APPEAL + "鼓励会员企业捐款捐物。", codebook))
    assert encouraged == {("industry_association", "fee_reduction", "encourage")}
    assert asked == {("industry_association", "donation", "require")}


@pytest.mark.parametrize(("text", "stance"), [("你们坚守岗位，捐款捐物。", "report"), ("你们要捐款捐物。", "require")])
def test_what_a_letter_says_that_those_addressed_did_is_reported(codebook: Codebook, text: str, stance: str) -> None:
    found = triples(code("致各慈善组织的一封信\n各慈善组织：\n" + text, codebook))
    assert ("charity", "donation", stance) in found


def test_whom_an_authority_forbids_something_does_not_do_it(codebook: Codebook) -> None:
    found = triples(code(NEWS + "临安区民政局印发通知，严禁各慈善组织举办年会、培训等聚集活动。", codebook))
    assert ("charity", "gathering_suspension", "prohibit") in found


def test_counted_organisations_act_behind_a_place_and_a_blank(codebook: Codebook) -> None:
    found = triples(code("某市要闻\n临安区已有 12个社会组织参与疫情防控，累计捐款30万元。", codebook))
    assert found == {("social_organisation", "donation", "report")}


def test_whose_appeal_is_answered_does_not_act(codebook: Codebook) -> None:
    found = triples(code(NEWS + "临安区茶叶协会响应区民政局倡议，号召会员单位捐款30万元。", codebook))
    assert found == {("industry_association", "donation", "report")}


def test_a_phrase_listed_under_two_types_stands_for_both(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "志愿服务和社工组织要积极捐款捐物。", codebook))
    actors = ("volunteer_organisation", "social_service_institution")
    assert {(actor, "donation", "require") for actor in actors} <= found


def test_volunteers_stand_for_the_body_of_theirs_that_acts(codebook: Codebook) -> None:
    found = triples(code(NEWS + "宁波市阳光社工服务中心迅速行动。志愿者每天为居民提供心理疏导。", codebook))
    assert ("social_service_institution", "counselling", "report") in found


def test_supervision_without_a_subject_is_the_authoritys_that_acted_last(codebook: Codebook) -> None:
    text = "临安区民政局召开会议。各慈善组织积极捐款捐物。印发通知，要求各社会组织做好防护。"
    assert ("managing_authority", "supervision") in {pair[:2] for pair in triples(code(NEWS + text, codebook))}
    text = "临安区民政局召开会议。临安区茶叶协会捐款捐物。及时指导督促落实。"
    assert ("managing_authority", "supervision") not in {pair[:2] for pair in triples(code(NEWS + text, codebook))}


@pytest.mark.parametrize(
    ("last", "actor"),
    [("收集社会组织的捐款情况，发布募捐公告。", "managing_authority"), ("发布募捐公告。", "social_organisation")],
)
def test_whom_a_sentence_serves_is_not_its_dropped_subject(codebook: Codebook, last: str, actor: str) -> None:
    table = code(NEWS + "临安区民政局引导社会组织做好防护。" + last, codebook).query("measure == 'donation'")
    assert table["actor"].tolist() == [actor]


def test_whose_party_members_an_association_relies_on_does_not_give_for_it(codebook: Codebook) -> None:
    text = "临安区茶叶协会迅速行动，充分发挥党组织的战斗堡垒作用，捐款10万元。"
    found = {pair[:2] for pair in triples(code(NEWS + text, codebook))}
    assert found == {("party_organisation", "party_building"), ("industry_association", "donation")}


@pytest.mark.parametrize(("head", "actor"), [("各级民政部门：\n", "managing_authority"), ("", "government")])
def test_all_places_are_authorities_of_the_kind_addressed(codebook: Codebook, head: str, actor: str) -> None:
    text = "关于做好疫情防控工作的通知\n" + head + "各地要公开捐款情况，抵制谣言。"
    assert code(text, codebook).query("measure == 'rumour_control'")["actor"].tolist() == [actor]


def test_what_is_done_besides_is_background(codebook: Codebook) -> None:
    found = triples(code(NEWS + "浙江省茶叶协会积极行动，在做好自身防护的同时，向医院捐款10万元。", codebook))
    assert found == {("industry_association", "donation", "report")}


def test_who_should_do_something_is_required_although_the_text_reports(codebook: Codebook) -> None:
    found = triples(code(NEWS + "慈善组织开展公开募捐的，应当制定方案。", codebook))
    assert found == {("charity", "donation", "require")}


def test_what_goods_may_be_used_for_is_no_permission(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各慈善组织要募集可以用于防疫的物资。", codebook))
    assert ("charity", "donation", "require") in found


def test_what_is_not_to_be_done_is_prohibited(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各行业协会商会不举办年会、展会等聚集性活动，不信谣、不传谣。", codebook))
    measures = ("gathering_suspension", "rumour_control")
    assert found == {("industry_association", measure, "prohibit") for measure in measures}


def test_any_measure_can_be_prohibited(codebook: Codebook) -> None:
    found = triples(code(APPEAL + "各行业协会商会不得向会员企业收取会费、募集捐款。", codebook))
    assert ("industry_association", "donation", "prohibit") in found


def test_a_codebook_without_supervision_and_party_organisations_has_none_in_its_statements(tmp_path: Path) -> None:
    text = NEWS + "临安区民政局引导各行业协会商会加强党建工作，党组织要亮明身份。"
    whole = triples(code(text, read_codebook()))
    types = [entry for entry in load("organisation_types") if entry["id"] != "party_organisation"]
    measures = [entry for entry in load("measures") if entry["id"] != "supervision"]
    folder = write_codebook(tmp_path, organisation_types=types, measures=measures)
    left = triples(code(text, read_codebook(folder)))
    assert {measure for _, measure, _ in whole} == {"supervision", "party_building"}
    assert left <= {("industry_association", "party_building", "report")}


def test_news_reports_until_an_order_is_quoted(codebook: Codebook) -> None:
    text = "浙江省茶叶协会向医院捐赠口罩。会议强调，行业协会商会要传播正能量。浙江省茶叶协会捐款10万元。"
    table = code(NEWS + text, codebook)
    assert table["stance"].tolist() == ["report", "require", "report"]


def test_named_organisations_and_industries_are_kept(codebook: Codebook) -> None:
    named = code(NEWS + "浙江省茶叶协会捐款10万元。", codebook)
    trades = code(APPEAL + "食品、餐饮等领域行业协会商会要积极捐款捐物。", codebook)
    assert named["organisation"].tolist() == ["浙江省茶叶协会"]
    led = code(APPEAL + "引导食品、餐饮等会员单位积极捐款捐物。", codebook)
    assert trades["sector"].tolist() == led["sector"].tolist() == ["食品、餐饮"]


def test_a_short_form_stands_for_the_organisation_last_named(codebook: Codebook) -> None:
    table = code(NEWS + "浙江省茶叶协会发出倡议。2月3日，协会捐款10万元。", codebook)
    assert table.query("measure == 'donation'")["organisation"].tolist() == ["浙江省茶叶协会"]


def test_a_genre_in_the_register_overrides_the_guess(codebook: Codebook) -> None:
    documents = pd.DataFrame({"doc_id": ["d"], "clean": ["标题\n行业协会商会捐款捐物。"]})
    units = split_units(documents, clean_text("")[1].assign(doc_id=""))
    organisations = find_organisations(units, codebook)
    mentions = find_mentions(units, codebook, organisations)
    stances = [
        code_statements(units, mentions, organisations, codebook, documents.assign(genre=genre))["stance"].tolist()
        for genre in ("news", "appeal")
    ]
    assert stances == [["report"], ["require"]]


def test_a_table_without_its_columns_is_refused(codebook: Codebook) -> None:
    empty = pd.DataFrame()
    with pytest.raises(InputError, match="table units: no column"):
        code_statements(empty, empty, empty, codebook, empty)


PIECES = [
    "各行业协会商会", "要", "引导", "会员企业", "，", "。", "捐款捐物", "一、", "（一）", "为", "鼓励", "不举办年会",
    "浙江省茶叶协会", "向", "市民", "\n", "了", "：",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_evidence_is_always_found_at_its_place(codebook: Codebook, text: str) -> None:
    clean, _ = clean_text(APPEAL + text)
    table = code(APPEAL + text, codebook)
    assert table["statement_id"].is_unique
    assert all(clean[row.start : row.end] == row.evidence != "" for row in table.itertuples())
