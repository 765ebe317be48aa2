"""policyweave: who asks which kind of organisation for which measure, how strongly, and where it says so.

The package offers what the notebooks and the documents use; everything else is imported from its module.
"""

from analysis.agreement import align_units, compare_codings, measure_reliability, score_agreement
from analysis.cleaning import find_suspicious, to_raw
from analysis.codebook import read_codebook
from analysis.comparison import cluster_groups, correspond, find_distinctive, measure_similarity, profile_groups
from analysis.documents import read_documents, read_texts
from analysis.errors import InputError
from analysis.export import read_network, write_network
from analysis.invocations import tabulate_invocations
from analysis.judgements import apply_judgements, describe_judgements, read_judgements
from analysis.network import add_organisations, attach_evidence, build_network, edge_evidence, join_facts
from analysis.nullmodels import (
    draw_tables,
    filter_disparity,
    filter_projection,
    score_edges,
    score_statistic,
    swap_edges,
)  # fmt: skip
from analysis.periods import keep_first, list_windows
from analysis.pipeline import code_documents, write_coded
from analysis.reference import read_coding
from analysis.resampling import bootstrap_intervals, compare_groups, simulate_errors, tabulate_confusion, tally_units
from analysis.reuse import align_passages, find_runs, measure_sharing
from analysis.robustness import (
    check_findings,
    compare_networks,
    count_findings,
    leave_documents_out,
    list_multiverse,
    redraw_units,
    tabulate_worlds,
)  # fmt: skip
from analysis.structure import find_communities, measure_nestedness, measure_nodes, select_layers
from analysis.tables import STANCES
from analysis.twomode import build_one_mode, build_two_mode, make_graph
from analysis.units import split_units
from analysis.vocabulary import count_words, find_words, make_tokenizer
from analysis.words import find_cooccurrence, find_keyword, format_keyword
