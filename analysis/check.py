"""Everything that can be wrong with corpus, codebook, reference and judgements, in one list."""

from analysis import paths
from analysis.cleaning import find_suspicious
from analysis.codebook import read_codebook
from analysis.documents import read_documents
from analysis.errors import gather
from analysis.judgements import read_judgements
from analysis.names import check_names
from analysis.publishing import check_labels
from analysis.reference import read_coding
from analysis.syntax import read_grammar
from analysis.tables import iterate_rows
from analysis.units import split_units


def check_project() -> list[str]:
    """List what is wrong with register, texts, codebook, reference coding and judgements, with file, row and mend."""
    problems: list[str] = []
    with gather(problems):
        documents, repairs = read_documents()
    with gather(problems):
        codebook = read_codebook()
        check_names(codebook.names, list(codebook.types.index))
        read_grammar(codebook.cues)
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
    path = paths.REFERENCE / "statements.jsonl"
    if not path.exists():  # a corpus need not have one
        return problems
    with gather(problems):
        statements = read_coding(path, documents, repairs).statements
        for column, codes in (("actor", codebook.types.index), ("measure", codebook.measures.index)):
            for row in iterate_rows(statements[~statements[column].isin(codes)]):
                where = f"{path.name}, unit {row.unit_id} of {row.doc_id}"
                code = getattr(row, column)
                problems.append(f"{where}: unknown {column} {code!r}; mend it, or add it to the codebook")
    return problems
