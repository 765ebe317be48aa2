"""Who is named in a unit."""

from dataclasses import replace

from analysis.codebook import Codebook
from analysis.parties import join_names, resolve_names
from analysis.syntax import Name, read_grammar


def place(text: str, *named: tuple[str, str]) -> list[Name]:
    return [Name(text.index(word), text.index(word) + len(word), (actor,), ()) for word, actor in named]


def test_coordinated_types_become_one_party(codebook: Codebook) -> None:
    text = "业务主管单位以及全省慈善组织"
    names = place(text, ("业务主管单位", "managing_authority"), ("慈善组织", "charity"))
    joined = join_names(text, names, read_grammar(codebook))
    assert [name.actors for name in joined] == [("managing_authority", "charity")]


def test_a_verb_between_two_types_keeps_them_apart(codebook: Codebook) -> None:
    text = "业务主管单位和指导慈善组织"
    names = place(text, ("业务主管单位", "managing_authority"), ("慈善组织", "charity"))
    assert len(join_names(text, names, read_grammar(codebook))) == 2


def test_the_type_named_stands_for_the_whole_behind_it(codebook: Codebook) -> None:
    text = "行业协会商会等社会组织"
    names = place(text, ("行业协会商会", "industry_association"), ("社会组织", "social_organisation"))
    assert join_names(text, names, read_grammar(codebook))[0].actors == ("industry_association",)


def test_the_head_of_a_noun_is_the_party(codebook: Codebook) -> None:
    text = "社会组织的党组织"
    names = place(text, ("社会组织", "social_organisation"), ("党组织", "party_organisation"))
    assert join_names(text, names, read_grammar(codebook))[0].actors == ("party_organisation",)


def test_unnamed_helpers_do_not_act_with_a_name(codebook: Codebook) -> None:
    names = [Name(0, 7, ("industry_association",), ("浙江省茶叶协会",)), Name(11, 13, ("enterprise",), ())]
    joined = join_names("浙江省茶叶协会联合有关企业", names, read_grammar(codebook))
    assert [name.actors for name in joined] == [("industry_association",), ("enterprise",)]


def test_whom_an_organisation_deals_with_does_not_act_with_it(codebook: Codebook) -> None:
    grammar = read_grammar(codebook)
    for text, count in (("慈善组织与行业协会商会积极对接", 2), ("慈善组织与行业协会商会捐赠口罩", 1)):
        names = place(text, ("慈善组织", "charity"), ("行业协会商会", "industry_association"))
        assert len(join_names(text, names, grammar)) == count


def test_persons_who_are_members_stand_for_their_organisation(codebook: Codebook) -> None:
    for actor, expected in (("charity", "charity"), ("industry_association", "enterprise")):
        names = [Name(0, 2, (actor,), ()), Name(2, 4, ("enterprise",), ())]
        joined = join_names("协会会员自发捐款", names, read_grammar(codebook))
        assert joined[0].actors == (expected,)


def test_staff_stand_for_their_organisation_and_not_for_themselves(codebook: Codebook) -> None:
    names = [Name(0, 9, ("social_service_institution",), ("临安区社工服务中心",)), Name(10, 12, (), ())]
    joined = join_names("临安区社工服务中心的社工到社区", names, read_grammar(codebook))
    assert [(name.end, name.actors) for name in joined] == [(12, ("social_service_institution",))]


def test_a_short_form_never_stands_for_an_authority(codebook: Codebook) -> None:
    named = [Name(0, 5, ("industry_association",), ("某茶叶协会",)), Name(6, 13, ("government",), ("某常务委员协会",))]
    named.append(Name(14, 16, (), ()))
    names, known = resolve_names("某茶叶协会和某常务委员协会，协会", named, {}, read_grammar(codebook))
    assert known["协会"] == ("某茶叶协会", "industry_association")
    assert names[-1].names == ("某茶叶协会",)


def test_a_list_of_kinds_names_nobody(codebook: Codebook) -> None:
    known = {"协会": ("浙江省茶叶协会", "industry_association")}
    listed = [Name(0, 2, (), ()), Name(3, 5, (), ())]
    names, _ = resolve_names("协会、中心等社会组织", listed, known, read_grammar(codebook))
    assert [name.names for name in names] == [(), ()]


def test_a_short_form_is_resolved_and_a_meaningless_one_is_left_out(codebook: Codebook) -> None:
    first = [Name(0, 7, ("industry_association",), ("浙江省茶叶协会",))]
    _, known = resolve_names("浙江省茶叶协会", first, {}, read_grammar(codebook))
    names, _ = resolve_names("协会，中心", [Name(0, 2, (), ()), Name(3, 5, (), ())], known, read_grammar(codebook))
    assert names == [Name(0, 2, ("industry_association",), ("浙江省茶叶协会",))]


def test_branches_are_of_the_type_of_the_body_last_named_but_not_called_by_its_name(codebook: Codebook) -> None:
    grammar = replace(read_grammar(codebook), endings={"学会": "", "各分会": "industry_association"})
    branches = Name(0, 3, (), ())
    typed = [("professional_society", "professional_society"), ("party_organisation", "industry_association")]
    for actor, expected in typed:
        _, known = resolve_names("浙江省茶叶学会", [Name(0, 7, (actor,), ("浙江省茶叶学会",))], {}, grammar)
        names, _ = resolve_names("各分会、各会员要报告", [branches], known, grammar)
        assert names == [Name(0, 3, (expected,), ())]


def test_all_the_members_of_an_association_are_its_members(codebook: Codebook) -> None:
    names = [Name(0, 2, ("industry_association",), ("浙江省茶叶协会",)), Name(4, 8, ("enterprise",), ())]
    joined = join_names("协会全体会员企业捐款", names, read_grammar(codebook))
    assert [name.actors for name in joined] == [("enterprise",)]


def test_who_speaks_is_the_organisation_named_first(codebook: Codebook) -> None:
    named = [Name(0, 7, ("industry_association",), ("浙江省茶叶协会",)), Name(8, 15, ("charity",), ("宁波市慈善总会",))]
    text = "浙江省茶叶协会向宁波市慈善总会捐款，我会感谢，该会"
    shorts = [Name(18, 20, (), ()), Name(23, 25, (), ())]
    names, _ = resolve_names(text, [*named, *shorts], {}, read_grammar(codebook))
    assert names[2].names == ("浙江省茶叶协会",)


def test_coordinated_outsiders_are_one_party(codebook: Codebook) -> None:
    joined = join_names("市民和游客", [Name(0, 2, (), ()), Name(3, 5, (), ())], read_grammar(codebook))
    assert [(name.start, name.end) for name in joined] == [(0, 5)]


def test_each_of_the_firms_of_an_association_is_meant(codebook: Codebook) -> None:
    names = [Name(0, 2, ("industry_association",), ("浙江省茶叶协会",)), Name(3, 7, ("enterprise",), ())]
    joined = join_names("协会各会员企业捐款", names, read_grammar(codebook))
    assert [name.actors for name in joined] == [("enterprise",)]
