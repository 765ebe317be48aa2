"""The fonts that are shipped: every character that a figure can need has a glyph, and the licence is beside them."""

import pytest
from fontTools.ttLib import TTFont

from analysis.paths import CORPUS, FONTS, REFERENCE

STYLES = ["Regular", "Bold"]
TEXTS = sorted([*CORPUS.glob("raw/*"), *CORPUS.glob("*.csv"), *CORPUS.glob("codebook/*.yaml"), *REFERENCE.rglob("*.*")])


def read_font(style: str) -> TTFont:
    return TTFont(FONTS / f"NotoSansSCSubset-{style}.ttf")


def is_private(letter: str) -> bool:
    """Whether no font can be expected to have `letter`: the private use area."""
    return "\ue000" <= letter <= "\uf8ff"


@pytest.mark.parametrize("style", STYLES)
def test_every_character_of_the_corpus_and_the_codebook_has_a_glyph(style):
    characters = set(read_font(style).getBestCmap())
    assert len(TEXTS) > 10
    for path in TEXTS:
        letters = set(path.read_bytes().decode("utf-8", "ignore")) - set("\r\n\t\ufeff\ufffd")
        missing = sorted(letter for letter in letters if ord(letter) not in characters and not is_private(letter))
        assert not missing, f"{path.name}: {missing}; see analysis/fonts/README.md on how to make the fonts again"


@pytest.mark.parametrize("style", STYLES)
def test_every_character_of_gb_2312_has_an_outline(style):
    font = read_font(style)
    cells = [bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    hanzi = [letter for cell in cells for letter in cell.decode("gb2312", "ignore")]
    assert len(hanzi) == 6763
    names = font.getBestCmap()
    assert all(font["glyf"][names[ord(letter)]].numberOfContours > 0 for letter in hanzi)


@pytest.mark.parametrize(("style", "weight"), [("Regular", 400), ("Bold", 700)])
def test_the_fonts_are_static_truetype_of_their_weight(style, weight):
    font = read_font(style)
    assert "glyf" in font and "fvar" not in font
    assert font["OS/2"].usWeightClass == weight


def test_the_licence_lies_beside_the_fonts_and_inside_them():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    for style in STYLES:
        assert "SIL Open Font License" in read_font(style)["name"].getDebugName(13)


def test_no_font_bears_a_name_that_an_installed_font_could_have():
    assert {read_font(style)["name"].getDebugName(1) for style in STYLES} == {"Noto Sans SC Subset"}
