"""The register of the corpus, and texts of a user's own."""

import codecs
import errno
import hashlib
import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.documents import DOCUMENTS, EMENDATIONS, ISSUERS, REGISTER, read_documents, read_texts
from analysis.errors import InputError
from analysis.reference import read_coding
from analysis.rules import TONES
from analysis.tables import COLUMNS
from analysis.units import split_units

SUMS = {
    "zhejiang": "0d5b0d0d602a5621a13bc702300f6cda7bc7ae3a66b5f13889185f11c4086a2f",
    "ministry": "a793bee715b367dd201f329258129f20dfefa6f35e837d52056d9d79846e9c05",
    "guizhou": "6c57fdb54bc6003f079d957da123be2ed4ffe3b2f31c93999a321f6551849d2b",
    "jiangsu": "f183011c4ba5501638c0a5b62f714de66e1cc9e817c35bc1e6162c9c77be7e7d",
    "lanzhou": "7fb736655d003166ebce67dec83d43efd1aa4ffdd04d4a27703a2ef9064be87c",
}
TEXT = "关于复工的倡议\n各协会要引导会员企业做好防护。\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Copy the corpus, so that a test can spoil it."""
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "corpus"
    copy.mkdir()
    for name in ("documents.csv", "issuers.csv", "emendations.csv"):
        shutil.copy(paths.CORPUS / name, copy / name)
    shutil.copytree(paths.CORPUS / "raw", copy / "raw")
    return copy


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_of(call, *args) -> list[str]:
    with pytest.raises(InputError) as caught:
        call(*args)
    return caught.value.problems


def test_the_raw_texts_are_the_bytes_that_were_received():
    assert {p.stem: hashlib.sha256(p.read_bytes()).hexdigest() for p in (paths.CORPUS / "raw").iterdir()} == SUMS


def test_the_corpus_has_its_five_documents_with_their_facts():
    documents, repairs = read_documents()
    assert list(documents.columns) == list(DOCUMENTS)
    assert list(repairs.columns) == list(COLUMNS["repairs"])
    assert documents.set_index("doc_id")["characters"].to_dict() == {
        "ministry": 3801, "zhejiang": 1172, "jiangsu": 3286, "guizhou": 1450, "lanzhou": 2024
    }  # fmt: skip
    facts = documents.set_index("doc_id")[["level", "date", "genre", "number"]].T.to_dict("list")
    assert facts["jiangsu"] == ["province", "2020-02-12", "notice", "苏社管联办〔2020〕1号"]
    assert facts["lanzhou"] == ["city", "2020-02-27", "bulletin", ""]
    assert not documents.isna().any(axis=None)


def test_a_fact_is_called_stated_only_where_its_words_stand_in_the_raw_text():
    documents = read_documents()[0].set_index("doc_id")
    for doc in documents.itertuples():
        if doc.issuer_basis == "stated":
            assert doc.issuer_zh in doc.clean
        if doc.number_basis == "stated":
            assert doc.number in doc.raw
        if doc.date_basis == "stated":
            assert doc.date[:4] in doc.raw
    assert "2020" not in documents.loc["ministry", "raw"] and documents.loc["ministry", "date_basis"] == "inferred"


def test_every_title_is_a_line_of_its_clean_text():
    for doc in read_documents()[0].query("title != ''").itertuples():
        assert doc.title in doc.clean.split("\n")


def test_the_readme_of_the_corpus_names_every_column():
    readme = (paths.CORPUS / "README.md").read_text(encoding="utf-8")
    for column in {*REGISTER, *ISSUERS, *EMENDATIONS} - {c for c in REGISTER if c.endswith("_basis")}:
        assert f"`{column}`" in readme, column
    assert "_basis`" in readme


def test_the_readme_of_the_corpus_counts_what_is_there():
    readme = (paths.CORPUS / "README.md").read_text(encoding="utf-8")
    documents, repairs = read_documents()
    units = split_units(documents, repairs)
    for doc in documents.itertuples():
        lines, changes = doc.clean.count("\n"), (repairs["doc_id"] == doc.doc_id).sum()
        counts = len(doc.raw), doc.characters, lines, (units["doc_id"] == doc.doc_id).sum(), changes
        assert " | ".join(["", doc.doc_id, *(f"{count:,}" for count in counts), doc.genre]).strip() in readme
    assert f"{documents['characters'].sum():,} characters" in readme
    guizhou = repairs[repairs["doc_id"] == "guizhou"]
    readings = guizhou["before"].str.count(rf"[(（][a-zɑüɡ]*[{TONES}][a-zɑüɡ]*[)）]")
    assert f"{readings.sum()} pinyin readings" in readme
    assert readings[guizhou["rule"].str.contains("emendation")].sum() == 2
    coding = read_coding(paths.REFERENCE / "statements.jsonl", documents, repairs)
    assert f"{len(coding.units)} units, {len(coding.statements)} statements" in readme


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "documents.csv",
            ",appeal,",
            ",letter,",
            "corpus/documents.csv, row 3: unknown genre 'letter'; one of appeal, notice",
        ),
        (
            "documents.csv",
            "zhejiang,zhejiang",
            "zhejiang,fujian",
            "row 3: unknown issuer 'fujian'; one of ministry, zhejiang, jiangsu, guizhou, lanzhou, or add it to",
        ),
        ("documents.csv", "2020-02-12", "2020-02-31", "row 3: date '2020-02-31' is no day"),
        ("documents.csv", SUMS["ministry"], "0" * 64, "row 2: raw_sha256 '000"),
        ("documents.csv", "jiangsu,jiangsu", "zhejiang,jiangsu", "row 4: doc_id 'zhejiang' stands there twice"),
        ("documents.csv", ",stated,", ",guessed,", "row 3: unknown issuer_basis 'guessed'; one of stated, inferred"),
        ("documents.csv", "苏社管联办〔2020〕1号", "", "row 4: unknown number_basis 'stated'; one of empty"),
        ("documents.csv", "guizhou,guizhou,", "guizhou,guizhou,,", "row 5: 15 fields, not 14"),
        ("documents.csv", "genre,", "kind,", "row 1: no column genre"),
        ("documents.csv", '"web page of a newspaper', "web page of a newspaper", "row 2: 16 fields"),
        (
            "issuers.csv",
            ",city,",
            ",town,",
            "corpus/issuers.csv, row 6: unknown level 'town'; one of nation, province, city",
        ),
        (
            "emendations.csv",
            "问题 and 困难,",
            "问题 und 困难,",
            "row 5: emendation '问题 und 困难': not in the text",
        ),
        ("emendations.csv", "zhejiang,", "hebei,", "row 2: unknown doc_id 'hebei'"),
        (
            "emendations.csv",
            "jiangsu,",
            "zhejiang,积居奇,囤积居奇,lost\njiangsu,",
            "corpus/emendations.csv, row 5: emendation '积居奇': overlaps another",
        ),
        ("documents.csv", "genre,number", "genre,genre", "row 1: no column number"),
        ("documents.csv", "number_basis\n", "number_basis,title\n", "row 1: column title stands there twice"),
        ("issuers.csv", "issuer,zh,en", "issuer|zh|en", "row 1: no column issuer, zh, en; it needs issuer, zh"),
    ],
)
def test_a_wrong_row_is_named_with_file_row_and_mend(folder, file, old, new, message):
    replace(folder / file, old, new)
    assert any(message in problem for problem in problems_of(read_documents, folder))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (
            "倡议书。\n".encode("gb18030") * 9,
            "is GB18030, not UTF-8; convert it: iconv -f GB18030 -t UTF-8 zhejiang.txt",
        ),
        (TEXT.encode("utf-16"), "is UTF-16, not UTF-8"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "is UTF-32, not UTF-8"),
        (TEXT.encode("utf-16-le"), "is UTF-16-LE, not UTF-8"),
        (b"%PDF-1.4 ...", "the file is an office file, a PDF or a picture"),
        (bytes(range(256)), "the file is binary"),
        ((TEXT * 20).encode() + b"\xe5\x8d\n", "is UTF-8, but for byte"),
        (TEXT.encode(), "raw_sha256"),
    ],
)
def test_a_wrong_raw_file_is_named_with_its_row_and_mend(folder, data, message):
    (folder / "raw" / "zhejiang.txt").write_bytes(data)
    (problem, *_) = problems_of(read_documents, folder)
    assert problem.startswith("corpus/documents.csv, row 3: ") and message in problem


def test_all_problems_come_at_once(folder):
    (folder / "raw" / "ministry.txt").unlink()
    (folder / "raw" / "strange.txt").write_text(TEXT, encoding="utf-8")
    replace(folder / "documents.csv", ",bulletin,", ",poem,")
    problems = problems_of(read_documents, folder)
    assert len(problems) == 3
    assert any("row 2: corpus/raw/ministry.txt: cannot be read" in p for p in problems)
    assert any("corpus/raw/strange.txt: no row of documents.csv names it" in p for p in problems)


@pytest.mark.parametrize("name", ["documents.csv", "issuers.csv", "emendations.csv"])
def test_a_register_that_is_missing_or_no_csv_is_named(folder, name):
    (folder / name).write_text('doc_id,issuer\n"a,b\n', encoding="utf-8")
    assert f"corpus/{name}: the file is no CSV" in problems_of(read_documents, folder)[0]
    (folder / name).unlink()
    assert f"corpus/{name}: cannot be read" in problems_of(read_documents, folder)[0]


def test_an_excel_mark_and_line_ends_in_the_register_do_no_harm(folder):
    path = folder / "documents.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(read_documents(folder)[0]["doc_id"]) == list(read_documents()[0]["doc_id"])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_register_saved_with_another_separator_reads_the_same(folder, separator):
    for name in ("documents.csv", "issuers.csv", "emendations.csv"):
        pd.read_csv(folder / name, dtype=str).to_csv(folder / name, sep=separator, index=False)
    pd.testing.assert_frame_equal(read_documents(folder)[0], read_documents()[0])


def test_a_text_of_the_same_issuer_stands_in_the_register_once(folder):
    (folder / "raw" / "again.txt").write_bytes((folder / "raw" / "zhejiang.txt").read_bytes())
    row = next(r for r in (folder / "documents.csv").read_text("utf-8").splitlines() if r.startswith("zhejiang,"))
    with (folder / "documents.csv").open("a", encoding="utf-8") as file:
        file.write(row.replace("zhejiang", "again", 1) + "\n")
    assert problems_of(read_documents, folder) == [
        f"corpus/documents.csv, row {row}: issuer and raw_sha256 are those of another row too; take one out"
        for row in (3, 7)
    ]
    replace(folder / "documents.csv", "again,zhejiang", "again,guizhou")  # two issuers may say the same
    assert "again" in set(read_documents(folder)[0]["doc_id"])


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8-SIG"), ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE"), ("utf-16-be", "UTF-16-BE"), ("utf-32", "UTF-32"),
    ],
)  # fmt: skip
def test_a_text_of_any_usual_encoding_reads_the_same(tmp_path, encoding, name):
    (tmp_path / "倡议.txt").write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    documents, repairs = read_texts([tmp_path / "倡议.txt"])
    (doc,) = documents.itertuples()
    assert (doc.doc_id, doc.encoding, doc.clean, doc.issuer, doc.genre) == ("倡议", name, TEXT, "", "")
    assert doc.raw == TEXT.replace("\n", "\r\n")
    assert list(repairs["before"]) == ["\r", "\r"] and set(repairs["doc_id"]) == {"倡议"}


def test_a_folder_gives_its_texts_and_json_lines_in_order(tmp_path):
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / ".hidden.txt").write_bytes(b"\0")
    (tmp_path / "notes.md").write_text("no text", encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.txt").write_text(TEXT, encoding="utf-8")
    rows = [
        {"id": "x", "title": "倡议书", "text": "各协会要做好防护。", "issuer": "某协会", "date": "2020/2/8"},
        {"id": 7, "title": "倡议书", "text": "倡议书\n各协会要做好防护。", "date": "不详"},
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "a.jsonl").write_text(lines + "\n\n", encoding="utf-8-sig")
    documents, _ = read_texts([tmp_path])
    assert list(documents["doc_id"]) == ["x", "7", "b", "c"]
    assert list(documents.columns) == list(DOCUMENTS)
    assert set(documents["clean"][:2]) == {"倡议书\n各协会要做好防护。\n"}
    assert list(documents["issuer"]) == ["某协会", "", "", ""] and list(documents["date"]) == ["2020-02-08", "", "", ""]
    assert documents["source"][1].endswith("a.jsonl, line 2")


def test_wrong_texts_of_a_user_are_all_named(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b" \n")
    (tmp_path / "paper.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "b.jsonl").write_text('{"id": "b", "text": "倡议"}\n{"id": 1}\nno\n{"id": "c", "text": " "}\n', "utf-8")
    (tmp_path / "c.jsonl").write_text('{"id": "a", "text": "倡议"}\n', "utf-8")
    problems = problems_of(read_texts, [tmp_path, tmp_path / "none.txt", tmp_path / "paper.docx"])
    for part in (
        "empty.txt: the file is empty",
        "paper.docx: .docx is not read",
        "picture.txt: the file is an office file, a PDF or a picture",
        "b.jsonl, line 2: no object with id and text",
        "b.jsonl, line 3: no JSON",
        "b.jsonl, line 4: no object with id and text",
        "c.jsonl, line 1: id 'a' is that of",
        "none.txt: cannot be read (No such file or directory); check its name and rights",
    ):
        assert sum(part in problem for problem in problems) == 1 + (part.startswith("paper")), part
    assert len(problems) == 9


def test_a_file_that_is_given_twice_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (problem,) = problems_of(read_texts, [tmp_path / "a.txt", tmp_path])
    assert problem.endswith(f"a.txt: id 'a' is that of {tmp_path}/a.txt too; rename one")


@pytest.mark.parametrize("given", [[], ["."]])
def test_nothing_to_read_is_an_error(tmp_path, given):
    assert len(problems_of(read_texts, [tmp_path / name for name in given])) == 1


def test_a_text_of_nothing_but_page_furniture_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text("分享到:\n", encoding="utf-8")
    assert "holds nothing but what surrounds a text" in problems_of(read_texts, [tmp_path / "a.txt"])[0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "a", "text": "倡议\\ud83d"}', "half a character"),
        ('{"id": "\\udc00", "text": "倡议"}', "half a character"),
        ('{"id": "a", "text": "倡\\u0000议"}', "holds NUL"),
        ('{"id": true, "text": "倡议"}', "id is true or false"),
        ('{"id": " a", "text": "倡议"}', "id ' a' has spaces around it"),
        ('{"id": "a\\nb", "text": "倡议"}', "or a line end in it"),
        ("[" * 100_000, "no JSON"),
        ('{"id": "a", "text": ' + '{"a":' * 100_000, "no JSON"),
    ],
)
def test_json_that_no_text_can_hold_is_named_with_its_line(tmp_path, line, message):
    (tmp_path / "a.jsonl").write_text('{"id": "b", "text": "倡议"}\n' + line, "utf-8")
    (problem,) = problems_of(read_texts, [tmp_path])
    assert problem.startswith(f"{tmp_path}/a.jsonl, line 2: ") and message in problem


def test_json_over_several_lines_is_named_once(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps([{"id": "a", "text": TEXT}], indent=1), "utf-8")
    (problem,) = problems_of(read_texts, [tmp_path])
    assert problem == f"{tmp_path}/a.jsonl: one JSON value over several lines; write one object a line"


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    for name in ("a.txt", "inner/b.txt", ".hidden/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, "utf-8")
    scan = os.scandir

    def refuse(path):  # the rights themselves would not stop a test that root runs
        if Path(path).name in ("inner", ".hidden"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (problem,) = problems_of(read_texts, [tmp_path])
    assert problem == f"{tmp_path}/inner: cannot be read (Permission denied); check its rights"


def test_what_is_no_text_file_is_named_and_not_waited_for(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "b\n.txt").write_text(TEXT, "utf-8")
    name, pipe = problems_of(read_texts, [tmp_path])
    assert pipe == f"{tmp_path}/pipe.txt: is no file but a pipe, a device or the like; take it out"
    assert name.endswith("b\\n.txt': no name that every system can write; rename the file")
