"""Planting faults in the forms: skjema 13 and the survey, one operation at a time."""

from dataclasses import dataclass, field

import pandas as pd

from scripts.demo.plan import Fault, Plan, entry
from scripts.demo.truth import DISPOSAL

EVERY_NUMBER = "alle_heltall"
STOCK = ["boliger_i_alt", *DISPOSAL]


@dataclass
class Form:
    """One delivery on its way to the file: the truth it came from, and its rows as text."""

    source: str
    year: int
    file: str
    truth: pd.DataFrame
    rows: pd.DataFrame
    numbers: list[str]
    ledger: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._row = {unit: number for number, unit in enumerate(self.rows.enhet_nr)}
        self._truth = self.truth.set_index("enhet_nr", drop=False)
        self._touched: set[tuple[int, str]] = set()

    def plant(self, plan: Plan) -> None:
        """Apply every fault of this delivery, in the order of the plan."""
        for fault in plan.of(self.source, self.year):
            if fault.operation == "oedelegg_fil":
                continue
            for unit in plan.units(fault, self.truth):
                getattr(self, f"_{fault.operation}")(fault, unit)
        place = {row: number for number, row in enumerate(self.rows.index, start=1)}
        for line in self.ledger:
            line["rad_nr"] = place.get(line["rad_nr"], "")

    def _write(self, fault: Fault, unit: str, value: str) -> None:
        row = self._row[unit]
        if (row, fault.felt) in self._touched:
            raise ValueError(f"feil_nr {fault.number} hits {unit} {fault.felt} a second time")
        self._touched.add((row, fault.felt))
        true = self.rows.at[row, fault.felt]
        self.rows.at[row, fault.felt] = value
        self._note(fault, unit, true, value, row)

    def _note(self, fault: Fault, unit: str, true: str, given: str, row: int, felt: str = "") -> None:
        values = {"enhet_nr": unit, "sann_verdi": true, "levert_verdi": given, "rad_nr": row}
        self.ledger.append(entry(fault, fil=self.file, felt=felt or fault.felt, **values))

    def _sett(self, fault: Fault, unit: str) -> None:
        """A fixed value, often a blank; felt 'alle_heltall' blanks every number of a true zero unit."""
        if fault.felt != EVERY_NUMBER:
            self._write(fault, unit, fault.value)
            return
        self.rows.loc[self._row[unit], self.numbers] = fault.value
        self._note(fault, unit, "0", fault.value, self._row[unit])

    def _regn(self, fault: Fault, unit: str) -> None:
        """A number worked out from the unit's true values."""
        value = self._truth.loc[[unit]].eval(fault.value, engine="python").iloc[0]
        self._write(fault, unit, str(round(float(value))))

    def _bytt_siffer(self, fault: Fault, unit: str) -> None:
        """The first two neighbouring digits that differ change places."""
        text = self.rows.at[self._row[unit], fault.felt]
        for n in range(len(text) - 1):
            if text[n] != text[n + 1] and (n > 0 or text[n + 1] != "0"):
                self._write(fault, unit, text[:n] + text[n + 1] + text[n] + text[n + 2 :])
                return
        raise ValueError(f"feil_nr {fault.number}: {unit} {fault.felt} = {text} has no digits to swap")

    def _formater(self, fault: Fault, unit: str) -> None:
        """The right number in the wrong writing, for instance 'ca. {}'."""
        text = self.rows.at[self._row[unit], fault.felt]
        self._write(fault, unit, fault.value.format(int(text)).replace(",", " "))

    def _fjern(self, fault: Fault, unit: str) -> None:
        """The unit delivers nothing: the ledger names the stock that is missing."""
        row = self._row[unit]
        for felt in STOCK:
            self._note(fault, unit, self.rows.at[row, felt], "", -1, felt)
        self.rows = self.rows.drop(index=row)

    def _kopier(self, fault: Fault, unit: str) -> None:
        """The unit's row once more, with another value in one field."""
        extra = self.rows.loc[self._row[unit]].copy()
        row = max(self.rows.index) + 1
        true, extra[fault.felt] = extra[fault.felt], fault.value
        self.rows.loc[row] = extra
        self._note(fault, unit, true, fault.value, row)
