"""The command line: build, check, code, agree, sheet, export, codebook diff."""

import argparse
import sys
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from analysis import agreement, exchange, paths
from analysis.build import build_project
from analysis.check import check_project
from analysis.codebook import Codebook, read_codebook
from analysis.coders import as_coding, match_coders, measure_reliability
from analysis.documents import read_documents, read_texts
from analysis.errors import InputError
from analysis.pipeline import Coded, code_documents, write_coded
from analysis.reference import Coding, read_coding
from analysis.revision import CHANGES, compare_revisions
from analysis.sheets import make_sheet, read_sheet, write_sheet
from analysis.tables import read_rows

_DESCRIPTION = "Who asks which kind of organisation for which measure: code Chinese policy texts and build the network."
_CAVEAT = "The reference was coded by a language model (three readings, majority), not by people."
_LEGEND = """stance: of the statements that both gave, the share with the same stance.
alpha (Krippendorff's, with the bounds of its 95 % interval) and kappa (Cohen's): 'statement', 'actor' and 'measure'
compare the sets of codes of a unit, a single measure its presence.
"""


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
    except OSError as error:
        print(f"{error.filename}: {error.strerror}; check name and rights", file=sys.stderr)
        return 1


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
        "Without FOLDER the corpus and its reference; else a folder with texts (*.txt) and codings (*.jsonl). "
        "With --with, people's codings beside the rules, the reference and each other: also Krippendorff's alpha "
        "(sets by MASI distance; each measure nominal) and Cohen's kappa, on the units that both coded.",
    )  # fmt: skip
    agree.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="texts and codings of your own")
    agree.add_argument("--with", dest="others", action="append", default=[], type=Path, metavar="FILE",
                       help="a person's coding (may be repeated): a sheet (.csv), JSON Lines of doccano or of 'code', "
                       "or what INCEpTION exported as UIMA CAS JSON (.json, or a folder of them)")  # fmt: skip
    agree.set_defaults(run=_agree)
    _add_people(commands)
    return parser


def _add_people(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sheet = commands.add_parser(
        "sheet", help="write a coding sheet for a person to fill in",
        description="Write a coding sheet that Excel and LibreOffice open: a row a unit; copy the row of a unit for a "
        "second statement in it. Read it back with 'agree --with'.",
    )  # fmt: skip
    sheet.add_argument("out", type=Path, metavar="OUT.csv", help="where to write; a file that exists is left alone")
    sheet.add_argument("--coder", required=True, metavar="NAME", help="who is going to code")
    sheet.set_defaults(run=_sheet)
    export = commands.add_parser(
        "export", help="write texts for an annotation tool",
        description="Write texts for doccano (JSON Lines, for sequence labelling with overlapping spans) or INCEpTION "
        "(UIMA CAS JSON 0.4.0; import typesystem.xml under Layers first). Read the result back with 'agree --with'.",
    )  # fmt: skip
    export.add_argument("format", choices=("doccano", "inception"), metavar="FORMAT", help="doccano or inception")
    export.add_argument("out", type=Path, metavar="OUT", help="a new file (.jsonl) for doccano, a folder for INCEpTION")
    export.set_defaults(run=_export)
    for command in (sheet, export):
        command.add_argument("path", nargs="*", type=Path, metavar="PATH", help="texts of your own, as for 'code'")
        command.add_argument("--filled", action="store_true",
                             help="fill in what the rules found; whoever sees it tends to agree")  # fmt: skip
    codebook = commands.add_parser("codebook", help="compare codebooks", description="Compare codebooks.")
    diff = codebook.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "diff", help="show what a change of the codebook does",
        description="Code the corpus by two codebook folders; list the statements gained, lost and moved (to another "
        "actor, or another stance), each with its sentence.",
    )  # fmt: skip
    diff.add_argument("old", type=Path, metavar="OLD", help="folder of the old codebook")
    diff.add_argument("new", type=Path, metavar="NEW", help="folder of the new codebook")
    diff.set_defaults(run=_diff)


def _print_step(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _print_progress(done: int, total: int) -> None:
    if total > 1:
        print(f"\rcoding documents: {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _check(options: argparse.Namespace) -> int:
    problems = check_project()
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


def _read_paths(options: argparse.Namespace) -> tuple[pd.DataFrame, pd.DataFrame]:
    return read_texts(options.path) if options.path else read_documents()


def _code(options: argparse.Namespace) -> int:
    if options.out.suffix not in (".jsonl", ".csv", ".parquet"):
        raise InputError([f"{options.out}: unknown ending {options.out.suffix!r}; write to .jsonl, .csv or .parquet"])
    if any(options.out.resolve() == path.resolve() or path.resolve() in options.out.resolve().parents
           for path in options.path) and options.out.suffix == ".jsonl":  # fmt: skip
        raise InputError([f"{options.out}: is, or stands among, the texts to be coded; write it elsewhere"])
    documents, repairs = _read_paths(options)
    coded = code_documents(documents, repairs, read_codebook(), report=_print_progress)
    write_coded(coded, options.out)
    counts = f"{len(documents)} documents, {len(coded.units)} units, {len(coded.statements)} statements"
    print(f"{options.out}: {counts}")
    return 0


def _check_new(path: Path, suffix: str) -> None:
    """Refuse to overwrite what a person may have filled in."""
    if path.suffix != suffix:
        raise InputError([f"{path}: must end in {suffix or 'no ending, for it is a folder'}"])
    if path.exists():
        raise InputError([f"{path}: exists, and may hold somebody's work; give another name, or move it away"])


def _sheet(options: argparse.Namespace) -> int:
    _check_new(options.out, ".csv")
    if options.coder.strip() in ("", "rules", "reference"):
        raise InputError([f"--coder: {options.coder!r} is no name of a person; give one"])
    documents, repairs = _read_paths(options)
    coded = code_documents(documents, repairs, read_codebook(), report=_print_progress)
    statements = coded.statements if options.filled else None
    write_sheet(make_sheet(coded.units, options.coder, statements=statements), options.out)
    print(f"{options.out}: {len(coded.units)} units of {len(documents)} documents")
    return 0


def _export(options: argparse.Namespace) -> int:
    _check_new(options.out, ".jsonl" if options.format == "doccano" else "")
    documents, repairs = _read_paths(options)
    coded = code_documents(documents, repairs, read_codebook(), report=_print_progress)
    statements = coded.statements if options.filled else coded.statements.iloc[:0]
    if options.format == "doccano":
        exchange.write_doccano(documents, statements, options.out)
    else:
        exchange.write_inception(documents, coded.units, statements, options.out)
    print(f"{options.out}: {len(documents)} documents, {len(statements)} statements")
    return 0


def _diff(options: argparse.Namespace) -> int:
    codebooks = [read_codebook(folder) for folder in (options.old, options.new)]
    documents, repairs = read_documents()
    old, new = (code_documents(documents, repairs, codebook, report=_print_progress) for codebook in codebooks)
    changes = compare_revisions(old.statements, new.statements, new.units)
    for change, doc_id, unit_id, actor, measure, stance, was, text in changes.itertuples(index=False, name=None):
        before = f", was {was}" if was else ""
        print(f"{change} {doc_id} {unit_id}: {actor}, {measure}, {stance}{before}\n    {text}")
    counts = ", ".join(f"{(changes['change'] == change).sum()} {change}" for change in CHANGES)
    print(f"{len(old.statements)} statements by {options.old}, {len(new.statements)} by {options.new}: {counts}")
    return 0


def _agree(options: argparse.Namespace) -> int:
    if options.folder is None:
        documents, repairs = read_documents()
        files = [paths.REFERENCE / "statements.jsonl"]
    else:
        documents, repairs, files = _read_folder(options.folder, bool(options.others))
    codebook = read_codebook()
    coded = code_documents(documents, repairs, codebook, report=_print_progress)
    codings = [read_coding(file, documents, repairs) for file in files]
    coding = Coding(*(pd.concat(tables, ignore_index=True) for tables in zip(*codings, strict=True))) if files else None
    if options.others:
        coders = {"rules": as_coding(coded)} | ({"reference": coding} if coding else {})
        _compare_coders(coders, [_read_coder(path, documents, repairs, coded, codebook) for path in options.others])
    elif coding:
        print(f"Rules against a coding of {coding.units['doc_id'].nunique()} documents, {len(coding.units)} units.")
        print(*[_CAVEAT] * (options.folder is None), _LEGEND, sep="\n")
        reliability = measure_reliability(*match_coders(as_coding(coded), coding), seed=1).drop(columns="units")
        _print_agreement(agreement.compare_codings(coded, coding), reliability)
    return 0


def _read_coder(
    path: Path, documents: pd.DataFrame, repairs: pd.DataFrame, coded: Coded, codebook: Codebook
) -> tuple[str, Coding]:
    if path.suffix == ".csv":
        coders = read_rows(path, ["coder"])["coder"]
        if coders.empty:
            raise InputError([f"{path}: has no row; fill in a sheet that `sheet` wrote"])
        return str(coders.iloc[0]), read_sheet(path, coded.units, codebook)
    if path.suffix == ".jsonl" and '"statements":' in exchange.read_text(path).partition("\n")[0]:
        coding = read_coding(path, documents, repairs, coder=path.stem)
    elif path.suffix in (".jsonl", ".json") or path.is_dir():
        readings = exchange.read_doccano(path) if path.suffix == ".jsonl" else exchange.read_inception(path)
        coding = exchange.locate_spans(readings, documents, repairs, coded.units, codebook, coder=path.stem)
    else:
        raise InputError([f"{path}: no coding; give a .csv, .jsonl or .json file, or a folder of .json files"])
    return path.stem, coding


def _compare_coders(coders: dict[str, Coding], people: list[tuple[str, Coding]]) -> None:
    for name, coding in people:
        if name in coders:
            raise InputError([f"--with: two codings by {name!r}; give each coder a name of its own"])
        coders[name] = coding
    print(*[_CAVEAT] * ("reference" in coders), _LEGEND, sep="\n")
    for one, other in combinations(coders, 2):
        if {one, other} != {"rules", "reference"}:
            matches, blocks = match_coders(coders[one], coders[other])
            if blocks.empty:
                print(f"\n{one} against {other}: no unit that both coded")
                continue
            print(f"\n{one} against {other}: {len(blocks)} units that both coded")
            reliability = measure_reliability(matches, blocks, seed=1).drop(columns="units")
            overall = agreement.score_agreement(matches, ["layer"]).join(reliability)
            print(_format(overall.reindex([layer for layer in agreement.LAYERS if layer in overall.index])))
            scores = agreement.score_agreement(matches.query("layer == 'measure'"), ["layer", "code"])
            scores.index = [f"measure:{code}" for _, code in scores.index]
            print(_format(scores.join(reliability)))


def _read_folder(folder: Path, others: bool) -> tuple[pd.DataFrame, pd.DataFrame, list[Path]]:
    files = sorted(path for path in folder.glob("*.jsonl") if path.stat().st_size)
    texts = sorted([*folder.glob("*.txt"), *folder.glob("texts/*.txt")])
    if not texts or not (files or others):
        raise InputError([f"{folder}: needs texts (*.txt, here or in texts/) and codings (*.jsonl) of them"])
    return *read_texts(texts), files


def _print_agreement(matches: pd.DataFrame, reliability: pd.DataFrame) -> None:
    overall = agreement.score_agreement(matches, ["layer"]).join(reliability)
    print(_format(overall.reindex([layer for layer in agreement.LAYERS if layer in overall.index])))
    by_document = agreement.score_agreement(matches, ["doc_id", "layer"])["f1"].unstack("layer")
    print("\nF1 by document\n", _format(by_document), sep="")
    for layer in ("measure", "actor", "stance"):
        table = agreement.score_agreement(matches.query("layer == @layer"), ["layer", "code"])
        table.index = table.index.map(":".join)
        print(f"\nby {layer}\n", _format(table.join(reliability) if layer == "measure" else table), sep="")


def _format(table: pd.DataFrame) -> str:
    return table.to_string(float_format=lambda number: f"{number:.3f}", na_rep="–")
