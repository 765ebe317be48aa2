"""Shared wording on cases by hand, against plain loops, and in the corpus."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.cleaning import to_raw
from analysis.errors import InputError
from analysis.reuse import _chain, align_passages, find_runs, measure_sharing

LISTED = "卫生、防疫、医疗器械、医药产业、健康服务等"


def write(*texts: str, dates: str = "") -> pd.DataFrame:
    """Return documents d0, d1, ...; `dates` has a digit for each (a day of February 2020), or a space."""
    days = [f"2020-02-0{day}" if day.strip() else "" for day in dates.ljust(len(texts))]
    ids = [f"d{number}" for number in range(len(texts))]
    return pd.DataFrame({"doc_id": ids, "clean": list(texts), "date": days})


def keep(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letter.isalnum()]


def count(text: str) -> int:
    return sum("一" <= letter <= "鿿" for letter in text)


def search_runs(one: str, other: str, length: int) -> list[tuple[int, int, int, int]]:
    """Find maximal runs of two texts by comparing every place with every place."""
    mine, its, found = keep(one), keep(other), []
    for i in range(len(mine)):
        for j in range(len(its)):
            if i and j and one[mine[i - 1]] == other[its[j - 1]]:
                continue
            size = 0
            while max(i + size - len(mine), j + size - len(its)) < 0 and one[mine[i + size]] == other[its[j + size]]:
                size += 1
            if size and count(one[mine[i] : mine[i + size - 1] + 1]) >= length:
                found.append((mine[i], mine[i + size - 1] + 1, its[j], its[j + size - 1] + 1))
    return found


def hold(text: str, run: str) -> bool:
    bare = ["".join(letter for letter in words if letter.isalnum()) for words in (run, text)]
    return bare[0] in bare[1]


TEXTS = st.lists(st.text("甲乙丙，1\n", max_size=25), min_size=2, max_size=4)


def test_a_run_is_told_by_its_places_in_both_texts():
    runs = find_runs(write(f"一是{LISTED}企业", f"特别要支持{LISTED}单位"))
    assert runs.drop(columns="text").to_numpy().tolist() == [["d0", "d1", 2, 23, 5, 26, 17, 2]]
    assert runs["text"].tolist() == [LISTED]


def test_punctuation_and_line_breaks_are_passed_over_but_numbers_are_not():
    runs = find_runs(write("停止年会、展会，\n聚餐活动", "停止年会展会聚餐活动"), length=8)
    assert runs[["start", "end", "length"]].to_numpy().tolist() == [[0, 13, 10]]
    assert find_runs(write("自2月3日起停止活动", "自2月5日起停止活动"), length=4)["text"].tolist() == ["日起停止活动"]


def test_only_han_characters_count_for_the_length():
    assert find_runs(write("abc12345三月", "abc12345三月"), length=3).empty
    assert find_runs(write("abc三月", "abc三月"), length=2)["length"].tolist() == [2]


def test_each_place_of_a_run_is_a_row_but_not_what_repeats_within_one_text():
    runs = find_runs(write("复工复产，复工复产", "复工复产了", "无关"), length=4)
    assert runs[["doc_id", "other_id", "start", "other_start"]].to_numpy().tolist() == [
        ["d0", "d1", 0, 0], ["d0", "d1", 5, 0],
    ]  # fmt: skip


@given(TEXTS, st.integers(1, 4))
@example(["甲乙甲乙甲", "乙甲乙甲乙甲", ""], 1)
@example(["", ""], 20)
def test_runs_are_those_of_plain_loops(texts, length):
    expected = [
        (f"d{one}", f"d{other}", *spans)
        for one, other in combinations(range(len(texts)), 2)
        for spans in search_runs(texts[one], texts[other], length)
    ]
    runs = find_runs(write(*texts), length=length)
    found = [tuple(row) for row in runs.iloc[:, :6].to_numpy().tolist()]
    assert sorted(found) == sorted(expected)
    assert found == sorted(found, key=lambda row: (row[0], row[1], row[2], row[4]))
    assert [count(text) for text in runs["text"]] == runs["length"].tolist()


@given(TEXTS, st.integers(1, 3))
def test_a_run_is_counted_in_every_document_that_has_it(texts, length):
    for row in find_runs(write(*texts), length=length).itertuples():
        assert row.documents == sum(hold(text, row.text) for text in texts)


def test_a_run_of_nothing_is_refused():
    with pytest.raises(InputError, match="length 0"):
        find_runs(write("甲", "乙"), length=0)


def test_a_passage_bridges_what_was_changed_or_left_out():
    documents = write(
        "请生活必需和其他国计民生急需的企业尽早恢复节后生产", "生活必需和其他涉及国计民生急需的单位尽早恢复生产"
    )
    passages = align_passages(find_runs(documents, length=2), documents)
    # shared: 生活必需和其他 7, 国计民生急需的 7, 尽早恢复 4, 生产 2; spans of 24 and 24 characters
    assert passages.drop(columns=["text", "other_text"]).to_numpy().tolist() == [
        ["d0", "d1", 1, 25, 0, 24, 4, 20, 40 / 48, 2],
    ]  # fmt: skip
    assert passages["text"].tolist() == [documents["clean"][0][1:]]
    assert passages["other_text"].tolist() == [documents["clean"][1]]
    apart = align_passages(find_runs(documents, length=2), documents, gap=0, minimum=7)
    assert sorted(apart["length"]) == [7, 7]


def align_slowly(one: str, other: str, cost: float) -> float:
    """Return Smith and Waterman's score: 1 for an equal character, - cost for one changed, missing or added."""
    scores = np.zeros((len(one) + 1, len(other) + 1))
    for i, j in np.ndindex(len(one), len(other)):
        equal = 1 if one[i] == other[j] else -cost
        scores[i + 1, j + 1] = max(0, scores[i, j] + equal, scores[i, j + 1] - cost, scores[i + 1, j] - cost)
    return float(scores.max())


@given(
    st.text("甲乙丙丁", min_size=1, max_size=14),
    st.text("甲乙丙丁", min_size=1, max_size=14),
    st.sampled_from([0.25, 0.5, 1]),
)
def test_the_best_passage_of_all_runs_scores_as_a_local_alignment(one, other, cost):
    documents = write(one, other)
    runs = find_runs(documents, length=1).sort_values(["end", "other_end"])
    if runs.empty:
        assert align_slowly(one, other, cost) == 0
        return
    spans = runs[["start", "end", "other_start", "other_end"]].to_numpy()
    chain, shared = _chain(spans, 99, cost)[0]
    lost = 0.0
    for before, after in zip(spans[chain], spans[chain][1:], strict=False):
        gaps = after[[0, 2]] - before[[1, 3]]
        lost += cost * (gaps.max() - min(0, gaps.min()))
    assert shared - lost == pytest.approx(align_slowly(one, other, cost))


@given(TEXTS)
def test_passages_are_made_of_runs_in_order_and_use_each_once(texts):
    documents = write(*texts)
    runs = find_runs(documents, length=1)
    passages = align_passages(runs, documents, minimum=1)
    assert passages["runs"].sum() == len(runs)
    assert ((passages["similarity"] > 0) & (passages["similarity"] <= 1)).all()
    clean = documents.set_index("doc_id")["clean"]
    for row in passages.itertuples():
        assert row.text == clean[row.doc_id][row.start : row.end]
        assert row.other_text == clean[row.other_id][row.other_start : row.other_end]
        assert 1 <= row.length <= min(count(row.text), count(row.other_text))


@given(TEXTS, st.integers(1, 3))
def test_what_is_shared_is_counted_once_as_by_sets_of_places(texts, length):
    documents = write(*texts)
    runs = find_runs(documents, length=length)
    places: dict[tuple[str, str], set[int]] = {}
    for row in runs.itertuples():
        places.setdefault((row.doc_id, row.other_id), set()).update(range(row.start, row.end))
        places.setdefault((row.other_id, row.doc_id), set()).update(range(row.other_start, row.other_end))
    han = {
        doc_id: {i for i, letter in enumerate(text) if count(letter)}
        for doc_id, text in documents.iloc[:, :2].to_numpy()
    }
    for row in measure_sharing(runs, documents).itertuples():
        assert row.shared == len(places.get((row.doc_id, row.other_id), set()) & han[row.doc_id])
        assert row.characters == len(han[row.doc_id])
    for row in measure_sharing(runs, documents, by=()).itertuples():
        everywhere = set().union(*(spans for (doc_id, _), spans in places.items() if doc_id == row.doc_id))
        assert row.shared == len(everywhere & han[row.doc_id])


def test_sharing_is_told_with_who_was_earlier_and_zeros():
    documents = write("请大家捐赠口罩", "捐赠口罩", "捐赠口罩吧", "无关的话", dates="211 ")
    sharing = measure_sharing(find_runs(documents, length=4), documents).set_index(["doc_id", "other_id"])
    assert len(sharing) == 12
    assert sharing.loc[("d0", "d1")].tolist() == ["earlier", 4, 7, 4 / 7]
    assert sharing.loc[("d1", "d0")].tolist() == ["later", 4, 4, 1]
    assert sharing.loc[("d1", "d2"), "other_date"] == "same day"
    assert sharing.loc[("d3", "d0")].tolist() == ["unknown", 0, 4, 0]
    by_date = measure_sharing(find_runs(documents, length=4), documents, by=["other_date"])
    assert by_date.query("doc_id == 'd0'").to_numpy().tolist() == [
        ["d0", "earlier", 4, 7, 4 / 7], ["d0", "unknown", 0, 7, 0],
    ]  # fmt: skip


def test_zhejiang_and_jiangsu_share_their_list_of_sectors_on_the_same_day(register):
    documents, _ = register
    runs = find_runs(documents)
    assert runs.loc[runs["text"] == LISTED, ["doc_id", "other_id", "length"]].to_numpy().tolist() == [
        ["zhejiang", "jiangsu", 17],
    ]  # fmt: skip
    sharing = measure_sharing(runs, documents).set_index(["doc_id", "other_id"])
    assert sharing["share"].idxmax() == ("zhejiang", "jiangsu")
    assert sharing.loc[("zhejiang", "jiangsu"), ["other_date", "shared"]].tolist() == ["same day", 184]
    assert sharing.loc[("jiangsu", "zhejiang"), ["other_date", "shared"]].tolist() == ["same day", 235]


def test_every_run_leads_back_to_the_raw_text_on_both_sides(register):
    documents, repairs = register
    runs = find_runs(documents).query("doc_id == 'zhejiang' and other_id == 'jiangsu'")
    raw, changes = documents.set_index("doc_id")["raw"], dict(tuple(repairs.groupby("doc_id")))
    assert len(runs) > 10
    for row in runs.itertuples():
        for doc_id, start, end in (("zhejiang", row.start, row.end), ("jiangsu", row.other_start, row.other_end)):
            assert hold(raw[doc_id][slice(*to_raw(changes[doc_id], start, end))], row.text)
