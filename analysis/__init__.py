"""policyweave: who asks which kind of organisation for which measure, how strongly, and where it says so."""

from analysis.agreement import align_units, compare_codings, list_codes, match_codes, score_agreement
from analysis.check import check_project
from analysis.cleaning import clean_text, to_raw
from analysis.codebook import Codebook, read_codebook
from analysis.coders import as_coding, match_coders, measure_reliability
from analysis.coding import code_statements
from analysis.comparison import find_distinctive, measure_similarity, profile_groups
from analysis.documents import read_documents, read_texts
from analysis.errors import InputError
from analysis.exchange import locate_spans, read_doccano, read_inception, write_doccano, write_inception
from analysis.export import read_network, write_network
from analysis.figures import draw_matrix, tabulate_flows, tabulate_rates
from analysis.invocations import find_invocations, tabulate_invocations
from analysis.judgements import apply_judgements, describe_judgements, read_judgements
from analysis.mentions import find_mentions
from analysis.network import attach_evidence, build_network, edge_evidence, join_facts
from analysis.organisations import find_organisations
from analysis.pipeline import Coded, code_documents, write_coded
from analysis.publishing import make_caption, read_checksums, save_figure
from analysis.quantities import find_quantities
from analysis.reference import Coding, read_coding
from analysis.reliability import bootstrap_alpha, cohen_kappa, krippendorff_alpha, masi_distance
from analysis.revision import compare_revisions
from analysis.sheets import make_sheet, read_sheet, write_sheet
from analysis.suspicions import find_suspicious
from analysis.tables import STANCES
from analysis.tripartite import draw_tripartite
from analysis.twomode import build_two_mode
from analysis.units import split_units
from analysis.vocabulary import count_words, find_words, make_tokenizer

__all__ = [name for name in dir() if not name.startswith("_")]
