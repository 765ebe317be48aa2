"""Everything that can be wrong with corpus, codebook, reference and judgements, in one list."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from analysis import paths
from analysis.codebook import Codebook, read_codebook
from analysis.documents import read_documents
from analysis.errors import InputError
from analysis.judgements import read_judgements
from analysis.names import check_names
from analysis.publishing import check_labels
from analysis.reference import read_coding
from analysis.suspicions import find_suspicious
from analysis.syntax import read_grammar
from analysis.tables import iterate_rows
from analysis.units import split_units


def check_project() -> list[str]:
    """Check the register, the raw texts, the cleaned texts, the codebook, the reference coding and the judgements.

    Returns
    -------
    list of str
        One item is a problem, with file, row and mend; empty where all is well.
    """
    codebooks: list[Codebook] = []
    problems = _collect(lambda: _check_codebook(codebooks))
    return _collect(lambda: _check_corpus(codebooks)) + problems


def _collect(check: Callable[[], list[str]]) -> list[str]:
    try:
        return check()
    except InputError as error:
        return error.problems


def _check_codebook(codebooks: list[Codebook]) -> list[str]:
    """Check the codebook; put it into the list if it can be read, since reference and judgements depend on it."""
    codebook = read_codebook()
    codebooks.append(codebook)
    check_names(codebook.names, list(codebook.types.index))
    read_grammar(codebook.cues)
    return []


def _check_corpus(codebooks: list[Codebook]) -> list[str]:
    documents, repairs = read_documents()
    problems = []
    for doc in iterate_rows(documents):
        for place in iterate_rows(find_suspicious(doc.clean)):
            problems.append(
                f"document {doc.doc_id}, clean {place.start}-{place.end}: {place.what} {place.text!r} in "
                f"{place.context!r}; mend it by a row of corpus/emendations.csv"
            )
    for codebook in codebooks:
        problems += check_labels(codebook, documents)
        problems += _collect(partial(_check_reference, documents, repairs, codebook))
        problems += _collect(partial(_check_judgements, documents, repairs, codebook))
    return problems


def _check_reference(documents: pd.DataFrame, repairs: pd.DataFrame, codebook: Codebook) -> list[str]:
    path = paths.REFERENCE / "statements.jsonl"
    if not path.exists():  # a corpus need not have a reference
        return []
    problems = []
    statements = read_coding(path, documents, repairs).statements
    for column, codes in (("actor", codebook.types.index), ("measure", codebook.measures.index)):
        for row in iterate_rows(statements[~statements[column].isin(codes)]):
            where = f"{path.name}, unit {row.unit_id} of {row.doc_id}"
            problems.append(f"{where}: unknown {column} {getattr(row, column)!r}; mend it, or add it to the codebook")
    return problems


def _check_judgements(documents: pd.DataFrame, repairs: pd.DataFrame, codebook: Codebook) -> list[str]:
    read_judgements(split_units(documents, repairs), codebook)
    return []
