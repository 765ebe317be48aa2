"""Units: the headings, sentences and furniture lines of a cleaned text, with their section path."""

import re
from collections.abc import Iterator

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


def split_units(documents: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    """Split cleaned texts into units.

    A line of the cleaned text is a paragraph; a unit ends with 。！？； and the quotes or brackets that close there,
    or with its paragraph.

    Parameters
    ----------
    documents
        Has `doc_id` and `clean`.
    repairs
        Leads from clean offsets back to raw ones; see `analysis.cleaning.to_raw`.

    Returns
    -------
    pandas.DataFrame
        One row is a unit, in the order of the text: `doc_id`; `unit_id`, from 1 in each document; `kind` (title,
        addressee, heading, sentence, furniture); `section`, the path of numerals and subtitles above it, such as
        `二/（一）`; `paragraph`, from 0; `start`, `end`, offsets in `clean`, so that `text == clean[start:end]`;
        `raw_start`, `raw_end`, offsets in the raw text.
    """
    by_document = dict(tuple(repairs.groupby("doc_id"))) if len(repairs) else {}
    rows: list[tuple[object, ...]] = []
    for doc_id, clean in zip(documents["doc_id"], documents["clean"], strict=True):
        spans = list(_find_spans(clean))
        kinds = _find_kinds(clean, spans)
        sections = _find_sections([clean[start:end] for _, start, end in spans], kinds, [span[0] for span in spans])
        changes = by_document.get(doc_id, repairs.iloc[:0])
        for number, ((paragraph, start, end), kind, section) in enumerate(zip(spans, kinds, sections, strict=True), 1):
            raw = to_raw(changes, start, end)
            rows.append((doc_id, number, kind, section, paragraph, start, end, clean[start:end], *raw))
    return make_table(rows, "units")


def _find_spans(clean: str) -> Iterator[tuple[int, int, int]]:
    """Yield (paragraph, start, end) of every unit, without the white space around it."""
    offset = 0
    for paragraph, line in enumerate(clean.split("\n")):
        for match in _SENTENCE.finditer(line):
            text = match.group()
            if text.strip():
                start = offset + match.start() + len(text) - len(text.lstrip())
                yield paragraph, start, start + len(text.strip())
        offset += len(line) + 1


def _find_kinds(clean: str, spans: list[tuple[int, int, int]]) -> list[str]:
    texts = [clean[start:end] for _, start, end in spans]
    kinds = ["sentence"] * len(texts)
    whole = [
        (i == 0 or spans[i - 1][0] != spans[i][0]) and (i + 1 == len(spans) or spans[i + 1][0] != spans[i][0])
        for i in range(len(spans))
    ]
    if all(_is_open(text) for text in texts):  # nothing tells headings from sentences
        return kinds
    for i in range(len(texts)):
        if _is_heading(texts, whole, i):
            kinds[i] = "heading"
    head = _count_head(texts, whole)
    for i in range(head):
        kinds[i] = "addressee" if texts[i].endswith("：") else "furniture"
    titles = [i for i in range(head) if kinds[i] == "furniture"]
    if titles:
        kinds[max(titles, key=lambda i: (bool(_TITLE_END.search(texts[i])), len(texts[i])))] = "title"
    for i in range(len(texts) - 1, head, -1):
        if not (_FURNITURE.match(texts[i]) or _DATE_END.search(texts[i]) or (whole[i] and _is_open(texts[i]))):
            break
        kinds[i] = "furniture"
    return kinds


def _is_open(text: str) -> bool:
    """Tell whether the text lacks a sentence end."""
    return re.search(r"[。！？；：…][”’」』）》】〕]*$", text) is None


def _count_head(texts: list[str], whole: list[bool]) -> int:
    """Count the lines above the body: whole lines without a sentence end, up to and with the addressee."""
    for i, text in enumerate(texts):
        if text.endswith("：") and whole[i] and i < 6:
            return i + 1
        if not (whole[i] and _is_open(text)) or _find_marker(text) is not None:
            return i
    return len(texts)


def _is_heading(texts: list[str], whole: list[bool], i: int) -> bool:
    """Tell whether unit i is a short line without a sentence end, or a short numbered sentence above others."""
    text = texts[i]
    if len(text) > _HEADING_LENGTH:
        return False
    if whole[i] and _is_open(text):
        return True
    marker, below = _find_marker(text), texts[i + 1] if i + 1 < len(texts) else ""
    if marker is None or marker[0] == _ENUMERATION or text.endswith("；"):
        return False
    inner = _find_marker(below)
    return bool(below) and (inner is None or inner[0] > marker[0])


def _find_marker(text: str) -> tuple[int, str] | None:
    """Return (level, label) of the marker at the head of a unit, or behind its first colon."""
    for level, marker in enumerate(_MARKERS):
        if match := marker.match(text):
            return level, match.group(1)
    lead, colon, rest = text.partition("：")
    return _find_marker(rest) if colon and rest and len(lead) <= _HEADING_LENGTH else None


def _find_sections(texts: list[str], kinds: list[str], paragraphs: list[int]) -> list[str]:
    path: list[tuple[int, str]] = []
    sections = []
    for i, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        marker = _find_marker(text)
        opens_paragraph = i == 0 or paragraphs[i] != paragraphs[i - 1]
        if kind in ("title", "addressee", "furniture"):
            path = []
        elif marker is not None:
            path = [step for step in path if step[0] < marker[0]] + [marker]
        elif kind == "heading":
            path = [(0, text)]
        elif opens_paragraph:
            path = [step for step in path if step[0] < _ENUMERATION]
        sections.append("/".join(label for _, label in path))
    return sections
