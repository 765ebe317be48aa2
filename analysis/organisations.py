"""Named organisations: found by a grammar of parts (place, words of its own, ending), never from a list of names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.names import Lexicon, Token, build_lexicon, split_tokens
from analysis.tables import make_table

_LONGEST = 40  # characters from the left edge of a name to its ending
_COUNTERS = "余多几万亿百千支所期名家位个条项批次"
_BRANCHES = ("支行", "分行", "分公司", "营业部", "分会")
_ALIAS = re.compile(r"[（(](?:以下)?(?:简称|统称)(?:为)?[：:]?[“\"‘《]?([\u4e00-\u9fffA-Za-z]{2,12})[”\"’》]?[）)]")
_BARE = ("我会", "本会", "协会", "商会", "联合会", "学会", "基金会", "总会", "促进会", "研究会", "中心")
_LEVELS = {"省": "province", "自治区": "province", "兵团": "province", "市": "city", "州": "city", "自治州": "city"}
_FIRMS = re.compile(r"等*(?:数|多|余|[\d一二两三四五六七八九十百]*)[余多]?[家]?[\u4e00-\u9fff]{0,4}?(?:企业|公司|集团|平台|基金|资本|品牌|酒企|乳企|药企|投资的)")
_SOCIAL = ("industry_association", "professional_society", "charity", "volunteer_organisation", "social_service_institution",
           "community_organisation", "online_organisation")  # fmt: skip


class Name(NamedTuple):
    """A name in a unit: its first and last token; a weak one (省委, 市政府) counts only as the start of a longer one."""

    first: int
    last: int
    weak: bool = False


def find_names(tokens: list[Token]) -> list[Name]:
    """Return the names among the tokens of a unit, in their order, none inside another."""
    names: list[Name] = []
    for index, token in enumerate(tokens):
        name = None
        if token.roles & {"ending", "part"} and "stop" not in token.roles:
            name = _extend_name(tokens, index, names)
            if name is None and "ending" in token.roles:
                name = _start_name(tokens, index)
        if name is None and "known" in token.roles:
            name = Name(index, index)
        if name:
            while names and names[-1].last >= name.first:
                names.pop()
            names.append(name)
    return [name for name in names if not name.weak]


def _extend_name(tokens: list[Token], index: int, names: list[Name]) -> Name | None:
    """Return the name before continued up to the ending: 民政厅 + 行政服务中心."""
    ending = tokens[index]
    if not names or ("weak" in ending.roles and "part" not in ending.roles):
        return None
    between = tokens[names[-1].last + 1 : index]
    if between and "place" in between[0].roles and ending.text in _BRANCHES:
        between = between[1:]
    elif not between:
        return Name(names[-1].first, index) if "full" in ending.roles or len(ending.text) > 3 else None
    if any(token.roles & {"break", "joint", "place", "relative", "ending"} for token in between):
        return None
    if any(token.roles & {"stop", "verb"} and "word" not in token.roles for token in between):
        return None
    unknown = sum(len(token.text) for token in between if "word" not in token.roles)
    return Name(names[-1].first, index) if unknown <= 4 else None


def _start_name(tokens: list[Token], index: int) -> Name | None:
    """Return the name that ends at the ending and begins with the farthest place that nothing separates from it."""
    place: int | None = None
    soft: int | None = None  # the first joint or verb to the left: a name without a place begins after it
    verbs = others = 0  # since the last place
    at = index - 1
    if at >= 0 and "joint" in tokens[at].roles:
        return None
    while at >= 0 and tokens[index].start - tokens[at].start <= _LONGEST:
        token, plain = tokens[at], "word" in tokens[at].roles
        if _is_place(tokens, at):
            if place is None and soft is not None and others and verbs != 1:
                if verbs or _accept_unplaced(tokens, soft + 1, index):
                    break
            if place is not None and (verbs or others or soft is not None):
                break
            place, soft, verbs, others = at, None, 0, 0
            if "relative" in token.roles:
                break
        elif not plain and token.roles & {"break", "known", "stop", "ending"}:
            break
        elif token.roles & {"joint", "stop", "verb"}:
            if "joint" in token.roles and tokens[at + 1].roles & {"place", "relative"}:
                break
            soft = at if soft is None else soft
            verbs += not plain and "joint" not in token.roles
        elif token.text.isdigit() and tokens[at + 1].text[0] in _COUNTERS:
            return None
        elif not plain:
            others += 1
        at -= 1
    if place is not None:
        return _accept_placed(tokens, place, index)
    return _accept_unplaced(tokens, at + 1 if soft is None else soft + 1, index)


def _is_place(tokens: list[Token], at: int) -> bool:
    """Tell whether a name can begin here with a place: not 神山 in 雷神山, nor 镇 in 马巷镇."""
    roles = tokens[at].roles
    if "relative" in roles or "doubtful" in roles:
        return not (at and not tokens[at - 1].roles and tokens[at - 1].end == tokens[at].start)
    return "place" in roles


def _accept_placed(tokens: list[Token], first: int, index: int) -> Name | None:
    """Return the name if it has words of its own where its ending needs them and is not 各市, 省、市 + ending."""
    ending, stem = tokens[index], tokens[first + 1 : index]
    relative = "relative" in tokens[first].roles
    if relative and first > 1 and tokens[first - 1].text in "、（(）)和" and tokens[first - 2].roles & {"relative", "stop"}:
        return None
    if not [token for token in stem if token.text not in ("行业", "各")]:
        if "full" not in ending.roles:
            return None
        if first and tokens[first - 1].text in ("中共", "共青团"):
            first -= 1
        return Name(first, index, relative and "weak" in ending.roles)
    return None if "weak" in ending.roles and [token for token in stem if "place" not in token.roles] else Name(first, index)


def _accept_unplaced(tokens: list[Token], first: int, index: int) -> Name | None:
    """Return the name if its stem holds a proper name, not only common words."""
    ending, stem = tokens[index], tokens[first:index]
    proper = sum(len(token.text) for token in stem if not token.roles)
    whole = "stem" in ending.roles and len(ending.text) > 1 or (len(stem) > 1 and "relative" in stem[-1].roles)
    return Name(first, index) if proper >= 2 and whole else None


def _find_listed(tokens: list[Token], names: list[Name]) -> list[Name]:
    """Return the items of a list of firms (劲牌、汾酒、…等数百家酒企): names that no grammar tells."""
    return []


def find_organisations(units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find the proper names of organisations.

    Parameters
    ----------
    units
        See `analysis.units.split_units`.
    codebook
        Its `names` (`names.yaml`) hold the parts of names.

    Returns
    -------
    pandas.DataFrame
        One row is a name in a unit, in the order of the text: `doc_id`, `unit_id`; `start`, `end`, offsets in the clean
        text; `text`, verbatim; `name`, in full as far as the document tells (市汽车租赁行业协会 ->
        兰州市汽车租赁行业协会); `actor`, organisation type id, '' if none of the codebook's; `level` (nation, province,
        city, county or ''); `place`, in full, '' if the name holds none; `section`, letter of GB/T 4754-2017, of
        associations and societies only, '' if no trade word tells.
    """
    lexicon = build_lexicon(codebook.names)
    rows: list[tuple[object, ...]] = []
    for doc_id, document in units.groupby("doc_id", sort=False):
        cut = [(unit.unit_id, unit.start, split_tokens(str(unit.text), lexicon)) for unit in document.itertuples()]
        found = [_describe(tokens, find_names(tokens), lexicon) for _, _, tokens in cut]
        aliases = _find_aliases(["".join(token.text for token in tokens) for _, _, tokens in cut], found)
        if aliases:
            cut = [(unit_id, start, _join_aliases(tokens, aliases)) for unit_id, start, tokens in cut]
            found = [_describe(tokens, find_names(tokens), lexicon) for _, _, tokens in cut]
        full = [mention for mentions in found for mention in mentions]
        for (unit_id, offset, _), mentions in zip(cut, found, strict=True):
            for mention in mentions:
                whole = _resolve(mention, full, aliases)
                rows.append((doc_id, unit_id, offset + mention.start, offset + mention.end, mention.text, whole.text,
                             whole.actor, whole.level, whole.place, whole.section))  # fmt: skip
    return make_table(rows, "organisations")


class Mention(NamedTuple):
    """A name described: offsets in its unit, words, and what they tell."""

    start: int
    end: int
    text: str
    actor: str
    level: str
    place: str
    section: str
    relative: bool


def _describe(tokens: list[Token], names: list[Name], lexicon: Lexicon) -> list[Mention]:
    mentions = []
    for name in names:
        parts = tokens[name.first : name.last + 1]
        text = "".join(token.text for token in parts)
        actor = _classify(parts, lexicon)
        level, place = _locate(parts, lexicon)
        trades = [word for token in parts if "word" in token.roles for word in [token.text] if word in lexicon.groups["sections"]]
        section = lexicon.groups["sections"][max(reversed(trades), key=len)] if trades and actor in _SOCIAL[:2] else ""
        mentions.append(Mention(parts[0].start, parts[-1].end, text, actor, level, place, section, "relative" in parts[0].roles))
    return mentions


def _classify(parts: list[Token], lexicon: Lexicon) -> str:
    kinds = [lexicon.groups["endings"].get(token.text) or lexicon.groups["known"].get(token.text) for token in parts]
    kind = next((kind for kind in reversed(kinds) if kind), "") or ""
    first = next((kind for kind in kinds if kind), "")
    if parts[-1].text in ("党委", "党支部", "党总支", "联合党支部", "党组"):
        return "government" if first == "government" else "party_organisation"
    if kind == "industry_association":
        kind = next((lexicon.groups["type_words"][token.text] for token in parts if token.text in lexicon.groups["type_words"]), kind)
    return "" if kind == "other" else kind


def _locate(parts: list[Token], lexicon: Lexicon) -> tuple[str, str]:
    level, place = "", ""
    for token in parts:
        if token.text not in lexicon.places and token.text not in _LEVELS:
            break
        level, place = lexicon.places.get(token.text) or (_LEVELS[token.text], "")
    if not level and lexicon.groups["known"].get(parts[0].text) == "government":
        return "nation", "中国"
    return level or ("county" if "relative" in parts[0].roles else ""), place


def _find_aliases(texts: list[str], found: list[list[Mention]]) -> dict[str, Mention]:
    """Return the short forms that the document declares: （以下简称“培育中心”）."""
    aliases = {}
    for text, mentions in zip(texts, found, strict=True):
        for match in _ALIAS.finditer(text):
            whole = next((mention for mention in mentions if mention.end == match.start()), None)
            if whole and match[1] not in _BARE:
                aliases[match[1]] = whole
    return aliases


def _join_aliases(tokens: list[Token], aliases: dict[str, Mention]) -> list[Token]:
    """Return the tokens with each short form as one known name, except where it is declared."""
    text = "".join(token.text for token in tokens)
    for alias in sorted(aliases, key=lambda word: (-len(word), word)):
        for match in re.finditer(rf"(?<!简称)(?<!简称[“：‘])(?<!简称为){re.escape(alias)}", text):
            inside = [token for token in tokens if token.end > match.start() and token.start < match.end()]
            if inside and inside[0].start == match.start() and inside[-1].end == match.end():
                at = tokens.index(inside[0])
                tokens = [*tokens[:at], Token(match.start(), match.end(), frozenset({"known"}), alias), *tokens[at + len(inside) :]]
    return tokens


def _resolve(mention: Mention, full: list[Mention], aliases: dict[str, Mention]) -> Mention:
    """Return the mention in full, as the document names it elsewhere."""
    for alias, whole in aliases.items():
        if mention.text.startswith(alias):
            return whole._replace(text=whole.text + mention.text[len(alias) :])
    if mention.relative:
        return next((other for other in full if not other.relative and other.text.endswith(mention.text)), mention)
    return mention
