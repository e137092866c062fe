"""Targets of the demonstration: published figures first, then the parameters in parametre.csv."""

import pandas as pd

from scripts.errors import UserError
from scripts.paths import DEMO, SEEDS

YEARS = range(2015, 2024)
# A published figure of these kinds is exact or rounded; a lower bound is only a check on our parameter.
EXACT = ("sitert", "annenhaands", "aarstall utledet")


def read_csv(path, **options) -> pd.DataFrame:
    """A CSV of the project, every value as text, blanks as empty strings."""
    if not path.exists():
        raise UserError(f"The file {path} is missing; the demonstration delivery is generated from it")
    return pd.read_csv(path, dtype=str, keep_default_na=False, **options)


class Targets:
    """Look-up of national figures and parameters by name and year."""

    def __init__(self) -> None:
        published = read_csv(SEEDS / "publisert" / "publisert_landstall.csv")
        published = published[(published.nyeste == "ja") & published.sikkerhet.isin(EXACT)]
        names = read_csv(SEEDS / "publisert" / "publisert_maal.csv")
        names = names[names.omfang == "land"].set_index("maal")
        self._published: dict[tuple[str, str], float] = {}
        for row in published.itertuples():
            measure = names.loc[row.maal] if row.maal in names.index else None
            name = row.maal
            if measure is not None and measure.teller_maal:
                field = measure.teller_maal
                if measure.enhet == "prosent":
                    name = f"andel_{field}"
                elif not measure.nevner_maal:
                    name = field
            self._published[name, row.aar] = float(row.verdi)
            self._published[row.maal, row.aar] = float(row.verdi)
        self._parameters: dict[tuple[str, str], list[str]] = {}
        for row in read_csv(DEMO / "parametre.csv").itertuples():
            self._parameters.setdefault((row.navn, row.aar), []).append(row.verdi)
        oslo = read_csv(SEEDS / "publisert" / "publisert_oslo.csv")
        self.oslo = {
            int(r.aar): {"boliger_i_alt": int(r.boliger_i_alt), "kommunalt_eide": int(r.kommunalt_eide)}
            for r in oslo.itertuples()
        }

    def texts(self, name: str) -> list[str]:
        """Every value of a parameter that may stand in several rows."""
        return self._parameters.get((name, ""), [])

    def text(self, name: str) -> str:
        """A parameter that is not a number, for instance a date."""
        return self._one(name, "")

    def find(self, name: str, year: int | None = None) -> float | None:
        """The published figure, else the parameter of the year, else the parameter of all years."""
        key = (name, "" if year is None else str(year))
        if key in self._published:
            return self._published[key]
        for wanted in (key, (name, "")):
            if wanted in self._parameters:
                return float(self._one(*wanted))
        return None

    def number(self, name: str, year: int | None = None) -> float:
        """As find, but a missing figure is an error."""
        found = self.find(name, year)
        if found is None:
            raise UserError(
                f"parametre.csv: found no '{name}' for {year or 'all years'}, and no published figure either"
            )
        return found

    def count(self, name: str, year: int | None = None) -> int:
        """A target that must be a whole number."""
        return round(self.number(name, year))

    def share(self, name: str, year: int | None = None) -> float:
        """A percentage as a fraction."""
        return self.number(name, year) / 100

    def _one(self, name: str, year: str) -> str:
        values = self._parameters.get((name, year), [])
        if len(values) != 1:
            raise UserError(
                f"parametre.csv: found '{name}' for {year or 'all years'} {len(values)} times, expected once"
            )
        return values[0]
