"""Where the project keeps its files."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
CODEBOOK = CORPUS / "codebook"
REFERENCE = CORPUS / "reference"
JUDGEMENTS = CORPUS / "judgements.csv"
RESULTS = ROOT / "results"
FIGURES = ROOT / "figures"
FONTS = ROOT / "analysis" / "fonts"
NOTEBOOKS = ROOT / "notebooks"
