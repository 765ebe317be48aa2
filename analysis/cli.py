"""The command line: build, check, code, agree."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from analysis import agreement, paths
from analysis.build import build_project
from analysis.check import check_project
from analysis.codebook import read_codebook
from analysis.documents import read_documents, read_texts
from analysis.errors import InputError
from analysis.pipeline import code_documents, write_coded
from analysis.reference import Coding, read_coding

_DESCRIPTION = "Who asks which kind of organisation for which measure: code Chinese policy texts and build the network."
_CAVEAT = "The reference was coded by a language model (three readings, majority), not by people."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 when all went well, 1 when the user's input has problems (each is printed to standard error, and nothing is
        written). A wrong command line exits with 2.
    """
    options = _make_parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except InputError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description=_DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser(
        "build", help="make all tables, networks and figures of the corpus",
        description="Code the corpus, and write results/ (tables, networks) and figures/.",
    )  # fmt: skip
    build.set_defaults(run=lambda options: build_project(report=_print_step))
    check = commands.add_parser(
        "check", help="look for problems in corpus, codebook and reference",
        description="Print every problem with file, row and mend; print nothing where all is well.",
    )  # fmt: skip
    check.set_defaults(run=_check)
    code = commands.add_parser(
        "code", help="code texts of your own",
        description="Code texts by the rules of the codebook. Without PATH the corpus itself, with its register and "
        "emendations; else text files (UTF-8, GB18030 or UTF-16), folders of them, or JSON Lines with id and text.",
    )  # fmt: skip
    code.add_argument("path", nargs="*", type=Path, metavar="PATH", help="a .txt or .jsonl file, or a folder of them")
    code.add_argument("-o", "--out", type=Path, required=True, metavar="OUT",
                      help="where to write: .jsonl (one unit a line), .csv or .parquet (the statements)")  # fmt: skip
    code.set_defaults(run=_code)
    agree = commands.add_parser(
        "agree", help="measure how well the rules agree with a coding",
        description="Print precision, recall and F1 of the rules against a coding: overall, by document, by code. "
        "Without FOLDER the corpus and its reference; else a folder with texts (*.txt) and codings (*.jsonl).",
    )  # fmt: skip
    agree.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="texts and codings of your own")
    agree.set_defaults(run=_agree)
    return parser


def _print_step(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _print_progress(done: int, total: int) -> None:
    if total > 1:
        print(f"\rcoding documents: {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _check(options: argparse.Namespace) -> int:
    problems = check_project()
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


def _code(options: argparse.Namespace) -> int:
    if options.out.suffix not in (".jsonl", ".csv", ".parquet"):
        raise InputError([f"{options.out}: unknown ending {options.out.suffix!r}; write to .jsonl, .csv or .parquet"])
    documents, repairs = read_texts(options.path) if options.path else read_documents()
    coded = code_documents(documents, repairs, read_codebook(), report=_print_progress)
    write_coded(coded, options.out)
    counts = f"{len(documents)} documents, {len(coded.units)} units, {len(coded.statements)} statements"
    print(f"{options.out}: {counts}")
    return 0


def _agree(options: argparse.Namespace) -> int:
    if options.folder is None:
        documents, repairs = read_documents()
        files = [paths.REFERENCE / "statements.jsonl"]
    else:
        documents, repairs, files = _read_folder(options.folder)
    coded = code_documents(documents, repairs, read_codebook(), report=_print_progress)
    codings = [read_coding(file, documents, repairs) for file in files]
    coding = Coding(*(pd.concat(tables, ignore_index=True) for tables in zip(*codings, strict=True)))
    matches = agreement.compare_codings(coded, coding)
    _print_agreement(matches, len(coding.units))
    return 0


def _read_folder(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, list[Path]]:
    files = sorted(folder.glob("*.jsonl"))
    texts = sorted([*folder.glob("*.txt"), *folder.glob("texts/*.txt")])
    if not folder.is_dir() or not files or not texts:
        raise InputError([f"{folder}: needs texts (*.txt, here or in texts/) and codings (*.jsonl) of them"])
    return *read_texts(texts), files


def _print_agreement(matches: pd.DataFrame, number: int) -> None:
    print(f"Rules against the coding of {matches['doc_id'].nunique()} documents, {number} units.", _CAVEAT, sep="\n")
    print("stance: of the statements that both gave, the share with the same stance.\n")
    overall = agreement.score_agreement(matches, ["layer"])
    print(_format(overall.reindex([layer for layer in agreement.LAYERS if layer in overall.index])))
    by_document = agreement.score_agreement(matches, ["doc_id", "layer"])["f1"].unstack("layer")
    print("\nF1 by document\n", _format(by_document), sep="")
    for layer in ("measure", "actor", "stance"):
        table = agreement.score_agreement(matches.query("layer == @layer"), ["layer", "code"])
        print(f"\nby {layer}\n", _format(table.droplevel("layer")), sep="")


def _format(table: pd.DataFrame) -> str:
    return table.to_string(float_format=lambda number: f"{number:.3f}", na_rep="–")
