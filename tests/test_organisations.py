"""Named organisations: edges, types, levels, short forms."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis import naming
from analysis.names import build_lexicon, spell_places, split_tokens
from analysis.naming import find_names
from analysis.organisations import find_organisations

CODEBOOK = an.read_codebook()


def make_units(*texts: str, doc_id: str = "d") -> pd.DataFrame:
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    return pd.DataFrame({"doc_id": doc_id, "unit_id": range(1, len(texts) + 1), "start": starts, "text": texts})


def find(codebook, *texts: str) -> list[str]:
    return find_organisations(make_units(*texts), codebook)["text"].tolist()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("由甘肃省茶叶协会联合临夏州民政局向红谷县医院捐赠。", ["甘肃省茶叶协会", "临夏州民政局", "红谷县医院"]),
        ("送往红谷县人民医院。", ["红谷县人民医院"]),
        ("海东市物流与仓储行业协会和市红十字会积极行动。", ["海东市物流与仓储行业协会", "市红十字会"]),
        ("雷波慈善总会、中国茶具协会响应党中央、国务院号召。", ["雷波慈善总会", "中国茶具协会", "党中央", "国务院"]),
        ("湖南省民政厅社会组织管理局党委、民政部办公厅。", ["湖南省民政厅社会组织管理局党委", "民政部办公厅"]),
        ("山青茶业集团有限公司、德馨公益基金会各捐款十万元。", ["山青茶业集团有限公司", "德馨公益基金会"]),
        ("按照省委、省政府和贵阳市政府部署，协助省卫生健康委。", ["贵阳市政府", "省卫生健康委"]),
        ("清远市连州镇社工站、浙江敦和慈善基金会", ["清远市连州镇社工站", "浙江敦和慈善基金会"]),
        ("定西市民政局、社会组织总会发出倡议。", ["定西市民政局", "社会组织总会"]),
        ("定西市围棋协会、桥牌协会和市医院、县医院。", ["定西市围棋协会", "桥牌协会", "市医院", "县医院"]),
        ("恒达医药有限公司、鄞州天青应急救援服务中心", ["恒达医药有限公司", "鄞州天青应急救援服务中心"]),
        ("包头医学院附属永川医院与民革湖北省委会", ["包头医学院附属永川医院", "民革湖北省委会"]),
        ("中共云南省委办公厅，市民政局党组书记、局长", ["中共云南省委办公厅", "市民政局"]),
        ("将善款汇入德馨公益基金会银行账户，省委会", ["德馨公益基金会"]),
        ("山青集团川河钻探工程有限公司", ["山青集团川河钻探工程有限公司"]),
        ("中国水杯（集团）总公司与工商银行十堰分行签约。", ["中国水杯（集团）总公司", "工商银行十堰分行"]),
        ("海东市民营医院协会、晨铭银行（中国）有限公司", ["海东市民营医院协会", "晨铭银行（中国）有限公司"]),
        ("印江县晨铭中学、黔西县曲艺家协会", ["印江县晨铭中学", "黔西县曲艺家协会"]),
        (
            "武汉大学中南医院、清镇市武术协会、围棋协会、象棋协会",
            ["武汉大学中南医院", "清镇市武术协会", "围棋协会", "象棋协会"],
        ),
        ("定西市商会会长企业晨铭茶业公司捐款。", ["定西市商会", "晨铭茶业公司"]),
        ("夏港派出所、要塞派出所、科右前旗卫健委", ["夏港派出所", "要塞派出所", "科右前旗卫健委"]),
        ("定西市茶叶协会联合兰州大学、共青团定西市委", ["定西市茶叶协会", "兰州大学", "共青团定西市委"]),
        ("汉中市市委部署，玉环镇松泉村慈善会捐款。", ["玉环镇松泉村慈善会"]),
        ("恒达公司与财政部服务司、民政厅、莲花派出所", ["财政部服务司", "民政厅", "莲花派出所"]),
        ("晨铭服务有限公司沃佳服务有限公司、晨铭矿业捐款。", ["晨铭服务有限公司", "沃佳服务有限公司", "晨铭矿业"]),
        ("定西市市慈善总会、互助县民政局，个人向省慈善总会捐。", ["定西市市慈善总会", "互助县民政局", "省慈善总会"]),
        ("武汉晨铭顺丰快递有限公司、腾讯公益慈善基金会", ["武汉晨铭顺丰快递有限公司", "腾讯公益慈善基金会"]),
        ("民生银行总行、山青集团总部、市城管局环卫中队", ["民生银行总行", "山青集团总部", "市城管局环卫中队"]),
        ("开发区管委会、县抗疫指挥部、中国贸促会、央行", ["开发区管委会", "县抗疫指挥部", "中国贸促会", "央行"]),
        ("兰州晨铭保安、临夏日报社、兰大一附院", ["兰州晨铭保安", "临夏日报社", "兰大一附院"]),
        ("晨铭保险定西分公司、定西市达善社工中心", ["晨铭保险定西分公司", "定西市达善社工中心"]),
        (
            "新疆生产建设兵团第二师铁门关市茶叶协会、师市慈善总会",
            ["新疆生产建设兵团第二师铁门关市茶叶协会", "师市慈善总会"],
        ),
        ("会员企业如晨铭集团，会长周沃率茶叶协会，定西市对外贸易协会", ["晨铭集团", "定西市对外贸易协会"]),
        ("定西市人大代表到市第三人民医院调研检查医院。", ["市第三人民医院"]),
        ("定西市茶叶协会制定物流方案，定西市商会组建安全工作小组。", ["定西市茶叶协会", "定西市商会"]),
        ("副会长单位沃铭捐款，理事单位——定西澳佳捐赠。", ["沃铭", "定西澳佳"]),
        ("甘肃省皖华南经济促进会、市茶叶商会30名保安", ["甘肃省皖华南经济促进会", "市茶叶商会"]),
        ("定西市定西市茶叶协会、中粮集团河北有限公司", ["定西市茶叶协会", "中粮集团河北有限公司"]),
        (
            "沃铭（中国）日用品有限公司、兰州大学语言与文化研究院",
            ["沃铭（中国）日用品有限公司", "兰州大学语言与文化研究院"],
        ),
        ("定西市茶叶协会：50套手套、60箱面包、70桶酒精", ["定西市茶叶协会"]),
    ],
)
def test_a_name_begins_with_its_place_and_ends_with_its_ending(codebook, text, names):
    assert find(codebook, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "各级党委、政府要指导全省行业协会商会开展工作。",
        "各州、市民政局和当地红十字会要顾全大局。",
        "协会、商会、学会、基金会和爱心企业要发挥中心作用。",
        "定点医院、方舱医院和社区医院都要部署到位。",
        "工信部门和民政部门要严格落实。",
        "三个律师事务所和20家医院参与其中，12学校、15所医院。",
        "定西市社会组织和协会会员，各会员单位党组织，小区保安、海洋食品、长租公寓。",
        "各市医院、今天等一批协会，离开福建和江浙等地防控医院。",
        "多支志愿服务队和各镇街道办事处。",
        "全省12个市民政局和8个县茶叶协会，民办小学",
        "送达湖北需求医院，专业救援队和普通医院响应，爱心人士捐款。",
    ],
)
def test_generic_names_are_none(codebook, text):
    assert find(codebook, text) == []


def test_a_list_of_firms_gives_every_item_but_a_list_of_goods_or_trades_does_not(codebook):
    firms = "截至目前，已有晨铭、沃佳、璐源、青岛啤酒等十余家企业捐款。"
    assert find(codebook, firms) == ["晨铭", "沃佳", "璐源", "青岛啤酒"]
    assert find(codebook, "茶叶协会的晨铭、沃佳等6家会员单位捐款。") == ["晨铭", "沃佳"]
    assert find(codebook, "餐饮、零售、住宿、物流等企业受到影响。") == []
    assert find(codebook, "餐饮、零售等企业受到影响。") == []


def test_a_text_without_punctuation_takes_linear_time(codebook, monkeypatch):
    looks, is_place = [], naming._is_place
    monkeypatch.setattr(naming, "_is_place", lambda tokens, at: looks.append(at) or is_place(tokens, at))
    find(codebook, "服务中心和" * 300)
    short = len(looks)
    find(codebook, "服务中心和" * 600)
    assert 0 < len(looks) - short < 2.2 * short


def test_a_declared_short_form_is_found_later_and_resolved(codebook):
    texts = ("平凉市社会组织培育中心（以下简称“育心”）成立。", "育心党委和育心都行动起来。")
    found = find_organisations(make_units(*texts), codebook)
    assert found["text"].tolist() == ["平凉市社会组织培育中心", "育心党委", "育心"]
    assert found["name"].str.removeprefix("平凉市社会组织培育中心").tolist() == ["", "党委", ""]
    assert found["actor"].tolist() == ["mass_organisation", "party_organisation", "mass_organisation"]


def test_a_name_with_the_place_of_the_document_is_resolved_in_both_directions(codebook):
    units = make_units("市茶叶协会积极响应。", "定西市茶叶协会发出倡议。")
    found = find_organisations(units, codebook)
    assert found["text"].tolist() == ["市茶叶协会", "定西市茶叶协会"]
    assert found["name"].tolist() == ["定西市茶叶协会"] * 2
    assert found["place"].tolist() == ["定西市"] * 2


def test_a_short_form_is_never_taken_from_another_document(codebook):
    texts = {"a": "定西市茶叶协会发出倡议。", "b": "市茶叶协会积极响应。"}
    units = pd.concat([make_units(text, doc_id=doc_id) for doc_id, text in texts.items()])
    assert find_organisations(units, codebook)["name"].tolist() == ["定西市茶叶协会", "市茶叶协会"]


@pytest.mark.parametrize(
    ("name", "actor", "level", "place", "section"),
    [
        ("中国家具协会", "industry_association", "nation", "中国", "C"),
        ("湖北省物业管理协会", "industry_association", "province", "湖北省", "K"),
        ("恩施州医师协会", "professional_society", "city", "恩施土家族苗族自治州", "Q"),
        ("成都市武侯区志愿者协会", "volunteer_organisation", "county", "武侯区", ""),
        ("苏州市慈善总会", "charity", "city", "苏州市", ""),
        ("义乌社工服务中心", "social_service_institution", "county", "义乌市", ""),
        ("北京市社会组织管理局", "managing_authority", "province", "北京市", ""),
        ("省红十字会", "mass_organisation", "province", "", ""),
        ("财政部", "government", "nation", "中国", ""),
        ("四川省人民医院", "", "province", "四川省", ""),
        ("中国网络社会组织联合会", "online_organisation", "nation", "中国", ""),
        ("宁波市女企业家联谊会", "industry_association", "city", "宁波市", ""),
        ("遵义市音乐家协会", "professional_society", "city", "遵义市", ""),
        ("中国体育用品业联合会", "industry_association", "nation", "中国", ""),
        ("黑河市舞蹈协会", "professional_society", "city", "黑河市", ""),
        ("黑河市晨铭心理咨询工作室", "social_service_institution", "city", "黑河市", ""),
        ("黑河市新媒体协会", "online_organisation", "city", "黑河市", ""),
        ("黑河市长跑协会", "social_organisation", "city", "黑河市", ""),
        ("黑河市摄影行业协会", "industry_association", "city", "黑河市", "O"),
        ("黑河市工艺美术协会", "industry_association", "city", "黑河市", ""),
        ("黑河市心理援助中心", "social_service_institution", "city", "黑河市", ""),
        ("黑河市网球协会", "social_organisation", "city", "黑河市", ""),
        ("黑河市动物保护协会", "social_organisation", "city", "黑河市", ""),
        ("黑河市山地救援协会", "volunteer_organisation", "city", "黑河市", ""),
        ("黑河市晨铭爱心公益协会", "charity", "city", "黑河市", ""),
        ("湖南省茶叶协会专业委员会", "industry_association", "province", "湖南省", "A"),
        ("民革湖北省委会", "mass_organisation", "province", "湖北省", ""),
        ("中国晨铭银行北京支行", "enterprise", "nation", "中国", ""),
        ("民政厅", "managing_authority", "", "", ""),
        ("黑河市松泉村老年协会", "community_organisation", "city", "黑河市", ""),
        ("黑河市科协", "mass_organisation", "city", "黑河市", ""),
        ("黑河市律师行业协会", "professional_society", "city", "黑河市", "L"),
        ("黑河市社会组织党委", "managing_authority", "city", "黑河市", ""),
        ("黑河市晨铭酒店", "enterprise", "city", "黑河市", ""),
        ("黑河市饭店业协会党支部", "party_organisation", "city", "黑河市", ""),
        ("黑河市晨铭集团党委", "enterprise", "city", "黑河市", ""),
        ("黑河市晨铭集团党支部", "party_organisation", "city", "黑河市", ""),
        ("黑河市民政局党组", "managing_authority", "city", "黑河市", ""),
    ],
)
def test_a_name_tells_type_level_place_and_industry(codebook, name, actor, level, place, section):
    found = find_organisations(make_units(f"{name}发布公告。"), codebook)
    told = found[["text", "actor", "level", "place", "section"]]
    assert told.values.tolist() == [[name, actor, level, place, section]]


@pytest.mark.parametrize(
    ("texts", "short", "name"),
    [
        (("定西市煤炭商会发出倡议。", "煤炭商会积极响应。"), "煤炭商会", "定西市煤炭商会"),
        (("中国茶具行业协会发出倡议。", "中茶协表示支持。"), "中茶协", "中国茶具行业协会"),
        (("定西市晨铭服务中心（下称“晨铭”）成立。", "晨铭很忙。"), "晨铭", "定西市晨铭服务中心"),
        (("定西市慈善总会发出倡议。", "各级慈善总会响应。"), None, None),
        (("定西市茶叶协会发出倡议。", "中心城区响应。"), None, None),
    ],
)
def test_a_short_form_without_place_or_of_single_characters_is_resolved(codebook, texts, short, name):
    found = find_organisations(make_units(*texts), codebook).query("unit_id == 2")
    assert found[["text", "name"]].values.tolist() == ([[short, name]] if short else [])


def test_the_reference_names_of_the_corpus_are_found(register, codebook):
    found = find_organisations(an.split_units(*register), codebook)
    assert len(found) >= 112
    assert {"富士康集团", "国务院联防联控机制", "兰州市汽车租赁行业协会"} <= set(found["name"])


LETTERS = "中国兰州市省县镇各和与、，。（）“”协会商医院基金公司民政局党委向由爱心德等企业12"


@given(st.text(alphabet=LETTERS, max_size=40))
def test_every_name_equals_its_slice_and_none_overlaps_another(text):
    found = find_organisations(make_units("前言。", text), CODEBOOK)
    for start, end, name in zip(found["start"], found["end"], found["text"], strict=True):
        assert f"前言。\n{text}"[start:end] == name
    assert (found["start"].iloc[1:].to_numpy() >= found["end"].iloc[:-1].to_numpy()).all()


def test_tokens_cover_the_unit_and_names_stay_within(codebook):
    lexicon = build_lexicon(codebook.names)
    text = "福建省工商联（总商会）会长。"
    tokens = split_tokens(text, lexicon)
    assert "".join(token.text for token in tokens) == text
    (name,) = find_names(tokens)
    assert text[tokens[name.first].start : tokens[name.last].end] == "福建省工商联（总商会）"


def test_a_place_is_known_by_each_of_its_forms():
    places = spell_places({"湖北 省": {"恩施 土家族苗族自治州": "利川市 巴东县 长阳+土家族自治县"}})
    full = "恩施土家族苗族自治州"
    assert {places[form] for form in ("恩施", "恩施州", "恩施自治州", full)} == {("city", full)}
    assert places["湖北"] == places["湖北省"] == ("province", "湖北省")
    assert places["利川"] == places["利川市"] == ("county", "利川市")
    assert places["巴东县"] == ("county", "巴东县") and "巴东" not in places
    assert places["长阳土家族自治县"] == ("county", "长阳土家族自治县")


def test_the_places_of_the_project_are_those_of_the_country(codebook):
    assert len(spell_places(codebook.names["places"])) > 3000
