"""The truth behind the demonstration: whole numbers per unit and year that keep every published sum."""

import numpy as np
import pandas as pd

from scripts.demo.allocate import allocate, shares_to_totals, split, stream
from scripts.demo.regions import Regions
from scripts.demo.targets import YEARS, Targets

DISPOSAL = ["kommunalt_eide", "innleide", "privat_eide_disposisjonsrett"]
MENTAL_OR_SUBSTANCE = ["psykisk", "rus", "psykisk_og_rus"]
MERGED_FROM = 2020
PURPOSE_FROM = 2017


def groups_of(year: int) -> list[str]:
    """Reasons for allocation; three of them are one from 2020."""
    middle = ["psykisk_eller_rus"] if year >= MERGED_FROM else MENTAL_OR_SUBSTANCE
    return ["flyktninger", "tilrettelagt", *middle, "andre_problemer", "uten_behovsproving"]


class Truth:
    """Builds the truth year by year; .years[year] has every municipality but Oslo, and Oslo's bydeler."""

    def __init__(self, regions: Regions, targets: Targets) -> None:
        self.regions, self.targets = regions, targets
        self.seed = targets.count("froe")
        empty = np.isin(regions.atoms, targets.texts("nullenhet"))
        self._district_atom = np.array([len(code) == 6 for code in regions.atoms])
        size = regions.atom_people * regions.atom_people ** targets.number("stoerrelse_eksponent")
        size[self._district_atom] = regions.atom_people[self._district_atom]
        spread = np.where(
            self._district_atom, targets.number("spredning_bydel"), targets.number("spredning_boliger")
        )
        self._base = np.round(size * np.exp(spread * self._draw("boliger")), 6) * ~empty
        self.years = {year: self._year(year) for year in YEARS}

    def _draw(self, name: str) -> np.ndarray:
        return stream(self.seed, name).standard_normal(len(self.regions.atoms))

    def weights(self, name: str, year: int, spread: float, noise: float) -> np.ndarray:
        """Unit factor around 1: an effect that stays with the area through mergers, and the year's noise."""
        carry = self.regions.divisions[year].carry
        effect = carry @ (self._base * np.exp(spread * self._draw(name)))
        size = carry @ self._base
        factor = np.divide(effect, size, out=np.ones(len(size)), where=size > 0)
        shock = stream(self.seed, name, year).standard_normal(len(size))
        return np.round(factor * np.exp(noise * shock), 6)

    def _year(self, year: int) -> pd.DataFrame:
        frame = self.regions.divisions[year].units.copy()
        frame.insert(0, "aargang", year)
        self._stock(frame, year)
        self._use(frame, year)
        self._applications(frame, year)
        self._groups(frame, year, "nyinnflyttede", "utleide_boliger", 0.3)
        self._groups(frame, year, "venteliste", "boliger_i_alt", 0.6)
        self._temporary(frame, year)
        self._support(frame, year)
        if year >= PURPOSE_FROM:
            self._purposes(frame, year)
        return frame

    def _stock(self, frame: pd.DataFrame, year: int) -> None:
        t, district = self.targets, (frame.enhet_type == "bydel").to_numpy()
        trend = np.exp(t.number("trend_boliger") * self._draw("trend") * (year - YEARS[0]))
        noise = stream(self.seed, "boliger", year).standard_normal(len(frame))
        size = (self.regions.divisions[year].carry @ (self._base * trend)) * np.exp(
            t.number("stoey_boliger") * noise
        )
        whole = t.count("boliger_i_alt", year)
        country = [t.find(field, year) for field in DISPOSAL]
        if any(value is None for value in country):
            shares = [t.share(f"andel_{field}", year) for field in DISPOSAL[:2]]
            country = shares_to_totals(whole, shares)
        oslo = t.oslo[year]
        rest = oslo["boliger_i_alt"] - oslo["kommunalt_eide"]
        leased = round(rest * t.share("andel_innleide_oslo"))
        city = [oslo["kommunalt_eide"], leased, rest - leased]
        frame["boliger_i_alt"] = 0
        shifting = t.number("stoey_disposisjon")
        spreads = [0.0, t.number("spredning_innleide"), t.number("spredning_privat_eide")]
        for field, land, inside, spread in zip(DISPOSAL, country, city, spreads, strict=True):
            weights = size * self.weights(field, year, spread, shifting if spread else 0.0)
            parts = np.zeros(len(frame), dtype=np.int64)
            parts[district] = allocate(weights[district], inside)
            parts[~district] = allocate(weights[~district], round(land) - inside)
            frame[field] = parts
            frame["boliger_i_alt"] += parts

    def _part(
        self, frame, year: int, field: str, total: int, basis: str, spread: float, noise: float, **bounds
    ) -> None:
        """One field: proportional to the basis column with a unit effect, inside its bounds, exact in sum."""
        weights = frame[basis].to_numpy() * self.weights(field, year, spread, noise)
        frame[field] = allocate(weights, total, **bounds)

    def _use(self, frame: pd.DataFrame, year: int) -> None:
        t, stock = self.targets, frame.boliger_i_alt
        let = round(t.share("andel_utleide", year) * stock.sum())
        self._part(frame, year, "tomme", int(stock.sum()) - let, "boliger_i_alt", 0.45, 0.15, ceiling=stock)
        frame["utleide_boliger"] = stock - frame.pop("tomme")
        private = frame.privat_eide_disposisjonsrett
        total = round(t.share("andel_brukereide", year) * private.sum())
        self._part(
            frame, year, "brukereide", total, "privat_eide_disposisjonsrett", 0.5, 0.03, ceiling=private
        )
        total = round(t.share("andel_tilgjengelige_rullestol", year) * stock.sum())
        self._part(frame, year, "tilgjengelige_rullestol", total, "boliger_i_alt", 0.25, 0.03, ceiling=stock)
        owned = frame.kommunalt_eide
        for field, noise in (("kjoepte_bygde", 0.5), ("solgte_boliger", 0.6)):
            self._part(frame, year, field, t.count(field, year), "kommunalt_eide", 0.4, noise, ceiling=owned)
        total = t.count("korttidskontrakter", year)
        let = frame.utleide_boliger
        self._part(frame, year, "korttidskontrakter", total, "utleide_boliger", 0.6, 0.05, ceiling=let)

    def _applications(self, frame: pd.DataFrame, year: int) -> None:
        t = self.targets
        total, new = t.count("soeknader_i_alt", year), t.count("soeknader_nye", year)
        self._part(frame, year, "soeknader_nye", new, "boliger_i_alt", 0.35, 0.08)
        self._part(frame, year, "soeknader_gamle", total - new, "boliger_i_alt", 0.35, 0.1)
        for kind in ("nye", "gamle"):
            ceiling = frame[f"soeknader_{kind}"]
            amount = t.count(f"avslag_{kind}", year)
            self._part(frame, year, f"avslag_{kind}", amount, f"soeknader_{kind}", 0.35, 0.1, ceiling=ceiling)
        for name in ("soeknader", "avslag"):
            frame[f"{name}_i_alt"] = frame[f"{name}_nye"] + frame.pop(f"{name}_gamle")

    def _groups(self, frame: pd.DataFrame, year: int, name: str, basis: str, spread: float) -> None:
        t, whole = self.targets, f"{name}_i_alt"
        total = t.count(whole, year)
        self._part(frame, year, whole, total, basis, spread, 0.1, ceiling=frame[basis])
        groups = groups_of(year)
        shares = [t.share(f"andel_{name}_{group}", year) for group in groups[:-1]]
        weights = [
            share * self.weights(f"{name}_{group}", year, 0.35, 0.15)
            for group, share in zip(groups, [*shares, 1 - sum(shares)], strict=True)
        ]
        parts = split(frame[whole], weights, shares_to_totals(total, shares))
        for group, part in zip(groups, parts, strict=True):
            frame[f"{name}_{group}"] = part

    def _temporary(self, frame: pd.DataFrame, year: int) -> None:
        t, whole = self.targets, "midlertidig_i_alt"
        total = t.count(whole, year)
        self._part(frame, year, whole, total, "boliger_i_alt", 0.9, 0.2)
        names = ["midlertidig_0_14_dager", "midlertidig_over_3_mnd", "midlertidig_15_dager_3_mnd"]
        shares = [t.share(f"andel_{name}", year) for name in names[:2]]
        weights = [
            share * self.weights(name, year, 0.3, 0.1)
            for name, share in zip(names, [*shares, 1 - sum(shares)], strict=True)
        ]
        parts = split(frame[whole], weights, shares_to_totals(total, shares))
        for name, part in zip(names, parts, strict=True):
            frame[name] = part
        children, longest = frame[whole], frame.midlertidig_over_3_mnd
        field = "midlertidig_med_barn"
        self._part(frame, year, field, t.count(field, year), whole, 0.4, 0.2, ceiling=children)
        self._part(
            frame,
            year,
            f"{field}_over_3_mnd",
            t.count(f"{field}_over_3_mnd", year),
            "midlertidig_over_3_mnd",
            0.4,
            0.2,
            ceiling=np.minimum(frame[field], longest),
            floor=np.maximum(0, frame[field] + longest - frame[whole]),
        )
        frame["_byer"] = frame.boliger_i_alt * (frame.folketall >= t.number("natthjem_minste_folketall"))
        field = "natthjem_husstander"
        self._part(frame, year, field, t.count(field, year), "_byer", 0.6, 0.1)
        frame.drop(columns="_byer", inplace=True)

    def _support(self, frame: pd.DataFrame, year: int) -> None:
        t, carry = self.targets, self.regions.divisions[year].carry
        # A yes or no follows the largest part of a merged unit.
        heir = (carry * self._base).argmax(axis=1)
        district, used = self._district_atom[heir], frame.boliger_i_alt.to_numpy() > 0
        limit = t.share("andel_enheter_kommunal_bostotte")
        scheme = ((stream(self.seed, "ordning").random(len(carry[0]))[heir] < limit) | district) & used
        frame["kommunal_bostotte_ordning"] = np.where(scheme, "ja", "nei")
        frame["kommunal_bostotte_navn"] = np.where(scheme, "kommunal bostøtte", "")
        frame["_ordning"] = frame.boliger_i_alt * scheme
        field = "kommunal_bostotte_husstander"
        self._part(frame, year, field, t.count(field, year), "_ordning", 0.5, 0.06)
        frame.drop(columns="_ordning", inplace=True)
        field = "garanti_depositum"
        self._part(frame, year, field, t.count(field, year), "boliger_i_alt", 0.5, 0.15)
        limit = t.share("andel_enheter_husleie_under_marked")
        below = (stream(self.seed, "husleie").random(len(carry[0]))[heir] < limit) & ~district & used
        frame["husleie_under_marked"] = np.where(below, "ja", "nei")

    def _purposes(self, frame: pd.DataFrame, year: int) -> None:
        t, stock = self.targets, frame.boliger_i_alt
        for field, kind in (("uten_behovsproving", "uten_behovsproving"), ("omsorgsboliger", "helse_omsorg")):
            factor = frame.klasse.map(lambda k, kind=kind: t.number(f"vekt_{kind}_{k}"))
            frame["_vekt"] = stock * factor
            ceiling = stock // 2 if field == "uten_behovsproving" else stock - frame.uten_behovsproving
            total, spread = round(t.share(f"andel_{kind}", year) * stock.sum()), t.number(f"spredning_{kind}")
            self._part(frame, year, field, total, "_vekt", spread, 0.03, ceiling=ceiling)
        frame.drop(columns="_vekt", inplace=True)
        frame["vanskeligstilte"] = stock - frame.uten_behovsproving - frame.omsorgsboliger
        total = round(t.share("andel_tjenesteboliger") * frame.uten_behovsproving.sum())
        ceiling = frame.uten_behovsproving
        self._part(frame, year, "tjenesteboliger", total, "uten_behovsproving", 0.4, 0.1, ceiling=ceiling)
