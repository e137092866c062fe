"""Husbanken's figures for state housing allowance: Oslo by district code, small counts hidden."""

import pandas as pd

from scripts.demo.allocate import stream
from scripts.demo.answers import fields_of
from scripts.demo.regions import OSLO
from scripts.demo.truth import Truth

# Oslo's districts have codes of Husbanken's own; 0301 holds what has no district.
FIRST_DISTRICT_CODE = 311


def state_allowance(truth: Truth, year: int) -> pd.DataFrame:
    """One row per area, all text; which district a code of Oslo stands for is made up, as everything else."""
    units = truth.years[year][["enhet_nr", "enhet_navn", "enhet_type", "folketall"]].sort_values("enhet_nr")
    targets = truth.targets
    rate = targets.number("statlig_bostotte_per_1000", year) / 1000
    spread = targets.number("stoey_statlig_bostotte")
    noise = stream(truth.seed, "husbanken", year).standard_normal(len(units))
    households = (units.folketall * rate * (1 + spread * noise)).round().astype(int)
    rows = units.assign(bostotte_husstander=households)
    rows.loc[rows.enhet_type == "bydel", "enhet_navn"] = "Bydel i Oslo"
    rows.loc[rows.enhet_type == "bydel", "enhet_nr"] = [
        f"0{FIRST_DISTRICT_CODE + number}" for number in range((rows.enhet_type == "bydel").sum())
    ]
    rest = {
        "enhet_nr": OSLO,
        "enhet_navn": "Oslo",
        "bostotte_husstander": targets.count("statlig_bostotte_oslo_rest"),
    }
    rows = pd.concat([rows, pd.DataFrame([rest])]).sort_values("enhet_nr")
    hidden = rows.bostotte_husstander < targets.count("statlig_bostotte_skjult_under")
    rows = rows.assign(aargang=year).astype(str)
    rows.loc[hidden, "bostotte_husstander"] = ""
    return rows[fields_of("husbanken", year).felt]
