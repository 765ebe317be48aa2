"""Robustness: worlds and findings by hand, and what the project claims of its texts, recomputed."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.network import join_facts
from analysis.robustness import (
    FINDINGS,
    Finding,
    check_findings,
    compare_networks,
    count_findings,
    leave_documents_out,
    list_multiverse,
    redraw_units,
    tabulate_worlds,
)
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS, UNITS

JOINED = join_facts(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
GIVES = {
    "ant_gives": Finding("{:.0%} donation", lambda t: (t["measure"].at["ant", "donation"] > 0.5,
                                                                     float(t["measure"].at["ant", "donation"]))),
}  # fmt: skip


def test_each_normalisation_divides_as_counted_by_hand():
    shares, rates, sentences = (tables for _, tables in tabulate_worlds(JOINED, UNITS, DOCUMENTS))
    assert shares["measure"].loc["ant"].tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert rates["measure"].loc["ant"].tolist() == pytest.approx([2000 / 19, 1000 / 19, 0])
    assert sentences["measure"].loc["ant"].tolist() == [1, 0.5, 0]
    assert shares["measure"].loc["cat"].tolist() == [0, 0, 0]
    assert shares["similarity"].at["ant", "bee"] == pytest.approx(3 / 10**0.5)


def test_duplicates_count_once_in_a_sentence_or_document():
    again = pd.concat([JOINED, JOINED.iloc[[0]].assign(unit_id=2)], ignore_index=True).astype(JOINED.dtypes)
    counts = {
        choice: next(tabulate_worlds(again, UNITS, DOCUMENTS, duplicates=choice))[1]["measure"].loc["ant"].tolist()
        for choice in ("all", "sentence", "document")
    }
    # All: 3 donations, 1 logistics; each sentence: 2 and 1; document: charity and association once each, and 1.
    assert counts == {"all": [0.75, 0.25, 0], "sentence": [2 / 3, 1 / 3, 0], "document": [2 / 3, 1 / 3, 0]}


def test_an_unknown_choice_is_refused():
    with pytest.raises(InputError, match="unknown duplicates 'week'"):
        list(tabulate_worlds(JOINED, UNITS, DOCUMENTS, duplicates="week"))


def test_the_multiverse_has_every_combination_and_asks_only_what_can_be_asked():
    worlds = list(list_multiverse({"rules": JOINED, "reference": JOINED}, UNITS, DOCUMENTS))
    assert len({tuple(choices.values()) for choices, _ in worlds}) == len(worlds) == 2 * (1 + 3) * 3 * 3
    checks = check_findings(worlds, GIVES)
    assert set(checks["left_out"]) == {"", "logistics", "rent"}
    table = count_findings(checks.query("normalisation == 'statements' and duplicates == 'all'"), ["left_out"])
    assert table["holds"].tolist() == [1, 1, 1] and table["median"].tolist() == pytest.approx([2 / 3, 1, 2 / 3])
    assert checks["en"].iloc[0] == "67% donation"


def test_a_finding_that_nothing_can_answer_is_an_error():
    strange = {"strange": Finding("", lambda tables: (True, float(tables["measure"].at["dog", "donation"])))}
    with pytest.raises(InputError, match="finding strange"):
        check_findings(tabulate_worlds(JOINED, UNITS, DOCUMENTS), strange)


def test_a_document_left_out_takes_its_issuer_along_only_if_it_is_its_last():
    worlds = [tables for _, tables in leave_documents_out(JOINED, UNITS, DOCUMENTS)][::3]
    issuers = [tables["measure"].index.tolist() for tables in worlds]
    assert issuers == [["bee", "cat"], ["ant", "bee", "cat"], ["ant", "bee", "cat"], ["ant", "bee"]]
    assert worlds[1]["measure"].loc["bee"].tolist() == [0, 1, 0]


def test_a_thinned_document_keeps_so_many_units_and_the_others_all_theirs():
    def redraw(seed: int) -> list[pd.DataFrame]:
        worlds = redraw_units(JOINED, UNITS, DOCUMENTS, thin={"a1": 1}, seed=seed, draws=40)
        return [tables["measure"] for _, tables in worlds]

    draws = [[tuple(table.loc["ant"]) for table in redraw(seed)] for seed in (1, 1, 2)]
    assert set(draws[0]) == {(0.5, 0.5, 0), (1, 0, 0)}  # the first of its two sentences, or the second
    assert draws[0] == draws[1] != draws[2]
    assert {tuple(table.loc["bee"]) for table in redraw(1)} == {(0.5, 0.5, 0)}


def test_a_coding_compared_with_itself_differs_in_nothing():
    same = compare_networks(JOINED, JOINED, seed=1)
    assert (same.nodes["first"] == same.nodes["second"]).all() and (same.causes == 0).all(axis=None)
    assert same.layers.loc["actor", "rand"] == 1


def test_the_measure_that_causes_a_difference_comes_first():
    # A statement of ant moves from donation to rent: ant (2, 1, 0) becomes (1, 1, 1), and bee is (1, 1, 0).
    moved = JOINED.assign(measure=JOINED["measure"].where(JOINED.index != 0, "rent"))
    result = compare_networks(moved, JOINED, seed=1)
    assert result.similarity.loc[("ant", "bee")].tolist() == pytest.approx([2 / 6**0.5, 3 / 10**0.5])
    assert result.causes.loc["donation", ["added", "lacking"]].tolist() == [0, 1]
    assert result.causes.loc["rent", ["added", "lacking"]].tolist() == [1, 0]
    assert result.causes["effect"].is_monotonic_decreasing and result.causes.at["logistics", "effect"] == 0
    # With rent taken from the second, ant is (1, 1, 0), as bee; with donation, (2, 1, 1).
    gap = 3 / 10**0.5 - 2 / 6**0.5
    assert result.causes.at["rent", "effect"] == pytest.approx(gap - (1 - 3 / 10**0.5))
    assert result.causes.at["donation", "effect"] == pytest.approx(gap - abs(3 / 12**0.5 - 3 / 10**0.5))
    assert result.nodes.loc[("measure", "rent")].tolist() == [1, 0]


def test_what_the_project_claims_of_the_five_texts_can_be_asked_and_read(register, corpus, reference, codebook):
    documents, _ = register
    codings = {
        coder: join_facts(statements, documents, codebook=codebook)
        for coder, statements in (("rules", corpus.statements), ("reference", reference.statements))
    }
    checks = pd.concat(
        check_findings(tabulate_worlds(joined, corpus.units, documents)).assign(coding=coder)
        for coder, joined in codings.items()
    )
    held = count_findings(checks)
    assert set(held.index) == set(FINDINGS) and (held["asked"] == 6).all()
    firm = ["jiangsu_governance", "associations_first", "zhejiang_associations", "zhejiang_jiangsu", "reporting"]
    assert (held.loc[firm, "holds"] == 1).all()
    assert not checks["en"].str.contains("[{}]", regex=True).any()
    assert np.isfinite(checks["number"]).all()
