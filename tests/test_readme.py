"""What the README quotes stands in the texts, and its shares are those of notebook 06."""

import json
import re

from analysis.documents import read_documents
from analysis.paths import NOTEBOOKS, ROOT

README = (ROOT / "README.md").read_text("utf-8")
FINDINGS = {
    "Jiangsu gives most room to governance": "jiangsu_governance",
    "Zhejiang addresses industry associations": "zhejiang_associations",
    "The Ministry and Lanzhou report": "reporting",
    "Industry associations and chambers are addressed": "associations_first",
    "Zhejiang and Jiangsu, though": "zhejiang_jiangsu",
    "Guizhou presses orderly resumption": "guizhou_resumption",
    "The Ministry speaks most of money": "ministry_treasure",
    "Guizhou and Lanzhou are the most similar": "guizhou_lanzhou",
}


def list_rows() -> list[list[str]]:
    table = README.partition("| finding |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines()[2:]]


def test_every_quotation_beside_a_finding_stands_in_a_text():
    texts = "\n".join(read_documents()[0]["clean"])
    quoted = re.findall("[\u4e00-\u9fff（）、，0-9]{8,}", "\n".join(row[-1] for row in list_rows()))
    assert len(quoted) >= 4 and [quote for quote in quoted if quote not in texts] == []


def test_how_often_a_finding_holds_is_what_notebook_06_computes():
    cells = json.loads((NOTEBOOKS / "06-robustness.ipynb").read_text("utf-8"))["cells"]
    (shown,) = [cell for cell in cells if "".join(cell["source"]).endswith("an.count_findings(checks).round(3)")]
    lines = "".join(shown["outputs"][0]["data"]["text/plain"]).splitlines()
    holds = {line.split()[0]: float(line.split()[2]) for line in lines if len(line.split()) == 6}
    told = {name: row[1] for start, name in FINDINGS.items() for row in list_rows() if row[0].startswith(start)}
    assert set(told) == set(FINDINGS.values())
    firm = {name for name, share in told.items() if share == "firm"}
    assert firm == {name for name in told if holds[name] >= 0.99}
    assert all(abs(int(told[name].split()[1]) - 100 * holds[name]) <= 0.55 for name in set(told) - firm)
