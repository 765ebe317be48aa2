"""Named organisations: every proper name in the units, with what it tells of the organisation."""

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from typing import NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.grammar import Name, find_names
from analysis.names import Lexicon, Token, build_lexicon, split_tokens
from analysis.tables import make_table

_ALIAS = re.compile(r"[（(](?:以下)?[简统下]称为?[：:]?[“\"‘《]?([\u4e00-\u9fffA-Za-z]{2,12})[”\"’》]?[）)]")
_BARE = ("协会", "商会", "联合会", "学会", "基金会", "总会", "促进会", "研究会", "中心", "我会", "本会")
_LEVELS = {"省": "province", "自治区": "province", "市": "city", "州": "city", "自治州": "city"}
_SOCIETIES = ("industry_association", "professional_society")
_CELLS = ("党委", "党支部", "党总支", "联合党支部", "党组", "支部")
_SECTIONS = ("分会", "专业委员会", "专委会", "工作委员会", "委员会", "秘书处", "行政服务中心")
_PERSONS = re.compile("[师家者]协会$")  # societies whose members are persons: 音乐家协会
_SHORTEST = 4  # characters of a name that is recognised without its place
_BARS = frozenset({"place", "relative", "common", "word", "generic"})


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
    aliases = _find_aliases(cut, found)
    if aliases:
        cut = [_join_aliases(tokens, mentions, aliases) for tokens, mentions in zip(cut, found, strict=True)]
        found = [_describe(tokens, find_names(tokens), lexicon) for tokens in cut]
    whole = [mention for mentions in found for mention in mentions]
    for mentions in found:
        yield [(mention, _resolve(mention, whole, aliases)) for mention in mentions]


def _describe(tokens: list[Token], names: list[Name], lexicon: Lexicon) -> list[Mention]:
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
    groups = lexicon.groups
    kinds = [groups["endings"].get(token.text) or groups["known"].get(token.text) for token in parts]
    told = [kind for kind in kinds if kind]
    if not told:
        return "enterprise"  # an item of a list of firms, or a firm's short name
    if parts[-1].text in _CELLS and "party_organisation" not in told:
        return "government" if told[0] in ("government", "managing_authority") else "party_organisation"
    if len(told) > 1 and parts[-1].text in _SECTIONS:
        told = told[:1]
    if told[-1] in ("industry_association", "social_organisation"):
        stem = "".join(token.text for token in parts)
        words = [word for word in groups["type_words"] if word in stem]
        if not words and _PERSONS.search(stem):
            return "professional_society"
        words.sort(key=lambda word: (stem.rindex(word) + len(word), len(word)))
        return groups["type_words"][words[-1]] if words else told[-1]
    return "" if told[-1] == "other" else told[-1]


def _locate(parts: list[Token], lexicon: Lexicon) -> tuple[str, str]:
    """Return level and place of the last of the places with which a name begins."""
    level = place = ""
    for token in parts:
        if token.text in lexicon.places:
            level, place = lexicon.places[token.text]
        elif "relative" in token.roles and not place:
            level = _LEVELS.get(token.text, "county")
        elif token.text not in ("中共", "共青团"):
            break
    central = ("government", "managing_authority", "mass_organisation")
    if not level and lexicon.groups["known"].get(parts[0].text) in central:
        return "nation", "中国"
    return level, place


def _find_aliases(cut: list[list[Token]], found: list[list[Mention]]) -> dict[str, Mention]:
    """Return the short forms of a document's names and what they mean.

    They are declared （以下简称“培育中心”）, lack the place (煤炭商会) or abbreviate (中保协: 中国保险行业协会).
    """
    whole = [mention for mentions in found for mention in mentions]
    declared: dict[str, Mention] = {}
    others: dict[str, Mention] = {}
    for tokens, mentions in zip(cut, found, strict=True):
        for match in _ALIAS.finditer("".join(token.text for token in tokens)):
            named = [mention for mention in mentions if mention.end == match.start()]
            meant = named or [mention for mention in whole if _is_short_for(match[1], mention.text)]
            if meant and match[1] not in _BARE:
                declared[match[1]] = meant[0]
        for mention in mentions:
            others.setdefault(_cut_place(tokens, mention), mention)
        for short in _find_abbreviations(tokens, mentions):
            meant = [mention for mention in whole if _is_short_for(short, mention.text)]
            if meant:
                others = {short: meant[0], re.sub("^中国(?=...)", "", short): meant[0]} | others
    return {short: mention for short, mention in (others | declared).items() if short}


def _cut_place(tokens: list[Token], mention: Mention) -> str:
    """Return a name without the places at its beginning, '' if the rest is too general (慈善总会, 化妆品公司)."""
    inside = [token for token in tokens if mention.start <= token.start and token.end <= mention.end]
    rest = list(dropwhile(lambda token: token.roles & {"place", "relative"}, inside))
    text = "".join(token.text for token in rest)
    known = len(rest) == 1 and "full" in rest[0].roles and len(text) > _SHORTEST
    special = len(rest) > 1 and len(text) >= _SHORTEST and text.endswith(("会", "中心"))
    return text if text != mention.text and (known or special) else ""


def _is_short_for(short: str, name: str) -> bool:
    """Tell whether a name has the characters of a short form, in their order, the last of them at its end."""
    letters = iter(name)
    return len(short) < len(name) and short[-1] in name[-3:] and all(letter in letters for letter in short)


def _find_abbreviations(tokens: list[Token], mentions: list[Mention]) -> Iterator[str]:
    """Yield what looks like 中保协 or 市社协: a place, then characters that are no words, at last 会, 协 or 联."""
    for first, token in enumerate(tokens):
        if not ("relative" in token.roles or token.text == "中国" or token.text[0] == "中" and not token.roles):
            continue
        rest = list(takewhile(lambda part: len(part.text) < 4 and not part.roles, tokens[first + 1 : first + 5]))
        ends = [part.end for part in rest if part.text[-1] in "会协联"]
        short = "".join(part.text for part in (token, *rest) if ends and part.end <= ends[-1])
        if 2 < len(short) < 7 and not any(m.start < ends[-1] and token.start < m.end for m in mentions):
            yield short


def _join_aliases(tokens: list[Token], mentions: list[Mention], aliases: dict[str, Mention]) -> list[Token]:
    """Return the tokens with each short form as one known name, except where it is declared or part of another name."""
    text = "".join(token.text for token in tokens)
    for alias in sorted(aliases, key=lambda word: (-len(word), word)):
        for match in re.finditer(rf"(?<!简称)(?<!简称中国)(?<!简称[“：‘为]){re.escape(alias)}", text):
            inside = [at for at, token in enumerate(tokens) if token.end > match.start() and token.start < match.end()]
            fits = tokens[inside[0]].start == match.start() and tokens[inside[-1]].end == match.end()
            before = tokens[inside[0] - 1] if inside[0] else None
            barred = before and (before.roles & _BARS or before.text[-1] in "各当的地）级区市县")
            if aliases[alias].text.endswith(alias):
                fits &= not barred and not any(m.start < match.end() and match.start() < m.end for m in mentions)
            if fits:
                joined = Token(match.start(), match.end(), frozenset({"known"}), alias)
                tokens = [*tokens[: inside[0]], joined, *tokens[inside[-1] + 1 :]]
    return tokens


def _resolve(mention: Mention, whole: list[Mention], aliases: dict[str, Mention]) -> Mention:
    """Return the mention in full, as the document names it elsewhere."""
    if alias := max(filter(mention.text.startswith, aliases), key=len, default=""):
        full, rest = aliases[alias], mention.text[len(alias) :]
        return full._replace(text=full.text + rest, actor="party_organisation" if rest in _CELLS else full.actor)
    if mention.relative:
        longer = [other for other in whole if len(other.text) > len(mention.text) and other.text.endswith(mention.text)]
        return next((other for other in longer if not other.relative), longer[0] if longer else mention)
    return mention
