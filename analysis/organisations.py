"""Named organisations: every proper name in the units, with what it tells of the organisation."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from typing import NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.names import Lexicon, Token, build_lexicon, split_tokens
from analysis.naming import TokenSpan, find_names
from analysis.tables import make_table

_ALIAS = re.compile(r"[（(](?:以下)?[简统下]称为?[：:]?[“\"‘《]?([\u4e00-\u9fffA-Za-z]{2,12})[”\"’》]?[）)]")
_LEVELS = {"省": "province", "自治区": "province", "市": "city", "州": "city", "自治州": "city"}
_LOCAL = re.compile("厅$|团[省市区县]委$")  # known names that are not of the nation
_SOCIETIES = ("industry_association", "professional_society")
_CELLS = ("党委", "机关党委", "党支部", "党总支", "联合党支部", "党组", "支部")
_AUTHORITIES = ("government", "managing_authority")


class Mention(NamedTuple):
    """A name in a unit (offsets in the unit) and what it tells; `relative` if its place is that of the document."""

    start: int
    end: int
    text: str
    actor: str
    level: str
    place: str
    section: str
    relative: bool


def find_organisations(units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find the proper names of organisations.

    Returns
    -------
    pandas.DataFrame
        One row is a name in a unit, in the order of the text: `doc_id`, `unit_id`; `start`, `end`, offsets in the clean
        text; `text`, verbatim; `name`, in full as far as the document tells (市汽车租赁行业协会, 中保协); `actor`,
        organisation type id, '' if none of the codebook's; `level` (nation, province, city, county or ''); `place`, in
        full; `section`, letter of GB/T 4754-2017, of associations and societies only; '' if the name tells none.
    """
    lexicon = build_lexicon(codebook.names)
    rows: list[tuple[object, ...]] = []
    for doc_id, document in units.groupby("doc_id", sort=False):
        cut = [split_tokens(text, lexicon) for text in document["text"]]
        found = _read_document(cut, lexicon)
        for unit_id, offset, pairs in zip(document["unit_id"], document["start"], found, strict=True):
            for mention, whole in pairs:
                at = (offset + mention.start, offset + mention.end)
                rows.append((doc_id, unit_id, *at, mention.text, whole.text, *whole[3:7]))
    return make_table(rows, "organisations")


def _read_document(cut: list[list[Token]], lexicon: Lexicon) -> Iterator[list[tuple[Mention, Mention]]]:
    """Yield for each unit its names, each with its full form in the document."""
    found = [_describe(tokens, find_names(tokens), lexicon) for tokens in cut]
    aliases = _find_aliases(cut, found, lexicon)
    if aliases:
        cut = [_join_aliases(tokens, mentions, aliases) for tokens, mentions in zip(cut, found, strict=True)]
        found = [_describe(tokens, find_names(tokens), lexicon) for tokens in cut]
    whole = [mention for mentions in found for mention in mentions]
    for mentions in found:
        yield [(mention, _resolve(mention, whole, aliases)) for mention in mentions]


def _describe(tokens: list[Token], names: list[TokenSpan], lexicon: Lexicon) -> list[Mention]:
    mentions = []
    for name in names:
        parts = tokens[name.first : name.last + 1]
        actor = _classify(parts, lexicon)
        trades = [token.text for token in parts if token.text in lexicon.groups["sections"]]
        section = lexicon.groups["sections"][max(reversed(trades), key=len)] if trades and actor in _SOCIETIES else ""
        text = "".join(token.text for token in parts)
        told = (actor, *_locate(parts, lexicon), section, "relative" in parts[0].roles)
        mentions.append(Mention(parts[0].start, parts[-1].end, text, *told))
    return mentions


def _classify(parts: list[Token], lexicon: Lexicon) -> str:
    """Return the organisation type that the last ending tells, or a word of the name that overrules it."""
    types = lexicon.groups["types"]
    told = [types[token.text] for token in parts if token.text in types]
    if not told:
        return "enterprise"  # an item of a list of firms, or a firm's short name
    if parts[-1].text in _CELLS and "party_organisation" not in told:
        owners = [types[token.text] for token in parts[:-1] if token.text in types] or ["enterprise"]
        if parts[0].roles & {"place", "relative"} and not any(token.text in types for token in parts[:-1]):
            return "government" if len(parts) == 2 else "party_organisation"
        if owners[0] in _AUTHORITIES:
            return owners[0]
        firm = owners[-1] == "enterprise" and parts[-1].text.endswith(("党委", "党组"))
        return "enterprise" if firm else "party_organisation"
    told = [kind for kind in told if kind != "other"] or [""]
    actor = told[-1] if parts[-1].text in types else told[0]  # 秘书处, 分会
    if actor in ("industry_association", "social_organisation"):
        stem, words = "".join(token.text for token in parts), lexicon.groups["type_words"]
        ends = {word: (stem.rindex(word) + len(word), len(word)) for word in words if word in stem}
        return words[max(ends, key=lambda word: ends[word])] if ends else actor
    return actor


def _locate(parts: list[Token], lexicon: Lexicon) -> tuple[str, str]:
    """Return level and place of the last of the places with which a name begins."""
    level = place = ""
    for token in parts:
        if token.text in lexicon.places:
            level, place = lexicon.places[token.text]
        elif "relative" in token.roles and not place:
            level = _LEVELS.get(token.text, "county")
        elif "place" not in token.roles:
            break
    central = lexicon.groups["known"].get(parts[0].text) in (*_AUTHORITIES, "mass_organisation")
    return ("nation", "中国") if central and not level and not _LOCAL.search(parts[0].text) else (level, place)


def _find_aliases(cut: list[list[Token]], found: list[list[Mention]], lexicon: Lexicon) -> dict[str, Mention]:
    """Return the short forms of a document's names and what they mean.

    They are declared （以下简称“培育中心”）, lack the place (煤炭商会) or abbreviate (中保协: 中国保险行业协会).
    """
    whole = [mention for mentions in found for mention in mentions]
    aliases: dict[str, Mention] = {}
    for tokens, mentions in zip(cut, found, strict=True):
        aliases = {_cut_place(tokens, mention): mention for mention in mentions} | aliases
        text, ends = "".join(token.text for token in tokens), {mention.end: mention for mention in mentions}
        declared = {match[1]: ends.get(match.start()) for match in _ALIAS.finditer(text)}
        for short, named in (dict.fromkeys(_find_abbreviations(tokens)) | declared).items():
            meant = named or next((mention for mention in whole if _is_short_for(short, mention.text)), None)
            if meant and not lexicon.roles.get(short, frozenset()) & {"ending", "stop"}:
                aliases |= {short: meant, re.sub("^中国(?=...)", "", short): meant}
    return {short: mention for short, mention in aliases.items() if short}


def _cut_place(tokens: list[Token], mention: Mention) -> str:
    """Return a name without the places at its beginning, '' if the rest is too general (慈善总会, 化妆品公司)."""
    inside = [token for token in tokens if mention.start <= token.start and token.end <= mention.end]
    rest = list(dropwhile(lambda token: token.roles & {"place", "relative"}, inside))
    text = "".join(token.text for token in rest)
    special = text.endswith(("会", "中心")) and (len(rest) > 1 or len(text) > 4)
    return text if special and text != mention.text else ""


def _is_short_for(short: str, name: str) -> bool:
    """Tell whether a name has the characters of a short form, in their order, the last of them at its end."""
    letters = iter(name)
    return short != name and short[-1] in name[-3:] and all(letter in letters for letter in short)


def _find_abbreviations(tokens: list[Token]) -> Iterator[str]:
    """Yield what looks like 中保协: 中国 or 中, then characters that are no words, at last 会, 协 or 联."""
    for first, token in enumerate(tokens):
        if token.text == "中国" or token.text[0] == "中" and not token.roles:
            rest = takewhile(lambda part: len(part.text) < 4 and not part.roles, tokens[first + 1 : first + 5])
            if short := re.match("..+[会协联]", token.text + "".join(part.text for part in rest)):
                yield short[0]


def _join_aliases(tokens: list[Token], mentions: list[Mention], aliases: dict[str, Mention]) -> list[Token]:
    """Return the tokens with each short form as one known name, except where it is declared or part of another name."""
    text, tokens = "".join(token.text for token in tokens), list(tokens)
    ends = [mention.end for mention in mentions]
    for alias in sorted((alias for alias in aliases if alias in text), key=lambda word: (-len(word), word)):
        starts = [token.start for token in tokens]
        for match in reversed(list(re.finditer(rf"(?<!简称)(?<!简称中国)(?<!简称[“：‘为]){re.escape(alias)}", text))):
            first, after = bisect_left(starts, match.start()), bisect_left(starts, match.end())
            fits = first < after and tokens[first].start == match.start() and tokens[after - 1].end == match.end()
            if aliases[alias].text.endswith(alias):
                fits &= text[match.start() - 1 : match.start()] not in tuple("各当的地）级区市县")
                next_name = bisect_right(ends, match.start())
                fits &= next_name == len(mentions) or match.end() <= mentions[next_name].start
            if fits:
                tokens[first:after] = [Token(match.start(), match.end(), frozenset({"known"}), alias)]
    return tokens


def _resolve(mention: Mention, whole: list[Mention], aliases: dict[str, Mention]) -> Mention:
    """Return the mention in full, as the document names it elsewhere."""
    if alias := max(filter(mention.text.startswith, aliases), key=len, default=""):
        full, rest = aliases[alias], mention.text[len(alias) :]
        return full._replace(text=full.text + rest, actor="party_organisation" if rest in _CELLS else full.actor)
    if mention.relative:
        return next((other for other in whole if other.text.endswith(mention.text) and not other.relative), mention)
    return mention
