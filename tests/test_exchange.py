"""Annotation tools: what is written for doccano and INCEpTION comes back, each span at its place."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.exchange import read_annotations, write_doccano, write_inception
from analysis.reference import Coding
from analysis.tables import COLUMNS
from tests.tables_by_hand import CODEBOOK

SHOWN = ["statement_id", "stance", "start", "end", "raw_start", "raw_end", "evidence"]
NO_REPAIRS = pd.DataFrame(columns=list(COLUMNS["repairs"]))
FORMATS = ("doccano", "inception")


def go_round(form, folder, documents, repairs, units, statements, codebook):
    if form == "doccano":
        path = folder / "anna.jsonl"
        write_doccano(documents, Coding(units, statements, None), path)
    else:
        path = folder / "anna"
        write_inception(documents, Coding(units, statements, None), path)
    return read_annotations(path, documents, repairs, units, codebook)


def read(folder, content, documents, units, name="d.jsonl"):
    """Read what a file of this content (one line or several, as text or as an object) says of the documents."""
    (folder / name).parent.mkdir(exist_ok=True, parents=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return read_annotations(folder / name, documents, NO_REPAIRS, units, CODEBOOK)


def make_case(texts, spans):
    """Return documents of one unit each, and a statement for each span (document, start, end)."""
    documents = pd.DataFrame([(f"d{n}", text) for n, text in enumerate(texts)], columns=["doc_id", "clean"])
    units = pd.DataFrame(
        [(f"d{n}", 1, "sentence", "", 0, 0, len(text), text, 0, len(text)) for n, text in enumerate(texts)],
        columns=COLUMNS["units"],
    )
    codes = [(actor, measure) for actor in CODEBOOK.types.index for measure in CODEBOOK.measures.index]
    rows = [
        (f"d{n}:1:{actor}:{measure}", f"d{n}", 1, actor, measure, "require", "", "", "", start, end, start, end,
         texts[n][start:end], "rules")
        for (n, start, end), (actor, measure) in zip(spans, codes, strict=False)
    ]  # fmt: skip
    return documents, units, pd.DataFrame(rows, columns=COLUMNS["statements"])


@st.composite
def cases(draw):
    # beyond the basic plane, UTF-16 counts two where Python counts one
    texts = draw(st.lists(st.text("要捐𠮷😀e\u0301，\n", min_size=1), min_size=1, max_size=3))
    spans = []
    for _ in range(draw(st.integers(1, 6))):
        n = draw(st.integers(0, len(texts) - 1))
        start = draw(st.integers(0, len(texts[n]) - 1))
        spans.append((n, start, draw(st.integers(start + 1, len(texts[n])))))
    return make_case(texts, spans)


@pytest.mark.parametrize("form", FORMATS)
@settings(deadline=None, max_examples=40)
@given(case=cases())
def test_every_span_comes_back_at_its_place_in_any_text(tmp_path_factory, form, case):
    documents, units, statements = case
    coding = go_round(form, tmp_path_factory.mktemp(form), documents, NO_REPAIRS, units, statements, CODEBOOK)
    by_id = [table.sort_values("statement_id")[SHOWN].values.tolist() for table in (coding.statements, statements)]
    assert by_id[0] == by_id[1]


@pytest.mark.parametrize("form", FORMATS)
def test_the_coding_of_the_corpus_comes_back(tmp_path, form, register, corpus, codebook):
    coding = go_round(form, tmp_path, *register, corpus.units, corpus.statements, codebook)
    both = (coding.statements, corpus.statements)
    theirs, ours = (table.sort_values("statement_id", ignore_index=True)[SHOWN] for table in both)
    pd.testing.assert_frame_equal(theirs, ours, check_dtype=False)
    assert set(coding.statements["coder"]) == {"anna"}
    assert len(coding.units) == len(corpus.units)


def test_inception_finds_offsets_in_utf_16_units_sentences_and_its_layer(tmp_path):
    documents, units, statements = make_case(["𠮷捐款"], [(0, 1, 3)])
    write_inception(documents, Coding(units, statements, None), tmp_path)
    cas = json.loads((tmp_path / "d0.json").read_text("utf-8"))
    by_type = {item["%TYPE"]: item for item in cas["%FEATURE_STRUCTURES"]}
    statement = by_type["custom.Statement"]
    assert (statement["begin"], statement["end"]) == (2, 4)
    assert [statement[key] for key in ("actor", "measure", "stance")] == ["charity", "donation", "require"]
    sentence = by_type["de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"]
    assert (sentence["begin"], sentence["end"]) == (0, 4)
    assert (tmp_path / "typesystem.xml").read_bytes().startswith(b"<?xml"), "by this INCEpTION tells it from JSON"


def test_doccano_gets_one_line_a_document(tmp_path):
    documents, units, statements = make_case(["要捐款", "无"], [(0, 1, 3)])
    write_doccano(documents, Coding(units, statements, None), tmp_path / "d.jsonl")
    assert [json.loads(line) for line in (tmp_path / "d.jsonl").read_text("utf-8").splitlines()] == [
        {"doc_id": "d0", "text": "要捐款", "label": [[1, 3, "charity:donation:require"]]},
        {"doc_id": "d1", "text": "无", "label": []},
    ]


def test_the_export_of_a_doccano_project_with_relations_is_read_too(tmp_path):
    documents, units, _ = make_case(["要捐款"], [])
    entity = {"id": 7, "label": "charity:donation:require", "start_offset": 1, "end_offset": 3}
    line = {"id": 1, "text": "要捐款", "Comments": [], "entities": [entity], "relations": []}
    statement = read(tmp_path, line, documents, units).statements.iloc[0]
    assert statement[["statement_id", "stance", "evidence"]].tolist() == ["d0:1:charity:donation", "require", "捐款"]


def test_the_same_statement_marked_twice_in_a_unit_counts_once(tmp_path):
    documents, units, _ = make_case(["要捐款"], [])
    label = [[0, 1, "charity:donation:require"], [1, 3, "charity:donation:require"]]
    coding = read(tmp_path, {"text": "要捐款", "label": label}, documents, units)
    assert coding.statements[["start", "end"]].values.tolist() == [[0, 1]]


@pytest.mark.parametrize(
    "label, message",
    [
        ([[0, 1, "church:donation:require"]], "line 1, span 0-1 '要': unknown actor 'church'; one of charity"),
        ([[0, 1, "donation"]], "unknown measure ''; one of donation"),
        ([[0, 1, "charity:donation:beg"]], "unknown stance 'beg'; one of require"),
        ([[0, 9, "charity:donation:require"]], "span 0-9 '要捐款': is not within one unit; make it shorter"),
        ([[1, 1, "charity:donation:require"]], "is not within one unit"),
        ([[0, 1, "charity:donation:require"], [1, 2, "charity:donation:report"]], "as 'require' too; keep one stance"),
    ],
)
def test_a_wrong_span_is_named_with_its_mend(tmp_path, label, message):
    documents, units, _ = make_case(["要捐款"], [])
    with pytest.raises(an.InputError) as raised:
        read(tmp_path, {"text": "要捐款", "label": label}, documents, units)
    assert any(message in problem for problem in raised.value.problems)


def test_a_text_that_is_not_in_the_corpus_is_refused(tmp_path):
    documents, units, _ = make_case(["要捐款"], [])
    with pytest.raises(an.InputError, match="d.jsonl, line 1: '要捐钱'… is not the clean text of a document"):
        read(tmp_path, {"text": "要捐钱", "label": [[0, 1, "charity:donation:require"]]}, documents, units)


LABEL = [[1, 3, "charity:donation:require"]]


def test_documents_with_equal_texts_are_told_apart_by_their_ids(tmp_path):
    documents, units, _ = make_case(["要捐款", "要捐款"], [])
    coding = read(tmp_path, {"text": "要捐款", "label": LABEL, "doc_id": "d1"}, documents, units)
    assert coding.statements["doc_id"].tolist() == coding.units["doc_id"].tolist() == ["d1"]
    with pytest.raises(an.InputError, match="line 1: d0, d1 have this text; say which by doc_id or the name of the"):
        read(tmp_path, {"text": "要捐款", "label": LABEL}, documents, units)


def test_a_file_of_inception_is_told_by_its_name_or_that_of_its_folder(tmp_path):
    documents, units, statements = make_case(["要捐款", "要捐款"], [(0, 0, 1), (1, 1, 3)])
    write_inception(documents, Coding(units, statements, None), tmp_path / "out")
    for doc_id in ("d0", "d1"):
        (tmp_path / "in" / f"{doc_id}.json").mkdir(parents=True)
        (tmp_path / "out" / f"{doc_id}.json").rename(tmp_path / "in" / f"{doc_id}.json" / "anna.json")
    coding = read_annotations(tmp_path / "in", documents, NO_REPAIRS, units, CODEBOOK)
    assert coding.statements[["doc_id", "start"]].values.tolist() == [["d0", 0], ["d1", 1]]


def test_a_document_that_two_coders_marked_is_refused(tmp_path):
    documents, units, _ = make_case(["要捐款"], [])
    line = json.dumps({"text": "要捐款", "label": LABEL})
    with pytest.raises(an.InputError, match="line 2: d0 stands in .*line 1 too; give what one coder marked"):
        read(tmp_path, f"{line}\n{line}", documents, units)


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_in_which_nothing_is_marked_was_not_coded(tmp_path, form):
    documents, units, statements = make_case(["要捐款", "无"], [(0, 1, 3)])
    coding = go_round(form, tmp_path, documents, NO_REPAIRS, units, statements, CODEBOOK)
    assert coding.units["doc_id"].tolist() == ["d0"]
    with pytest.raises(an.InputError, match="anna.*: nothing is marked in it; code it first"):
        go_round(form, tmp_path, documents, NO_REPAIRS, units, statements.head(0), CODEBOOK)


@pytest.mark.parametrize("line", ["[]", '{"text": ""}', '{"text": "", "label": [[1]]}', '{"text": 1, "label": 2}'])
def test_a_line_that_is_not_doccanos_is_named(tmp_path, line):
    with pytest.raises(an.InputError, match="d.jsonl, line 2: not doccano's form"):
        read(tmp_path, f'{{"text": "要", "label": []}}\n{line}\n', *make_case(["要"], [])[:2])


def test_inception_may_write_more_types_and_the_text_behind_its_annotations(tmp_path):
    dkpro = "de.tudarmstadt.ukp.dkpro.core.api"
    metadata, token = f"{dkpro}.metadata.type.DocumentMetaData", f"{dkpro}.segmentation.type.Token"
    codes = {"actor": "charity", "measure": "donation", "stance": "require"}
    texts = {name: {"%NAME": name, "%RANGE": "uima.cas.String"} for name in codes}
    cas = {
        "%TYPES": {
            "custom.Statement": {"%NAME": "custom.Statement", "%SUPER_TYPE": "uima.tcas.Annotation", **texts},
            metadata: {"%NAME": metadata, "%SUPER_TYPE": "uima.tcas.DocumentAnnotation"},
            token: {"%NAME": token, "%SUPER_TYPE": "uima.tcas.Annotation"},
        },
        "%FEATURE_STRUCTURES": [
            {"%ID": 3, "%TYPE": token, "@sofa": 1, "begin": 0, "end": 3},
            {"%ID": 2, "%TYPE": metadata, "@sofa": 1, "begin": 0, "end": 5, "language": "x-unspecified"},
            {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "𠮷要捐款"},
            {"%ID": 4, "%TYPE": "custom.Statement", "@sofa": 1, "begin": 3, "end": 5, **codes},
        ],
        "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4]}},
    }
    statements = read(tmp_path, cas, *make_case(["𠮷要捐款"], [])[:2], name="d.json").statements
    assert statements[["start", "end", "evidence"]].values.tolist() == [[2, 4, "捐款"]]


@pytest.mark.parametrize("content", ["[]", "{", "{}", '{"%TYPES": {}}', '{"%TYPES": {}, "%VIEWS": {}}'])
def test_a_file_that_is_no_cas_is_named(tmp_path, content):
    with pytest.raises(an.InputError, match="d.json: no UIMA CAS JSON; export from INCEpTION as"):
        read(tmp_path, content, *make_case(["要"], [])[:2], name="d.json")
