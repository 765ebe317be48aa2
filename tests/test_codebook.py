import pytest

from analysis.codebook import read_codebook
from analysis.errors import InputError
from analysis.patterns import find_matches
from tests.codebooks import load, write_codebook


def make_type(**changes):
    entry = {"id": "charity", "zh": "慈善组织", "en": "Charities", "group": "social_organisations",
             "definition": "Charities.", "patterns": ["慈善组织|基金会"], "examples": ["慈善组织要行动。"]}  # fmt: skip
    return {key: value for key, value in (entry | changes).items() if value is not None}


def make_measure(**changes):
    entry = {"id": "fee_reduction", "zh": "减免会费", "en": "Fees", "goal": "resumption", "instrument": "treasure",
             "definition": "Waive fees.", "patterns": ["减免|免收 … 会费"], "not": ["会费标准"],
             "examples": ["减免2020年会费。"]}  # fmt: skip
    return {key: value for key, value in (entry | changes).items() if value is not None}


@pytest.fixture
def write(tmp_path):
    def write_parts(types=None, measures=None, **others):
        own = {"organisation_types": types or [make_type()], "measures": measures or [make_measure()]}
        return write_codebook(tmp_path, **own, **others)

    return write_parts


def problems_of(folder):
    with pytest.raises(InputError) as caught:
        read_codebook(folder)
    return caught.value.problems


def test_the_codebook_has_14_types_and_37_measures_each_with_patterns_and_examples():
    codebook = read_codebook()
    assert (len(codebook.types), len(codebook.measures)) == (14, 37)
    for table in (codebook.types, codebook.measures):
        assert table["patterns"].map(len).min() > 0
        assert table["examples"].map(len).min() > 0


def test_each_example_of_a_measure_is_matched_by_the_compiled_codebook():
    codebook = read_codebook()
    for measure, examples in codebook.measures["examples"].items():
        for example in examples:
            found = {(match.kind, match.code) for match in find_matches(example, codebook.patterns)}
            assert ("measure", measure) in found, example


def test_tables_are_indexed_by_id_and_matches_carry_the_kind(write):
    codebook = read_codebook(write())
    assert codebook.types.loc["charity", "group"] == "social_organisations"
    assert codebook.measures.loc["fee_reduction", "goal"] == "resumption"
    found = find_matches("鼓励慈善组织减免会费", codebook.patterns)
    assert [(match.kind, match.code) for match in found] == [
        ("cue", "encourage"), ("type", "charity"), ("measure", "fee_reduction"),
    ]  # fmt: skip


def test_patterns_may_name_the_classes_of_the_codebook(write):
    measure = make_measure(patterns=["<waive> … 会费"], examples=["免收会费。"])
    codebook = read_codebook(write(measures=[measure], classes={"waive": "减免|免收"}))
    assert [match.code for match in find_matches("减免会费", codebook.patterns)] == ["fee_reduction"]


@pytest.mark.parametrize("words", [["减免"], "减免||免收", "减免 … 会费", ""])
def test_a_class_that_is_no_choice_of_literals_is_named(write, words):
    (problem,) = problems_of(write(classes={"waive": words}))
    assert "classes.yaml, waive: must be literals with | between them" in problem


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"patterns": ["<waive> … 会费"]}, "pattern '<waive> … 会费' names the unknown class <waive>"),
        ({"pattern": ["会费"]}, "unknown key pattern; one of id, zh"),
        ({"zh": None}, "has no zh; add it"),
        ({"definition": " "}, "definition: must be a text; it is ' '"),
        ({"goal": "health"}, "goal: unknown value 'health'; one of epidemic, resumption, both, governance"),
        ({"instrument": None}, "has no instrument; add it"),
        ({"patterns": []}, "patterns: must be a list of patterns, one or more"),
        ({"patterns": "减免 … 会费"}, "patterns: must be a list"),
        ({"patterns": ["减免 … 会费", ""]}, "pattern '' is empty"),
        ({"patterns": ["减免 … 会费", "减免| … 会费"]}, "empty part or alternative"),
        ({"patterns": ["减免 … 会费", "免除"]}, "pattern '免除' matches none of its examples"),
        ({"patterns": ["会费", "减免"], "not": ["减免"], "examples": ["减免会费"]}, "pattern '减免' matches none"),
        ({"examples": None}, "has no examples; add it"),
        ({"examples": ["减免会费。", "取消年会。"]}, "example '取消年会。' is matched by no pattern"),
    ],
)
def test_a_fault_in_a_measure_is_named_with_its_file_and_code(write, changes, message):
    (problem,) = problems_of(write(measures=[make_measure(**changes)]))
    assert "measures.yaml" in problem and "fee_reduction" in problem and message in problem


def test_an_unknown_group_is_named(write):
    (problem,) = problems_of(write(types=[make_type(group="firms")]))
    assert "group: unknown value 'firms'; one of social_organisations, market, state" in problem


def test_an_id_used_twice_is_named(write):
    (problem,) = problems_of(write(types=[make_type(), make_type(zh="慈善机构")]))
    assert "code 2: 'charity' is also in code 1; delete one" in problem


def test_a_label_used_twice_is_named(write):
    (problem,) = problems_of(write(measures=[make_measure(), make_measure(id="fees")]))
    assert "measures.yaml, code 2: '减免会费' is also in code 1; delete one" in problem


def test_an_entry_without_id_is_named_by_its_number(write):
    (problem,) = problems_of(write(types=[make_type(), {"zh": "企业"}]))
    assert "code 2 (without id): has no id" in problem


def test_all_problems_come_at_once(write):
    folder = write(types=[make_type(zh=None)], measures=[make_measure(patterns=[""])], names="a: [1")
    assert len(problems_of(folder)) == 3


def test_malformed_yaml_is_named_with_its_line(write):
    (problem,) = problems_of(write(cues="require:\n  patterns: [必须\nother: 1\n"))
    assert "cues.yaml, line 3: not valid YAML" in problem


def test_a_key_written_twice_is_named_with_its_line(write):
    (problem,) = problems_of(write(names="places: [浙江]\nplaces: [江苏]\n"))
    assert "names.yaml, line 2" in problem and "written twice" in problem


def test_a_file_that_is_no_list_of_codes_is_named(write):
    (problem,) = problems_of(write(types="charity: 慈善组织\n"))
    assert "organisation_types.yaml: must be a list of codes" in problem


def test_a_file_that_is_not_utf_8_is_named(write):
    folder = write()
    (folder / "measures.yaml").write_bytes("- id: 会费".encode("gb18030"))
    assert any("measures.yaml: cannot be read" in problem for problem in problems_of(folder))


def test_a_missing_file_is_named(write):
    folder = write()
    (folder / "measures.yaml").unlink()
    assert any("measures.yaml: no such file" in problem for problem in problems_of(folder))


def test_all_faults_of_the_names_are_told_at_once(write):
    names = load("names")
    names |= {"endings": {"guild": "…行会"}, "type_words": {}, "known": "大学", "words": ["行业"]}
    names["stop"] = names.pop("stops")
    names["sections"]["Z"] = "魔术"
    names["places"] |= {"浙江省": {"杭州 市": ["上城区"]}}
    names["quantities"].pop("money")
    problems = problems_of(write(names=names))
    faults = [": unknown key stop", ": has no stops", "endings: unknown value 'guild'", "known: must be lines"]
    faults += ["value 'Z'", "words: must be words", "places: must be short form", "杭州 市: must be words"]
    faults.append("quantities: has no money")
    assert [fault for fault in faults if not any(fault in problem for problem in problems)] == []
    assert len(problems) == len(faults)


def test_a_word_in_two_endings_is_named_with_both(write):
    names = load("names")
    names |= {"endings": {"charity": "…基金会 会", "other": "…会"}, "type_words": {}, "known": {}}
    (problem,) = problems_of(write(names=names))
    assert "names.yaml, endings, other: '会' is also in endings, charity; delete one" in problem


def test_a_section_of_cues_that_is_missing_misspelt_or_empty_is_named(write):
    cues = load("cues")
    cues |= {"modals": cues.pop("modal"), "order": {"words": " "}, "allow": {"words": "可"}}
    cues["bare"]["types"] = {"协会": "club"}
    problems = "\n".join(problems_of(write(cues=cues)))
    for fault in ("unknown key modals", "has no modal", "order, words: must be words", "allow: has no patterns",
                  "协会: must be an organisation type"):  # fmt: skip
        assert fault in problems
