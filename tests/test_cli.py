"""The command line: help, exit codes, and one clear message for each mistake, with nothing overwritten."""

import argparse
import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from analysis import cli, documents, paths, project
from analysis.cli import main
from analysis.codebook import read_codebook

TEXT = "各行业协会要积极捐款捐物。"


def list_commands(parser=None, name=""):
    """Yield (name, parser) of every command that runs, such as ("codebook diff", ...)."""
    parser = parser or cli._make_parser()
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield name.strip(), parser
    for action in below:
        for word, inner in action.choices.items():
            yield from list_commands(inner, f"{name} {word}")


COMMANDS = dict(list_commands())


@pytest.fixture(autouse=True)
def read_the_codebook_once(monkeypatch, codebook):
    for module in (cli, project):
        monkeypatch.setattr(
            module, "read_codebook", lambda f=paths.CODEBOOK: codebook if f == paths.CODEBOOK else read_codebook(f)
        )


def run(*arguments, capsys):
    """Return exit code, lines of output and lines of errors."""
    code = main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), [line for line in printed.err.splitlines() if not line.startswith("\r")]


@pytest.fixture
def text(tmp_path):
    (tmp_path / "甲.txt").write_text(TEXT, "utf-8")
    return tmp_path / "甲.txt"


# --- help, and the README ---
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme_with_its_options(name):
    readme = (paths.ROOT / "README.md").read_text("utf-8")
    assert f"python -m analysis {name}" in readme
    options = [flag for action in COMMANDS[name]._actions for flag in action.option_strings if flag.startswith("--")]
    assert [flag for flag in options if flag not in ("--help", "--out") and flag not in readme] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_its_arguments(name, capsys):
    assert len(COMMANDS[name].description) > 40
    assert all(action.help for action in COMMANDS[name]._actions)
    with pytest.raises(SystemExit) as exit:
        main([*name.split(), "--help"])
    assert exit.value.code == 0
    assert name in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["fly"], ["sheet"], ["sheet", "x.csv"], ["codebook"],
                                       ["codebook", "diff", "x"], ["export", "word", "x"], ["code", "x"]])  # fmt: skip
def test_a_wrong_command_line_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == 2
    assert "usage: python -m analysis" in capsys.readouterr().err


def test_the_module_runs_without_traceback(tmp_path):
    command = [sys.executable, "-m", "analysis", "code", str(tmp_path / "none.txt"), "-o", str(tmp_path / "out.jsonl")]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    message = "cannot be read (No such file or directory); check its name and rights"
    assert done.stderr == f"{tmp_path}/none.txt: {message}\n"


# --- check ---
def test_check_is_silent_on_the_corpus(capsys):
    assert run("check", capsys=capsys) == (0, [], [])


def replace(name, old, new):
    def spoil(corpus: Path):
        content = (corpus / name).read_text("utf-8")
        assert old in content
        (corpus / name).write_text(content.replace(old, new, 1), "utf-8")

    return spoil


def rewrite(name, change):
    return lambda corpus: (corpus / name).write_bytes(change((corpus / name).read_bytes()))


RAW = "raw/zhejiang.txt"
SPOILED = {
    "missing file": (lambda corpus: (corpus / RAW).unlink(), "raw/zhejiang.txt: cannot be read"),
    "empty file": (rewrite(RAW, lambda data: b""), "raw/zhejiang.txt: the file is empty; fill it or take it out"),
    "GB18030": (rewrite(RAW, lambda data: data.decode().encode("gb18030")), "zhejiang.txt is GB18030, not UTF-8; conv"),
    "UTF-16": (rewrite(RAW, lambda data: data.decode().encode("utf-16")), "zhejiang.txt is UTF-16, not UTF-8; conv"),
    "binary file": (rewrite(RAW, lambda data: bytes(range(256)) * 9), "zhejiang.txt: the file is binary, or"),
    "office file": (rewrite(RAW, lambda data: b"PK\x03\x04" + data), "the file is an office file, a PDF or a picture"),
    "checksum": (rewrite(RAW, lambda data: data + b"\n"), "row 3: raw_sha256 '0d5b"),
    "unknown issuer": (replace("documents.csv", "zhejiang,zhejiang", "zhejiang,hunan"), "unknown issuer 'hunan'"),
    "duplicate": (replace("documents.csv", "jiangsu,jiangsu", "zhejiang,jiangsu"), "row 4: doc_id 'zhejiang' stands"),
    "genre": (replace("documents.csv", ",appeal,", ",letter,"), "row 3: unknown genre 'letter'; one of appeal, notice"),
}


@pytest.mark.parametrize("mistake", SPOILED)
def test_check_names_what_is_wrong_with_a_corpus(mistake, tmp_path, capsys, monkeypatch):
    spoil, message = SPOILED[mistake]
    shutil.copytree(paths.CORPUS, tmp_path / "corpus")
    spoil(tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "read_documents", partial(documents.read_documents, tmp_path / "corpus"))
    code, problems, _ = run("check", capsys=capsys)
    assert code == 1
    assert all(line.startswith("corpus/") and (", row " in line or "raw/" in line) for line in problems), problems
    assert len([line for line in problems if message in line]) == 1, problems


# --- code ---
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_code_reads_any_chinese_encoding(encoding, text, tmp_path, capsys):
    text.write_text(TEXT, encoding)
    code, out, err = run("code", text, "-o", tmp_path / "out.jsonl", capsys=capsys)
    assert (code, err) == (0, [])
    (record,) = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert record["text"] == TEXT
    assert record["statements"] == [["industry_association", "donation", "require"]]


@pytest.mark.parametrize(
    "name, data, message",
    [
        ("b.txt", None, "b.txt: cannot be read (No such file or directory); check its name and rights"),
        ("b.txt", b"", "b.txt: the file is empty; fill it or take it out"),
        ("b.txt", bytes(range(256)) * 9, "b.txt: the file is binary, or neither UTF-8 nor GB18030 nor"),
        ("b.txt", b"%PDF-1.7", "b.txt: the file is an office file, a PDF or a picture; save it as plain"),
        ("b.docx", b"PK\x03\x04", "b.docx: .docx is not read; save it as .txt (UTF-8) or .jsonl"),
        ("b.jsonl", b'{"id": "a"}\n', "b.jsonl, line 1: no object with id and text; write"),
        ("b.jsonl", b'{"id": "x", "text": "y"}\n' * 2, "b.jsonl, line 2: id 'x' is that of"),
    ],
)
def test_code_names_the_mistake_and_overwrites_nothing(name, data, message, text, tmp_path, capsys):
    out = tmp_path / "out.jsonl"
    out.write_text("old", "utf-8")
    if data is not None:
        (tmp_path / name).write_bytes(data)
    code, _, problems = run("code", text, tmp_path / name, "-o", out, capsys=capsys)
    assert code == 1
    assert len(problems) == 1
    assert message in problems[0]
    assert out.read_text("utf-8") == "old"


def test_code_knows_only_three_forms(text, tmp_path, capsys):
    code, _, problems = run("code", text, "-o", tmp_path / "out.xlsx", capsys=capsys)
    assert (code, problems) == (1, ["unknown ending '.xlsx'; one of .jsonl, .csv, .parquet"])


def test_code_refuses_to_write_to_a_folder(text, tmp_path, capsys):
    (tmp_path / "out.csv").mkdir()
    code, _, problems = run("code", text, "-o", tmp_path / "out.csv", capsys=capsys)
    assert (code, problems) == (1, [f"{tmp_path}/out.csv: cannot be written (Is a directory); give another name"])


@pytest.fixture
def own_codebook(tmp_path):
    """Return a codebook that knows donations by another id."""
    folder = Path(shutil.copytree(paths.CODEBOOK, tmp_path / "codebook"))
    content = (folder / "measures.yaml").read_text("utf-8")
    (folder / "measures.yaml").write_text(content.replace("- id: donation\n", "- id: alms\n"), "utf-8")
    return folder


def test_texts_are_coded_by_a_codebook_of_ones_own(own_codebook, text, tmp_path, capsys):
    out, sheet, marked = tmp_path / "out.csv", tmp_path / "s.csv", tmp_path / "in" / "d.jsonl"
    marked.parent.mkdir()
    mine = ["--codebook", own_codebook]
    assert run("code", text, "-o", out, *mine, capsys=capsys)[0] == 0
    assert run("sheet", sheet, text, "--coder", "anna", "--filled", *mine, capsys=capsys)[0] == 0
    assert run("export", "doccano", marked, text, "--filled", *mine, capsys=capsys)[0] == 0
    assert ["alms" in path.read_text("utf-8") for path in (out, sheet, marked)] == [True] * 3
    others = ["--with", sheet, "--with", marked]
    assert run("agree", tmp_path, *others, *mine, capsys=capsys)[0] == 0
    code, _, problems = run("agree", tmp_path, "--with", sheet, capsys=capsys)
    assert (code, len(problems)) == (1, 1)
    assert "row 2: unknown measure 'alms'; one of " in problems[0]


def test_a_codebook_that_is_not_there_is_named(text, tmp_path, capsys):
    code, _, problems = run("code", text, "-o", tmp_path / "o.csv", "--codebook", tmp_path / "none", capsys=capsys)
    assert code == 1
    assert problems == [f"{tmp_path}/none: no such folder; a codebook has the files of corpus/codebook/"]


# --- sheet, export, agree ---
def test_texts_may_stand_before_or_behind_the_options(text, tmp_path, capsys):
    sheet = tmp_path / "s.csv"
    assert run("sheet", sheet, "--coder", "anna", "--filled", text, capsys=capsys)[0] == 0
    assert run("code", "-o", tmp_path / "o.csv", text, capsys=capsys)[0] == 0
    assert run("agree", "--with", sheet, tmp_path, capsys=capsys)[0] == 0
    with pytest.raises(SystemExit):
        run("build", text, capsys=capsys)


def test_a_corpus_without_reference_has_nothing_to_agree_with(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(paths, "REFERENCE", tmp_path)
    code, _, problems = run("agree", capsys=capsys)
    assert code == 1 and "the corpus has no reference to agree with" in problems[-1]


def test_a_filled_sheet_agrees_with_the_rules_entirely(text, tmp_path, capsys):
    assert run("sheet", tmp_path / "s.csv", text, "--coder", "anna", "--filled", capsys=capsys)[0] == 0
    code, out, _ = run("agree", tmp_path, "--with", tmp_path / "s.csv", capsys=capsys)
    assert code == 0
    assert "rules against anna: 1 units that both coded" in out
    assert [line.split()[1:7] for line in out if line.startswith("statement")] == [["1", "1", "1", *["1.000"] * 3]]


@pytest.mark.parametrize("form, name", [("doccano", "bert.jsonl"), ("inception", "bert")])
def test_two_coders_are_compared_with_each_other(form, name, text, tmp_path, capsys):
    run("sheet", tmp_path / "s.csv", text, "--coder", "anna", "--filled", capsys=capsys)
    (tmp_path / "others").mkdir()
    assert run("export", form, tmp_path / "others" / name, text, "--filled", capsys=capsys)[0] == 0
    others = ["--with", tmp_path / "s.csv", "--with", tmp_path / "others" / name]
    code, out, _ = run("agree", tmp_path, *others, capsys=capsys)
    assert code == 0
    assert [line for line in out if " against " in line] == [
        f"{pair}: 1 units that both coded" for pair in ("rules against anna", "rules against bert", "anna against bert")
    ]


def test_agree_reads_what_code_wrote(text, tmp_path, capsys):
    (tmp_path / "others").mkdir()
    run("code", text, "-o", tmp_path / "others" / "carl.jsonl", capsys=capsys)
    code, out, _ = run("agree", tmp_path, "--with", tmp_path / "others" / "carl.jsonl", capsys=capsys)
    assert (code, [line for line in out if " against " in line]) == (0, ["rules against carl: 1 units that both coded"])


def test_agree_says_who_made_the_reference(capsys):
    code, out, _ = run("agree", capsys=capsys)
    assert code == 0
    assert "The reference was coded by a language model (three readings, majority), not by people." in out


@pytest.mark.parametrize("command", [["sheet", "s.csv", "--coder", "anna"], ["export", "doccano", "s.jsonl"],
                                     ["export", "inception", "s"]])  # fmt: skip
def test_what_a_person_may_have_filled_in_is_never_overwritten(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = next(word for word in command if word.startswith("s") and word != "sheet")
    Path(name).write_text("work", "utf-8")
    code, _, problems = run(*command, capsys=capsys)
    assert code == 1
    assert problems == [f"{name}: exists, and may hold somebody's work; give another name, or move it away"]
    assert Path(name).read_text("utf-8") == "work"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["sheet", "s.xlsx", "--coder", "anna"], "s.xlsx: must end in .csv"),
        (["sheet", "s.csv", "--coder", "rules"], "--coder: 'rules' is no name of a person; give one"),
        (["export", "inception", "s.json"], "s.json: must end in no ending, for it is a folder"),
        (["agree", "nowhere"], "nowhere: needs texts (*.txt, here or in texts/) and codings (*.jsonl) of them"),
        (["agree", ".", "--with", "none.csv"], "none.csv: cannot be read (No such file or directory); check its name"),
        (["agree", ".", "--with", "甲.txt"], "甲.txt: no coding; give a .csv, .jsonl or .json file, or a folder of"),
        (["agree", ".", "--with", "empty.jsonl"], "empty.jsonl: the file is empty; fill it or take it out"),
        (["agree", ".", "--with", "s.csv", "--with", "s.csv"], "--with: two codings by 'anna'; give each coder a name"),
        (["agree", ".", "--with", "blank.csv"], "blank.csv: holds no statement; fill it in first"),
        (["codebook", "diff", "old", "new"], "old: no such folder; a codebook has"),
        (["code", "甲.txt", "-o", "甲.txt/out.csv"], "out.csv: cannot be written ("),
    ],
)
def test_a_mistake_is_named_without_traceback(arguments, message, text, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.jsonl").write_bytes(b"")
    run("sheet", "blank.csv", text, "--coder", "bert", capsys=capsys)
    if "s.csv" in arguments and "--with" in arguments:
        run("sheet", "s.csv", text, "--coder", "anna", "--filled", capsys=capsys)
    code, _, problems = run(*arguments, capsys=capsys)
    assert code == 1
    assert [line for line in problems if message in line], problems


# --- codebook diff ---
def test_an_unchanged_codebook_changes_nothing(capsys):
    code, out, _ = run("codebook", "diff", paths.CODEBOOK, paths.CODEBOOK, capsys=capsys)
    assert code == 0
    assert [line.split(": ")[-1] for line in out] == ["0 gained, 0 lost, 0 moved"]


def test_a_change_can_be_seen_on_texts_of_ones_own(text, capsys):
    code, out, _ = run("codebook", "diff", paths.CODEBOOK, paths.CODEBOOK, text, capsys=capsys)
    assert (code, len(out)) == (0, 1)
    assert out[0].startswith("1 statements by ")


def test_a_code_taken_out_is_listed_with_the_sentences_it_loses(tmp_path, capsys):
    folder = Path(shutil.copytree(paths.CODEBOOK, tmp_path / "new"))
    content = (folder / "measures.yaml").read_text("utf-8")
    head, _, rest = content.partition("- id: rumour_control\n")
    (folder / "measures.yaml").write_text(head + rest[rest.index("\n- id: ") + 1 :], "utf-8")
    code, out, _ = run("codebook", "diff", paths.CODEBOOK, folder, capsys=capsys)
    assert code == 0
    lost = [i for i, line in enumerate(out) if line.startswith("lost ") and ", rumour_control, " in line]
    assert lost
    assert all("谣" in out[i + 1] for i in lost)
    assert out[-1].endswith(f"0 gained, {len(lost)} lost, 0 moved")


@pytest.mark.parametrize(
    "spoil, message",
    [
        (lambda text: "- id: [\n" + text, "measures.yaml, line "),
        (lambda text: text + "- id: donation\n  zh: 重\n", "code 38 (donation): has no en, definition"),
    ],
)
def test_a_broken_codebook_is_named_with_file_and_place(spoil, message, tmp_path, capsys):
    folder = Path(shutil.copytree(paths.CODEBOOK, tmp_path / "new"))
    path = folder / "measures.yaml"
    path.write_text(spoil(path.read_text("utf-8")), "utf-8")
    code, out, problems = run("codebook", "diff", paths.CODEBOOK, folder, capsys=capsys)
    assert (code, out) == (1, [])
    assert [line for line in problems if message in line and str(path) in line], problems


# --- build ---
def test_build_writes_nothing_where_something_is_wrong(tmp_path):
    for part in ("analysis", "corpus"):
        shutil.copytree(paths.ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "units.csv").write_text("old", "utf-8")
    with (tmp_path / "corpus" / "judgements.csv").open("a", encoding="utf-8") as file:
        file.write("zhejiang,999,无,reject,charity,donation,,,,,anna,2026-03-01,because\n")
    done = subprocess.run([sys.executable, "-m", "analysis", "build"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "corpus/judgements.csv, row 2: document 'zhejiang' has no unit 999" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["units.csv"]
    assert (tmp_path / "results" / "units.csv").read_text("utf-8") == "old"
    assert not (tmp_path / "figures").exists()


def test_the_texts_are_never_overwritten_by_their_coding(tmp_path, capsys):
    texts = tmp_path / "texts.jsonl"
    texts.write_text(json.dumps({"id": "a", "text": TEXT}), encoding="utf-8")
    before = texts.read_bytes()
    for out, path in ((texts, texts), (tmp_path / "coded.jsonl", tmp_path)):
        assert main(["code", str(path), "-o", str(out)]) == 1
        assert "write it elsewhere" in capsys.readouterr().err
    assert texts.read_bytes() == before


def test_an_id_that_is_no_name_of_a_file_is_not_exported(tmp_path, capsys):
    texts = tmp_path / "texts.jsonl"
    texts.write_text(json.dumps({"id": "../victim", "text": TEXT}), encoding="utf-8")
    assert main(["export", "inception", str(tmp_path / "out"), str(texts)]) == 1
    assert "no name of a file" in capsys.readouterr().err
    assert not (tmp_path / "victim.json").exists()


@pytest.mark.parametrize(
    "record",
    [
        {"doc": "a", "unit": "x", "text": TEXT, "statements": []},
        {"doc": ["a"], "unit": 1, "text": TEXT, "statements": []},
        {"doc": "a", "unit": 1, "text": 3, "statements": []},
        {"doc": "a", "unit": 1, "text": TEXT, "statements": [[1, 2, 3]]},
        {"doc": "a", "unit": 1, "text": TEXT, "statements": None},
        {"doc": "a", "unit": 1, "text": TEXT, "statements": [], "raw_start": 0},
        {"doc": "a", "unit": 1, "text": TEXT, "statements": [], "quantities": [3]},
    ],
)
def test_a_coding_of_another_form_is_refused_with_its_line(tmp_path, capsys, record):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "coding.jsonl").write_text(json.dumps(record), encoding="utf-8")
    assert main(["agree", str(tmp_path)]) == 1
    assert "coding.jsonl, line 1: " in capsys.readouterr().err


def test_a_coding_without_statements_is_compared(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("今天天气很好。", encoding="utf-8")
    record = {"doc": "a", "unit": 1, "text": "今天天气很好。", "statements": []}
    (tmp_path / "coding.jsonl").write_text(json.dumps(record), encoding="utf-8")
    assert main(["agree", str(tmp_path)]) == 0
