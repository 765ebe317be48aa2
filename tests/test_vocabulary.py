"""Words are jieba's and the codebook's, and making them leaves no trace."""

import logging
import tempfile

import jieba
import pandas as pd
import pytest

from analysis.vocabulary import count_words, find_words, make_tokenizer


@pytest.fixture(scope="module")
def tokenizer(codebook):
    return make_tokenizer(codebook)


def cut(text, tokenizer):
    units = pd.DataFrame([("a", 1, 100, text)], columns=["doc_id", "unit_id", "start", "text"])
    return find_words(units, tokenizer)


def test_making_a_tokenizer_prints_writes_and_changes_nothing(codebook, capfd, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    logger = logging.getLogger("jieba")
    before = logger.level, list(logger.handlers), logger.disabled, len(jieba.dt.FREQ)
    cut("社会组织参与疫情防控", make_tokenizer(codebook))
    assert capfd.readouterr() == ("", "") and not list(tmp_path.iterdir())
    assert (logger.level, list(logger.handlers), logger.disabled, len(jieba.dt.FREQ)) == before


def test_it_holds_all_of_the_dictionary_of_jieba(tokenizer):
    plain = jieba.Tokenizer()
    with plain.get_dict_file() as lines:
        words = {line.split()[0].decode(): int(line.split()[1]) for line in lines}
    assert all(tokenizer.FREQ[word] >= frequency for word, frequency in words.items())


def test_terms_of_the_codebook_are_words(tokenizer):
    assert cut("行业协会商会等社会组织加强疫情防控", tokenizer)["word"].tolist() == [
        "行业协会商会", "社会组织", "加强", "疫情防控",
    ]  # fmt: skip


def test_single_characters_numbers_and_punctuation_are_no_words(tokenizer):
    words = cut("2020年，我们在12时捐赠N95口罩！", tokenizer)
    assert words["word"].tolist() == ["我们", "捐赠", "N95", "口罩"]
    assert words[["start", "end"]].iloc[0].tolist() == [106, 108]


def test_words_stand_where_they_say_and_do_not_overlap(corpus, register, tokenizer):
    words = find_words(corpus.units, tokenizer)
    texts = register[0].set_index("doc_id")["clean"]
    assert all(texts[row.doc_id][row.start : row.end] == row.word for row in words.itertuples())
    following = words.groupby("doc_id")["start"].shift(-1)
    assert (following.isna() | (words["end"] <= following)).all()


def test_another_tokenizer_cuts_the_same_words(corpus, codebook, tokenizer):
    pd.testing.assert_frame_equal(
        find_words(corpus.units, tokenizer), find_words(corpus.units, make_tokenizer(codebook))
    )


def test_no_units_have_no_words(corpus, tokenizer):
    assert find_words(corpus.units.iloc[:0], tokenizer).columns.tolist() == [
        "doc_id",
        "unit_id",
        "start",
        "end",
        "word",
    ]


def test_counts_are_of_occurrences_and_of_documents():
    words = pd.DataFrame({"doc_id": list("aabb"), "word": ["口罩", "口罩", "口罩", "捐赠"]})
    assert count_words(words).reset_index().to_numpy().tolist() == [["口罩", 3, 2], ["捐赠", 1, 1]]
