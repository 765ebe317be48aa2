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
_BRANCHES = ("支行", "分行", "分公司", "营业部", "分会", "特派办", "专员办", "校友会")
_SECTIONS = ("分会", "专业委员会", "专委会", "工作委员会")
_ALIAS = re.compile(r"[（(](?:以下)?(?:简称|统称)(?:为)?[：:]?[“\"‘《]?([\u4e00-\u9fffA-Za-z]{2,12})[”\"’》]?[）)]")
_BARE = ("我会", "本会", "协会", "商会", "联合会", "学会", "基金会", "总会", "促进会", "研究会", "中心")
_LEVELS = {"省": "province", "自治区": "province", "兵团": "province", "市": "city", "州": "city", "自治州": "city"}
_ITEM, _FIRM = r"[\u4e00-\u9fffA-Za-z0-9]{2,20}", "(?:企业|公司|集团|平台|基金|资本|品牌|酒企|乳企|药企)"
_LIST = re.compile(
    rf"{_FIRM}[^，。；、：:]{{0,4}}[：:](?P<after>(?:{_ITEM}、){{2,}}{_ITEM})|(?P<before>(?:{_ITEM}、){{2,}}{_ITEM}?)等+[^，。；、]{{0,8}}?{_FIRM}"
)
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
        if token.roles & {"ending", "part", "brand"} and "stop" not in token.roles:
            name = _extend_name(tokens, index, names)
            if name is None and ("ending" in token.roles or ("brand" in token.roles and not _is_noun(tokens, index + 1))):
                name = _start_name(tokens, index, names[-1].last if names else -1)
        if name is None and "known" in token.roles and not _continues(tokens, index):
            name = Name(index, index)
        if name:
            while names and names[-1].last >= name.first:
                names.pop()
            names.append(name)
    return _find_listed(tokens, [_add_prefix(tokens, name) for name in names if not name.weak])


def _is_noun(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and bool(tokens[index].roles & {"word", "common", "ending", "brand"})


def _continues(tokens: list[Token], index: int) -> bool:
    """Tell whether the word after makes a kind of the word: 工信部 + 门."""
    return index + 1 < len(tokens) and tokens[index].text[-1] == "部" and tokens[index + 1].text[0] == "门"


def _add_prefix(tokens: list[Token], name: Name) -> Name:
    """Return the name with 中共 or 共青团, or its place, before it."""
    first = name.first
    while first and "place" in tokens[first - 1].roles and "known" in tokens[name.first].roles:
        first -= 1
    if first and tokens[first - 1].text in ("中共", "共青团") and tokens[name.last].text[-1] in "委组会":
        first -= 1
    return Name(first, name.last)


def _extend_name(tokens: list[Token], index: int, names: list[Name]) -> Name | None:
    """Return the name before continued up to the ending: 民政厅 + 行政服务中心."""
    ending = tokens[index]
    if not names or ("weak" in ending.roles and "part" not in ending.roles):
        return None
    between = tokens[names[-1].last + 1 : index]
    if ending.text == "总商会" and "".join(token.text for token in between) == "（":
        return Name(names[-1].first, index + 1)
    closed = tokens[names[-1].last].text.endswith("公司") and "part" not in ending.roles
    if between and "place" in between[0].roles and ending.text in _BRANCHES:
        between = between[1:]
    elif not between:
        fits = "brand" in ending.roles or "full" in ending.roles or len(ending.text) > 3 or ending.text in ("公司", "集团", "指挥部")
        return Name(names[-1].first, index) if fits and not closed else None
    if ending.text in _SECTIONS and not any(token.roles & {"break", "stop"} - {"word"} for token in between):
        return Name(names[-1].first, index)
    if any(token.roles & {"break", "joint", "place", "relative"} for token in between):
        return None
    if closed or "brand" in ending.roles or any("stop" in token.roles and "word" not in token.roles for token in between):
        return None
    if any("verb" in token.roles and "word" not in token.roles for token in between[: None if len(ending.text) < 4 else -1]):
        return None
    unknown = sum(len(token.text) for token in between if "word" not in token.roles)
    return Name(names[-1].first, index) if unknown <= 4 else None


def _start_name(tokens: list[Token], index: int, taken: int) -> Name | None:
    """Return the name that ends at the ending and begins with the farthest place that nothing separates from it."""
    place: int | None = None
    soft: int | None = None  # the first joint or verb to the left: a name without a place begins after it
    verbs = others = 0  # since the last place
    at = index - 1
    if at >= 0 and "joint" in tokens[at].roles:
        return None
    while at > taken and tokens[index].start - tokens[at].start <= _LONGEST:
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
        elif (bracket := _open_bracket(tokens, at)) is not None:
            at = bracket
        elif not plain and token.roles & {"break", "known", "stop"}:
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


def _open_bracket(tokens: list[Token], at: int) -> int | None:
    """Return where a bracket or quotation of one or two words inside a name opens: 国芳工贸（集团）股份有限公司."""
    for pair in ("（）", "“”"):
        if tokens[at].text == pair[1]:
            opens = next((index for index in (at - 2, at - 3) if index > 0 and tokens[index].text == pair[0]), 0)
            outside = opens and not tokens[opens - 1].roles & {"break", "stop", "verb", "relative"}
            return opens if outside and not tokens[at - 1].roles & {"relative"} else None
    return None


def _is_place(tokens: list[Token], at: int) -> bool:
    """Tell whether a name can begin here with a place: not 神山 in 雷神山, nor 镇 in 马巷镇."""
    roles, before = tokens[at].roles, tokens[at - 1].roles if at else frozenset({"break"})
    if "doubtful" in roles:
        return bool(before & {"break", "stop", "verb", "joint", "place"})
    if "relative" in roles:
        return bool(before)
    return "place" in roles


def _accept_placed(tokens: list[Token], first: int, index: int) -> Name | None:
    """Return the name if it has words of its own where its ending needs them and is not 各市, 省、市 + ending."""
    ending, stem = tokens[index], tokens[first + 1 : index]
    if "brand" in ending.roles and "ending" not in ending.roles:
        return _accept_unplaced(tokens, first, index)
    relative = "relative" in tokens[first].roles
    if relative and first > 1 and tokens[first - 1].text in "、（(）)和" and (
        "relative" in tokens[first - 2].roles or tokens[first - 2].text[0] == "各"
    ):
        return None
    if not [token for token in stem if "generic" not in token.roles]:
        if "doubtful" in tokens[first].roles and "full" not in ending.roles:
            return _accept_unplaced(tokens, first, index)
        if "full" not in ending.roles:
            return None
        return Name(first, index, relative and "weak" in ending.roles)
    return None if "weak" in ending.roles and [token for token in stem if "place" not in token.roles] else Name(first, index)


def _accept_unplaced(tokens: list[Token], first: int, index: int) -> Name | None:
    """Return the name if its stem holds a proper name, not only common words."""
    ending, stem = tokens[index], tokens[first:index]
    proper = sum(len(token.text) for token in stem if not token.roles or "doubtful" in token.roles)
    if "telling" in ending.roles:
        proper = sum(len(token.text) for token in stem if "word" not in token.roles)
    whole = ending.roles & {"stem", "brand"} and len(ending.text) > 1 or (len(stem) > 1 and "relative" in stem[-1].roles)
    joined = "".join(token.text for token in stem)
    near = proper == 1 and len(joined) == 3 and not stem[-1].roles  # 火神 + 山
    return Name(first, index) if (proper >= 2 or near) and whole else None


def _find_listed(tokens: list[Token], names: list[Name]) -> list[Name]:
    """Return the names with the items of lists of firms, which no ending tells: 劲牌、汾酒、…等数百家酒企."""
    text = "".join(token.text for token in tokens)
    ends = {token.end: index for index, token in enumerate(tokens)}
    starts = {token.start: index for index, token in enumerate(tokens)}
    taken = {at for name in names for at in range(name.first, name.last + 1)}
    listed: list[Name] = []
    for match in _LIST.finditer(text):
        at, items = match.start(match.lastgroup or 0), []
        for item in match[match.lastgroup or 0].split("、"):
            last = ends.get(at + len(item))
            first = starts.get(at)
            at += len(item) + 1
            if first is None or last is None:
                continue
            while first <= last and any(token.roles & {"stop", "verb"} for token in tokens[first : last + 1]) and not items:
                first += 1
            if first <= last and tokens[last].end - tokens[first].start <= 12:
                items.append(Name(first, last))
        proper = [item for item in items if any(not token.roles or "doubtful" in token.roles or index in taken
                                                for index, token in enumerate(tokens[item.first : item.last + 1], item.first))]  # fmt: skip
        if len(items) > 2 and len(proper) * 2 >= len(items):
            listed += [item for item in items if not taken & set(range(item.first, item.last + 1))]
    return sorted([*names, *listed])


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
        tails = {mention.text for mention in full}
        found = [[*mentions, *_find_tails(tokens, mentions, tails, lexicon)] for (_, _, tokens), mentions in zip(cut, found, strict=True)]
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


def _find_tails(tokens: list[Token], mentions: list[Mention], names: set[str], lexicon: Lexicon) -> list[Mention]:
    """Return the names given without their place: 社会组织服务中心 beside 市社会组织服务中心."""
    free = [index for index, token in enumerate(tokens) if "full" in token.roles and len(token.text) > 4 and index
            and not tokens[index - 1].roles & {"place", "relative", "common", "word"} and tokens[index - 1].text[0] not in "各当级"
            and not any(mention.start < token.end and token.start < mention.end for mention in mentions)]  # fmt: skip
    found = [Name(index, index) for index in free if any(name.endswith(tokens[index].text) for name in names)]
    return [mention._replace(relative=True) for mention in _describe(tokens, found, lexicon)]


def _resolve(mention: Mention, full: list[Mention], aliases: dict[str, Mention]) -> Mention:
    """Return the mention in full, as the document names it elsewhere."""
    for alias, whole in aliases.items():
        if mention.text.startswith(alias):
            return whole._replace(text=whole.text + mention.text[len(alias) :])
    if mention.relative:
        longer = [other for other in full if len(other.text) > len(mention.text) and other.text.endswith(mention.text)]
        return next((other for other in longer if not other.relative), longer[0] if longer else mention)
    return mention
