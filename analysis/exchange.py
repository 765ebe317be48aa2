"""To and from annotation tools: INCEpTION (UIMA CAS JSON 0.4.0) and doccano (JSON Lines).

Both count characters from 0 in the cleaned text. UIMA counts UTF-16 code units; cassis converts them.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cassis
import pandas as pd

from analysis.cleaning import to_raw
from analysis.codebook import Codebook
from analysis.errors import InputError
from analysis.pipeline import Coded
from analysis.reference import CODES, Coding, find_code_faults, list_codes
from analysis.tables import iterate_rows, make_table, read_records, read_text, write_text

LAYER = "custom.Statement"
_SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"


class _Reading(NamedTuple):
    """What a file says of a document: where it stands, what may be its id, its text, its spans (start, end, codes)."""

    place: str
    names: tuple[str, ...]
    text: str
    spans: list[tuple[int, int, dict[str, str]]]


def write_doccano(documents: pd.DataFrame, coding: Coded | Coding, path: Path) -> None:
    """Write JSON Lines for a doccano project for sequence labelling that allows overlapping spans.

    One line is a document: `doc_id`, its clean `text`, and `label`, a list of [start, end, `actor:measure:stance`].
    """
    lines = []
    for doc in iterate_rows(documents):
        rows = iterate_rows(coding.statements[coding.statements["doc_id"] == doc.doc_id])
        labels = [[row.start, row.end, f"{row.actor}:{row.measure}:{row.stance}"] for row in rows]
        lines.append(json.dumps({"doc_id": doc.doc_id, "text": doc.clean, "label": labels}, ensure_ascii=False))
    write_text(path, "".join(line + "\n" for line in lines))


def write_inception(documents: pd.DataFrame, coding: Coded | Coding, folder: Path) -> None:
    """Write one UIMA CAS JSON file a document, its units as sentences, and `typesystem.xml`.

    The latter is to be imported first, under Layers of the INCEpTION project: it makes the span layer `LAYER` with the
    string features `actor`, `measure` and `stance`. No token is written; INCEpTION makes its own.
    """
    odd = [doc_id for doc_id in documents["doc_id"] if not re.fullmatch(r"[^/\\\0.][^/\\\0]{0,99}", doc_id)]
    if odd:
        raise InputError([f"document {doc_id!r}: this id is no name of a file; give it another" for doc_id in odd])
    types = cassis.TypeSystem()
    layer = types.create_type(LAYER, "uima.tcas.Annotation")
    for code in CODES:
        types.create_feature(layer, code, "uima.cas.String")
    write_text(folder / "typesystem.xml", types.to_xml())
    sentence = types.create_type(_SENTENCE, "uima.tcas.Annotation")
    for doc in iterate_rows(documents):
        cas = cassis.Cas(types, sofa_string=str(doc.clean), sofa_mime="text/plain", document_language="zh")
        for unit in iterate_rows(coding.units[coding.units["doc_id"] == doc.doc_id]):
            cas.add(sentence(begin=unit.start, end=unit.end))
        for row in iterate_rows(coding.statements[coding.statements["doc_id"] == doc.doc_id]):
            cas.add(layer(begin=row.start, end=row.end, actor=row.actor, measure=row.measure, stance=row.stance))
        write_text(folder / f"{doc.doc_id}.json", cas.to_json(pretty_print=False))


def read_annotations(
    path: Path, documents: pd.DataFrame, repairs: pd.DataFrame, units: pd.DataFrame, codebook: Codebook
) -> Coding:
    """Read what one coder marked: the JSON Lines of doccano, or the UIMA CAS JSON of INCEpTION, one file or a folder.

    A document in which nothing is marked was not coded, for both tools export what nobody opened, too; of others all
    units were. The coder bears the name of `path`. Raises `InputError` with every file or line of another form, text
    that is not the clean text of one document, document that is there twice, unknown code, span that is not within one
    unit, and statement with two stances in its unit; and if nothing is marked at all.
    """
    readings = read_records(path, _parse_doccano) if path.suffix == ".jsonl" else _read_inception(path)
    problems: list[str] = []
    marked: dict[str, _Reading] = {}
    for reading in (reading for reading in readings if reading.spans):
        same = documents.loc[documents["clean"] == reading.text, "doc_id"].tolist()
        found = [doc_id for doc_id in same if doc_id in reading.names] or same
        if not found:
            fault = f"{reading.text[:12]!r}… is not the clean text of a document; export it anew, code that"
        elif len(found) > 1:
            fault = f"{', '.join(same)} have this text; say which by doc_id or the name of the file"
        elif marked.setdefault(found[0], reading) is not reading:
            fault = f"{found[0]} stands in {marked[found[0]].place} too; give what one coder marked"
        else:
            continue
        problems.append(f"{reading.place}: {fault}")
    rows: dict[str, tuple[object, ...]] = {}
    for doc_id, (place, _, text, spans) in marked.items():
        inside, changes = (table[table["doc_id"] == doc_id] for table in (units, repairs))
        for start, end, codes in spans:
            faults = find_code_faults(codes, codebook)
            unit_ids = inside.loc[(inside["start"] <= start) & (inside["end"] >= end), "unit_id"]
            if unit_ids.empty or start >= end:
                faults.append("is not within one unit; make it shorter")
            else:
                key = doc_id, unit_ids.iloc[0], codes["actor"], codes["measure"]
                name = ":".join(map(str, key))
                span = start, end, *to_raw(changes, start, end), text[start:end]
                first = rows.setdefault(name, (name, *key, codes["stance"], "", "", "", *span, path.stem))
                if first[5] != codes["stance"]:
                    faults.append(f"{name} stands there as {first[5]!r} too; keep one stance")
            problems += [f"{place}, span {start}-{end} {text[start:end]!r}: {fault}" for fault in faults]
    if problems or not marked:
        raise InputError(problems or [f"{path}: nothing is marked in it; code it first"])
    statements = make_table(rows.values(), "statements")
    return Coding(units[units["doc_id"].isin(marked)], statements, list_codes(statements), path.stem)


def _parse_doccano(place: str, record: Any) -> _Reading:
    """Read a line of doccano: spans in `label`, or in `entities` where a project has relations."""
    try:
        spans = []
        for item in record["label"] if "label" in record else record["entities"]:
            keys = (0, 1, 2) if isinstance(item, list) else ("start_offset", "end_offset", "label")
            start, end, label = (item[key] for key in keys)
            codes = [*str(label).split(":"), "", ""]
            spans.append((int(start), int(end), dict(zip(CODES, codes, strict=False))))
        return _Reading(place, (str(record.get("doc_id")),), str(record["text"]), spans)
    except (ValueError, LookupError, TypeError):
        raise ValueError("not doccano's form; it needs text and label [[start, end, label]]") from None


def _read_inception(path: Path) -> Iterator[_Reading]:
    """Read files that INCEpTION named after the document, or after the coder in a folder named after the document."""
    files = sorted(filter(Path.is_file, path.rglob("*.json"))) if path.is_dir() else [path]
    if not files:
        raise InputError([f"{path}: no .json file in this folder; put there what INCEpTION exported"])
    for file in files:
        try:
            cas = cassis.load_cas_from_json(read_text(file))
            marks = cas.select(LAYER) if cas.typesystem.contains_type(LAYER) else []
            spans = [(m.begin, m.end, {code: getattr(m, code, None) or "" for code in CODES}) for m in marks]
            if not cas.sofa_string:
                raise ValueError("no text")
            names = file.stem, file.parent.name.removesuffix(".json")
            yield _Reading(str(file), names, cas.sofa_string, spans)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError([f"{file}: no UIMA CAS JSON; export from INCEpTION as 'UIMA CAS JSON 0.4.0'"]) from None
