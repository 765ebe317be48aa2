"""Units: the headings, sentences and furniture lines of a cleaned text, with their section path."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analysis.cleaning import to_raw
from analysis.tables import make_table

_SENTENCE = re.compile(r"[^。！？；]*(?:[。！？；]+[”’」』）》】〕]*|$)")
_NUMERAL = "[一二三四五六七八九十]"
# Markers of the official style, outermost first; a marker closes every level from its own inwards.
_MARKERS = (
    re.compile(rf"({_NUMERAL}+)、"),
    re.compile(rf"(（{_NUMERAL}+）)"),
    re.compile(r"(\d{1,2})[.、．](?!\d)"),
    re.compile(r"(（\d{1,2}）|[①-⑳])"),
    re.compile(rf"({_NUMERAL}{{1,2}}[是要]|第{_NUMERAL}{{1,2}}(?=，))"),
)
_ENUMERATION = len(_MARKERS) - 1
_TITLE_END = re.compile(r"(?:倡议书|通知|公告|通告|意见|公开信|决定|函|方案|简报|通报)(?:（[^（）]*）)?$")
_FURNITURE = re.compile(r"(?:分送|抄送|抄报|主送|附件|联系人|联系电话|来源|作者)：|（[^（）]*）$")
_DIGIT = r"[〇○零一二三四五六七八九十\d]"
_DATE_END = re.compile(rf"{_DIGIT}{{4}}年{_DIGIT}{{1,3}}月{_DIGIT}{{1,3}}日(?:印发)?$")
_HEADING_LENGTH = 40


class _Span(NamedTuple):
    """A unit to be: where it stands, and whether it is the whole of its paragraph."""

    paragraph: int
    start: int
    end: int
    text: str
    whole: bool


def split_units(documents: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    """Split the `clean` texts of documents into units; their repairs lead back to the raw texts.

    A line of the cleaned text is a paragraph; a unit ends with 。！？； and the quotes or brackets that close there,
    or with its paragraph.

    One row is a unit, in the order of the text: `doc_id`; `unit_id`, from 1 in each document; `kind` (title, addressee,
    heading, sentence, furniture); `section`, the path of numerals and subtitles above it, such as `二/（一）`;
    `paragraph`, from 0; `start`, `end`, offsets in `clean`, so that `text == clean[start:end]`; `raw_start`,
    `raw_end`, offsets in the raw text.
    """
    by_document = dict(tuple(repairs.groupby("doc_id")))
    rows: list[tuple[object, ...]] = []
    for doc_id, clean in zip(documents["doc_id"], documents["clean"], strict=True):
        spans = list(_find_spans(clean))
        kinds = _find_kinds(spans)
        changes = by_document.get(doc_id, repairs.iloc[:0])
        found = zip(spans, kinds, _find_sections(spans, kinds), strict=True)
        for number, ((paragraph, start, end, text, _), kind, section) in enumerate(found, 1):
            raw = to_raw(changes, start, end)
            rows.append((doc_id, number, kind, section, paragraph, start, end, text, *raw))
    return make_table(rows, "units")


def _find_spans(clean: str) -> Iterator[_Span]:
    offset = 0
    for paragraph, line in enumerate(clean.split("\n")):
        found = [match for match in _SENTENCE.finditer(line) if match[0].strip()]
        for match in found:
            text = match[0].strip()
            start = offset + match.start() + match[0].index(text)
            yield _Span(paragraph, start, start + len(text), text, len(found) == 1)
        offset += len(line) + 1


def _find_kinds(spans: list[_Span]) -> list[str]:
    if all(_is_open(span.text) for span in spans):  # nothing tells headings from sentences
        return ["sentence"] * len(spans)
    below = [span.text for span in spans[1:]] + [""]
    kinds = ["heading" if _is_heading(*pair) else "sentence" for pair in zip(spans, below, strict=True)]
    head = _count_head(spans)
    kinds[:head] = ["addressee" if span.text.endswith("：") else "furniture" for span in spans[:head]]
    titles = [i for i in range(head) if kinds[i] == "furniture"]
    if titles:
        kinds[max(titles, key=lambda i: (bool(_TITLE_END.search(spans[i].text)), len(spans[i].text)))] = "title"
    for i in range(len(spans) - 1, head, -1):
        text, whole = spans[i].text, spans[i].whole
        is_line = whole and _is_open(text) and not _find_marker(text)  # 2、减免会费 is an item
        if not (_FURNITURE.match(text) or _DATE_END.search(text) or is_line):
            break
        kinds[i] = "furniture"
    return kinds


def _is_open(text: str) -> bool:
    """Tell whether the text lacks a sentence end."""
    return re.search(r"[。！？；：…][”’」』）》】〕]*$", text) is None


def _count_head(spans: list[_Span]) -> int:
    """Count the lines above the body: whole lines without a sentence end, up to and with the addressee."""
    for i, span in enumerate(spans):
        if span.text.endswith("：") and span.whole and i < 6:
            return i + 1
        if not (span.whole and _is_open(span.text)) or _find_marker(span.text):
            return i
    return len(spans)


def _is_heading(span: _Span, below: str) -> bool:
    """Tell whether a unit is a short line without a sentence end, or a short numbered sentence above others."""
    if len(span.text) > _HEADING_LENGTH:
        return False
    if span.whole and _is_open(span.text):
        return True
    marker, inner = _find_marker(span.text), _find_marker(below)
    if marker is None or marker[0] == _ENUMERATION or span.text.endswith("；"):
        return False
    return below != "" and (inner is None or inner[0] > marker[0])


def _find_marker(text: str) -> tuple[int, str] | None:
    """Return (level, label) of the marker at the head of a unit, or behind its first colon."""
    for level, marker in enumerate(_MARKERS):
        if match := marker.match(text):
            return level, match[1]
    lead, _, rest = text.partition("：")
    return _find_marker(rest) if rest and len(lead) <= _HEADING_LENGTH else None


def _find_sections(spans: list[_Span], kinds: list[str]) -> Iterator[str]:
    path: list[tuple[int, str]] = []
    paragraph = -1
    for span, kind in zip(spans, kinds, strict=True):
        marker = _find_marker(span.text)
        if kind in ("title", "addressee", "furniture"):
            path = []
        elif marker:
            path = [step for step in path if step[0] < marker[0]] + [marker]
        elif kind == "heading":
            path = [(0, span.text)]
        elif span.paragraph != paragraph:
            path = [step for step in path if step[0] < _ENUMERATION]
        paragraph = span.paragraph
        yield "/".join(label for _, label in path)
