"""Build everything that is generated: tables, networks, exports, figures."""

from collections.abc import Callable
from typing import Literal

import networkx as nx
import pandas as pd

from analysis import paths, tables
from analysis.codebook import read_codebook
from analysis.documents import read_documents
from analysis.export import write_network
from analysis.figures import draw_matrix, tabulate_flows, tabulate_rates
from analysis.judgements import apply_judgements, describe_judgements, read_judgements
from analysis.network import attach_evidence, build_network
from analysis.pipeline import code_documents
from analysis.publishing import make_caption, save_figure, write_manifest
from analysis.reference import read_coding
from analysis.tripartite import draw_tripartite

_LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")


def build_project(*, report: Callable[[str], None] = lambda text: None) -> int:
    """Write `results/` and `figures/` anew from the corpus and the codebook.

    The same input and the same versions of the libraries give the same bytes.

    Parameters
    ----------
    report
        Called with a line of text before each step.

    Returns
    -------
    int
        0.

    Raises
    ------
    InputError
        With everything that is wrong with corpus, codebook, reference or judgements; nothing is written then.
    """
    report("reading corpus and codebook")
    codebook = read_codebook()
    documents, repairs = read_documents()
    report("coding")
    coded = code_documents(documents, repairs, codebook)
    judgements = read_judgements(coded.units, codebook)
    in_force = apply_judgements(coded.statements, judgements, coded.units)
    report(describe_judgements(judgements, coded.statements))
    reference = read_coding(paths.REFERENCE / "statements.jsonl", documents, repairs)
    codings = {"rules": coded.statements, "reference": reference.statements}
    if not judgements.empty:
        codings["judged"] = in_force
    networks = {
        coder: attach_evidence(build_network(statements, documents, codebook=codebook), statements, coded.units)
        for coder, statements in codings.items()
    }
    report("writing results/")
    facts = documents.drop(columns=["raw", "clean"])
    made = {"documents": facts, "repairs": repairs, **coded._replace(statements=in_force)._asdict()}
    for name, table in made.items():
        tables.write_table(table, paths.RESULTS / f"{name}.csv")
    for coder, network in networks.items():
        write_network(network, paths.RESULTS / f"network-{coder}")
    report("drawing figures/")
    _save_figures(networks.get("judged", networks["rules"]), documents)
    return 0


def _save_figures(network: nx.Graph, documents: pd.DataFrame) -> None:
    flows, measures, types = (
        tabulate_flows(network), tabulate_rates(network, "measure"), tabulate_rates(network, "type"),
    )  # fmt: skip
    for language in _LANGUAGES:
        for stem, data in (("03-network", flows), ("04-measures", measures), ("04-types", types)):
            figure = (
                draw_tripartite(network, language=language)
                if stem == "03-network"
                else draw_matrix(data, language=language)
            )
            caption = make_caption(data, documents, language=language)
            save_figure(figure, paths.FIGURES, stem, language=language, data=data, caption=caption)
    write_manifest()
