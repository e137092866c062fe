"""Planting faults in the register: units, then rows in them, then one operation."""

import numpy as np
import pandas as pd

from scripts.demo.allocate import stream
from scripts.demo.iplos_count import Filter
from scripts.demo.plan import Fault, Plan, entry
from scripts.demo.regions import OSLO
from scripts.errors import UserError

# More rows than this in a unit become one ledger row with counts of residents, not one per person.
NAMED_ROWS = 15
RESIDENTS = "beboere_31des"
# What a row condition of the plan may ask about.
ASKED = ["bosatt", "avsluttet", "hjemme", "doed", "tjenestetype"]
PLACE = ("komm_nr", "bydel_nr")


class RegisterFaults:
    """The faults of one year's file. Units are drawn once; planting again on new rows hits the same units."""

    def __init__(self, plan: Plan, year: int, file: str, counts: Filter, last: pd.DataFrame | None) -> None:
        self.plan, self.year, self.file, self.counts, self.last = plan, year, file, counts, last
        self._faults = [fault for fault in plan.of("iplos", year) if fault.operation != "oedelegg_fil"]
        self._drawn: dict[str, list[str]] = {}
        self.hit: set[str] = set()

    def plant(self, rows: pd.DataFrame, units: pd.DataFrame) -> tuple[pd.DataFrame, list[dict]]:
        """The delivered rows in file order, and the ledger."""
        self.rows, self.ledger = rows.copy(), []
        self._unit_number = {unit: number for number, unit in enumerate(units.enhet_nr)}
        self.rows["hjemsted"] = self.rows.enhet.map(self._unit_number).astype(np.int64)
        self.rows["sted"] = self.rows.hjemsted
        self._used: set[int] = set()
        for fault in self._faults:
            expression, which, amount = (part.strip() for part in f"{fault.select};;".split(";")[:3])
            if fault.number not in self._drawn:
                self._drawn[fault.number] = self.plan.units(fault, units, expression)
                self.hit |= set(self._drawn[fault.number])
            getattr(self, f"_{fault.operation}")(fault, self._drawn[fault.number], which, amount)
        number = self.rows.bruker_nr.astype(int)
        order = np.lexsort((self.rows.index, number, self.rows.komm_nr.astype(int)))
        delivered = self.rows.iloc[order]
        place = dict(zip(delivered.index, range(1, len(delivered) + 1), strict=True))
        for line in self.ledger:
            line["rad_nr"] = place.get(line["rad_nr"], "")
        return delivered.reset_index(drop=True), self.ledger

    def _pick(self, fault: Fault, units: list[str], which: str, amount: str) -> dict[str, np.ndarray]:
        """Row labels per unit: a number, a percentage or all of the rows the condition finds."""
        numbers = [self._unit_number[unit] for unit in units]
        inside = self.rows.loc[np.isin(self.rows.hjemsted, numbers), [*ASKED, "hjemsted"]]
        found = inside.query(which) if which else inside
        free = found.hjemsted[~found.index.isin(list(self._used))]
        picked = {}
        for unit, number in zip(units, numbers, strict=True):
            labels = np.sort(free.index[free == number].to_numpy())
            count = self._amount(amount, len(labels))
            if count > len(labels):
                raise UserError(
                    f"feilplan.csv, feil_nr {fault.number}: {unit} has {len(labels)} rows with '{which}' in "
                    f"{self.year}, expected at least {count}"
                )
            order = stream(self.plan.seed, "feil", fault.number, self.year, unit).permutation(len(labels))
            picked[unit] = np.sort(labels[order[:count]])
            self._used |= set(picked[unit].tolist())
        return picked

    @staticmethod
    def _amount(text: str, have: int) -> int:
        if text in ("", "alle"):
            return have
        return round(have * float(text.rstrip("% ")) / 100) if text.endswith("%") else int(text)

    def _residents(self, units) -> dict[str, int]:
        """Counted at 31.12. in each unit, by the rows as they are now."""
        return {u: self.counts.totals(self.rows[self.rows.sted == self._unit_number[u]])[0] for u in units}

    def _place(self, labels, felt: str) -> None:
        """After a change of komm_nr or bydel_nr: where the rows are counted now."""
        if felt in PLACE:
            rows = self.rows.loc[labels]
            units = np.where(rows.komm_nr == OSLO, OSLO + rows.bydel_nr, rows.komm_nr)
            self.rows.loc[labels, "sted"] = [self._unit_number.get(unit, -1) for unit in units]

    def _add(self, rows: list[pd.Series]) -> np.ndarray:
        """Append rows; returns their labels."""
        labels = self.rows.index.max() + 1 + np.arange(len(rows))
        extra = pd.DataFrame(rows).set_axis(labels).astype(self.rows.dtypes)
        self.rows = pd.concat([self.rows, extra])
        self._used |= set(labels.tolist())
        return labels

    def _note(self, fault: Fault, unit: str, true: object, given: object, **more: object) -> None:
        values = {"enhet_nr": unit, "sann_verdi": str(true), "levert_verdi": str(given), "fil": self.file}
        self.ledger.append(entry(fault, **(values | {"rad_nr": -1} | more)))

    def _note_counts(self, fault: Fault, before: dict[str, int]) -> None:
        """One ledger row per unit: residents at 31.12. before and after the fault."""
        for unit, count in self._residents(before).items():
            self._note(fault, unit, before[unit], count, felt=RESIDENTS)

    def _sett(self, fault: Fault, units: list[str], which: str, amount: str) -> None:
        """One column of the picked rows gets a fixed value."""
        value = fault.value.format(aar=self.year, forrige=self.year - 1, neste=self.year + 1)
        picked = self._pick(fault, units, which, amount)
        many = self._residents([unit for unit, labels in picked.items() if len(labels) > NAMED_ROWS])
        for unit, labels in picked.items():
            for label in [] if unit in many else labels:
                true, person = self.rows.at[label, fault.felt], self.rows.at[label, "person_id"]
                self._note(fault, unit, true, value, person_id=person, rad_nr=label)
        every = np.concatenate(list(picked.values()))
        self.rows.loc[every, fault.felt] = value
        self._place(every, fault.felt)
        self._note_counts(fault, many)

    def _fjern(self, fault: Fault, units: list[str], which: str, amount: str) -> None:
        """The picked rows are not delivered."""
        picked = self._pick(fault, units, which, amount)
        before = self._residents(units)
        self.rows = self.rows.drop(index=np.concatenate(list(picked.values())))
        self._note_counts(fault, before)

    def _flytt(self, fault: Fault, units: list[str], which: str, amount: str) -> None:
        """The picked rows are reported under another municipality."""
        before = self._residents([*units, fault.value])
        labels = np.concatenate(list(self._pick(fault, units, which, amount).values()))
        self.rows.loc[labels, fault.felt] = fault.value
        self._place(labels, fault.felt)
        self.hit.add(fault.value)
        self._note_counts(fault, before)

    def _kopier(self, fault: Fault, units: list[str], which: str, amount: str) -> None:
        """Rows once more: the unit's rows of last year's file, or picked rows with one value changed."""
        if fault.felt == "aargang":
            self._last_year_again(fault, units)
            return
        copies, notes = [], []
        for number, (unit, labels) in enumerate(self._pick(fault, units, which, amount).items()):
            for label in labels:
                row = self.rows.loc[label].copy()
                true = given = ""
                if fault.felt:
                    true = row[fault.felt]
                    given = row[fault.felt] = self._changed(fault, true, units[(number + 1) % len(units)])
                copies.append(row)
                notes.append((unit, true, given, row.person_id))
        labels = self._add(copies)
        self._place(labels, fault.felt)
        for label, (unit, true, given, person) in zip(labels, notes, strict=True):
            self._note(fault, unit, true, given, person_id=person, rad_nr=label)

    def _changed(self, fault: Fault, true: str, other: str) -> str:
        """'annen': the next unit's number; '+45': so many days later, in the year; else the value itself."""
        if fault.value == "annen":
            return other
        if fault.value.startswith("+"):
            return str(min(np.datetime64(true) + int(fault.value), self.counts.last))
        return fault.value

    def _last_year_again(self, fault: Fault, units: list[str]) -> None:
        """The units' rows are those of last year's file, with the year changed."""
        before = self._residents(units)
        copies = self.last[self.last.komm_nr.isin(units)].assign(aargang=str(self.year))
        copies["hjemsted"] = copies.komm_nr.map(self._unit_number).astype(np.int64)
        copies["sted"] = copies.hjemsted
        copies.index = self.rows.index.max() + 1 + np.arange(len(copies))
        self.rows = pd.concat([self.rows[~self.rows.komm_nr.isin(units)], copies])
        self._used |= set(copies.index.tolist())
        self._note_counts(fault, before)

    def _legg_til(self, fault: Fault, units: list[str], which: str, amount: str) -> None:
        """New persons: open decisions of the dead (felt doedsdato), or test persons in many units."""
        generator = stream(self.plan.seed, "feil", fault.number, self.year)
        if fault.felt == "person_id":
            draws = [
                (unit, number)
                for number in range(int(amount))
                for unit in sorted(generator.choice(units, int(fault.value), replace=False).tolist())
            ]
            rows = [self._new_person(fault, unit, number) for unit, number in draws]
            for label, row, (unit, _) in zip(self._add(rows), rows, draws, strict=True):
                self._note(fault, unit, "", row.person_id, person_id=row.person_id, rad_nr=label)
            return
        before, rows = self._residents(units), []
        for place, unit in enumerate(units):
            for number in range(self._amount(amount, before[unit])):
                row = self._new_person(fault, unit, place * 1000 + number)
                day = np.datetime64(f"{self.year}-01-01") + int(generator.integers(20, 340))
                row[fault.felt], row["doed"] = str(day), True
                rows.append(row)
        self._add(rows)
        self._note_counts(fault, before)

    def _new_person(self, fault: Fault, unit: str, number: int) -> pd.Series:
        """A decision on a dwelling like the unit's first, for a person who is nowhere else."""
        inside = (self.rows.sted == self._unit_number[unit]) & self.rows.bosatt
        row = self.rows.loc[inside.idxmax()].copy()
        serial = int(fault.number) * 100_000 + number
        row["person_id"], row["bruker_nr"] = f"SYN9{serial:08d}", str(900_000_000 + serial)
        row["startdato"], row["foedselsaar"], row["id_type"] = f"{self.year - 2}-05-01", "1940", "1"
        return row
