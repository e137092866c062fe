"""Helsedirektoratet's published validity filter: who is counted at 31.12. and during the year ("levert")."""

import numpy as np
import pandas as pd

from scripts.demo.targets import read_csv
from scripts.paths import DEFINITIONS


def service_codes(group: str) -> list[str]:
    """The codes of a service group in the code list."""
    codes = read_csv(DEFINITIONS / "iplos_tjenestetype.csv")
    return codes.kode[codes.tjenestegruppe == group].tolist()


def threshold(name: str) -> int:
    """A limit of the filter, from the project's thresholds."""
    rows = read_csv(DEFINITIONS / "terskel.csv").set_index("terskel")
    return int(rows.loc[name, "verdi"])


class Filter:
    """The filter of one year's file."""

    def __init__(self, year: int) -> None:
        self.first, self.last = np.datetime64(f"{year}-01-01"), np.datetime64(f"{year}-12-31")
        self._codes = service_codes("bolig")
        self._earliest = threshold("iplos_foerste_startaar")
        self._test_person = threshold("iplos_testperson_kommuner")

    def counted(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Dwelling rows that pass, with bosatt (counts at 31.12.) and person: a row without id is its own."""
        places = rows.loc[rows.person_id != "", ["person_id", "komm_nr"]].drop_duplicates().person_id
        places = places.value_counts()
        tests = places.index[places >= self._test_person]
        rows = rows[rows.tjenestetype.isin(self._codes) & ~rows.person_id.isin(tests)]
        start, end, death = (_dates(rows[felt]) for felt in ("startdato", "sluttdato", "doedsdato"))
        born = pd.to_numeric(rows.foedselsaar, errors="coerce").fillna(0).to_numpy()
        year = start.astype("datetime64[Y]").astype(int) + 1970
        passes = (
            ~np.isnat(start)
            & (year >= np.maximum(born, self._earliest))
            & (start <= self.last)
            & (np.isnat(end) | ((start <= end) & (end >= self.first)))
            & (np.isnat(death) | (death >= self.first))
        )
        person = rows.person_id.to_numpy(dtype=object, copy=True)
        nameless = person == ""
        person[nameless] = "rad " + rows.index[nameless].astype(str)
        return rows.assign(bosatt=np.isnat(end) | (end >= self.last), person=person)[passes]

    def totals(self, rows: pd.DataFrame) -> tuple[int, int]:
        """Persons at 31.12. and during the year: distinct municipality × person, added up."""
        kept = self.counted(rows)
        keys = ["komm_nr", "person"]
        return len(kept[kept.bosatt].drop_duplicates(keys)), len(kept.drop_duplicates(keys))


def _dates(texts: pd.Series) -> np.ndarray:
    return pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").to_numpy().astype("datetime64[D]")
