"""The syntax of directives: what an organisation named in a clause does there, told by the words of `cues.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from analysis.codebook import Codebook
from analysis.names import Lexicon, build_lexicon, split_tokens
from analysis.patterns import CLAUSE_ENDS

STOPS = f"…{CLAUSE_ENDS}"
_OPENING = re.compile(rf"[{STOPS}]|\d[.．](?!\d)")
_APPENDED = re.compile(
    r"(?:（[^（）]*）|等[^，。；：！？、]{1,6}(?=，?[要应须])|等(?:[一二三四五六七八九十\d]+[余多]?[家个])?)+"
)
_NUMERAL = re.compile(
    r"(?:(?:\d{4}年)?\d+月\d+日|\d+日|[一二三四五六七八九十]+[是要、]|（[^（）]*）|第[一二三四五六七八九十]+|\d+[.、．]"
    r"|[\s“”《》·—\-－]|[\d.,]+[万亿]?[余多]?)$"
)
_AMOUNT = re.compile(r"[\d.,]+[万亿]?[余多]?元")
_COUNT = re.compile(r"[^\d]{0,4}[\d.]+万?[余多]?[家个]|.{2,60}等.{0,8}$|.{0,8}业$")


class Name(NamedTuple):
    """A type or organisation in a unit, or several joined ones: offsets in the unit, actors and proper names."""

    start: int
    end: int
    actors: tuple[str, ...]
    names: tuple[str, ...]


class Role(NamedTuple):
    """What a name does in its clause.

    `kind` is subject, modal (a subject that must), directed, recipient or object; `start` is where its clause begins
    (subject), the verb that directs it (directed), or where it begins itself; `end` is where its words end.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Grammar:
    """What tells who acts: the words of `cues.yaml` by section, as patterns and by length, and the types by group."""

    find: Mapping[str, re.Pattern[str]]
    words: Mapping[str, tuple[str, ...]]
    openers: frozenset[str]  # what may precede a subject
    lexicon: Lexicon  # tells nouns from verbs
    endings: Mapping[str, str]  # of short forms (协会): the type they stand for, '' if none
    league: frozenset[str]  # the types of social organisations
    state: frozenset[str]  # the types of authorities


def read_grammar(codebook: Codebook) -> Grammar:
    """Prepare what a codebook says of syntax: the words of `cues.yaml` and `names.yaml`, and the groups of types."""
    cues, groups = codebook.cues, codebook.types["group"]
    worded = {name: section for name, section in cues.items() if "words" in section}
    words = {name: _sort_words(section["words"]) for name, section in worded.items()}
    find = {}
    for name, section in worded.items():
        voids = map(re.escape, _sort_words(section.get("not", "")))
        find[name] = re.compile("|".join([*voids, f"(?P<word>{'|'.join(map(re.escape, words[name]))})"]))
    lexicon = build_lexicon(codebook.names)
    openers = frozenset([*words["modifier"], *words["lead"], *lexicon.places])
    league, state = (frozenset(groups.index[groups == group]) for group in ("social_organisations", "state"))
    return Grammar(find, words, openers, lexicon, cues["bare"].get("types", {}), league, state)


def _sort_words(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(text.split()), key=lambda word: (-len(word), word)))


def begins(grammar: Grammar, section: str, text: str, at: int = 0) -> int:
    """Return the length of the word of a section that stands at a place of a text; 0 if none does."""
    match = grammar.find[section].match(text, at)
    return len(match["word"]) if match and match["word"] else 0


def find_words(grammar: Grammar, section: str, text: str) -> list[re.Match[str]]:
    """Return the matches of the words of a section in a text, without those that an exception covers."""
    return [match for match in grammar.find[section].finditer(text) if match["word"]]


def find_clause(text: str, at: int) -> int:
    """Return where the clause around a place begins."""
    return max([0, *(match.end() for match in _OPENING.finditer(text, 0, at))])


def find_end(text: str, at: int) -> int:
    """Return where the clause around a place ends."""
    return min((place for stop in STOPS if (place := text.find(stop, at)) >= 0), default=len(text))


def find_role(text: str, name: Name, grammar: Grammar, previous: int = 0) -> Role:
    """Tell what a name does in its clause; `previous` is where the name before it ends."""
    clause, end = find_clause(text, name.start), name.end
    if appended := _APPENDED.match(text, end):
        end = appended.end()
    end += begins(grammar, "person", text, end)
    post = text[end : find_end(text, end)]
    modal = begins(grammar, "modal", post)
    must = 0 < modal < len(post) or (not post and begins(grammar, "modal", text, end + 1) > 0)
    if begins(grammar, "nominal", post) or _AMOUNT.match(post):  # 协会的作用, 协会15万元
        return Role("object", name.start, end)
    left = strip_openers(text, clause, name.start, grammar)
    before = text[max(clause, min(previous, left)) : left]
    if role := _find_governed(name, before, left, post, end, grammar):
        return role
    is_counted = _COUNT.match(before) or begins(grammar, "quantity", before)  # 近300家零售, 达利、圣农等
    is_counted = is_counted and not any(find_words(grammar, verbs, before) for verbs in ("direct", "object"))
    is_head = text[clause:left] in ("", "有") or is_counted
    is_first = not previous or (previous <= clause and begins(grammar, "adverb", post))
    if is_first and not (is_head or must):  # 电力行业企业, 全市各家保险公司
        counts = find_words(grammar, "quantity", text[clause:left])
        lead = text[clause : clause + counts[0].start() if counts else left]
        is_head = not any(token.roles & {"verb", "stop"} for token in split_tokens(lead, grammar.lexicon))
    if must:
        return Role("modal", name.start, end)
    if is_head:
        return Role("subject", clause, end)
    sure = name.names or text.endswith("有", clause, left) or (left < name.start and begins(grammar, "adverb", post))
    acts = sure and name.actors and name.actors[0] not in ("enterprise", "government", "grassroots_body")
    return Role("subject" if acts else "object", name.start, end)


def _find_governed(name: Name, before: str, left: int, post: str, end: int, grammar: Grammar) -> Role | None:
    """Return the role of a name behind a directing verb or a word that takes an object; None if there is none."""
    verbs = find_words(grammar, "direct", before)
    leads = 0 < begins(grammar, "direct", post) < len(post) or begins(grammar, "adverb", post)  # but 响应市民政局倡议，
    acts = before.endswith("有") or (name.names and leads)
    is_object = before.endswith(grammar.words["object"]) and not acts
    if verbs and not is_object:
        return Role("directed", left - len(before) + verbs[-1].start(), end)
    if is_object or ("向" in before and begins(grammar, "recipient", post)):  # 向全国医药企业发出…
        return Role("recipient" if find_words(grammar, "recipient", post) else "object", left, end)
    return None


def strip_openers(text: str, clause: int, start: int, grammar: Grammar) -> int:
    """Walk left over modifiers, places, openers and numerals; return where something else ends."""
    while start > clause:
        before = text[clause:start]
        word = next((before[-size:] for size in range(8, 0, -1) if before[-size:] in grammar.openers), "")
        rest = before.removesuffix(word) if word else _NUMERAL.sub("", before)
        if rest == before:
            break
        start = clause + len(rest)
    return start


def find_sector(text: str, name: Name, start: int, grammar: Grammar) -> str:
    """Return the industries that the words before a name single out, '' if none: 食品、餐饮等领域行业协会商会."""
    if name.names or not set(name.actors) <= {"industry_association", "social_organisation", "enterprise"}:
        return ""
    verbs = find_words(grammar, "direct", text[start : name.start])
    ends = "|".join(map(re.escape, grammar.words["sector"]))
    end = rf"(?:等(?:相关|有关)?(?:{ends})|等(?=会员|企业|成员|单位)|{ends})"
    match = re.match(f"([^{STOPS}]{{2,40}}?){end}", text[start + (verbs[-1].end() if verbs else 0) : name.end])
    trade = match[1] if match else ""
    while word := next((word for word in grammar.words["modifier"] if trade.startswith(word)), ""):
        trade = trade.removeprefix(word)
    return "" if trade.endswith(("企业", "会员", "单位", "组织")) else trade
