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
    kind = "differences" if "second" in data else str(data["kind"].iloc[0]) if "kind" in data else "flows"
    columns = {"first": "first_coder", "second": "second_coder"} if kind == "differences" else {"statements": "coder"}
    counted = data[data["kind"] == "measure"] if kind == "differences" else data
    facts = {
        "n": " / ".join(f"{counted[column].sum():.0f}" for column in columns),
        "coder": " / ".join(name_coder(str(next(iter(data[coder]), "")), language) for coder in columns.values()),
        "texts": len(documents), "issuers": documents["issuer"].nunique(),
        "first": documents["date"].min(), "last": documents["date"].max(),
    }  # fmt: skip
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


def write_manifest(folder: Path = paths.FIGURES) -> None:
    """Write `manifest.csv`: one row is a file of a figure, by name, with the `notebook` that explains it.

    The notebook is the one whose number begins the name of the `file`; `what` it shows is the title of its caption;
    `sha256` are the first 12 digits of its checksum.
    """
    notebooks = {path.name[:2]: path.name for path in sorted(paths.NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))}
    rows = []
    for path in sorted(path for path in folder.glob("[0-9]*-*") if path.suffix[1:] in {"csv", "txt", *METADATA}):
        caption = folder / f"{path.stem}{'-en' * (path.suffix == '.csv')}.txt"
        title = caption.read_text(encoding="utf-8").partition("\n")[0] if caption.exists() else ""
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        rows.append((path.name, notebooks.get(path.name[:2], ""), title, checksum))
    write_table(pd.DataFrame(rows, columns=["file", "notebook", "what", "sha256"]), folder / "manifest.csv")
