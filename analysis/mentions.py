"""Find candidates for coding: organisation types, measures and cues of stance."""

import re
from collections.abc import Iterable

import pandas as pd

from analysis.codebook import Codebook
from analysis.patterns import CLAUSE_ENDS, MASK, Match, Span, find_matches
from analysis.tables import check_table, make_table

_TITLE = re.compile("《([^《》]*?)([^《》（）]{0,2})(（[^《》（）]*）)?》")
_CLAUSE = re.compile(f"[^{CLAUSE_ENDS}]*[{CLAUSE_ENDS}]?")


def find_mentions(units: pd.DataFrame, codebook: Codebook, organisations: pd.DataFrame) -> pd.DataFrame:
    """Find every organisation type, measure and cue of the codebook in every unit but furniture.

    Named organisations and what stands inside cited titles 《…》 are masked first: a 扶贫基金会 is no poverty relief.
    Those with a word of the cue `shown` keep their names (参与雷神山医院建设).
    For measures, clauses that begin with a match of the cue `background` (为…，随着…，) are masked too, but the last
    two characters of a title (before its bracket, if it ends in one) stay, which tell what was written (编制《…指南》,
    提交《…建议（试行）》), and so does the whole title of an appeal just issued (发出《…倡议书》).

    Returns
    -------
    pandas.DataFrame
        One row is a match: doc_id, unit_id, kind (type, measure or cue), code, start and end in the clean text of the
        document, the text between them, and the pattern that matched, as it is written in the codebook.
    """
    check_table(units, "units")
    check_table(organisations, "organisations")
    named: dict[tuple[str, int], list[Span]] = {}
    told = "|".join(map(re.escape, codebook.cues["shown"]["words"].split()))
    hidden = organisations.loc[~organisations["text"].str.contains(told), ["doc_id", "unit_id", "start", "end"]]
    for doc_id, unit_id, start, end in hidden.to_numpy().tolist():
        named.setdefault((doc_id, unit_id), []).append((start, end))
    rows: list[tuple[object, ...]] = []
    shown = units.loc[units["kind"] != "furniture", ["doc_id", "unit_id", "start", "text"]]
    for doc_id, unit_id, offset, text in shown.to_numpy().tolist():
        spans = [(start - offset, end - offset) for start, end in named.get((doc_id, unit_id), [])]
        for match in match_unit(text, codebook, spans):
            start, end = offset + match.start, offset + match.end
            found = text[match.start : match.end]
            rows.append((doc_id, unit_id, match.kind, match.code, start, end, found, match.pattern))
    return make_table(rows, "mentions")


def match_unit(text: str, codebook: Codebook, named: Iterable[Span] = ()) -> list[Match]:
    """Match one unit's text with all codes; `named` are the spans of organisations in it that are masked."""
    titles = list(_TITLE.finditer(text))
    masked = _mask(text, named)
    shown = _mask(masked, (title.span(part) for title in titles for part in (1, 2, 3)))
    matches = find_matches(shown, codebook.patterns)
    background = _find_background(shown, matches)
    if background or titles:
        cited = [title.span(part) for title in titles if not _is_own_appeal(text, title, codebook) for part in (1, 3)]
        measures = find_matches(_mask(masked, [*cited, *background]), codebook.patterns)
        matches = [match for match in matches if match.kind != "measure"]
        matches += [match for match in measures if match.kind == "measure"]
    return sorted(matches, key=lambda match: (match.start, match.end, match.kind, match.code))


def _is_own_appeal(text: str, title: re.Match[str], codebook: Codebook) -> bool:
    """Tell whether a title names an appeal just issued (发出《…倡议书》), which tells what it asks for.

    An appeal to 社会组织 tells no more than that its issuer, an authority, urges them.
    """
    if title[2] not in ("议书", "提示", "开信") or "社会组织" in title[1]:
        return False
    before = re.sub("了?(?:《[^《》]*》[、和]?)*$", "", text[: title.start()])
    return before.endswith(tuple(codebook.cues["issuing"]["words"].split()))


def _find_background(text: str, matches: Iterable[Match]) -> list[Span]:
    """Give the clauses that begin with a match of the cue `background`, without the mark that ends them."""
    starts = {match.start for match in matches if (match.kind, match.code) == ("cue", "background")}
    return [
        (clause.start(), clause.end() - (clause.group()[-1] in CLAUSE_ENDS))
        for clause in _CLAUSE.finditer(text)
        if clause.start() in starts
    ]


def _mask(text: str, spans: Iterable[Span]) -> str:
    """Replace the characters of each span, keeping all offsets."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK * (end - start)
    return "".join(characters)
