"""Tables: what a spreadsheet may save is read, what cannot be a table is refused, and nothing is half-written."""

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.tables import read_rows, write_table, write_text


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "t.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_reads_the_same_in_every_encoding_and_with_every_separator(path, encoding, separator):
    lines = ["id,text,", "", "a, 倡议 ,", "b", '"c","多行\n文字",']
    path.write_bytes("\r\n".join(lines).replace(",", separator).encode(encoding))
    rows = read_rows(path, ["text", "id"])
    assert rows.to_dict("index") == {
        3: {"text": "倡议", "id": "a"},
        4: {"text": "", "id": "b"},
        5: {"text": "多行\n文字", "id": "c"},
    }


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("id|text\na|倡议\n", ["row 1: no column id, text; it needs id, text, separated by comma, semicolon or tab"]),
        ("id,text,id\n", ["row 1: column id stands there twice; keep one"]),
        (
            "id,text,note,note\na,b,c,d,e\nf,g,h,i,\n",
            ["row 1: column note stands there twice; keep one"]
            + [f"row {n}: 5 fields, not 4; put text with a comma between quotation marks" for n in (2, 3)],
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_named(path, text, problems):
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_rows(path, ["id", "text"])
    assert caught.value.problems == [f"t.csv, {problem}" for problem in problems]


def test_a_file_is_written_whole_or_not_at_all(path):
    write_table(pd.DataFrame({"a": [1]}), path)
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "倡议\ud800")
    assert path.read_bytes() == b"a\n1\n"
    assert [file.name for file in path.parent.iterdir()] == ["t.csv"]


def test_nothing_is_written_in_the_place_of_a_folder(path):
    path.mkdir()
    with pytest.raises(InputError, match=r"t.csv: cannot be written \(Is a directory\); give another name"):
        write_text(path, "倡议")
    assert [file.name for file in path.parent.iterdir()] == ["t.csv"]
