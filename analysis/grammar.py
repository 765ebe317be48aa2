"""The grammar of names: place, words of its own and ending, found from the ending leftwards."""

import re
from typing import NamedTuple

from analysis.names import Token

_LONGEST = 40  # characters from the left edge of a name to its ending
_LOOSE = 4  # unknown characters between a name and an ending that continues it
_NOUNS = frozenset({"word", "common", "ending", "brand"})
_SEPARATE = frozenset({"stop", "verb"})
_COUNTERS = "余多几万亿百千支所期名家位个条项批次份吨箱件天元"
_NUMERALS = "0123456789〇一二两三四五六七八九十百千万亿余多几数这那每某首各等"
_BRANCHES = ("支行", "分行", "分公司", "营业部", "分会", "特派办", "专员办", "校友会")
_PREFIXES = ("中共", "团", "共青团", "中国共产党")
_ITEM = r"[\u4e00-\u9fffA-Za-z0-9]{2,20}(?:（[^（）]{2,9}）)?"
_FIRM = "(?:企业|公司|集团|平台|基金|资本|品牌|酒企|乳企|药企)"
_LIST = re.compile(
    rf"{_FIRM}[^，。；、：:]{{0,4}}[：:](?P<after>(?:{_ITEM}、){{2,}}{_ITEM})"
    rf"|(?P<before>(?:{_ITEM}、){{2,}}{_ITEM}?)等+[^，。；、]{{0,8}}?{_FIRM}"
)


class Name(NamedTuple):
    """A name: its first and last token; a weak one (省委, 市政府) counts only as the start of a longer one."""

    first: int
    last: int
    weak: bool = False


def find_names(tokens: list[Token]) -> list[Name]:
    """Return the names among the tokens of a unit, in their order, none inside another."""
    names: list[Name] = []
    for index, token in enumerate(tokens):
        name = None
        if token.roles & {"ending", "part", "brand"} and "stop" not in token.roles:
            nouns = [after for after in tokens[index + 1 : index + 2] if after.roles & _NOUNS]
            name = _extend_name(tokens, index, names) if names else None
            if name is None and ("ending" in token.roles or "brand" in token.roles and not nouns):
                taken = next((each.last for each in reversed(names) if not each.weak), -1)
                name = _start_name(tokens, index, taken) or (_share_place(tokens, index, names) if names else None)
        if name is None and "known" in token.roles:
            name = Name(index, index)
        if name:
            while names and names[-1].last >= name.first:
                names.pop()
            names.append(name)
    return _add_listed(tokens, [_add_prefix(tokens, name) for name in names if not name.weak])


def _add_prefix(tokens: list[Token], name: Name) -> Name:
    """Return the name with its place (中国 + 证监会) and with 中共 or 共青团 before it."""
    first = name.first
    while first and "place" in tokens[first - 1].roles and "known" in tokens[name.first].roles:
        first -= 1
    if first and tokens[first - 1].text in _PREFIXES and tokens[name.last].text[-1] in "委组会厅室部":
        first -= 1
    return Name(first, name.last)


def _extend_name(tokens: list[Token], index: int, names: list[Name]) -> Name | None:
    """Return the name before continued up to the ending: 民政厅 + 行政服务中心, 福建省工商联 + （总商会）."""
    ending = tokens[index]
    if "weak" in ending.roles and "part" not in ending.roles:
        return None
    first, between = names[-1].first, tokens[names[-1].last + 1 : index]
    if ending.text == "总商会" and [token.text for token in between] == ["（"] and index + 1 < len(tokens):
        return Name(first, index + 1)
    before = tokens[names[-1].last].text
    if not between and ending.text[-1] == "会" and before[-1] not in "会委局厅部办处" and "part" not in ending.roles:
        return Name(first, index)  # 市民营医院 + 协会
    if ending.text.endswith("公司") and len(between) > 2 and (between[0].text, between[-1].text) == ("（", "）"):
        return Name(first, index)  # 恒生银行 + （中国）有限公司
    closed = before.endswith("公司") and "part" not in ending.roles or before[-1] == "会" and ending.text == "银行"
    if not between:
        fits = ending.roles & {"brand", "full"} or len(ending.text) > 3 or ending.text in ("公司", "集团", "指挥部")
        return Name(first, index) if fits and not closed else None
    if ending.text in _BRANCHES or before[-2:] in ("大学", "学院"):
        between = [token for token in between if "place" not in token.roles]
    if any(token.roles & {"break", "stop"} for token in between):
        return None
    apart = any(token.roles & {"joint", "relative"} or token.roles == {"place"} for token in between)
    if closed or apart or "brand" in ending.roles:
        return None
    others = [token for token in between if "word" not in token.roles]
    if any("verb" in token.roles for token in others[: None if len(ending.text) < 4 else -1]):
        return None
    return Name(first, index) if sum(len(token.text) for token in others) <= _LOOSE else None


def _share_place(tokens: list[Token], index: int, names: list[Name]) -> Name | None:
    """Return the name that shares the place of the one at the head of its list: 清镇市篮球协会、武术协会."""
    before, head = names[-1], len(names) - 1
    alike = len(tokens[index].text) > 2 and tokens[before.last].text == tokens[index].text  # 夏港派出所、要塞派出所
    while head and names[head].first == names[head - 1].last + 2 and tokens[names[head].first - 1].text == "、":
        head -= 1
    stem, whose = tokens[before.last + 2 : index], tokens[names[head].first].roles
    if tokens[before.last + 1].text != "、" or not (alike or whose & {"place", "relative"}):
        return None
    if not stem:  # 清镇市民政局、社会组织总会
        return Name(index, index) if "full" in tokens[index].roles and len(tokens[index].text) > 3 else None
    apart = any(token.roles & {"break", "stop", "joint", "relative"} for token in stem) or "generic" in stem[0].roles
    apart |= "stem" not in tokens[index].roles or (not alike and all("verb" in token.roles for token in stem))
    return None if apart else Name(before.last + 2, index)


def _start_name(tokens: list[Token], index: int, taken: int) -> Name | None:
    """Return the name that ends at the ending, from the farthest place that nothing separates from it.

    A joint or a verb on the way (soft) separates a name without place: it begins after it. `taken` is the last token of
    the name before.
    """
    place = soft = None
    verbs = others = 0  # since the last place
    at = index - 1
    if at >= 0 and "joint" in tokens[at].roles and not _is_syllable(tokens, at):
        return None
    while at > taken and tokens[index].start - tokens[at].start <= _LONGEST:
        token, plain = tokens[at], "word" in tokens[at].roles
        if _is_place(tokens, at):
            opens = not at or "break" in tokens[at - 1].roles
            if others and verbs > 1 and not opens if place is None else others or soft is not None:
                break
            place, soft, verbs, others = at, None, 0, 0
            if "relative" in token.roles and not _is_short(tokens, at - 1):
                break
        elif _is_syllable(tokens, at):
            others += 1
        elif (opening := _find_opening(tokens, at)) is not None:
            at = opening
        elif not plain and token.roles & {"break", "known", "stop"}:
            break
        elif token.roles & {"joint", "stop", "verb"}:
            if "joint" in token.roles and tokens[at + 1].roles & {"place", "relative"}:
                break
            soft = at if soft is None else soft
            verbs += not plain and "joint" not in token.roles
        elif token.text.isdigit() and tokens[at + 1].text[0] in _COUNTERS:
            break
        elif not plain:
            others += 1
        at -= 1
    if place is not None:
        return _accept_placed(tokens, place, index)
    return _accept_unplaced(tokens, at + 1 if soft is None else soft + 1, index)


def _is_short(tokens: list[Token], at: int) -> bool:
    """Tell whether a place stands here without its ending: 黔西 + 县."""
    return at >= 0 and "place" in tokens[at].roles and tokens[at].text[-1] not in "省市区县州"


def _find_opening(tokens: list[Token], at: int) -> int | None:
    """Return where a bracket or quotation of one or two words inside a name opens: 国芳工贸（集团）股份有限公司."""
    pair = {"）": "（", "”": "“"}.get(tokens[at].text) if "relative" not in tokens[at - 1].roles else None
    opening = next((index for index in (at - 2, at - 3) if index > 0 and tokens[index].text == pair), 0)
    return opening if opening and not tokens[opening - 1].roles & {*_SEPARATE, "break", "relative"} else None


def _is_syllable(tokens: list[Token], at: int) -> bool:
    """Tell whether 和, 家 or the like is a part of a word: 浙江 + 敦 + 和, 广西 + 汉 + 达, 曹 + 家 + 渡."""
    if not at or len(tokens[at].text) > 1 or not tokens[at].roles & {"joint", "stop"}:
        return False
    if tokens[at].text in "家名位个若":
        return tokens[at - 1].text[-1] not in _NUMERALS and "break" not in tokens[at - 1].roles
    single = not tokens[at - 1].roles and len(tokens[at - 1].text) == 1
    return single and (tokens[at].text == "达" or at > 1 and bool(tokens[at - 2].roles & {"place", "relative"}))


def _is_place(tokens: list[Token], at: int) -> bool:
    """Tell whether a name can begin here with a place: not with 神山 in 雷神山, nor with 镇 in 马巷镇."""
    roles, before = tokens[at].roles, tokens[at - 1].roles if at else frozenset({"break"})
    if "doubtful" in roles:
        return bool(before & {"break", "stop", "verb", "joint", "place"})
    return "place" in roles or "relative" in roles and bool(before)  # 红 + 谷 + 县人民医院


def _accept_placed(tokens: list[Token], first: int, index: int) -> Name | None:
    """Return the name if it has words of its own where its ending needs them and is not 各市, 省、市 + ending."""
    ending, stem, relative = tokens[index], tokens[first + 1 : index], "relative" in tokens[first].roles
    listed = relative and first > 1 and tokens[first - 1].text in "、（(）)和"
    if listed and ("relative" in tokens[first - 2].roles or tokens[first - 2].text[0] == "各"):
        return None
    if any(not token.roles & {"generic", "relative"} for token in stem):
        weak = "weak" in ending.roles and any("place" not in token.roles for token in stem)
        return None if weak else Name(first, index)
    if "full" in ending.roles:
        return Name(first, index, relative and "weak" in ending.roles)
    return _accept_unplaced(tokens, first, index) if "doubtful" in tokens[first].roles else None


def _accept_unplaced(tokens: list[Token], first: int, index: int) -> Name | None:
    """Return the name if its stem holds a proper name, not only common words, or is an unlisted place (红谷县)."""
    ending, stem = tokens[index], tokens[first:index]
    size, telling = sum(len(token.text) for token in stem), "telling" in ending.roles
    own = [token for token in stem if not token.roles or "doubtful" in token.roles]
    own += [tokens[at] for at in range(first + 1, index) if _is_syllable(tokens, at)]
    own = [token for token in stem if "word" not in token.roles] if telling else own
    proper = sum(len(token.text) for token in own)
    odd = stem[0 if telling else -1] if stem else ending
    near = proper == 1 and size == 3 and not odd.roles  # 火神 + 山, 中 + 诚信 + 集团
    return Name(first, index) if len(ending.text) > 1 and (proper >= 2 or near) else None


def _add_listed(tokens: list[Token], names: list[Name]) -> list[Name]:
    """Return the names and the items of lists of firms, which no ending tells: 劲牌、汾酒、…等数百家酒企."""
    for match in _LIST.finditer("".join(token.text for token in tokens)):
        taken = {at for name in names for at in range(name.first, name.last + 1)}
        at = match.start(match.lastgroup or 0)
        items: list[range] = []
        for item in match[match.lastgroup or 0].split("、"):
            within = _cover(tokens, at, at + len(item.split("（")[0]))
            at += len(item) + 1
            while within and not items and any(tokens[index].roles & _SEPARATE for index in within):
                within = within[1:]
            if within and tokens[within[-1]].end - tokens[within[0]].start <= 12:
                items.append(within)
        proper = [within for within in items if _is_proper(tokens, within, taken)]
        if len(items) > 2 and len(proper) * 2 >= len(items):
            names = names + [Name(within[0], within[-1]) for within in items if not taken & set(within)]
    return sorted(names)


def _cover(tokens: list[Token], start: int, end: int) -> range:
    """Return the indices of the tokens from `start` to `end`, none if these cut a token."""
    first = next((index for index, token in enumerate(tokens) if token.start == start), 0)
    last = next((index for index, token in enumerate(tokens) if token.end == end), -1)
    return range(first, last + 1) if tokens[first].start == start else range(0)


def _is_proper(tokens: list[Token], within: range, taken: set[int]) -> bool:
    if len(within) == 1 and "place" in tokens[within[0]].roles:
        return within[0] in taken
    return any(index in taken or not tokens[index].roles or "doubtful" in tokens[index].roles for index in within)
