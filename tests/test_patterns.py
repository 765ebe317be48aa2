import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.patterns import CLAUSE_ENDS, GAP, MASK, Pattern, compile_patterns, find_faults, find_matches

FEES = "减免|减收|免收 … 会费|服务性收费"


def match(text, *patterns, voids=()):
    wanted = [Pattern("measure", "code", pattern) for pattern in patterns]
    unwanted = [Pattern("measure", "code", void, True) for void in voids]
    return [text[m.start : m.end] for m in find_matches(text, compile_patterns(wanted + unwanted))]


def test_a_literal_is_found_wherever_it_stands():
    assert match("会费，会费。", "会费") == ["会费", "会费"]


def test_a_sequence_spans_from_its_first_literal_to_its_last():
    assert match("鼓励协会适当减免会员2020年会费。", FEES) == ["减免会员2020年会费"]


def test_the_longest_of_the_matches_at_one_place_is_kept():
    assert match("减免会费及服务性收费", FEES) == ["减免会费及服务性收费"]


def test_a_gap_may_be_empty_but_parts_may_not_overlap():
    assert match("减免会费", "减免 … 会费") == ["减免会费"]
    assert match("志愿服务", "志愿服 … 服务") == []


@pytest.mark.parametrize("mark", CLAUSE_ENDS)
def test_a_gap_never_crosses_the_end_of_a_clause(mark):
    assert match(f"减免{mark}会费", FEES) == []


def test_a_gap_bridges_exactly_its_limit():
    assert match("减免" + "一" * GAP + "会费", FEES)
    assert not match("减免" + "一" * (GAP + 1) + "会费", FEES)


def test_a_literal_itself_may_contain_the_end_of_a_clause():
    assert match("不信谣，不传谣", "不信谣，不传谣") == ["不信谣，不传谣"]


def test_a_match_is_void_where_a_not_pattern_overlaps_it():
    assert match("制定会费标准，减免会费。", "会费", voids=["会费标准"]) == ["会费"]
    assert match("减免会费标准", "会费", "减免", voids=["会费标准"]) == ["减免"]


def test_a_shorter_match_stands_in_for_a_longer_one_that_is_void():
    assert match("减免会费、会费标准", FEES, voids=["会费标准"]) == ["减免会费"]


def test_a_not_pattern_of_one_code_leaves_another_code_alone():
    patterns = [Pattern("measure", "a", "会费"), Pattern("measure", "b", "会费"), Pattern("measure", "a", "会费", True)]
    assert [found.code for found in find_matches("会费", compile_patterns(patterns))] == ["b"]


def test_a_match_names_its_code_and_the_pattern_as_written():
    (found,) = find_matches("免收会费", compile_patterns([Pattern("measure", "fee_reduction", FEES)]))
    assert (found.kind, found.code, found.pattern) == ("measure", "fee_reduction", FEES)


def test_without_patterns_nothing_is_found():
    assert find_matches("会费", compile_patterns([])) == []


@pytest.mark.parametrize(
    "text", ["", "  ", "减免 … ", "… 会费", "减免||免收", "减免| … 会费", "减免 ... 会费", "减免 …<waive", "减免｜免收"]
)
def test_an_incomplete_pattern_has_faults(text):
    assert find_faults(text, {})


def test_a_complete_pattern_has_no_fault():
    assert find_faults(FEES, {}) == find_faults("<waive>|缓缴 … 会费", {"waive": "减免|免收"}) == []


def test_a_class_stands_for_its_literals_and_the_match_keeps_the_pattern_as_written():
    pattern = Pattern("measure", "code", "<waive>|缓缴 … 会费", classes={"waive": "减免|免收"})
    found = find_matches("免收会费，缓缴会费，提高会费。", compile_patterns([pattern]))
    assert [(match.start, match.end, match.pattern) for match in found] == [(0, 4, pattern.text), (5, 9, pattern.text)]


def test_an_unknown_class_is_a_fault():
    assert find_faults("<waive> … 会费", {"wave": "减免"}) == ["names the unknown class <waive>"]


def test_masked_characters_do_not_count_in_a_gap():
    assert match("减免" + MASK * GAP + "一" * GAP + "会费", FEES)
    assert not match("减免" + MASK * GAP + "一" * (GAP + 1) + "会费", FEES)


literals = st.sampled_from(["甲", "乙", "甲乙", "乙丙", "丙", "丙，甲"])
parts = st.lists(literals, min_size=1, max_size=3, unique=True).map("|".join)
written = st.lists(parts, min_size=1, max_size=3).map(" … ".join)
pieces = st.sampled_from(["甲", "乙", "丙", "丁", "，", "。", "丁" * (GAP - 1), "丁" * GAP])


def find_naively(text, patterns, voids):
    """Match by regular expressions and exhaustive search: every span, then leftmost, then longest."""

    def spans(pattern):
        choices = ["(?:" + "|".join(map(re.escape, part.split("|"))) + ")" for part in pattern.split(" … ")]
        expression = re.compile(f"[^{CLAUSE_ENDS}]{{0,{GAP}}}".join(choices))
        ends = range(len(text) + 1)
        return {(i, j) for i in ends for j in ends[i:] if expression.fullmatch(text, i, j)}

    void = {k for pattern in voids for i, j in spans(pattern) for k in range(i, j)}
    free = [(i, j) for pattern in patterns for i, j in spans(pattern) if not void & set(range(i, j))]
    kept, position = [], 0
    for i, j in sorted(free, key=lambda span: (span[0], -span[1])):
        if i >= position:
            kept.append((i, j))
            position = j
    return kept


@given(
    st.lists(pieces, max_size=9).map("".join).filter(lambda text: len(text) < 90),
    st.lists(written, min_size=1, max_size=3),
    st.lists(written, max_size=1),
)
def test_matching_agrees_with_a_naive_matcher(text, patterns, voids):
    compiled = compile_patterns([Pattern("k", "c", p) for p in patterns] + [Pattern("k", "c", v, True) for v in voids])
    assert [(m.start, m.end) for m in find_matches(text, compiled)] == find_naively(text, patterns, voids)
