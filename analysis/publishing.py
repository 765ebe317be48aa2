"""Figures as files for a paper: saving, captions, checksums and the manifest."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib import style
from matplotlib.figure import Figure

from analysis import paths
from analysis.codebook import FILES, Codebook
from analysis.drawing import Language, find_missing, name_coder, read_words
from analysis.tables import write_atomically, write_table, write_text

SETTINGS = {
    "pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "policyweave", "text.hinting": "no_hinting",
}  # fmt: skip
METADATA: dict[str, dict[str, None]] = {
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
    "svg": {"Creator": None, "Date": None, "Format": None, "Type": None},
    "png": {"Software": None},
}
"""What matplotlib would write of itself and of the clock, left out."""


def make_caption(data: pd.DataFrame, documents: pd.DataFrame, *, language: Language) -> str:
    """Return the caption of a figure: its title, a line break, then what is shown, n, unit, coder and source.

    `data` is the table behind the figure, from `tabulate_flows`, `tabulate_rates` or `tabulate_differences`, and
    `documents` are all that the network was built from.
    """
    kind, columns = str(data["kind"].iloc[0]) if "kind" in data else "flows", {"statements": "coder"}
    counted = data
    if "second" in data:
        kind, columns = "differences", {"first": "first_coder", "second": "second_coder"}
        counted = data[data["kind"] == "measure"]
    coders = [name_coder(str(next(iter(data[column]), "")), language) for column in columns.values()]
    facts = {"n": " / ".join(f"{counted[column].sum():.0f}" for column in columns), "coder": " / ".join(coders)}
    facts |= {"texts": str(len(documents)), "issuers": str(documents["issuer"].nunique())}
    facts |= {"first": documents["date"].min(), "last": documents["date"].max()}
    words = read_words(language)
    return words[f"caption_{kind}"] + words["caption_end"].format(**facts)


def check_labels(codebook: Codebook, documents: pd.DataFrame) -> list[str]:
    """Return one problem for each label of a type, a measure or an issuer that the font of the figures cannot draw."""
    issuers = documents.drop_duplicates("issuer").set_index("issuer")[["issuer_zh", "issuer_en"]]
    issuers.columns = pd.Index(["zh", "en"])
    tables = {FILES["types"]: codebook.types, FILES["measures"]: codebook.measures, "issuers.csv": issuers}
    return find_missing({
        f"{file}, {code}: {language} {label!r}": label
        for file, table in tables.items() for language in ("zh", "en") for code, label in table[language].items()
    })  # fmt: skip


def save_figure(
    figure: Figure, folder: Path, stem: str, *, language: Language, data: pd.DataFrame, caption: str
) -> None:
    """Write `<stem>-<language>` as PDF, SVG and PNG (300 dpi) with its caption (.txt), and `<stem>.csv`, its data.

    The same figure and lock give the same bytes. Text can be searched and copied in the PDF (TrueType, Type 42); in the
    SVG it is outlines, for viewers without the font, each with its text in a comment.
    """
    name = f"{stem}-{language}"
    with style.context(["default", SETTINGS]):
        for ending, metadata in METADATA.items():
            save = partial(figure.savefig, format=ending, metadata=metadata, dpi=300)
            write_atomically(folder / f"{name}.{ending}", save)
    write_text(folder / f"{name}.txt", caption + "\n")
    write_table(data, folder / f"{stem}.csv")


def read_checksums(folder: Path = paths.FIGURES) -> pd.DataFrame:
    """Return the checksums of the figures: one row is a `file` with the first 12 digits of its `sha256`, by name."""
    files = sorted(path for path in folder.glob("[0-9]*-*") if path.suffix[1:] in {"csv", "txt", *METADATA})
    rows = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()[:12]) for path in files]
    return pd.DataFrame(rows, columns=["file", "sha256"])


def write_manifest(folder: Path = paths.FIGURES) -> None:
    """Write `manifest.csv`: one row is a `file` with the `notebook` that explains it, `what` it shows, its `sha256`.

    The notebook is the one whose number begins the file's name; what it shows is the title of its caption.
    """
    sums = read_checksums(folder)
    notebooks = {path.name[:2]: path.name for path in sorted(paths.NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))}
    captions = [folder / (file.replace(".csv", "-en.csv").partition(".")[0] + ".txt") for file in sums["file"]]
    sums.insert(1, "notebook", [notebooks.get(file[:2], "") for file in sums["file"]])
    texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in captions]
    sums.insert(2, "what", [text.partition("\n")[0] for text in texts])
    write_table(sums, folder / "manifest.csv")
