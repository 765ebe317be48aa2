"""Correspondence analysis and clustering: published numbers, another algebra, and cases worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from scipy.stats import chi2_contingency

from analysis.comparison import cluster_groups, correspond, measure_similarity
from analysis.errors import InputError
from tests.test_structure import tables

# The smokers of Greenacre 1984: staff by how much they smoke.
SMOKERS = pd.DataFrame(
    [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]],
    index=pd.Index(["SM", "JM", "SE", "JE", "SC"], name="staff"), columns=["none", "light", "medium", "heavy"],
)  # fmt: skip


def test_the_smokers_of_greenacre_have_their_published_inertias():
    # as printed by the R package ca of O. Nenadic and M. Greenacre 2007, Journal of Statistical Software 20(3)
    points, axes = correspond(SMOKERS)
    assert axes["inertia"].round(6).tolist() == [0.074759, 0.010017, 0.000414]
    assert (100 * axes["share"]).round(2).tolist() == [87.76, 11.76, 0.49]
    assert axes["cumulative"].iloc[-1] == pytest.approx(1)
    staff = points.query("side == 'staff'").set_index("label")
    assert staff["mass"].round(6).tolist() == [0.056995, 0.093264, 0.264249, 0.455959, 0.129534]
    assert staff["inertia"].round(6).tolist() == [0.002673, 0.011881, 0.038314, 0.026269, 0.006053]
    assert np.sqrt(staff["inertia"] / staff["mass"]).round(6).tolist() == [
        0.216559, 0.356921, 0.380779, 0.240025, 0.216169
    ]  # fmt: skip
    assert staff.loc["SM", "axis_1"] / np.sqrt(axes["inertia"][0]) == pytest.approx(0.240539, abs=1e-6)  # standard


def test_the_smokers_agree_with_another_program():
    # coordinates and contributions as the Python package prince 0.23 prints them; signs are free
    points, _ = correspond(SMOKERS)
    points = points.set_index("label")
    first = {"SM": 0.065768, "JM": -0.258958, "SE": 0.380595, "JE": -0.232952, "SC": 0.201089,
             "none": 0.393308, "light": -0.099456, "medium": -0.196321, "heavy": -0.293776}  # fmt: skip
    second = {"SM": 0.193737, "JM": 0.243305, "SE": 0.010660, "JE": -0.057744, "SC": -0.078911,
              "none": 0.030492, "light": -0.141064, "medium": -0.007359, "heavy": 0.197766}  # fmt: skip
    assert points["axis_1"].round(6).to_dict() == first and points["axis_2"].round(6).to_dict() == second
    assert points["contribution_1"].head(5).round(6).tolist() == [0.003298, 0.083659, 0.512006, 0.330974, 0.070064]


def test_a_table_of_two_by_two_worked_out_by_hand():
    # 3 and 1, 1 and 3 of 8: all margins 1/2, so residuals (3/8 - 1/4) / (1/2) = 1/4, inertia 4 / 16, points at 1/2
    points, axes = correspond(pd.DataFrame([[3, 1], [1, 3]]), axes=1)
    assert axes.to_numpy() == pytest.approx(np.array([[1, 0.25, 1, 1]]))
    assert points["axis_1"].tolist() == pytest.approx([0.5, -0.5, 0.5, -0.5])
    assert points["contribution_1"].tolist() == pytest.approx([0.5] * 4)
    assert points["inertia"].tolist() == pytest.approx([0.125] * 4)
    assert points["quality_1"].tolist() == pytest.approx([1] * 4)


@given(tables())
def test_inertia_is_chi_squared_and_all_axes_keep_the_distances_of_profiles(counts):
    full = counts.loc[counts.any(axis=1), counts.any(axis=0)]
    assume(min(full.shape) > 1)
    statistic = chi2_contingency(full, correction=False).statistic
    assume(statistic > 1e-6)
    most = min(full.shape) - 1
    points, axes = correspond(counts, axes=most)
    assert axes["inertia"].sum() == pytest.approx(statistic / full.to_numpy().sum())
    for side in ("rows", "columns"):
        table = points[points["side"] == side]
        assert table["mass"].sum() == pytest.approx(1)
        assert table["inertia"].sum() == pytest.approx(axes["inertia"].sum())
        assert table["contribution_1"].sum() == pytest.approx(1)
        there = table[table["mass"] > 0]
        assert table["axis_1"].notna().tolist() == (table["mass"] > 0).tolist()
        assert there["mass"] @ there["axis_1"] == pytest.approx(0, abs=1e-9)  # the average profile is the origin
        assert there["mass"] @ there["axis_1"] ** 2 == pytest.approx(axes["inertia"][0])
    place = points.query("side == 'rows' and mass > 0")[[f"axis_{k + 1}" for k in range(most)]].to_numpy()
    profiles, masses = full.div(full.sum(axis=1), axis=0).to_numpy(), (full.sum() / full.to_numpy().sum()).to_numpy()
    gap = (profiles[0] - profiles[1]) ** 2 / masses
    assert ((place[0] - place[1]) ** 2).sum() == pytest.approx(gap.sum(), abs=1e-9)


def test_inertias_are_the_roots_of_the_matrix_of_transitions():
    values = SMOKERS.to_numpy(float)  # from rows to columns and back: its roots are 1 and the inertias
    there, back = values / values.sum(axis=1, keepdims=True), (values / values.sum(axis=0)).T
    roots = np.sort(np.linalg.eigvals(there @ back).real)[::-1]
    assert roots[:4].tolist() == pytest.approx([1, *correspond(SMOKERS)[1]["inertia"]])


def test_what_nobody_says_keeps_its_row_without_a_place():
    points, axes = correspond(SMOKERS.assign(pipe=0))
    assert axes["inertia"].tolist() == pytest.approx(correspond(SMOKERS)[1]["inertia"].tolist())
    pipe = points.set_index("label").loc["pipe"]
    assert pipe["mass"] == pipe["inertia"] == pipe["contribution_1"] == 0 and np.isnan(pipe["axis_1"])


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1, 2], [-1, 3]], "missing or below 0"),
        ([[1, 2], [np.nan, 3]], "missing or below 0"),
        ([[1, 2, 3], [2, 1, 0]], "2 axes asked, but it has 1"),
        ([[0, 0, 0], [0, 0, 0]], "2 axes asked, but it has 0"),
        ([[1, 2, 3], [2, 4, 6], [1, 2, 3]], "all rows have the same shares"),
    ],
)
def test_tables_without_axes_are_refused(counts, message):
    with pytest.raises(InputError, match=message):
        correspond(pd.DataFrame(counts))


def test_merges_worked_out_by_hand():
    alike = pd.DataFrame([[1, 0.9, 0.4], [0.9, 1, 0.6], [0.4, 0.6, 1]], index=list("abc"), columns=list("abc"))
    merges = cluster_groups(alike)
    assert merges[["first", "second", "size"]].to_numpy().tolist() == [["a", "b", 2], ["c", "a + b", 3]]
    assert merges["distance"].tolist() == pytest.approx([0.1, (0.6 + 0.4) / 2])


@given(tables())
def test_merges_are_those_of_a_naive_search(counts):
    said = counts[counts.any(axis=1)]
    assume(len(said) > 1)
    distance = (1 - measure_similarity(said)).to_numpy().clip(0)
    groups, heights = [[i] for i in range(len(said))], []
    while len(groups) > 1:
        pairs = [(np.mean([distance[i, j] for i in one for j in other]), one, other)
                 for place, one in enumerate(groups) for other in groups[:place]]  # fmt: skip
        height, one, other = min(pairs, key=lambda pair: pair[0])
        heights.append(height)
        groups = [group for group in groups if group not in (one, other)] + [one + other]
    merges = cluster_groups(measure_similarity(said))
    assert merges["size"].iloc[-1] == len(said) and merges["distance"].is_monotonic_increasing
    assert merges["distance"].iloc[0] == pytest.approx(heights[0], abs=1e-9)
    if len(set(np.round(distance[np.triu_indices(len(said), 1)], 9))) == len(said) * (len(said) - 1) / 2:
        assert merges["distance"].tolist() == pytest.approx(heights, abs=1e-9)  # without ties there is one way


def test_a_silent_issuer_cannot_be_clustered():
    with pytest.raises(InputError, match="silent ones out"):
        cluster_groups(measure_similarity(pd.DataFrame([[1, 2], [0, 0], [2, 1]])))
    with pytest.raises(InputError, match="of 1 groups"):
        cluster_groups(pd.DataFrame([[1.0]]))
