"""The register: who has a dwelling, home services or a place in an institution, one file per year."""

import numpy as np
import pandas as pd
import pyarrow as pa

from scripts.demo.allocate import allocate, stream
from scripts.demo.answers import SURVEY_YEAR, fields_of
from scripts.demo.iplos_count import Filter, service_codes
from scripts.demo.iplos_faults import RegisterFaults
from scripts.demo.iplos_people import People, Pool, pseudonym, turn
from scripts.demo.plan import Plan
from scripts.demo.regions import OSLO
from scripts.demo.truth import Truth

FIRST_YEAR = 2017
NEW_CODE_FROM = 2019
ATTEMPTS = 6
# The three kinds of service, and the number of the first person of each.
POOLS = {"bolig": 0, "hjemme": 30_000_000, "institusjon": 60_000_000}
STOCK, FLOW = "iplos_beboere_31des", "iplos_beboere_i_loepet_av_aaret"


class Register:
    """Keeps the true pools from year to year and delivers files with planted faults.

    The published totals are those of the delivered files, faults included: the true level of the units
    without faults is adjusted until they hold.
    """

    def __init__(self, truth: Truth, survey: pd.DataFrame, plan: Plan) -> None:
        self.truth, self.plan, self.targets = truth, plan, truth.targets
        self._survey = survey[["enhet_nr", "svarer", "blank_omsorgsboliger"]]
        self.pools = {name: Pool(People(self.targets, first)) for name, first in POOLS.items()}
        self._last: pd.DataFrame | None = None
        self._columns = fields_of("iplos", FIRST_YEAR).felt.tolist()

    def deliver(self, year: int, file: str) -> tuple[pa.Table, list[dict]]:
        """The file of a year and its ledger."""
        frame = self._units(year)
        counts = Filter(year)
        stock = self.targets.count(STOCK, year)
        flow = self._flow(year, stock)
        before = self._pools_at_start(year, frame)
        levels = self._levels(frame, before["bolig"], stock, flow)
        faults = RegisterFaults(self.plan, year, file, counts, self._last)
        others = [self._sample(name, year, frame, before[name]) for name in ("hjemme", "institusjon")]
        made = self.pools["bolig"].people.made
        for _ in range(ATTEMPTS):
            self.pools["bolig"].people.made = made
            residents = self._turn("bolig", year, frame, before["bolig"], *levels)
            rows = pd.concat([residents, *others], ignore_index=True)
            delivered, ledger = faults.plant(rows, frame.assign(beboere=levels[0], avsluttede=levels[1]))
            found_stock, found_flow = counts.totals(delivered)
            if (found_stock, found_flow) == (stock, flow):
                break
            free = ~frame.enhet_nr.isin(faults.hit).to_numpy()
            short = (stock - found_stock, flow - found_flow)
            levels = self._adjust(levels, before["bolig"], frame, free, *short)
        else:
            raise ValueError(f"IPLOS {year}: found {found_stock}/{found_flow}, expected {stock}/{flow}")
        self._last = delivered
        return self._table(delivered), ledger

    def _flow(self, year: int, stock: int) -> int:
        flow = self.targets.find(FLOW, year)
        return round(stock * self.targets.number("faktor_i_loepet_av_aaret", year) if flow is None else flow)

    def _units(self, year: int) -> pd.DataFrame:
        frame = self.truth.years[year].copy()
        frame["vekt"] = frame.omsorgsboliger * self.truth.weights(
            "iplos", year, self.targets.number("spredning_iplos"), 0.01
        )
        frame["vanlig"] = (frame.komm_nr != OSLO) & (frame.vekt > 0)
        if year == SURVEY_YEAR:
            frame = frame.merge(self._survey, on="enhet_nr", how="left", validate="one_to_one")
        return frame

    def _wanted(self, name: str, frame: pd.DataFrame) -> np.ndarray:
        """Persons in the thinned samples, by population."""
        share = self.targets.number(f"{name}_utvalg") / 1000
        return np.maximum(np.round(frame.folketall.to_numpy() * share), 1).astype(np.int64)

    def _pools_at_start(self, year: int, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
        generator = stream(self.truth.seed, "iplos", "flytting", year)
        if year > FIRST_YEAR:
            return {name: p.moved(self.truth.regions, year, generator) for name, p in self.pools.items()}
        start = {
            "bolig": allocate(frame.vekt, self.targets.count("iplos_beboere_ved_start")),
            "hjemme": self._wanted("hjemmetjeneste", frame),
            "institusjon": self._wanted("institusjon", frame),
        }
        for name, pool in self.pools.items():
            pool.fill(frame.enhet_nr.tolist(), start[name], year - 1, generator)
        return {name: pool.members for name, pool in self.pools.items()}

    def _levels(self, frame, pool, stock: int, flow: int) -> tuple[np.ndarray, np.ndarray]:
        """Residents at 31.12. and leavers during the year, per unit."""
        residents = allocate(frame.vekt, stock)
        return residents, self._leavers(frame, pool, residents, flow - stock)

    def _leavers(self, frame, pool, residents, total: int) -> np.ndarray:
        have = pool.enhet.value_counts().reindex(frame.enhet_nr, fill_value=0).to_numpy()
        least = np.maximum(have - residents, 0)
        return allocate(residents + least + (frame.vekt > 0), max(total, int(least.sum())), floor=least)

    def _adjust(self, levels, pool, frame, free, more_stock: int, more_flow: int):
        """Move the totals by changing only the units that no fault has touched."""
        residents, leavers = (level.copy() for level in levels)
        residents[free] = allocate(residents[free], int(residents[free].sum()) + more_stock)
        have = pool.enhet.value_counts().reindex(frame.enhet_nr, fill_value=0).to_numpy()
        least = np.maximum(have - residents, 0)
        total = int(leavers[free].sum()) + more_flow - more_stock
        leavers[free] = allocate(residents[free] + least[free], total, floor=least[free])
        return residents, leavers

    def _sample(self, name: str, year: int, frame: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
        """The true rows of a thinned pool: a fifth leave every year, and as many as needed come."""
        stay = self._wanted({"hjemme": "hjemmetjeneste"}.get(name, name), frame)
        have = before.enhet.value_counts().reindex(frame.enhet_nr, fill_value=0).to_numpy()
        return self._turn(name, year, frame, before, stay, np.maximum(have - stay, stay // 5))

    def _turn(self, name: str, year: int, frame, before, stay, leave) -> pd.DataFrame:
        """The true rows of a pool's year as text; the pool becomes that of the year's end."""
        generator, pool = stream(self.truth.seed, "iplos", name, year), self.pools[name]
        units = frame.enhet_nr.tolist()
        everyone, pool.members = turn(before, units, stay, leave, pool.people, year, generator)
        return self._text(self._services(name, everyone, year, generator), year)

    def _services(self, name: str, everyone: pd.DataFrame, year: int, generator) -> pd.DataFrame:
        """Service rows of a pool: the service itself, and for some persons one more home service."""
        home = np.array(service_codes("hjemmetjeneste"))
        if name == "bolig":
            old = everyone.lodd < self.targets.share("andel_omsorgsbolig_kode_12")
            code = np.where(old, "12", "13") if year < NEW_CODE_FROM else np.full(len(everyone), "29")
        else:
            codes = home if name == "hjemme" else np.array(service_codes("institusjon"))
            code = codes[(everyone.lodd * len(codes)).astype(int)]
        rows = everyone.assign(tjenestetype=code, slag=name)
        if name == "institusjon":
            return rows
        share = self.targets.share("andel_beboere_med_hjemmetjeneste")
        more = everyone[generator.random(len(everyone)) < share]
        extra = home[generator.integers(0, len(home), len(more))]
        return pd.concat([rows, more.assign(tjenestetype=extra, slag="tillegg")], ignore_index=True)

    def _text(self, rows: pd.DataFrame, year: int) -> pd.DataFrame:
        """Text in the columns of the delivery, and beside them what the fault plan may ask about."""
        district = rows.enhet.str.len() == 6
        ended = rows.slutt.notna()

        def dates(column: str) -> np.ndarray:
            values = rows[column].to_numpy().astype("datetime64[D]")
            known = ~np.isnat(values)
            text = np.full(len(values), "", dtype=object)
            text[known] = np.datetime_as_string(values[known])
            return text

        return pd.DataFrame(
            {
                "aargang": str(year),
                "komm_nr": np.where(district, OSLO, rows.enhet),
                "bydel_nr": np.where(district, rows.enhet.str[4:], ""),
                "person_id": pseudonym(rows.person.to_numpy()),
                "id_type": rows.id_type,
                "bruker_nr": (rows.person + 1).astype(str),
                "foedselsaar": rows.foedselsaar.astype(str),
                "kjoenn": rows.kjoenn,
                "doedsdato": dates("doed"),
                "tjenestetype": rows.tjenestetype,
                "startdato": dates("start"),
                "sluttdato": dates("slutt"),
                "enhet": rows.enhet,
                "bosatt": (rows.slag == "bolig") & ~ended,
                "avsluttet": (rows.slag == "bolig") & ended,
                "hjemme": (rows.slag == "hjemme") & ~ended,
                "doed": rows.doed.notna(),
            }
        )

    def _table(self, delivered: pd.DataFrame) -> pa.Table:
        columns = {}
        for name in self._columns:
            values = pa.array(delivered[name].to_numpy(dtype=object), pa.string())
            columns[name] = pa.compute.if_else(pa.compute.equal(values, ""), None, values)
        return pa.table(columns)
