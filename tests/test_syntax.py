"""What a name does in its clause."""

import pytest

from analysis.codebook import Codebook
from analysis.syntax import Name, find_role, read_grammar


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("各慈善组织要依法募捐。", "慈善组织", "modal"),
        ("近日，慈善组织开展募捐。", "慈善组织", "subject"),
        ("社区社会组织，协助做好排查。", "社区社会组织", "subject"),
        ("指导慈善组织依法募捐。", "慈善组织", "directed"),
        ("向全省社会组织发出倡议。", "社会组织", "recipient"),
        ("对社会组织进行教育。", "社会组织", "object"),
        ("社会组织的作用得到发挥。", "社会组织", "object"),
        ("捐款拨付慈善组织。", "慈善组织", "object"),
        ("各社会组织：你们好。", "社会组织", "subject"),
        ("近300家零售企业积极响应。", "企业", "subject"),
        ("根据社会组织要求调整。", "社会组织", "object"),
        ("截至目前，共有75家社会组织开展募捐。", "社会组织", "subject"),
        ("支援一线抗疫全市社会组织积极响应号召。", "社会组织", "subject"),
        ("支援一线抗疫全市社会组织名录更新。", "社会组织", "object"),
        ("鼓励卫生、防疫、医疗器械、医药产业、健康服务等相关社会组织参与。", "社会组织", "directed"),
        ("有企业送来口罩。", "企业", "subject"),
        ("向本省医药企业发出倡议。", "企业", "recipient"),
        ("依据《社会组织管理办法》办理。", "社会组织", "object"),
        ("二、捐赠1.各社会组织捐款。", "社会组织", "subject"),
        ("委托慈善组织接收物资。", "慈善组织", "directed"),
        ("要求各县每天上报各类社会组织开展工作情况。", "社会组织", "object"),
        ("具有公开募捐资格的慈善组织公布账目。", "慈善组织", "subject"),
        ("登记的慈善组织才可以开展募捐。", "慈善组织", "modal"),
        ("协助慈善组织搬运物资。", "慈善组织", "object"),
        ("其企业向医院捐款。", "企业", "subject"),
        ("浙江省多家拍卖企业捐款。", "企业", "subject"),
        ("走访浙江省多家拍卖企业。", "企业", "object"),
    ],
)
def test_the_words_around_a_name_tell_its_role(codebook: Codebook, text: str, name: str, kind: str) -> None:
    start = text.index(name)
    actor = "enterprise" if name == "企业" else "charity"
    role = find_role(text, Name(start, start + len(name), (actor,), ()), read_grammar(codebook))
    assert role.kind == kind


@pytest.mark.parametrize(("text", "kind"), [("电力行业企业积极捐款。", "subject"), ("维护企业利益。", "object")])
def test_nouns_before_a_name_belong_to_it_but_a_verb_governs_it(codebook: Codebook, text: str, kind: str) -> None:
    start = text.index("企业")
    name = Name(start, start + 2, ("enterprise",), ())
    assert find_role(text, name, read_grammar(codebook)).kind == kind


def test_a_modal_behind_a_comma_belongs_to_the_name(codebook: Codebook) -> None:
    name = Name(2, 4, ("enterprise",), ())
    assert find_role("所有企业，应当测温。", name, read_grammar(codebook)).kind == "modal"


def test_firms_of_a_trade_act_in_a_later_clause_only_where_an_adverb_says_so(codebook: Codebook) -> None:
    grammar = read_grammar(codebook)
    for text, kind in (("据协会统计，乳品企业均已捐款。", "subject"), ("据协会统计，乳品企业库存。", "object")):
        start = text.index("企业")
        assert find_role(text, Name(start, start + 2, ("enterprise",), ()), grammar, previous=3).kind == kind
