"""Codebook changes made visible: what two codings of the same units by two codebooks differ in."""

import pandas as pd

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
    key = ["doc_id", "unit_id", "actor", "measure"]
    both = old[[*key, "stance"]].merge(new[[*key, "stance"]], on=key, how="outer", suffixes=("_old", "_new"))
    kept = both.dropna(subset=["stance_old", "stance_new"])
    restated = kept[kept["stance_old"] != kept["stance_new"]]
    place = ["doc_id", "unit_id", "measure"]
    lost, gained = (
        both[both[f"stance_{gone}"].isna()].sort_values(key).assign(turn=lambda rows: rows.groupby(place).cumcount())
        for gone in ("new", "old")
    )
    pairs = lost.merge(gained, on=[*place, "turn"], how="outer", suffixes=("_lost", "_gained"))
    moved = pairs["actor_lost"].notna() & pairs["actor_gained"].notna()
    swaps = pairs.assign(
        change=pairs["actor_lost"].isna().map({True: "gained", False: "lost"}).mask(moved, "moved"),
        actor=pairs["actor_gained"].fillna(pairs["actor_lost"]),
        stance=pairs["stance_new_gained"].fillna(pairs["stance_old_lost"]),
        was=pairs["actor_lost"].where(moved, ""),
    )
    stances = restated.assign(change="moved", stance=restated["stance_new"], was=restated["stance_old"])
    columns = ["change", *key, "stance", "was"]
    changes = pd.concat([swaps[columns], stances[columns]], ignore_index=True)
    order = units[["doc_id", "unit_id", "text"]].reset_index(names="place")
    table = changes.merge(order, on=["doc_id", "unit_id"]).sort_values(["place", "measure", "actor"], ignore_index=True)
    return table.drop(columns="place")
