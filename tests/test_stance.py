"""Where a text orders and where it tells."""

import pandas as pd
import pytest

from analysis.codebook import Codebook
from analysis.stance import guess_directives
from analysis.syntax import read_grammar

MENTIONS = pd.DataFrame({"doc_id": [], "kind": [], "code": []})


@pytest.mark.parametrize(
    ("title", "directs"),
    [
        ("致全省行业协会商会的倡议书", True),
        ("关于做好疫情防控的通知", True),
        ("省民政厅发布《关于做好疫情防控的通知》", False),
        ("省民政厅关于印发《工作方案》的通知", True),
        ("省民政厅发出倡议", False),
        ("社会组织在行动", False),
        ("致全体会员的一封信", True),
        ("致全体会员的慰问信", False),
    ],
)
def test_a_title_tells_whether_the_text_directs(codebook: Codebook, title: str, directs: bool) -> None:
    units = pd.DataFrame({"doc_id": ["d"], "unit_id": [1], "kind": ["title"], "text": [title]})
    assert guess_directives(units, MENTIONS, {}, read_grammar(codebook)) == {"d": directs}


@pytest.mark.parametrize(("line", "directs"), [("全市各社会组织：", True), ("兰州市慈善总会：", False)])
def test_a_line_of_address_names_many(codebook: Codebook, line: str, directs: bool) -> None:
    units = pd.DataFrame({"doc_id": ["d"], "unit_id": [1], "kind": ["addressee"], "text": [line]})
    assert guess_directives(units, MENTIONS, {}, read_grammar(codebook)) == {"d": directs}


def test_a_letter_of_thanks_directs_nobody_although_it_is_addressed(codebook: Codebook) -> None:
    rows = [("d", 1, "title", "致各慈善组织的感谢信"), ("d", 2, "addressee", "各慈善组织：")]
    units = pd.DataFrame(rows, columns=["doc_id", "unit_id", "kind", "text"])
    assert guess_directives(units, MENTIONS, {}, read_grammar(codebook)) == {"d": False}


def test_the_genre_of_the_register_decides(codebook: Codebook) -> None:
    units = pd.DataFrame({"doc_id": ["d"], "unit_id": [1], "kind": ["title"], "text": ["倡议书"]})
    assert guess_directives(units, MENTIONS, {"d": "news"}, read_grammar(codebook)) == {"d": False}


def test_a_line_of_address_that_runs_on_makes_a_directive_but_a_list_does_not(codebook: Codebook) -> None:
    lines = {"各会员单位：近日气温下降。": True, "各界捐款：一、茶叶协会。": False, "各地情况（单位：元）": False}
    for line, directs in lines.items():
        rows = [("d", 1, "title", "餐饮业加强自查"), ("d", 2, "sentence", line)]
        units = pd.DataFrame(rows, columns=["doc_id", "unit_id", "kind", "text"])
        assert guess_directives(units, MENTIONS, {}, read_grammar(codebook)) == {"d": directs}
