"""Four short documents of three issuers, five statements: small enough to count by hand."""

from types import SimpleNamespace

import pandas as pd

from analysis.tables import COLUMNS, STANCES

CODEBOOK = SimpleNamespace(
    types=pd.DataFrame(
        {"zh": ["慈善组织", "协会", "政府"], "en": ["Charities", "Associations", "Government"],
         "group": ["social_organisations", "social_organisations", "state"]},
        index=["charity", "association", "government"],
    ),
    measures=pd.DataFrame(
        {"zh": ["捐款", "物流", "减租"], "en": ["Donations", "Logistics", "Rent relief"],
         "goal": ["epidemic", "both", "resumption"], "instrument": ["treasure", "organisation", "treasure"]},
        index=["donation", "logistics", "rent"],
    ),
)  # fmt: skip
TEXT = "★慈善组织要捐款，可办物流。协会捐了款。"
DOCUMENTS = pd.DataFrame(
    [
        ("a1", "ant", "甲厅", "Ant", "province", "甲省", "appeal", "2020-02-12", TEXT, 200),
        ("b1", "bee", "乙局", "Bee", "nation", "", "news", "2020-02-20", "★协会要捐款。", 300),
        ("b2", "bee", "乙局", "Bee", "nation", "", "news", "2020-02-21", "★协会不得办物流。", 500),
        ("c1", "cat", "丙市", "Cat", "city", "丙市", "notice", "2020-02-27", "★无。", 100),
    ],
    columns=["doc_id", "issuer", "issuer_zh", "issuer_en", "level", "place", "genre", "date", "raw", "characters"],
)
UNITS = pd.DataFrame(
    [
        ("a1", 1, "sentence", "一", 0, 0, 13, "慈善组织要捐款，可办物流。", 1, 14),
        ("a1", 2, "sentence", "二", 1, 13, 19, "协会捐了款。", 14, 20),
        ("b1", 1, "sentence", "", 0, 0, 6, "协会要捐款。", 1, 7),
        ("b2", 1, "sentence", "", 0, 0, 8, "协会不得办物流。", 1, 9),
        ("c1", 1, "sentence", "", 0, 0, 2, "无。", 1, 3),
    ],
    columns=list(COLUMNS["units"]),
)


def make_statement(doc_id: str, unit_id: int, actor: str, measure: str, stance: str, start: int, evidence: str):
    place = (start, start + len(evidence), start + 1, start + 1 + len(evidence))
    key = f"{doc_id}:{unit_id}:{actor}:{measure}"
    return (key, doc_id, unit_id, actor, measure, stance, "explicit", "", "", *place, evidence, "reference")


STATEMENTS = pd.DataFrame(
    [
        make_statement("a1", 1, "charity", "donation", "require", 0, "慈善组织要捐款"),
        make_statement("a1", 1, "charity", "logistics", "encourage", 8, "可办物流"),
        make_statement("a1", 2, "association", "donation", "report", 13, "协会捐了款"),
        make_statement("b1", 1, "association", "donation", "require", 0, "协会要捐款"),
        make_statement("b2", 1, "association", "logistics", "prohibit", 0, "协会不得办物流"),
    ],
    columns=list(COLUMNS["statements"]),
)


def tell(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return (issuer, measure, stance) as a joined table with all issuers, measures and stances as categories."""
    table = pd.DataFrame(rows, columns=["issuer", "measure", "stance"])
    for column, values in (("issuer", DOCUMENTS["issuer"]), ("measure", CODEBOOK.measures.index), ("stance", STANCES)):
        table[column] = pd.Categorical(table[column], categories=list(dict.fromkeys(values)))
    return table.assign(statement_id=[f"s{number}" for number in range(len(rows))])
