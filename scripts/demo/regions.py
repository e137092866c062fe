"""The units of every year, and how they grew out of the municipalities of 2015."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scripts.demo.targets import YEARS, read_csv
from scripts.paths import SEEDS

KLASS = SEEDS / "klass"
OSLO = "0301"


@dataclass
class Division:
    """One year: units = every municipality except Oslo, then Oslo's bydeler.

    units: enhet_nr, enhet_navn, komm_nr, enhet_type, folketall, klasse. carry[unit, atom] is the part of each
    municipality or bydel of the first year that lies in the unit.
    """

    year: int
    units: pd.DataFrame
    carry: np.ndarray


class Regions:
    """Divisions 2015–2023 from the KLASS seeds."""

    def __init__(self) -> None:
        self._municipality = read_csv(KLASS / "kommune.csv")
        self._change: dict[tuple[str, str], list[str]] = {}
        for row in read_csv(KLASS / "kommune_endring.csv").itertuples():
            self._change.setdefault((row.fra_komm_nr, row.dato), []).append(row.til_komm_nr)
        self._district = read_csv(KLASS / "bydel.csv").query("rapporterer == 'ja'")
        classes = read_csv(KLASS / "stoerrelsesklasse.csv")
        self._classes = list(zip(classes.fra.astype(int), classes.klasse, strict=True))
        people = read_csv(KLASS / "folketall.csv")
        self._people = {(r.komm_nr, int(r.aar)): int(r.folketall) for r in people.itertuples()}
        districts = read_csv(KLASS / "folketall_bydel.csv")
        self._district_people = {(r.bydel_nr, int(r.aar)): int(r.folketall) for r in districts.itertuples()}
        first = YEARS[0]
        self.atoms = [*self.codes(first), *self._district.bydel_nr]
        self.atom_people = np.array([self._first_people(code, first + 1) for code in self.atoms], dtype=float)
        carry = np.eye(len(self.atoms))
        self.divisions: dict[int, Division] = {}
        for year in YEARS:
            if year > first:
                carry = self.step(year) @ carry
            self.divisions[year] = Division(year, self._units(year), carry)

    def codes(self, year: int) -> list[str]:
        """Municipalities valid 1 January of the year, without Oslo (its bydeler stand in its place)."""
        rows = self._valid(year)
        return sorted(set(rows.komm_nr) - {OSLO})

    def names(self, year: int) -> dict[str, str]:
        """Code to name in the year, Oslo included."""
        rows = self._valid(year)
        return dict(zip(rows.komm_nr, rows.komm_navn, strict=True))

    def targets_of(self, code: str, year: int) -> list[str]:
        """The codes of the year that a code of the year before went to."""
        return list(dict.fromkeys(self._change.get((code, f"{year}-01-01"), [code])))

    def step(self, year: int) -> np.ndarray:
        """Parts of last year's units in this year's; a split is estimated from the population gap."""
        before, after = self.codes(year - 1), self.codes(year)
        place = {code: number for number, code in enumerate(after)}
        goes = {code: self.targets_of(code, year) for code in before}
        gap = {code: self._people[code, year] for code in after}
        for code, to in goes.items():
            if len(to) == 1:
                gap[to[0]] -= self._people[code, year - 1]
        districts = len(self._district)
        step = np.zeros((len(after) + districts, len(before) + districts))
        for number, code in enumerate(before):
            to_codes = goes[code]
            parts = np.array([max(gap[to], 1) if len(to_codes) > 1 else 1 for to in to_codes], dtype=float)
            for to, part in zip(to_codes, parts / parts.sum(), strict=True):
                step[place[to], number] += part
        step[len(after) :, len(before) :] = np.eye(districts)
        return step

    def _valid(self, year: int) -> pd.DataFrame:
        table = self._municipality
        return table[(table.forste_aar.astype(int) <= year) & (table.siste_aar.astype(int) >= year)]

    def _first_people(self, code: str, year: int) -> int:
        return self._district_people[code, year] if len(code) == 6 else self._people[code, year]

    def _next_people(self, year: int) -> dict[str, int]:
        """Population on 1 January after the year, at the year's own codes, by connected components."""
        codes = self.codes(year)
        parent = {code: code for code in codes}

        def root(code: str) -> str:
            while parent[code] != code:
                code = parent[code]
            return code

        owner: dict[str, str] = {}
        for code in codes:
            for to in self.targets_of(code, year + 1):
                parent[root(code)] = root(owner.setdefault(to, code))
        now, after = dict.fromkeys(codes, 0), dict.fromkeys(codes, 0)
        for code in codes:
            now[root(code)] += self._people[code, year]
        for to, code in owner.items():
            after[root(code)] += self._people[to, year + 1]
        return {c: round(self._people[c, year] * after[root(c)] / now[root(c)]) for c in codes}

    def _units(self, year: int) -> pd.DataFrame:
        names, people = self.names(year), self._next_people(year)
        last = max(aar for _, aar in self._district_people)
        scale = self._people[OSLO, year + 1] / self._people[OSLO, min(year + 1, last)]
        rows = [(code, names[code], code, "kommune", people[code]) for code in self.codes(year)]
        for row in self._district.itertuples():
            count = round(self._district_people[row.bydel_nr, min(year + 1, last)] * scale)
            rows.append((row.bydel_nr, row.bydel_navn, row.komm_nr, "bydel", count))
        units = pd.DataFrame(rows, columns=["enhet_nr", "enhet_navn", "komm_nr", "enhet_type", "folketall"])
        units["klasse"] = [self._class(n, t) for n, t in zip(units.folketall, units.enhet_type, strict=True)]
        return units

    def _class(self, people: int, unit_type: str) -> str:
        if unit_type == "bydel":
            return "BYDEL"
        return max((start, klasse) for start, klasse in self._classes if start <= people)[1]
