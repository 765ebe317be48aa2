"""Judgements: people override the rules, and whatever is wrong with their rows is said."""

import pandas as pd
import pytest

import analysis as an
from analysis import paths
from analysis.judgements import JUDGEMENT_COLUMNS, apply_judgements, describe_judgements, read_judgements
from analysis.network import build_network
from analysis.tables import write_table
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS, UNITS

RULES = STATEMENTS.assign(coder="rules")
TEXT = UNITS["text"][0]


def judge(verdict: str, actor: str, measure: str, stance: str = "require", **changes: str) -> dict[str, str]:
    row = dict.fromkeys(JUDGEMENT_COLUMNS, "") | {"doc_id": "a1", "unit_id": "1", "text": TEXT, "verdict": verdict}
    row |= {"actor": actor, "measure": measure, "stance": stance, "coder": "anna", "date": "2026-03-01"}
    return row | {"reason": "why"} | changes


def read(folder, *rows: dict[str, str]) -> pd.DataFrame:
    path = folder / "judgements.csv"
    write_table(pd.DataFrame(rows, columns=list(JUDGEMENT_COLUMNS)), path)
    return read_judgements(UNITS, CODEBOOK, path=path)


def force(folder, *rows: dict[str, str]) -> pd.DataFrame:
    table = apply_judgements(RULES, read(folder, *rows), UNITS).query("doc_id == 'a1' and unit_id == 1")
    return table[["actor", "measure", "stance", "evidence", "judge"]].values.tolist()


DONATION = ["charity", "donation", "require", "慈善组织要捐款", ""]
LOGISTICS = ["charity", "logistics", "encourage", "可办物流", ""]


def test_without_judgements_the_statements_are_those_of_the_rules(tmp_path, corpus, codebook):
    none = read_judgements(corpus.units, codebook)
    assert none.empty, "update this test when the first person has judged"
    in_force = apply_judgements(corpus.statements, none, corpus.units)
    pd.testing.assert_frame_equal(in_force, corpus.statements.assign(judge=""))
    assert describe_judgements(none, corpus.statements).startswith("No judgement by a person is in force")


def test_judging_one_statement_leaves_all_others_as_they_are(tmp_path, corpus, codebook):
    row = corpus.statements.iloc[7]
    text = corpus.units.query("doc_id == @row.doc_id and unit_id == @row.unit_id")["text"].iloc[0]
    write_table(
        pd.DataFrame([judge("reject", row.actor, row.measure, "", doc_id=row.doc_id, unit_id=row.unit_id, text=text)]),
        tmp_path / "j.csv",
    )
    judgements = read_judgements(corpus.units, codebook, path=tmp_path / "j.csv")
    expected = corpus.statements.drop(index=7).reset_index(drop=True).assign(coder="judged", judge="")
    pd.testing.assert_frame_equal(apply_judgements(corpus.statements, judgements, corpus.units), expected)


def test_an_accepted_statement_bears_the_name_of_its_judge(tmp_path):
    assert force(tmp_path, judge("accept", "charity", "donation")) == [[*DONATION[:4], "anna"], LOGISTICS]


def test_an_accepted_statement_stays_when_the_rules_no_longer_make_it(tmp_path):
    assert force(tmp_path, judge("accept", "charity", "rent")) == [
        DONATION, LOGISTICS, ["charity", "rent", "require", TEXT, "anna"]
    ]  # fmt: skip


def test_a_rejected_statement_is_gone(tmp_path):
    assert force(tmp_path, judge("reject", "charity", "donation", "")) == [LOGISTICS]


def test_a_changed_statement_keeps_its_evidence(tmp_path):
    changed = judge("change", "charity", "donation", new_measure="rent", new_stance="encourage")
    assert force(tmp_path, changed) == [LOGISTICS, ["charity", "rent", "encourage", "慈善组织要捐款", "anna"]]


def test_an_added_statement_leads_to_its_unit(tmp_path):
    judgements = read(tmp_path, judge("add", "association", "rent", "prohibit"))
    added = apply_judgements(RULES, judgements, UNITS).query("judge == 'anna'").iloc[0]
    assert added[["statement_id", "start", "end", "raw_start", "raw_end", "evidence"]].tolist() == [
        "a1:1:association:rent", 0, 13, 1, 14, TEXT
    ]  # fmt: skip


def test_the_judgements_in_force_are_counted_in_one_line(tmp_path):
    rows = (judge("accept", "charity", "donation"), judge("reject", "association", "rent", ""))
    assert describe_judgements(read(tmp_path, *rows), RULES) == (
        "Judgements in force: 2 (1 accept, 1 reject, 0 change, 0 add) by anna; "
        "1 of them reject or change what the rules do not say."
    )


def test_two_people_may_agree(tmp_path):
    rows = [judge("accept", "charity", "donation"), judge("accept", "charity", "donation", coder="bert")]
    assert len(read(tmp_path, *rows)) == 2


@pytest.mark.parametrize(
    "rows, message",
    [
        ([judge("accept", "charity", "donation", unit_id="9")], "row 2: document 'a1' has no unit 9"),
        ([judge("accept", "charity", "donation", unit_id="one")], "row 2: document 'a1' has no unit one"),
        ([judge("accept", "charity", "donation", doc_id="z")], "row 2: document 'z' has no unit 1"),
        ([judge("accept", "charity", "donation", text="别")], f"row 2: this unit now reads '{TEXT}'; if what"),
        ([judge("accept", "church", "donation")], "row 2: unknown actor 'church'; one of charity, association"),
        ([judge("accept", "charity", "prayer")], "row 2: unknown measure 'prayer'; one of donation"),
        ([judge("accept", "charity", "donation", "beg")], "row 2: unknown stance 'beg'; one of require"),
        ([judge("add", "charity", "rent", "")], "row 2: unknown stance ''; one of require"),
        ([judge("like", "charity", "donation")], "row 2: unknown verdict 'like'; one of accept, reject, change, add"),
        ([judge("change", "charity", "donation")], "row 2: nothing is changed; fill in new_actor"),
        ([judge("accept", "charity", "donation", new_actor="charity")], "row 2: new_actor is filled in, but"),
        ([judge("accept", "charity", "donation", coder="")], "row 2: no coder; fill it in"),
        ([judge("accept", "charity", "donation", coder="rules")], "row 2: coder 'rules' is no person"),
        ([judge("accept", "charity", "donation", reason="")], "row 2: no reason; fill it in"),
        ([judge("accept", "charity", "donation", date="1.3.")], "row 2: date '1.3.' is no day written as 2020-02-12"),
        ([judge("accept", "charity", "donation"), judge("reject", "charity", "donation", "", coder="bert")],
         "row 3: contradicts row 2 on charity, donation in unit 1 of a1; keep one"),
        ([judge("add", "charity", "rent"), judge("change", "charity", "donation", "report", new_measure="rent")],
         "row 3: contradicts row 2 on charity, rent in unit 1 of a1; keep one"),
        ([judge("accept", "charity", "donation")] * 2, "row 3: repeats row 2"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_with_its_mend(tmp_path, rows, message):
    with pytest.raises(an.InputError) as raised:
        read(tmp_path, *rows)
    assert [problem for problem in raised.value.problems if message in problem], raised.value.problems
    assert all("judgements.csv, row " in problem for problem in raised.value.problems)


def test_all_wrong_rows_are_named_at_once(tmp_path):
    with pytest.raises(an.InputError) as raised:
        read(tmp_path, judge("like", "charity", "donation"), judge("accept", "church", "donation", coder=""))
    assert len(raised.value.problems) == 3


def test_a_column_that_stands_there_twice_is_refused(tmp_path):
    columns = ",".join([*JUDGEMENT_COLUMNS, "verdict"])
    (tmp_path / "j.csv").write_text(columns + "\n", "utf-8")
    with pytest.raises(an.InputError, match="row 1: column verdict stands there twice; keep one"):
        read_judgements(UNITS, CODEBOOK, path=tmp_path / "j.csv")


def test_the_file_of_the_project_has_the_columns_that_are_read():
    assert paths.JUDGEMENTS.read_text("utf-8").splitlines()[0] == ",".join(JUDGEMENT_COLUMNS)


def test_statements_in_force_make_one_network_whoever_judged(tmp_path):
    judgements = read(tmp_path, judge("accept", "charity", "donation"))
    network = build_network(apply_judgements(RULES, judgements, UNITS), DOCUMENTS, codebook=CODEBOOK)
    assert {edge["coder"] for _, _, edge in network.edges(data=True)} == {"judged"}
