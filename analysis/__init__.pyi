from .agreement import align_units, compare_codings, measure_reliability, score_agreement
from .cleaning import find_suspicious, to_raw
from .codebook import read_codebook
from .comparison import cluster_groups, correspond, find_distinctive, measure_similarity, profile_groups
from .documents import read_documents, read_texts
from .errors import InputError
from .export import read_network, write_network
from .invocations import tabulate_invocations
from .judgements import apply_judgements, describe_judgements, read_judgements
from .network import add_organisations, attach_evidence, build_network, edge_evidence, join_facts
from .nullmodels import draw_tables, filter_disparity, filter_projection, score_edges, score_statistic, swap_edges
from .periods import keep_first, list_windows
from .pipeline import code_documents, write_coded
from .reference import read_coding
from .resampling import bootstrap_intervals, compare_groups, simulate_errors, tabulate_confusion, tally_units
from .reuse import align_passages, find_runs, measure_sharing
from .robustness import (
    check_findings,
    compare_networks,
    count_findings,
    leave_documents_out,
    list_multiverse,
    redraw_units,
    tabulate_worlds,
)
from .structure import find_communities, measure_nestedness, measure_nodes, select_layers
from .tables import STANCES
from .twomode import build_one_mode, build_two_mode, make_graph
from .units import split_units
from .vocabulary import count_words, find_words, make_tokenizer
from .words import find_cooccurrence, find_keyword, format_keyword
