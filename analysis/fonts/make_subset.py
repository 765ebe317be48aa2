"""Make the two fonts of this folder; README.md beside this file gives the commands and the sources.

    python analysis/fonts/make_subset.py UNIHAN NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc

The result depends on the sources, the texts in `corpus/` and the version of fontTools only, not on the clock.
"""

import bz2
import sys
from itertools import chain
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

FOLDER = Path(__file__).resolve().parent
FAMILY = "Noto Sans SC Subset"
SIMPLIFIED_CHINESE = 2  # the third of the ten fonts in each collection
MAX_ERROR = 1.0  # of 1000 units to the em, between the cubic outlines and the quadratic ones that replace them
RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x2C0, 0x2DF), (0x370, 0x3FF),  # ASCII, Western European, Greek
    (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x22FF),  # signs
    (0x2460, 0x24FF), (0x2500, 0x257F), (0x25A0, 0x26FF), (0x2713, 0x2717),  # shapes
    (0x3000, 0x303F), (0x3105, 0x3129), (0x3220, 0x3229), (0x3380, 0x33DF), (0xFE30, 0xFE6B), (0xFF01, 0xFFE6),
]  # fmt: skip


def list_characters(unihan: Path) -> set[int]:
    """Return the wanted code points: GB 2312, the standard list of 2013, signs, every character below `corpus/`."""
    gb2312 = (bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    corpus = (path.read_bytes().decode("utf-8", "ignore") for path in FOLDER.parents[1].glob("corpus/**/*.*"))
    facts = bz2.decompress(unihan.read_bytes()).decode("utf-8").splitlines()
    standard = (int(fact.split("\t")[0].removeprefix("U+"), 16) for fact in facts if "\tkTGH\t" in fact)
    signs = (range(first, last + 1) for first, last in RANGES)
    return set(chain(standard, *signs, map(ord, chain(*gb2312, *corpus))))


def subset_font(source: Path, characters: set[int]) -> TTFont:
    """Return the Simplified Chinese font of `source`, with these characters and kerning only and quadratic outlines."""
    font = TTCollection(source, lazy=True).fonts[SIMPLIFIED_CHINESE]
    options = Options(layout_features=["kern"], name_IDs=["*"], hinting=False, notdef_outline=True)
    options.desubroutinize = True
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GDEF", "GSUB"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    glyphs, outlines = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    builder = FontBuilder(font=font)
    builder.isTTF = True
    font.sfntVersion = "\x00\x01\x00\x00"
    del font["CFF "]
    font["loca"], font["maxp"] = newTable("loca"), newTable("maxp")
    builder.setupMaxp()
    builder.setupGlyf(outlines)
    widths = font["hmtx"].metrics
    builder.setupHorizontalMetrics({n: (widths[n][0], getattr(glyph, "xMin", 0)) for n, glyph in outlines.items()})
    return font


def name_font(font: TTFont, style: str) -> None:
    """Name `font` so that nobody takes it for the whole of Noto Sans CJK; keep copyright and licence."""
    whole = f"{FAMILY} {style}"
    short = f"{FAMILY.replace(' ', '')}-{style}"
    font["name"].names = [entry for entry in font["name"].names if entry.nameID in (0, 5, 7, 13, 14)]
    for number, text in {1: FAMILY, 2: style, 3: f"policyweave;{short}", 4: whole, 6: short}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["post"].formatType = 3.0
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False


if __name__ == "__main__":
    characters = list_characters(Path(sys.argv[1]))
    for source in map(Path, sys.argv[2:]):
        font, style = subset_font(source, characters), source.stem.rsplit("-", 1)[-1]
        name_font(font, style)
        font.save(FOLDER / f"{FAMILY.replace(' ', '')}-{style}.ttf")
        print(f"{style}: {len(font.getBestCmap()):,} characters")
