"""Coding sheets: what a spreadsheet program does to a file must not change what a person coded."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.judgements import SHEET_COLUMNS, read_sheet, write_sheet
from analysis.reference import Coding
from analysis.tables import COLUMNS
from tests.tables_by_hand import CODEBOOK, STATEMENTS, UNITS

# (encoding, delimiter, line end): how Excel and LibreOffice save, in Chinese and European settings
STYLES = [
    ("utf-8-sig", ",", "\r\n"), ("utf-8-sig", ";", "\r\n"), ("utf-16", "\t", "\r\n"), ("gb18030", ",", "\r\n"),
    ("utf-8", ",", "\n"), ("utf-8", ";", "\n"),
]  # fmt: skip


def save_as(path, style, edit=lambda rows: rows):
    """Save a sheet as a spreadsheet program would, after an edit of its rows (lists of cells, the header first)."""
    encoding, delimiter, end = style
    rows = edit(list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def leave_empty(units):
    return Coding(units, STATEMENTS.head(0), None)


def list_codes(coding):
    return sorted(coding.statements[["doc_id", "unit_id", "actor", "measure", "stance"]].values.tolist())


@pytest.fixture
def path(tmp_path):
    write_sheet(Coding(UNITS, STATEMENTS, None), "anna", tmp_path / "anna.csv")
    return tmp_path / "anna.csv"


def test_a_sheet_has_byte_order_mark_and_windows_line_ends(path):
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfdoc_id,unit_id")
    assert data.count(b"\r\n") == data.count(b"\n") == 7
    assert "慈善组织要捐款，可办物流。".encode() in data


def test_codes_may_be_chinese_labels(path):
    labels = {"charity": "慈善组织", "donation": "捐款"}
    labels |= {"require": "要求", "encourage": "鼓励", "prohibit": "禁止", "report": "报道"}
    expected = list_codes(read_sheet(path, UNITS, CODEBOOK))
    save_as(path, STYLES[0], lambda rows: [[labels.get(cell, cell) for cell in row] for row in rows])
    assert "慈善组织,捐款,要求" in path.read_text("utf-8")
    assert list_codes(read_sheet(path, UNITS, CODEBOOK)) == expected


def test_a_sheet_of_other_texts_is_refused_in_one_line(path):
    with pytest.raises(an.InputError) as caught:
        read_sheet(path, UNITS.assign(doc_id="z"), CODEBOOK)
    (problem,) = caught.value.problems
    assert problem == f"{path}: none of its documents is among the texts; name the folder that holds them"


def test_an_empty_sheet_says_that_nothing_is_stated(path):
    write_sheet(leave_empty(UNITS), "anna", path)
    coding = read_sheet(path, UNITS, CODEBOOK)
    assert len(coding.units) == 5
    assert coding.statements.empty


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_a_sheet_comes_back_whatever_the_program_saved(path, style):
    save_as(path, style)
    assert list_codes(read_sheet(path, UNITS, CODEBOOK)) == list_codes(Coding(UNITS, STATEMENTS, None))


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_a_changed_an_emptied_and_a_copied_row_are_read(path, style):
    def edit(rows):
        rows[1][5] = "rent"
        rows[3][4:7] = ["", "", ""]
        return [*rows, [*rows[4][:4], "government", "rent", "report", "anna", "说明"]]

    save_as(path, style, edit)
    assert list_codes(read_sheet(path, UNITS, CODEBOOK)) == [
        ["a1", 1, "charity", "logistics", "encourage"],
        ["a1", 1, "charity", "rent", "require"],
        ["b1", 1, "association", "donation", "require"],
        ["b1", 1, "government", "rent", "report"],
        ["b2", 1, "association", "logistics", "prohibit"],
    ]


def test_units_without_a_row_were_not_coded_and_do_not_count(path):
    save_as(path, STYLES[0], lambda rows: rows[:4])
    assert read_sheet(path, UNITS, CODEBOOK).units["doc_id"].tolist() == ["a1", "a1"]


def test_the_order_of_rows_and_blank_rows_do_not_matter(path):
    save_as(path, STYLES[0], lambda rows: [rows[0], *reversed(rows[1:]), [""] * len(rows[0])])
    assert list_codes(read_sheet(path, UNITS, CODEBOOK)) == list_codes(Coding(UNITS, STATEMENTS, None))


def make_unit(text, doc_id="001"):
    return pd.DataFrame([(doc_id, 1, "sentence", "", 0, 0, len(text), text, 0, len(text))], columns=COLUMNS["units"])


@pytest.mark.parametrize("text", ["=1+1", "-要", "+要", "@要", "'要"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_kept_from_it(tmp_path, text):
    write_sheet(leave_empty(make_unit(text)), "anna", tmp_path / "s.csv")
    row = (tmp_path / "s.csv").read_text("utf-8-sig").splitlines()[1]
    assert row.startswith("'001,1,,")
    assert f",'{text}," in row
    assert read_sheet(tmp_path / "s.csv", make_unit(text), CODEBOOK).units["text"].tolist() == [text]


@pytest.mark.parametrize("text, saved", [("2020年2月12日", "2020/2/12"), ("02.27", "2.27"), ("50%", "50%")])
def test_a_date_or_number_stands_there_as_it_is_and_may_be_rewritten_by_the_spreadsheet(tmp_path, text, saved):
    units = pd.concat([UNITS, make_unit(text, "d")])
    path = tmp_path / "s.csv"
    write_sheet(leave_empty(units), "anna", path)
    assert f"d,1,,{text},,,,anna,\r\n".encode() in path.read_bytes()
    save_as(path, STYLES[0], lambda rows: [*rows[:-1], [saved if cell == text else cell for cell in rows[-1]]])
    assert read_sheet(path, units, CODEBOOK).units["text"].tolist() == units["text"].tolist()


@given(texts=st.lists(st.text("=+-@',;\"\t 0年月日.慈要\\𠮷", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_any_text_comes_back_unchanged(tmp_path_factory, texts):
    rows = [("d", number, "sentence", "", 0, 0, 1, text, 0, 1) for number, text in enumerate(texts, 1)]
    path = tmp_path_factory.mktemp("sheets") / "s.csv"
    units = pd.DataFrame(rows, columns=COLUMNS["units"])
    write_sheet(leave_empty(units), "anna", path)
    assert read_sheet(path, units, CODEBOOK).units["text"].tolist() == texts


@pytest.mark.parametrize(
    "row, column, value, message",
    [
        (1, 0, "z", "row 2: document 'z' has no unit 1; mend doc_id"),
        (1, 1, "7", "row 2: document 'a1' has no unit 7; mend doc_id"),
        (2, 3, "别的", "row 3: this unit now reads '慈善组织要捐款，可办物流。'; if what you coded holds"),
        (1, 4, "church", "row 2: unknown actor 'church'; one of charity, association, government"),
        (1, 5, "祈祷", "row 2: unknown measure '祈祷'; one of 捐款, 物流, 减租"),
        (1, 5, "prayer", "row 2: unknown measure 'prayer'; one of donation, logistics, rent"),
        (1, 6, "", "row 2: unknown stance ''; one of require, encourage, prohibit, report"),
        (2, 5, "donation", "row 3: this statement stands twice in its unit; delete one"),
        (1, 7, "bert", ": needs one coder, has anna, bert"),
    ],
)
def test_a_wrong_row_is_named_with_its_mend(path, row, column, value, message):
    def edit(rows):
        rows[row][column] = value
        return rows

    save_as(path, STYLES[0], edit)
    with pytest.raises(an.InputError) as raised:
        read_sheet(path, UNITS, CODEBOOK)
    assert any(problem.startswith(f"{path}") and message in problem for problem in raised.value.problems)


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04", "the file is an office file"),
        (b"doc_id,unit_id\n", "row 1: no column section, text, actor, measure, stance, coder"),
        (",".join(SHEET_COLUMNS).encode() + b'\na1,1,,"x', "is no CSV"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path, data, message):
    (tmp_path / "s.csv").write_bytes(data)
    with pytest.raises(an.InputError, match=message):
        read_sheet(tmp_path / "s.csv", UNITS, CODEBOOK)


def test_a_column_that_stands_there_twice_is_refused(path):
    save_as(path, STYLES[0], lambda rows: [[*row, row[4]] for row in rows])
    with pytest.raises(an.InputError, match="row 1: column actor stands there twice; keep one"):
        read_sheet(path, UNITS, CODEBOOK)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(an.InputError, match="none.csv: cannot be read"):
        read_sheet(tmp_path / "none.csv", UNITS, CODEBOOK)
