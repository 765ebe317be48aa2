"""References upward: whose word or decision a text calls upon, and how. The central-local layer."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.patterns import CLAUSE_ENDS, MASK, Match, Matcher, Pattern, compile_patterns, find_matches
from analysis.tables import check_table, iterate_rows, make_table

LEVELS = ("centre", "province", "city", "county", "")
_NEAR = 14  # the most characters between a relation and what is invoked
_REACH = 60  # the most characters from there to the end of the word of decision
_IN = f"[^{CLAUSE_ENDS}]"


class Invoked(NamedTuple):
    """What a unit may invoke, at `start` to `end`; a listed one is in the codebook."""

    start: int
    end: int
    kind: str
    name: str
    level: str
    listed: bool = False


class Wording(NamedTuple):
    """`invocations.yaml`, the matcher of all its patterns, and what else is looked for, as regular expressions.

    `words` are its lists of words; `tails` say what must follow the invoked, by the relations and patterns that tell.
    """

    content: dict[str, Any]
    matcher: Matcher
    words: dict[str, str]
    tails: dict[str, str]


def find_invocations(units: pd.DataFrame, codebook: Codebook, organisations: pd.DataFrame) -> pd.DataFrame:
    """Find what the texts call upon: authorities, leaders, meetings, speeches, documents.

    A relation (贯彻落实), at most a few characters on something invoked, or an enumeration, and in the same clause
    a word of decision (部署) make an invocation; a document needs no such word. Furniture holds none.

    One row is one invoked in one unit, enumerations split: doc_id, unit_id; start and end in the clean text of the
    document; the text between them; kind (authority, leader, meeting, speech or document); name, of an authority
    without its place, of a document its title; level (centre, province, city, county, '' if not told); relation, a key
    of `relations` in `invocations.yaml`.
    """
    check_table(units, "units")
    check_table(organisations, "organisations")
    wording = _build_wording(codebook.invocations)
    places = organisations[organisations["place"] != ""].groupby("doc_id")["place"].first()
    named: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in iterate_rows(organisations[~organisations["actor"].isin(["", "enterprise"])]):
        named[row.doc_id, row.unit_id].append(row)
    rows: list[tuple[object, ...]] = []
    for unit in iterate_rows(units[units["kind"] != "furniture"]):
        near = [Invoked(row.start - unit.start, row.end - unit.start, "authority", row.name,
                        row.level.replace("nation", "centre")) for row in named[unit.doc_id, unit.unit_id]]  # fmt: skip
        for one, relation in _find_in_text(unit.text, near, wording):
            own = f"{unit.text[: one.start]}市|{places.get(unit.doc_id, '')}|"  # 市委 of 天津市 is a province's
            higher = one.listed and one.name[0] == "市" and re.search(rf"(?:{wording.words['municipality']})\|", own)
            rows.append((unit.doc_id, unit.unit_id, unit.start + one.start, unit.start + one.end,
                         unit.text[one.start : one.end], one.kind, one.name, "province" if higher else one.level,
                         relation))  # fmt: skip
    return make_table(rows, "invocations")


def tabulate_invocations(invocations: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return how often each issuer invokes each level.

    One row is an issuer and a level, also where nothing is invoked: `issuer`, `level`, `invocations` (count),
    `characters` (of the issuer's texts) and `rate` (invocations per 1,000 characters).
    """
    characters = documents.groupby("issuer", sort=False)["characters"].sum()
    issuers = invocations["doc_id"].map(documents.set_index("doc_id")["issuer"])
    cells = pd.MultiIndex.from_product([characters.index, LEVELS], names=["issuer", "level"])
    table = invocations.groupby([issuers, "level"]).size().reindex(cells, fill_value=0).reset_index(name="invocations")
    table["characters"] = table["issuer"].map(characters)
    return table.assign(rate=1000 * table["invocations"] / table["characters"])


def _build_wording(content: dict[str, Any]) -> Wording:
    words = {key: "|".join(map(re.escape, sorted(text.split(), key=len, reverse=True)))
             for key, text in content["words"].items()}  # fmt: skip
    patterns, tails = list[Pattern](), dict[str, str]()
    for name, entry in content["invoked"].items():
        patterns += [Pattern("invoked", name, text) for text in entry["patterns"]]
        patterns += [Pattern("invoked", name, text, True) for text in entry.get("not", [])]
    for relation, entry in content["relations"].items():
        order = entry.get("order", "before")
        for text in entry["patterns"]:
            code, (first, _, tail) = f"{relation} {text}", text.partition("…")
            patterns += [Pattern(order, code, text if order == "after" else first.strip())]
            patterns += [Pattern(order, code, void, True) for void in entry.get("not", [])]
            if tail:
                tails[code] = _express(tail)
    return Wording(content, compile_patterns(patterns), words, tails)


def _express(tail: str) -> str:
    """Return the parts of a pattern behind its first gap as a regular expression."""
    parts = Pattern("", "", tail).parts
    return f"{_IN}*?".join(f"(?:{'|'.join(map(re.escape, part))})" for part in parts)


def _find_in_text(text: str, named: list[Invoked], wording: Wording) -> Iterator[tuple[Invoked, str]]:
    """Yield what a text invokes, with the relation, in order."""
    issued = {one.start: one.level for one in named}
    documents = [
        Invoked(title.start(), title.end(), "document", title[1],
                issued.get(title.start(1), _tell_level(title[1], wording)))
        for title in re.finditer("《([^《》]+)》", text)
        if not re.search(rf"(?:{wording.words['own']})$", title[1])
    ]  # fmt: skip
    shown = re.sub("“[^“”]*”|《[^《》]+》", lambda quote: MASK * len(quote[0]), text)
    matches = find_matches(shown, wording.matcher)
    found = _choose(shown, [*_list_invoked(shown, matches, wording), *named, *documents], wording)
    at = 0
    while at < len(found):
        end = at + 1
        while end < len(found) and _are_joined(shown, found[end - 1], found[end], wording):
            end += 1
        relation = ""
        while end > at and not (relation := _relate(shown, found, at, end, matches, wording)):
            end -= 1
        yield from ((one, relation) for one in _resolve(found[at:end], text, wording))
        at = max(end, at + 1)


def _list_invoked(text: str, matches: list[Match], wording: Wording) -> list[Invoked]:
    """List the authorities of the codebook, officials by title and person, and meetings."""
    words, listed = wording.words, []
    for match in matches:
        if match.kind == "invoked":
            entry = wording.content["invoked"][match.code]
            kind = entry.get("kind", "authority")
            name = text[match.start : match.end] if kind == "meeting" else match.code
            listed.append(Invoked(match.start, match.end, kind, name, entry["level"], True))
    person = rf"(?:{words['title']})(?:[\u4e00-\u9fff]{{2,3}}?(?={words['person_end']}))?"
    level = "|".join(words[key] for key in LEVELS if key)
    decision = rf"(?:{words['decision']})(?!会|部|小组|工作)"
    meeting = rf"(?:{level})(?:(?!{decision})[^{CLAUSE_ENDS}、]){{0,30}}?(?:{words['meeting']})+(?![上中室期])"
    for kind, pattern in (("leader", person), ("meeting", meeting)):
        for told in re.finditer(pattern, text):
            listed.append(Invoked(told.start(), told.end(), kind, told[0], _tell_level(told[0], wording), True))
    return listed


def _tell_level(name: str, wording: Wording) -> str:
    return next((level for level in LEVELS if level and re.match(wording.words[level], name)), "")


def _choose(text: str, found: list[Invoked], wording: Wording) -> list[Invoked]:
    """Keep the leftmost, then longest; drop names that end in a listed one (贵州省委), and bare letters alone."""
    ends = {one.end for one in found if one.listed and one.level}
    starts = {one.start for one in found}
    right = rf"{wording.words['joint']}|的|有关|相关|统一|里|党委|疫情|防控|防疫|{wording.words['decision']}"
    kept: list[Invoked] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end, not one.listed)):
        covered = kept and one.start < kept[-1].end
        twice = not one.listed and one.end in ends
        alone = len(one.name) == 1 and one.end not in starts and not re.match(right, text[one.end :])
        if not (covered or twice or alone):
            kept.append(one)
    return kept


def _are_joined(text: str, one: Invoked, other: Invoked, wording: Wording) -> bool:
    """Tell whether two invoked belong to one enumeration, or one is the issuer of the other."""
    between, words = text[one.end : other.start], wording.words
    if other.kind == "document" and re.fullmatch(rf"(?:{words['issue']}|{_IN}){{0,12}}", between):
        return True
    decided = rf"(?:{_IN}{{0,45}}(?:{words['decision']}|{words['link']}))?"
    return bool(re.fullmatch(rf"{decided}(?:，?以及|{words['joint']}){_IN}{{0,5}}|[，的]?", between))


def _relate(text: str, found: list[Invoked], at: int, end: int, matches: list[Match], wording: Wording) -> str:
    """Return how `found[at:end]` is invoked, '' if it is not: the first in the codebook of the relations that fit."""
    first, last = found[at], found[end - 1]
    rest = re.findall(rf"^关于[^。！？；]{{0,{_REACH}}}|^{_IN}{{0,{_REACH}}}", text[last.end :])[0]
    halt = rf"[{CLAUSE_ENDS}]|{wording.words['break']}|{wording.words['decision']}"
    fit: set[str] = set()
    for match in matches:
        relation, tail = match.code.partition(" ")[0], wording.tails.get(match.code)
        if match.kind == "after" and last.end <= match.start and match.end <= last.end + len(rest):
            fit |= {relation} if last.listed and last.kind != "meeting" else set()
        if match.kind == "before" and 0 <= first.start - match.end <= _NEAR:
            gap = text[match.end : first.start]
            told = re.search(tail or rf"(?:{wording.words['decision']})(?!会)", rest)
            if (told or (not tail and last.kind == "document")) and not re.search(halt, gap):
                fit.add(relation)
    return next((relation for relation in wording.content["relations"] if relation in fit), "")


def _resolve(chain: list[Invoked], text: str, wording: Wording) -> list[Invoked]:
    """Complete bare names from their neighbours, levels of documents from issuers; tell speeches from leaders."""
    done = list(chain)
    for index in reversed(range(len(done) - 1)):
        after = done[index + 1]
        if len(done[index].name) == 1 and after.name[0] in "省市县区":
            done[index] = done[index]._replace(name=done[index].name + after.name[1:])
    for index, one in enumerate(done):
        before = done[index - 1] if index else None
        if one.name == "政府" and before and before.name.endswith("委"):
            name = before.name.removesuffix("委").removesuffix("党") + "政府"
            done[index] = one._replace(name=name, level=before.level)
        elif one.kind == "document":
            issuer = before.level if before and "、" not in text[before.end : one.start] else ""
            done[index] = one._replace(level=issuer or ("centre" if one.name[-1] == "法" else one.level))
        elif one.kind == "leader":
            said = re.search(rf"(?:{wording.words['decision']})(?!会)", text[one.end :])
            if said and re.match(wording.words["speech"], said[0]):
                done[index] = one._replace(kind="speech")
    return done
