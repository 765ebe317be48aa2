"""Codebook changes made visible: what two codings of the same units by two codebooks differ in."""

from itertools import groupby, zip_longest

import pandas as pd

from analysis.tables import iterate_rows

CHANGES = ("gained", "lost", "moved")


def compare_revisions(old: pd.DataFrame, new: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """List the statements that a change of the codebook gains, loses or moves.

    Parameters
    ----------
    old, new
        The statements by each codebook.
    units
        The units of both.

    Returns
    -------
    pandas.DataFrame
        One row is a change, in the order of the texts: `change`, `doc_id`, `unit_id`, `actor`, `measure`, `stance` (of
        the old statement where it is lost, else of the new one), `was` (for moved ones the old actor, if the measure in
        this unit has another actor now, or else the old stance; '' for the rest) and `text` of the unit. Where a
        measure of a unit loses and gains several actors, they are paired in the order of their ids.
    """
    was, now = (
        {(row.doc_id, row.unit_id, row.measure, row.actor): row.stance for row in iterate_rows(table)}
        for table in (old, new)
    )
    rows = [("moved", *key, now[key], was[key]) for key in was.keys() & now.keys() if was[key] != now[key]]
    for _, group in groupby(sorted(was.keys() ^ now.keys()), key=lambda key: key[:3]):
        keys = list(group)
        for lost, gained in zip_longest(*([key for key in keys if key in side] for side in (was, now))):
            if gained is None:
                rows.append(("lost", *lost, was[lost], ""))
            else:
                rows.append(("moved" if lost else "gained", *gained, now[gained], lost[3] if lost else ""))
    names = ["change", "doc_id", "unit_id", "measure", "actor", "stance", "was"]
    changes = pd.DataFrame(rows, columns=names).sort_values(["measure", "actor"])
    columns = ["change", "doc_id", "unit_id", "actor", "measure", "stance", "was", "text"]
    return units.merge(changes, on=["doc_id", "unit_id"])[columns]
