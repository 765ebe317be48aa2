"""How fast texts are coded: `python -m benchmarks.coding [PATH...]` from the project's folder.

Without PATH the corpus is coded, else text files, folders or JSON Lines, as by `python -m analysis code`. The yardstick
is jieba cutting the same texts into words, by which every word-based program begins.
"""

import sys
import time
import tracemalloc
from pathlib import Path

import pandas as pd

from analysis.codebook import read_codebook
from analysis.documents import read_documents, read_texts
from analysis.pipeline import code_documents
from analysis.vocabulary import read_tokenizer

RUNS = 3


def main(paths: list[Path]) -> None:
    """Print seconds, characters per second, the ratio to jieba, and the peak memory that coding adds."""
    documents, repairs = read_texts(paths) if paths else read_documents()
    codebook, tokenizer = read_codebook(), read_tokenizer()
    characters = int(documents["characters"].sum())
    code_documents(documents.iloc[:1], repairs[repairs["doc_id"] == documents["doc_id"].iloc[0]], codebook)  # warm up
    rows = []
    for name, work in (
        ("coding", lambda: code_documents(documents, repairs, codebook)),
        ("jieba's words", lambda: [tokenizer.lcut(text) for text in documents["clean"]]),
    ):
        spent = []
        for _ in range(RUNS):
            start = time.perf_counter()
            work()
            spent.append(time.perf_counter() - start)
        tracemalloc.start()
        work()
        rows.append((name, min(spent), characters / min(spent), tracemalloc.get_traced_memory()[1] / 2**20))
        tracemalloc.stop()
    table = pd.DataFrame(rows, columns=["", "seconds", "characters per second", "peak MB"]).set_index("")
    print(f"{len(documents)} documents, {characters:,} characters, least of {RUNS} runs")
    print(table.round({"seconds": 3, "characters per second": 0, "peak MB": 1}).to_string())
    print(f"coding takes {table['seconds'].iloc[0] / table['seconds'].iloc[1]:.1f} times as long as jieba")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
