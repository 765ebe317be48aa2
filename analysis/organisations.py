"""Named organisations: every proper name in the units, with what it tells of the organisation."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.grammar import Name, find_names
from analysis.names import Lexicon, Token, build_lexicon, check_names, split_tokens
from analysis.tables import make_table

_ALIAS = re.compile(r"[（(](?:以下)?(?:简称|统称)(?:为)?[：:]?[“\"‘《]?([\u4e00-\u9fffA-Za-z]{2,12})[”\"’》]?[）)]")
_BARE = ("协会", "商会", "联合会", "学会", "基金会", "总会", "促进会", "研究会", "中心")
_SELF = ("我会", "本会")
_REFERENCE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{'|'.join((*_BARE, *_SELF))})|(?<=[该由向在与和对经将从给为据])(?:{'|'.join(_BARE)})"
)
_LEVELS = {"省": "province", "自治区": "province", "市": "city", "州": "city", "自治州": "city"}
_SOCIETIES = ("industry_association", "professional_society")
_CELLS = ("党委", "党支部", "党总支", "联合党支部", "党组", "支部")
_SECTIONS = ("分会", "专业委员会", "专委会", "工作委员会", "委员会", "秘书处", "行政服务中心")
_PERSONS = re.compile("[师家者]协会$")  # societies whose members are persons: 音乐家协会
_SHORTEST_TAIL = 5  # characters of a name that is recognised without its place
_TAIL_BARS = frozenset({"place", "relative", "common", "word"})


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

    Raises
    ------
    InputError
        If `names.yaml` is not as it should be; see `analysis.names.check_names`.
    """
    check_names(codebook.names, list(codebook.types.index))
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


def find_short_references(units: pd.DataFrame, organisations: pd.DataFrame) -> pd.DataFrame:
    """Find the bare words 协会, 中心, 我会 ... that stand for an organisation named in the document.

    Parameters
    ----------
    units, organisations
        See `analysis.units.split_units` and `find_organisations`.

    Returns
    -------
    pandas.DataFrame
        As of `find_organisations`; `text` is the bare word, the rest that of the organisation: the last one before with
        that ending; for 我会 and 本会, the one most often named in the document (the first of equals).
    """
    by_document = dict(tuple(organisations.groupby("doc_id", sort=False)))
    rows: list[tuple[object, ...]] = []
    columns = (units[key] for key in ("doc_id", "unit_id", "start", "text"))
    for doc_id, unit_id, offset, text in zip(*columns, strict=True):
        for match in _REFERENCE.finditer(text) if doc_id in by_document else ():
            start, end, named = offset + match.start(), offset + match.end(), by_document[doc_id]
            if not ((named["start"] < end) & (named["end"] > start)).any():
                rows += [(doc_id, unit_id, start, end, match[0], *row) for row in _find_meant(match[0], start, named)]
    return make_table(rows, "organisations")


def _find_meant(word: str, start: int, named: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return name, actor, level, place and section of the organisation that the bare word means, if any."""
    fitting = named[named["name"].str.endswith(word[-1] if word in _SELF else word)]
    if word in _SELF:
        fitting = fitting[fitting["name"] == next(iter(fitting["name"].value_counts().index), "")]
    else:
        fitting = fitting[fitting["end"] <= start]
    meant = fitting[["name", "actor", "level", "place", "section"]].tail(1)
    return list(meant.itertuples(index=False, name=None))


def _read_document(cut: list[list[Token]], lexicon: Lexicon) -> Iterator[list[tuple[Mention, Mention]]]:
    """Yield for each unit its names, each with its full form in the document."""
    found = [_describe(tokens, find_names(tokens), lexicon) for tokens in cut]
    aliases = _find_aliases(cut, found)
    if aliases:
        cut = [_join_aliases(tokens, aliases) for tokens in cut]
        found = [_describe(tokens, find_names(tokens), lexicon) for tokens in cut]
    whole = [mention for mentions in found for mention in mentions]
    for tokens, mentions in zip(cut, found, strict=True):
        tails = _describe(tokens, _find_tails(tokens, mentions, whole), lexicon)
        together = sorted([*mentions, *(tail._replace(relative=True) for tail in tails)])
        yield [(mention, _resolve(mention, whole, aliases)) for mention in together]


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
        return groups["type_words"][max(words, key=stem.rindex)] if words else told[-1]
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
    """Return the short forms that the document declares: （以下简称“培育中心”）."""
    aliases = {}
    for tokens, mentions in zip(cut, found, strict=True):
        for match in _ALIAS.finditer("".join(token.text for token in tokens)):
            whole = next((mention for mention in mentions if mention.end == match.start()), None)
            if whole and match[1] not in (*_BARE, *_SELF):
                aliases[match[1]] = whole
    return aliases


def _join_aliases(tokens: list[Token], aliases: dict[str, Mention]) -> list[Token]:
    """Return the tokens with each short form as one known name, except where it is declared."""
    text = "".join(token.text for token in tokens)
    for alias in sorted(aliases, key=lambda word: (-len(word), word)):
        for match in re.finditer(rf"(?<!简称)(?<!简称[“：‘为]){re.escape(alias)}", text):
            inside = [at for at, token in enumerate(tokens) if token.end > match.start() and token.start < match.end()]
            if tokens[inside[0]].start == match.start() and tokens[inside[-1]].end == match.end():
                joined = Token(match.start(), match.end(), frozenset({"known"}), alias)
                tokens = [*tokens[: inside[0]], joined, *tokens[inside[-1] + 1 :]]
    return tokens


def _find_tails(tokens: list[Token], mentions: list[Mention], whole: list[Mention]) -> list[Name]:
    """Return the names given without their place: 社会组织服务中心 beside 市社会组织服务中心."""
    tails = []
    for index, token in enumerate(tokens[1:], start=1):
        if "full" in token.roles and len(token.text) >= _SHORTEST_TAIL and not tokens[index - 1].roles & _TAIL_BARS:
            free = not any(mention.start < token.end and token.start < mention.end for mention in mentions)
            free = free and tokens[index - 1].text[0] not in "各当"
            if free and any(name.text.endswith(token.text) for name in whole):
                tails.append(Name(index, index))
    return tails


def _resolve(mention: Mention, whole: list[Mention], aliases: dict[str, Mention]) -> Mention:
    """Return the mention in full, as the document names it elsewhere."""
    for alias, full in aliases.items():
        if mention.text.startswith(alias):
            rest = mention.text[len(alias) :]
            return full._replace(text=full.text + rest, actor="party_organisation" if rest in _CELLS else full.actor)
    if mention.relative:
        longer = [other for other in whole if len(other.text) > len(mention.text) and other.text.endswith(mention.text)]
        return next((other for other in longer if not other.relative), longer[0] if longer else mention)
    return mention
