import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pandas as pd
import pytest

from analysis import paths, project
from analysis.codebook import read_codebook
from analysis.errors import InputError
from analysis.matrix import draw_matrix, tabulate_rates
from analysis.network import build_network
from analysis.publishing import check_labels, make_caption, save_figure, write_manifest
from analysis.tripartite import draw_tripartite, tabulate_flows
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS

SMALL = build_network(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)


def save_small(folder: Path) -> None:
    rates = tabulate_rates(SMALL, "measure")
    for language in ("zh", "en"):
        caption = make_caption(rates, DOCUMENTS, language=language)
        figure = draw_matrix(rates, language=language)
        save_figure(figure, folder, "04-measures", language=language, data=rates, caption=caption)
        flows = tabulate_flows(SMALL)
        caption = make_caption(flows, DOCUMENTS, language=language)
        figure = draw_tripartite(SMALL, language=language)
        save_figure(figure, folder, "03-network", language=language, data=flows, caption=caption)
    write_manifest(folder)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    save_small(folder)
    return folder


def test_a_figure_becomes_pdf_svg_png_caption_and_data(saved):
    names = {f"04-measures-{language}.{ending}" for language in ("zh", "en") for ending in ("pdf", "svg", "png", "txt")}
    assert names | {"04-measures.csv", "manifest.csv"} <= {path.name for path in saved.iterdir()}
    assert not [path for path in saved.iterdir() if path.name.startswith(".")]
    assert len(pd.read_csv(saved / "04-measures.csv")) == 9


def test_another_process_with_another_hash_seed_and_other_settings_writes_the_same_bytes(saved, tmp_path):
    code = (
        "import matplotlib, pathlib, tests.test_publishing as t; matplotlib.rcParams.update({'savefig.dpi': 50,"
        f"'svg.fonttype': 'none', 'path.simplify': False}}); t.save_small(pathlib.Path({str(tmp_path)!r}))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(paths.ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == {
        path.name: path.read_bytes() for path in tmp_path.iterdir()
    }


def test_the_pdf_embeds_truetype_with_a_way_back_to_unicode(saved):
    pdf = (saved / "03-network-zh.pdf").read_bytes()
    assert b"/CIDFontType2" in pdf and b"/ToUnicode" in pdf and b"/FontFile2" in pdf
    assert b"/Type3" not in pdf and b"CreationDate" not in pdf


def test_the_svg_needs_no_font_and_keeps_its_words_in_comments(saved):
    svg = (saved / "03-network-zh.svg").read_text(encoding="utf-8")
    assert "<text" not in svg and "font-family" not in svg and "<!-- 慈善组织 -->" in svg


def test_the_png_has_300_dots_to_the_printed_inch(saved):
    png = (saved / "04-measures-zh.png").read_bytes()
    assert int.from_bytes(png[16:20], "big") == 252 / 72 * 300


def test_every_label_that_the_font_lacks_is_named_with_its_file():
    measures = CODEBOOK.measures.assign(zh=["捐\U000203b4", "物流", "减租"], en=["Donations", "Logistics", "ก"])
    codebook = SimpleNamespace(types=CODEBOOK.types, measures=measures)
    documents = DOCUMENTS.assign(issuer_zh=["甲\U000203b4", "乙局", "乙局", "丙市"])
    places = [problem.partition(": the font")[0] for problem in check_labels(codebook, documents)]
    assert places == [
        "measures.yaml, donation: zh '捐\U000203b4'",
        "measures.yaml, rent: en 'ก'",
        "issuers.csv, ant: zh '甲\U000203b4'",
    ]
    assert check_labels(CODEBOOK, DOCUMENTS) == []


def test_build_writes_nothing_while_a_label_cannot_be_drawn(tmp_path, monkeypatch):
    codebook = read_codebook()
    types = codebook.types.assign(zh=[*codebook.types["zh"][:-1], "\U000203b4"])
    monkeypatch.setattr(project, "read_codebook", lambda: replace(codebook, types=types))
    for name in ("RESULTS", "FIGURES"):
        monkeypatch.setattr(paths, name, tmp_path)
    with pytest.raises(InputError, match=r"organisation_types.yaml, mass.*U\+203B4"):
        project.build_project()
    assert list(tmp_path.iterdir()) == []


def test_saving_changes_no_setting(tmp_path):
    before = dict(matplotlib.rcParams)
    save_small(tmp_path)
    assert dict(matplotlib.rcParams) == before


def test_captions_name_n_coder_and_source():
    words = {"zh": ("共 5 条", "语言模型", "4 份文本"), "en": ("5 in all", "language model", "4 texts")}
    for language in words:
        for data in (tabulate_flows(SMALL), tabulate_rates(SMALL, "type")):
            caption = make_caption(data, DOCUMENTS, language=language)
            assert all(word in caption for word in (*words[language], "2020-02-12", "2020-02-27"))
    rules = tabulate_flows(SMALL).assign(coder="rules")
    assert "rules (machine)" in make_caption(rules, DOCUMENTS, language="en")
    assert "coder: 李四" in make_caption(rules.assign(coder="李四"), DOCUMENTS, language="en")


def test_the_manifest_names_every_file_with_its_checksum(saved):
    manifest = pd.read_csv(saved / "manifest.csv", keep_default_na=False)
    assert set(manifest["file"]) == {path.name for path in saved.iterdir()} - {"manifest.csv"}
    for row in manifest.itertuples():
        assert hashlib.sha256((saved / row.file).read_bytes()).hexdigest().startswith(row.sha256)
    assert manifest["what"].all() and set(manifest["notebook"]) == {"03-network.ipynb", "04-comparison.ipynb"}
    assert len(manifest) == 18
