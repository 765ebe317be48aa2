"""Intervals, tests and simulated errors: small cases by hand, and against closed formulas."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from analysis.comparison import measure_similarity, profile_groups, wilson_interval
from analysis.errors import InputError
from analysis.network import join_facts
from analysis.resampling import (
    bootstrap_intervals,
    compare_groups,
    draw_codings,
    simulate_errors,
    tabulate_confusion,
    tally_units,
)
from analysis.twomode import build_two_mode
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS, UNITS

JOINED = join_facts(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)
CODES = pd.Index(["donation", "logistics"], name="measure")
NO_ERRORS = pd.DataFrame([[40, 0, 0], [0, 60, 0], [0, 0, 0]], index=[*CODES, ""], columns=[*CODES, ""])
COUNTS = pd.DataFrame([[30, 10], [10, 50]], index=pd.Index(["ant", "bee"], name="issuer"), columns=CODES)


def make_tally(counts, owner, codes=CODES) -> pd.DataFrame:
    """Return units of ten characters, of one document per group."""
    names = np.array(["ant", "bee", "cat"])[owner]
    rows = pd.MultiIndex.from_arrays([names, names], names=["issuer", "doc_id"])
    table = pd.DataFrame(np.asarray(counts, dtype=float), rows, codes)
    table.insert(0, "characters", 10)
    return table


def tally(*groups: tuple[int, int]) -> pd.DataFrame:
    """Return units with one statement each: so many of donation, so many of logistics."""
    owner = np.repeat(range(len(groups)), [sum(group) for group in groups])
    return make_tally(np.vstack([np.repeat(np.eye(2), group, axis=0) for group in groups]), owner)


def make_matches(*rows: tuple[int, str, bool, bool]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["block", "code", "coded", "expected"])
    return table.assign(doc_id="a1", layer="statement")


def test_units_are_tallied_as_counted_by_hand():
    units = tally_units(JOINED, UNITS, DOCUMENTS)
    assert units[["donation", "logistics", "rent"]].to_numpy().tolist() == [
        [1, 1, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0],
    ]  # fmt: skip
    assert units["characters"].tolist() == [13, 6, 6, 8, 2]
    assert units.index.tolist() == [("ant", "a1"), ("ant", "a1"), ("bee", "b1"), ("bee", "b2"), ("cat", "c1")]


def test_statements_of_unknown_units_are_refused():
    with pytest.raises(InputError, match="statements, b2:1:association:logistics: no such unit"):
        tally_units(JOINED, UNITS[UNITS["doc_id"] != "b2"], DOCUMENTS)
    with pytest.raises(InputError, match="units: c1 is not among the documents"):
        tally_units(JOINED, UNITS, DOCUMENTS[DOCUMENTS["doc_id"] != "c1"])


def test_of_two_units_the_interval_reaches_from_nothing_to_all():
    # Two units drawn out of two give a share of 0, 1/2 or 1 with chances 1/4, 1/2 and 1/4.
    table = bootstrap_intervals(tally((1, 1)), statistic="share", seed=1)
    assert table[["estimate", "low", "high"]].to_numpy().tolist() == [[0.5, 0, 1], [0.5, 0, 1]]


def test_the_interval_of_a_share_of_independent_units_is_near_that_of_wilson():
    table = bootstrap_intervals(tally((60, 140)), statistic="share", seed=1, draws=5000)
    assert table.loc[0, ["low", "high"]].tolist() == pytest.approx(wilson_interval(60, 200), abs=0.015)


def test_statements_that_stand_together_make_the_interval_wider():
    apart, together = tally((50, 50)), tally((5, 5))
    together[CODES] *= 10
    widths = [bootstrap_intervals(one, statistic="share", seed=1).eval("high - low")[0] for one in (apart, together)]
    assert widths[1] > 2 * widths[0]


def test_estimates_are_those_of_the_profiles(register, corpus, codebook):
    documents, _ = register
    joined = join_facts(corpus.statements, documents, codebook=codebook)
    units, profile = tally_units(joined, corpus.units, documents), profile_groups(joined, documents)
    for statistic in ("share", "rate"):
        table = bootstrap_intervals(units, statistic=statistic, seed=1, draws=50)
        assert table["estimate"].to_numpy() == pytest.approx(profile[statistic].to_numpy())
        never = profile["statements"] == 0
        assert table.loc[never, "low"].isna().all() and (table["low"] <= table["high"]).sum() > 90
    cosines = measure_similarity(build_two_mode(joined, "issuer", "measure"))
    table = bootstrap_intervals(units, statistic="similarity", seed=1, draws=50)
    assert table["estimate"].tolist() == pytest.approx([cosines.at[pair] for pair in combinations(cosines.index, 2)])


def test_a_group_without_statements_has_no_share_but_a_rate_of_nothing():
    units = tally((3, 3), (2, 0))
    units.loc["bee", CODES] = 0
    shares, rates, ties = (
        bootstrap_intervals(units, statistic=name, seed=1, draws=99) for name in ("share", "rate", "similarity")
    )
    assert shares["estimate"].isna().tolist() == [False, False, True, True] and ties["estimate"].isna().all()
    assert rates["estimate"].tolist() == [50, 50, 0, 0]


def test_the_interval_of_a_similarity_holds_the_true_one_of_short_texts():
    # Two groups of 25 sentences speak of 12 codes with known chances; BCa holds the truth in 40 of 60 draws.
    chances = np.array([np.arange(12) + 3.0, np.arange(12)[::-1] + 3.0])
    chances /= chances.sum(axis=1, keepdims=True)
    truth = measure_similarity(pd.DataFrame(chances)).at[0, 1]
    random, owner, held = np.random.default_rng(1), np.repeat([0, 1], 25), 0
    codes = pd.Index([f"c{number}" for number in range(12)], name="measure")
    for _ in range(60):
        counts = np.vstack([random.multinomial(1, one, size=25) for one in chances]).astype(float)
        units = make_tally(counts, owner, codes)
        row = bootstrap_intervals(units, statistic="similarity", seed=1, draws=200).iloc[0]
        held += row["low"] <= truth <= row["high"] and row["low"] <= row["estimate"] <= row["high"]
    assert held >= 51


def test_a_document_of_one_unit_has_no_interval():
    with pytest.raises(InputError, match="less than two"):
        bootstrap_intervals(tally((1, 0), (3, 3)), statistic="share", seed=1)


def test_a_single_group_cannot_be_compared():
    with pytest.raises(InputError, match="two are needed"):
        compare_groups(tally((4, 4)), statistic="share", seed=1)


def test_of_single_statements_the_permutation_test_is_that_of_fisher():
    table = compare_groups(tally((9, 3), (3, 9)), statistic="share", seed=1)
    assert table["difference"].tolist() == pytest.approx([0.5, -0.5])
    assert table["p"].tolist() == pytest.approx([fisher_exact([[9, 3], [3, 9]]).pvalue] * 2, abs=0.008)


def test_p_is_never_zero_and_adjusted_by_hand():
    table = compare_groups(tally((20, 0), (0, 20), (10, 10)), statistic="similarity", seed=1, draws=199)
    assert table["difference"].tolist() == pytest.approx([1, 1 - 0.5**0.5, 1 - 0.5**0.5])
    assert table["p"].tolist() == [1 / 200] * 3
    assert table["p_fdr"].tolist() == [1 / 200] * 3  # 1 / 200 x 3 / 3


def test_a_code_that_neither_states_is_not_tested():
    table = compare_groups(tally((4, 0), (4, 0)), statistic="rate", seed=1, draws=99)
    assert table["p"].isna().tolist() == table["p_fdr"].isna().tolist() == [False, True]
    assert table["p"][0] == 1


def test_the_confusion_pairs_what_is_wrong_and_what_is_missed_in_a_unit():
    matches = make_matches(
        (0, "charity:donation", True, True), (0, "union:donation", True, False), (0, "party:donation", False, True),
        (1, "charity:logistics", True, False), (1, "charity:donation", False, True),
        (2, "charity:logistics", True, False), (3, "union:logistics", False, True),
    )  # fmt: skip
    table = tabulate_confusion(matches, list(CODES), by="measure")
    assert table.to_numpy().tolist() == [[2, 0, 0], [1, 0, 1], [0, 1, 0]]
    actors = tabulate_confusion(matches, ["charity", "party", "union"], by="actor")
    assert actors.loc["union", "party"] == 1 and actors.loc["charity", "charity"] == 2 and actors.to_numpy().sum() == 5


def test_a_coding_without_errors_is_drawn_as_it_is():
    assert (draw_codings(COUNTS, NO_ERRORS, seed=1, draws=9) == COUNTS.to_numpy()).all()
    table = simulate_errors(COUNTS, NO_ERRORS, statistic="share", seed=1, draws=9)
    assert (table["low"] == table["estimate"]).all() and (table["high"] == table["middle"]).all()


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_drawn_codings_have_on_average_the_measured_errors(false, moved, missed):
    errors = pd.DataFrame([[400, moved, false], [0, 400, 0], [missed, 0, 0]], index=[*CODES, ""], columns=[*CODES, ""])
    mean = draw_codings(COUNTS * 10, errors, seed=1, draws=400, prior=1e-9).mean(axis=0)
    kept = COUNTS["donation"] * 10 * 400 / (400 + moved + false)
    assert mean[:, 0] == pytest.approx((kept * (1 + missed / 400)).to_numpy(), rel=0.03, abs=1)
    gained = COUNTS["logistics"] * 10 + COUNTS["donation"] * 10 * moved / (400 + moved + false)
    assert mean[:, 1] == pytest.approx(gained.to_numpy(), rel=0.03, abs=1)


def test_more_errors_make_wider_intervals():
    worse = NO_ERRORS + np.array([[0, 10, 10], [10, 0, 10], [20, 20, 0]])
    tables = [simulate_errors(COUNTS, errors, statistic="similarity", seed=1) for errors in (NO_ERRORS, worse)]
    assert [(table["high"] - table["low"])[0] > 0.01 for table in tables] == [False, True]


def test_a_confusion_of_other_codes_is_refused():
    with pytest.raises(InputError, match="confusion"):
        draw_codings(COUNTS, NO_ERRORS.iloc[::-1], seed=1)
    with pytest.raises(InputError, match="unknown statistic 'rate'"):
        simulate_errors(COUNTS, NO_ERRORS, statistic="rate", seed=1)
