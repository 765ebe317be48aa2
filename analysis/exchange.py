"""To and from annotation tools: INCEpTION (UIMA CAS JSON 0.4.0) and doccano (JSON Lines).

Both count characters from 0 in the cleaned text. UIMA counts UTF-16 code units; cassis converts them.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple

import cassis
import pandas as pd

from analysis.agreement import list_codes
from analysis.cleaning import to_raw
from analysis.codebook import Codebook
from analysis.decoding import decode_text
from analysis.errors import InputError
from analysis.reference import Coding
from analysis.tables import STANCES, iterate_rows, make_table, write_text

LAYER = "custom.Statement"
FEATURES = ("actor", "measure", "stance", "organisation")
_SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
_ENTITY = ("start_offset", "end_offset", "label")


class Reading(NamedTuple):
    """What a file says of one document: where it stands, the text, and (start, end, actor, measure, stance) a span."""

    place: str
    text: str
    spans: list[tuple[int, int, str, str, str]]


def write_doccano(documents: pd.DataFrame, statements: pd.DataFrame, path: Path) -> None:
    """Write JSON Lines for a doccano project for sequence labelling that allows overlapping spans.

    One line is a document: `doc_id`, its clean `text`, and `label`, a list of [start, end, `actor:measure:stance`].
    """
    lines = []
    for doc in iterate_rows(documents):
        rows = iterate_rows(statements[statements["doc_id"] == doc.doc_id])
        labels = [[row.start, row.end, f"{row.actor}:{row.measure}:{row.stance}"] for row in rows]
        lines.append(json.dumps({"doc_id": doc.doc_id, "text": doc.clean, "label": labels}, ensure_ascii=False))
    write_text(path, "".join(line + "\n" for line in lines))


def write_inception(documents: pd.DataFrame, units: pd.DataFrame, statements: pd.DataFrame, folder: Path) -> None:
    """Write one UIMA CAS JSON file a document, its units as sentences, and `typesystem.xml`.

    The latter is to be imported first, under Layers of the INCEpTION project: it makes the span layer `LAYER` with the
    string features `FEATURES`. No token is written; INCEpTION makes its own.
    """
    odd = [doc_id for doc_id in documents["doc_id"] if not re.fullmatch(r"[^/\\\0.][^/\\\0]{0,99}", doc_id)]
    if odd:
        raise InputError([f"document {doc_id!r}: this id is no name of a file; give it another" for doc_id in odd])
    types = cassis.TypeSystem()
    layer = types.create_type(LAYER, "uima.tcas.Annotation")
    for feature in FEATURES:
        types.create_feature(layer, feature, "uima.cas.String")
    write_text(folder / "typesystem.xml", types.to_xml())
    sentence = types.create_type(_SENTENCE, "uima.tcas.Annotation")
    for doc in iterate_rows(documents):
        cas = cassis.Cas(types, sofa_string=str(doc.clean), sofa_mime="text/plain", document_language="zh")
        for unit in iterate_rows(units[units["doc_id"] == doc.doc_id]):
            cas.add(sentence(begin=unit.start, end=unit.end))
        for row in iterate_rows(statements[statements["doc_id"] == doc.doc_id]):
            values = {feature: getattr(row, feature) or None for feature in FEATURES}
            cas.add(layer(begin=row.start, end=row.end, **values))
        write_text(folder / f"{doc.doc_id}.json", cas.to_json(pretty_print=False))


def read_doccano(path: Path) -> list[Reading]:
    """Read the JSON Lines that doccano exports: spans in `label`, or in `entities` where a project has relations."""
    readings, problems = [], []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record, spans = json.loads(line), []
            for item in record["label"] if "label" in record else record["entities"]:
                start, end, label = item if isinstance(item, list) else (item[key] for key in _ENTITY)
                actor, measure, stance = [*str(label).split(":"), "", ""][:3]
                spans.append((int(start), int(end), actor, measure, stance))
            readings.append(Reading(f"{path}, line {number}", str(record["text"]), spans))
        except (ValueError, KeyError, TypeError):
            problems.append(f"{path}, line {number}: not doccano's form; it needs text and label [[start, end, label]]")
    if problems:
        raise InputError(problems)
    return readings


def read_inception(path: Path) -> list[Reading]:
    """Read a file that INCEpTION exported as UIMA CAS JSON 0.4.0, or all `.json` files in a folder and below it."""
    readings = []
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if not files:
        raise InputError([f"{path}: no .json file in this folder; put there what INCEpTION exported"])
    for file in files:
        try:
            cas = cassis.load_cas_from_json(read_text(file))
            found = cas.select(LAYER) if cas.typesystem.contains_type(LAYER) else []
            values = [[getattr(item, feature, None) or "" for feature in FEATURES[:3]] for item in found]
            spans = [(item.begin, item.end, *value) for item, value in zip(found, values, strict=True)]
            if not cas.sofa_string:
                raise ValueError("no text")
            readings.append(Reading(str(file), cas.sofa_string, spans))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError([f"{file}: no UIMA CAS JSON; export from INCEpTION as 'UIMA CAS JSON 0.4.0'"]) from None
    return readings


def read_text(path: Path) -> str:
    """Read a text file in any encoding of `decode_text`; raise `InputError` where that cannot be done."""
    try:
        return decode_text(path.read_bytes())[0]
    except OSError as error:
        raise InputError([f"{path}: cannot be read ({error.strerror}); check its name"]) from None
    except ValueError as error:
        raise InputError([f"{path}: the file {error}"]) from None


def locate_spans(
    readings: list[Reading], documents: pd.DataFrame, repairs: pd.DataFrame, units: pd.DataFrame, codebook: Codebook,
    *, coder: str,
) -> Coding:  # fmt: skip
    """Find the documents and units of what was read, and return it as a coding; all units of a document count as coded.

    Raises
    ------
    InputError
        With every text that is not the clean text of a document, unknown code, span that is not within one unit, and
        statement that stands in its unit with two stances.
    """
    names = dict(zip(documents["clean"], documents["doc_id"], strict=True))
    choices = {"actor": list(codebook.types.index), "measure": list(codebook.measures.index), "stance": list(STANCES)}
    rows: dict[str, tuple[object, ...]] = {}
    problems = []
    for place, text, spans in readings:
        if text not in names:
            problems.append(f"{place}: {text[:12]!r}… is not the clean text of a document; export it anew, code that")
            continue
        doc_id = names[text]
        inside, changes = units[units["doc_id"] == doc_id], repairs[repairs["doc_id"] == doc_id]
        for start, end, actor, measure, stance in spans:
            faults = [
                f"unknown {name} {code!r}; one of {', '.join(allowed)}"
                for (name, allowed), code in zip(choices.items(), (actor, measure, stance), strict=True)
                if code not in allowed
            ]
            unit = inside.loc[(inside["start"] <= start) & (inside["end"] >= end), "unit_id"].tolist()
            if not unit or start >= end:
                faults.append("is not within one unit; make it shorter")
            else:
                key = f"{doc_id}:{unit[0]}:{actor}:{measure}"
                row = (key, doc_id, unit[0], actor, measure, stance, "", "", "", start, end,
                       *to_raw(changes, start, end), text[start:end], coder)  # fmt: skip
                if rows.setdefault(key, row)[5] != stance:
                    faults.append(f"{key} stands there as {rows[key][5]!r} too; keep one stance")
            problems += [f"{place}, span {start}-{end} {text[start:end]!r}: {fault}" for fault in faults]
    if problems:
        raise InputError(problems)
    statements = make_table(list(rows.values()), "statements")
    coded = units[units["doc_id"].isin([names[reading.text] for reading in readings])]
    return Coding(coded, statements, list_codes(statements))
