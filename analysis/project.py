"""The project as a whole: check all that it is made from, and build all that is generated."""

from collections.abc import Callable
from functools import partial
from typing import get_args

import pandas as pd
from matplotlib.figure import Figure

from analysis import paths
from analysis.agreement import compare_codings
from analysis.cleaning import find_suspicious
from analysis.codebook import read_codebook
from analysis.differences import draw_differences, tabulate_differences
from analysis.documents import read_documents
from analysis.drawing import Language
from analysis.errors import InputError, gather
from analysis.export import write_network
from analysis.judgements import apply_judgements, describe_judgements, read_judgements
from analysis.matrix import draw_matrix, tabulate_rates
from analysis.names import check_names
from analysis.network import add_organisations, attach_evidence, build_network, join_facts
from analysis.pipeline import code_documents
from analysis.publishing import check_labels, make_caption, save_figure, write_manifest
from analysis.reference import Coding, find_code_faults, read_coding
from analysis.resampling import tabulate_confusion
from analysis.syntax import read_grammar
from analysis.tables import iterate_rows, write_table
from analysis.tripartite import draw_tripartite, tabulate_flows
from analysis.units import split_units


def _read_reference(documents: pd.DataFrame, repairs: pd.DataFrame) -> Coding | None:
    """Read the reference coding; a corpus need not have one."""
    path = paths.REFERENCE / "statements.jsonl"
    return read_coding(path, documents, repairs) if path.exists() else None


def check_project() -> list[str]:
    """List what is wrong with register, texts, codebook, reference coding and judgements, with file, row and mend."""
    problems: list[str] = []
    with gather(problems):
        documents, repairs = read_documents()
    with gather(problems):
        codebook = read_codebook()
        check_names(codebook.names, list(codebook.types.index))
        read_grammar(codebook.cues, codebook.names)
    if problems:  # the rest depends on both
        return problems
    for doc in iterate_rows(documents):
        for place in iterate_rows(find_suspicious(doc.clean)):
            where = f"document {doc.doc_id}, clean {place.start}-{place.end}"
            mend = "mend it by a row of corpus/emendations.csv"
            problems.append(f"{where}: {place.what} {place.text!r} in {place.context!r}; {mend}")
    problems += check_labels(codebook, documents)
    with gather(problems):
        read_judgements(split_units(documents, repairs), codebook)
    with gather(problems):
        if reference := _read_reference(documents, repairs):
            for row in iterate_rows(reference.statements):
                faults = find_code_faults({"actor": row.actor, "measure": row.measure}, codebook)
                problems += [
                    f"reference/statements.jsonl, unit {row.unit_id} of {row.doc_id}: {fault}" for fault in faults
                ]
    return problems


def build_project(*, report: Callable[[str], None] = lambda text: None) -> None:
    """Write `results/` and `figures/` anew from the corpus and the codebook.

    The same input and the same versions of the libraries give the same bytes. `report` is called with a line of text
    before each step. Where anything is wrong with the input, `InputError` says what, and nothing is written.
    """
    report("reading corpus and codebook")
    codebook = read_codebook()
    documents, repairs = read_documents()
    if problems := check_labels(codebook, documents):
        raise InputError(problems)
    report("coding")
    coded = code_documents(documents, repairs, codebook)
    judgements = read_judgements(coded.units, codebook)
    in_force = apply_judgements(coded.statements, judgements, coded.units)
    report(describe_judgements(judgements, coded.statements))
    reference = _read_reference(documents, repairs)
    codings = {"rules": coded.statements}
    codings |= {"reference": reference.statements} if reference else {}
    codings |= {} if judgements.empty else {"judged": in_force}
    networks = {}
    for coder, statements in codings.items():
        network = build_network(statements, documents, codebook=codebook)
        network = add_organisations(network, statements, coded.organisations, documents)
        networks[coder] = attach_evidence(network, statements, coded.units)
    report("writing results/")
    facts = documents.drop(columns=["raw", "clean"])
    made = {"documents": facts, "repairs": repairs, **coded._asdict(), "statements": in_force}
    for name, table in made.items():
        write_table(table, paths.RESULTS / f"{name}.csv")
    for coder, network in networks.items():
        write_network(network, paths.RESULTS / f"network-{coder}")
    report("drawing figures/")
    network = networks.get("judged", networks["rules"])
    measures, types = tabulate_rates(network, "measure"), tabulate_rates(network, "type")
    figures: list[tuple[str, pd.DataFrame, Callable[..., Figure]]] = [
        ("03-network", tabulate_flows(network), partial(draw_tripartite, network)),
        ("04-measures", measures, partial(draw_matrix, measures)), ("04-types", types, partial(draw_matrix, types)),
    ]  # fmt: skip
    if reference:
        confusion = tabulate_confusion(compare_codings(coded, reference), list(codebook.measures.index), by="measure")
        first, second = (join_facts(codings[coder], documents, codebook=codebook) for coder in ("rules", "reference"))
        differences = tabulate_differences(first, second, confusion, networks["rules"], seed=1)
        figures.append(("05-differences", differences, partial(draw_differences, differences)))
    for language in get_args(Language):
        for stem, data, draw in figures:
            caption = make_caption(data, documents, language=language)
            save_figure(draw(language=language), paths.FIGURES, stem, language=language, data=data, caption=caption)
    write_manifest()
