"""Agreement: codings set side by side, checked on cases counted by hand."""

import pandas as pd
import pytest

import analysis as an
from analysis.agreement import LAYERS
from analysis.reference import Coding

COLUMNS = ["doc_id", "unit_id", "layer", "code", "stance", "disputed"]
UNITS = pd.DataFrame({"doc_id": "d", "unit_id": [1, 2], "raw_start": [0, 5], "raw_end": [5, 9]})


def codes(*rows: tuple[int, str, str, bool]) -> Coding:
    codes = [("d", unit_id, "statement", code, stance, doubt) for unit_id, code, stance, doubt in rows]
    return Coding(UNITS, pd.DataFrame(), pd.DataFrame(codes, columns=COLUMNS))


def score(ours: Coding, theirs: Coding) -> pd.DataFrame:
    return an.score_agreement(an.compare_codings(ours, theirs), ["layer"])


def test_precision_recall_and_f1_of_a_case_counted_by_hand():
    ours = codes((1, "a:x", "require", False), (1, "a:y", "require", False), (2, "b:x", "report", False))
    theirs = codes((1, "a:x", "require", False), (2, "b:x", "require", False), (2, "b:z", "report", False))
    table = score(ours, theirs)
    assert table.loc["statement", ["expected", "coded", "both"]].tolist() == [3, 3, 2]
    assert table.loc["statement", "f1"] == pytest.approx(2 / 3)
    assert table.loc["actor", "f1"] == 1
    assert table.loc["measure", ["precision", "recall"]].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert table.loc["stance", "precision"] == pytest.approx(1 / 2)


def test_a_disputed_code_counts_neither_for_nor_against():
    theirs = codes((1, "a:x", "require", False), (1, "a:y", "require", True))
    for ours in (codes((1, "a:x", "require", False)), codes((1, "a:x", "require", False), (1, "a:y", "report", False))):
        assert score(ours, theirs)["f1"].tolist() == [1, 1, 1, 1]


def test_either_of_two_stances_of_the_reference_agrees():
    theirs = codes((1, "a:x", "require|prohibit", False))
    assert score(codes((1, "a:x", "prohibit", False)), theirs).loc["stance", "f1"] == 1
    assert score(codes((1, "a:x", "report", False)), theirs).loc["stance", "precision"] == 0


def test_units_that_were_cut_differently_meet_in_the_smallest_common_block():
    ours = pd.DataFrame({"doc_id": "d", "raw_start": [0, 5, 9], "raw_end": [5, 9, 14]})
    theirs = pd.DataFrame({"doc_id": "d", "raw_start": [0, 5], "raw_end": [5, 14]})
    left, right = an.align_units(ours, theirs)
    assert left.tolist() == [0, 1, 1]
    assert right.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("layer", "bound"),
    list(zip(LAYERS, (0.99, 1, 0.94, 0.96, 0.92, 0.98), strict=True)),
)
def test_the_rules_agree_with_the_reference_of_the_five_texts(corpus, reference, layer, bound):
    f1 = an.score_agreement(an.compare_codings(corpus, reference), ["layer"])["f1"]
    assert f1[layer] >= bound
