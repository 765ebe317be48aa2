"""The command line. The docstring of a command is its help."""

import argparse
import inspect
import sys
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import agreement, paths
from analysis.codebook import Codebook, read_codebook
from analysis.documents import read_documents, read_texts
from analysis.errors import InputError, check_choice
from analysis.exchange import read_annotations, write_doccano, write_inception
from analysis.judgements import read_sheet, write_sheet
from analysis.pipeline import ENDINGS, Coded, code_documents, write_coded
from analysis.reference import Coding, read_coding
from analysis.tables import iterate_rows, read_text

Options = argparse.Namespace
_DESCRIPTION = "Who asks which kind of organisation for which measure: code Chinese policy texts and build the network."
_LEGEND = """stance: of the statements that both gave, the share with the same stance.
alpha (Krippendorff's, with the bounds of its 95 % interval) and kappa (Cohen's): 'statement', 'actor' and 'measure'
compare the sets of codes of a unit (by MASI distance), a single measure its presence; on the units that both coded."""
_FORMATS = {"doccano": (".jsonl", write_doccano), "inception": ("", write_inception)}
_CAVEAT = "The reference was coded by a language model (three readings, majority), not by people."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when all went well, 1 when the user's input has problems.

    Each problem is printed to standard error, and nothing is written; a wrong command line exits with 2.
    """
    options = _parse(arguments)
    try:
        return options.run(options) or 0
    except InputError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"{error.filename}: {error.strerror}; check name and rights", file=sys.stderr)
        return 1


def _parse(arguments: Sequence[str] | None) -> Options:
    """Read the command line; texts may stand behind options, too, which argparse alone refuses."""
    parser = _make_parser()
    options, rest = parser.parse_known_args(arguments)
    texts = [Path(text) for text in rest if not text.startswith("-")]
    if getattr(options, "folder", "") is None and len(texts) == len(rest) == 1:
        options.folder = texts[0]
    elif hasattr(options, "path") and len(texts) == len(rest):
        options.path = [*options.path, *texts]
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description=_DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (run, arguments) in _COMMANDS.items():
        text = inspect.getdoc(run) or ""
        command = commands.add_parser(name, help=text.partition("\n")[0], description=text)
        command.set_defaults(run=run)
        for argument in arguments:
            command.add_argument(*argument.split(), **_ARGUMENTS[argument])
    return parser


def _build(options: Options) -> None:
    """Code the corpus, and write results/ (tables, networks) and figures/."""
    from analysis.project import build_project  # matplotlib takes seconds to import

    build_project(report=lambda text: print(text, file=sys.stderr, flush=True))


def _check(options: Options) -> int:
    """Print every problem of corpus, codebook, reference and judgements with file, row and mend; nothing if none."""
    from analysis.project import check_project

    problems = check_project()
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


def _code(options: Options) -> None:
    """Code texts by the rules of the codebook: yours, or without PATH the corpus with its register and emendations."""
    check_choice("ending", options.out.suffix, ENDINGS)
    out = options.out.resolve()
    if out.suffix == ".jsonl" and any(path.resolve() in (out, *out.parents) for path in options.path):
        raise InputError([f"{options.out}: is, or stands among, the texts to be coded; write it elsewhere"])
    write_coded(_code_texts(options)[1], options.out)


def _sheet(options: Options) -> None:
    """Write a coding sheet for a person to fill in.

    Excel and LibreOffice open it: a row a unit; copy the row of a unit for a second statement in it. Read it back with
    'agree --with'.
    """
    if options.coder.strip() in ("", "rules", "reference"):
        raise InputError([f"--coder: {options.coder!r} is no name of a person; give one"])
    _check_new(options.out, ".csv")
    write_sheet(_code_texts(options, filled=options.filled)[1], options.coder, options.out)


def _export(options: Options) -> None:
    """Write texts for an annotation tool.

    For doccano JSON Lines (sequence labelling with overlapping spans), for INCEpTION a folder of UIMA CAS JSON 0.4.0
    (import typesystem.xml under Layers first). Read the result back with 'agree --with'.
    """
    suffix, write = _FORMATS[options.format]
    _check_new(options.out, suffix)
    write(*_code_texts(options, filled=options.filled), options.out)


def _check_new(path: Path, suffix: str) -> None:
    if path.suffix != suffix:
        raise InputError([f"{path}: must end in {suffix or 'no ending, for it is a folder'}"])
    if path.exists():
        raise InputError([f"{path}: exists, and may hold somebody's work; give another name, or move it away"])


def _code_texts(options: Options, *, filled: bool = True) -> tuple[pd.DataFrame, Coded]:
    """Return the documents that the user names, and what the rules make of them, without statements if not wanted."""
    codebook = read_codebook(options.codebook)
    documents, repairs = _read_texts(options)
    coded = code_documents(documents, repairs, codebook, report=_print_progress)
    if not filled:
        coded = coded._replace(statements=coded.statements.iloc[:0])
    print(f"{len(documents)} documents, {len(coded.units)} units, {len(coded.statements)} statements")
    return documents, coded


def _read_texts(options: Options) -> tuple[pd.DataFrame, pd.DataFrame]:
    return read_texts(options.path) if options.path else read_documents()


def _print_progress(done: int, total: int) -> None:
    if total > 1:
        print(f"\rcoding documents: {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _diff(options: Options) -> None:
    """Show what a change of the codebook does.

    Code the corpus, or texts of your own, by two codebook folders; list the statements gained, lost and moved (to
    another actor, or another stance), each with its sentence.
    """
    codebooks = [read_codebook(folder) for folder in (options.old, options.new)]
    documents, repairs = _read_texts(options)
    old, new = (code_documents(documents, repairs, codebook, report=_print_progress) for codebook in codebooks)
    changes = agreement.compare_revisions(old.statements, new.statements, new.units)
    for row in iterate_rows(changes):
        codes = [row.actor, row.measure, row.stance, *[f"was {row.was}"] * bool(row.was)]
        print(f"{row.change} {row.doc_id} {row.unit_id}: {', '.join(codes)}\n    {row.text}")
    counts = ", ".join(f"{(changes['change'] == change).sum()} {change}" for change in agreement.CHANGES)
    print(f"{len(old.statements)} statements by {options.old}, {len(new.statements)} by {options.new}: {counts}")


def _agree(options: Options) -> None:
    """Measure how well the rules agree with a coding, or coders with each other.

    Print precision, recall and F1: overall, by document, by code; Krippendorff's alpha and Cohen's kappa. Without
    FOLDER the corpus and its reference; else a folder with texts (*.txt) and codings (*.jsonl). With --with, people's
    codings beside the rules, the reference and each other, on the units that both coded.
    """
    if options.folder:
        documents, repairs, files = _read_folder(options.folder, bool(options.others))
    else:
        documents, repairs, files = *read_documents(), sorted(paths.REFERENCE.glob("statements.jsonl"))
        if not (files or options.others):
            raise InputError(["the corpus has no reference to agree with; give a FOLDER, or a person's coding --with"])
    codebook = read_codebook(options.codebook)
    coded = code_documents(documents, repairs, codebook, report=_print_progress)
    coders: dict[str, Coded | Coding] = {"rules": coded}
    if codings := [read_coding(file, documents, repairs)[:3] for file in files]:
        coders["reference"] = Coding(*(pd.concat(tables, ignore_index=True) for tables in zip(*codings, strict=True)))
    for path in options.others:
        person = _read_person(path, documents, repairs, coded.units, codebook)
        if person.statements.empty:
            raise InputError([f"{path}: holds no statement; fill it in first"])
        if person.coder in coders:
            raise InputError([f"--with: two codings by {person.coder!r}; give each coder a name of its own"])
        coders[person.coder] = person
        number = person.units["doc_id"].nunique()
        print(f"{person.coder}: {number} documents, {len(person.units)} units, {len(person.statements)} statements")
    print(*[_CAVEAT] * (not options.folder), _LEGEND, sep="\n")
    for one, other in combinations(coders, 2):
        if not options.others or (one, other) != ("rules", "reference"):
            print(f"\n{one} against {other}: ", end="")
            _print_agreement(coders[one], coders[other], common=bool(options.others))


def _read_folder(folder: Path, others: bool) -> tuple[pd.DataFrame, pd.DataFrame, list[Path]]:
    files = sorted(path for path in folder.glob("*.jsonl") if path.stat().st_size)
    texts = sorted([*folder.glob("*.txt"), *folder.glob("texts/*.txt")])
    if not texts or not (files or others):
        raise InputError([f"{folder}: needs texts (*.txt, here or in texts/) and codings (*.jsonl) of them"])
    return *read_texts(texts), files


def _read_person(
    path: Path, documents: pd.DataFrame, repairs: pd.DataFrame, units: pd.DataFrame, codebook: Codebook
) -> Coding:
    if path.suffix == ".csv":
        return read_sheet(path, units, codebook)
    if path.suffix not in (".jsonl", ".json") and not path.is_dir():
        raise InputError([f"{path}: no coding; give a .csv, .jsonl or .json file, or a folder of .json files"])
    if path.suffix == ".jsonl" and '"statements":' in read_text(path).partition("\n")[0]:
        return read_coding(path, documents, repairs, coder=path.stem)
    return read_annotations(path, documents, repairs, units, codebook)


def _print_agreement(coding: Coded | Coding, other: Coded | Coding, *, common: bool) -> None:
    """Print all tables of two codings; where only common units count, so do statements alone: people code no others."""
    reliability = agreement.measure_reliability(coding, other, seed=1)
    number = reliability.pop("units").iloc[0]
    print(f"{number or 'no'} units that both coded")
    if not number:
        return
    matches = agreement.compare_codings(coding, other, common=common)
    matches = matches[matches["layer"].isin(agreement.LAYERS[2:] if common else agreement.LAYERS)]
    overall = agreement.score_agreement(matches, ["layer"]).join(reliability)
    print(_format(overall.reindex([layer for layer in agreement.LAYERS if layer in overall.index])))
    by_document = agreement.score_agreement(matches, ["doc_id", "layer"])["f1"].unstack("layer")
    print("\nF1 by document\n", _format(by_document), sep="")
    for layer in ("measure", "actor", "stance"):
        table = agreement.score_agreement(matches[matches["layer"] == layer], ["layer", "code"])
        table.index = table.index.map(":".join)
        print(f"\nby {layer}\n", _format(table.join(reliability) if layer == "measure" else table), sep="")


def _format(table: pd.DataFrame) -> str:
    return table.to_string(float_format="{:.3f}".format, na_rep="–")


_ARGUMENTS: dict[str, dict[str, Any]] = {
    "path": dict(nargs="*", type=Path, metavar="PATH", help="texts: .txt, .jsonl (with id and text), folders of them"),
    "folder": dict(nargs="?", type=Path, metavar="FOLDER", help="texts and codings of your own"),
    "format": dict(choices=tuple(_FORMATS), help="the tool"),
    "out": dict(type=Path, metavar="OUT", help="a new file (sheet: .csv, doccano: .jsonl) or folder (inception)"),
    "-o --out": dict(type=Path, required=True, metavar="OUT",
                     help="where to write: .jsonl (one unit a line), .csv or .parquet (the statements)"),
    "--codebook": dict(type=Path, default=paths.CODEBOOK, metavar="FOLDER", help="a codebook of your own"),
    "--coder": dict(required=True, metavar="NAME", help="who is going to code"),
    "--filled": dict(action="store_true", help="fill in what the rules found; whoever sees it tends to agree"),
    "--with": dict(dest="others", action="append", default=[], type=Path, metavar="FILE",
                   help="a person's coding (may be repeated): a sheet (.csv), JSON Lines of doccano or of 'code', or "
                   "what INCEpTION exported as UIMA CAS JSON (.json, or a folder of them)"),
    "diff": dict(choices=("diff",), metavar="diff", help="the word diff"),
    "old": dict(type=Path, metavar="OLD", help="folder of the old codebook"),
    "new": dict(type=Path, metavar="NEW", help="folder of the new codebook"),
}  # fmt: skip
_COMMANDS: dict[str, tuple[Callable[[Options], int | None], tuple[str, ...]]] = {
    "build": (_build, ()),
    "check": (_check, ()),
    "code": (_code, ("path", "-o --out", "--codebook")),
    "sheet": (_sheet, ("out", "path", "--coder", "--filled", "--codebook")),
    "export": (_export, ("format", "out", "path", "--filled", "--codebook")),
    "agree": (_agree, ("folder", "--with", "--codebook")),
    "codebook": (_diff, ("diff", "old", "new", "path")),
}
