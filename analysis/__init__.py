"""policyweave: who asks which kind of organisation for which measure, how strongly, and where it says so."""

from analysis.agreement import LAYERS, align_units, compare_codings, list_codes, match_codes, score_agreement
from analysis.backbone import filter_disparity, filter_projection, fit_degrees
from analysis.check import check_project
from analysis.cleaning import clean_text, to_raw
from analysis.codebook import Codebook, read_codebook
from analysis.coders import as_coding, match_coders, measure_reliability
from analysis.coding import code_statements
from analysis.communities import Communities, adjusted_rand, find_communities, measure_modularity
from analysis.comparison import find_distinctive, measure_similarity, profile_groups, wilson_interval
from analysis.differences import draw_differences, tabulate_differences
from analysis.documents import read_documents, read_texts
from analysis.errors import InputError
from analysis.exchange import locate_spans, read_doccano, read_inception, write_doccano, write_inception
from analysis.export import read_network, write_latex, write_network
from analysis.invocations import find_invocations, tabulate_invocations
from analysis.judgements import apply_judgements, describe_judgements, read_judgements
from analysis.matrix import draw_matrix, tabulate_rates
from analysis.mentions import find_mentions
from analysis.network import add_organisations, attach_evidence, build_network, edge_evidence, join_facts
from analysis.nullmodels import draw_tables, score_edges, score_statistic, swap_edges
from analysis.ordination import cluster_groups, correspond
from analysis.organisations import find_organisations
from analysis.periods import keep_first, list_windows
from analysis.pipeline import Coded, code_documents, write_coded
from analysis.projection import build_one_mode, make_graph, shared_evidence
from analysis.publishing import make_caption, read_checksums, save_figure
from analysis.quantities import find_quantities
from analysis.reference import Coding, read_coding
from analysis.reliability import bootstrap_alpha, cohen_kappa, krippendorff_alpha, masi_distance
from analysis.resampling import (
    bootstrap_intervals,
    compare_groups,
    draw_codings,
    simulate_errors,
    tabulate_confusion,
    tally_units,
)  # fmt: skip
from analysis.reuse import add_raw_spans, align_passages, find_runs, measure_sharing
from analysis.revision import compare_revisions
from analysis.robustness import (
    FINDINGS,
    Finding,
    check_findings,
    compare_networks,
    count_findings,
    leave_documents_out,
    list_multiverse,
    redraw_units,
    tabulate_worlds,
)  # fmt: skip
from analysis.sheets import make_sheet, read_sheet, write_sheet
from analysis.structure import find_core, measure_assortativity, measure_nestedness, measure_nodes, select_layers
from analysis.suspicions import find_suspicious
from analysis.tables import STANCES
from analysis.tripartite import draw_tripartite, tabulate_flows
from analysis.twomode import build_two_mode
from analysis.units import split_units
from analysis.vocabulary import count_words, find_words, make_tokenizer
from analysis.words import find_cooccurrence, find_distinctive_words, find_keyword, format_keyword, log_likelihood
