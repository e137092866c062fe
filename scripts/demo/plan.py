"""The fault plan: reading feilplan.csv, choosing units, and the ledger of what was planted."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from scripts.demo.allocate import stream
from scripts.demo.targets import read_csv
from scripts.errors import UserError
from scripts.paths import DEMO

LEDGER = [
    "feil_nr",
    "aargang",
    "kilde",
    "enhet_nr",
    "person_id",
    "felt",
    "operasjon",
    "sann_verdi",
    "levert_verdi",
    "lag",
    "fil",
    "rad_nr",
    "beskrivelse",
]
OPERATIONS = (
    "sett",
    "regn",
    "bytt_siffer",
    "formater",
    "fjern",
    "kopier",
    "flytt",
    "legg_til",
    "oedelegg_fil",
)
LAYERS = ("ingest", "staging", "status", "identitet", "kontroll")
# Survey and IPLOS are compared with each other, so a unit gets a fault in one of them only.
DOMAIN = {"skjema13": "skjema", "kmd": "helse", "iplos": "helse"}


@dataclass(frozen=True)
class Fault:
    """One row of the plan for one year."""

    number: str
    year: int
    source: str
    select: str
    count: int | None
    felt: str
    operation: str
    value: str
    layer: str
    text: str


@dataclass
class Plan:
    """The faults in the order of the file, and the units each has taken."""

    seed: int
    faults: list[Fault]
    chosen: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    taken: set[tuple[int, str, str]] = field(default_factory=set)

    def of(self, source: str, year: int) -> list[Fault]:
        """The faults of one delivery."""
        return [fault for fault in self.faults if fault.source == source and fault.year == year]

    def units(self, fault: Fault, frame: pd.DataFrame, expression: str | None = None) -> list[str]:
        """The units a fault hits: those of an earlier fault ('feil 12'), or the ones the expression finds.

        With a count the units are drawn among those that no other drawn fault of the year has taken.
        """
        expression = fault.select if expression is None else expression
        if expression.startswith("feil "):
            return self.chosen[expression.removeprefix("feil "), fault.year]
        found = frame.query(expression, engine="python").enhet_nr.tolist()
        domain = DOMAIN[fault.source]
        if fault.count is not None:
            free = [unit for unit in found if (fault.year, domain, unit) not in self.taken]
            if len(free) < fault.count:
                raise UserError(
                    f"feilplan.csv, feil_nr {fault.number}: '{expression}' finds {len(free)} free units in "
                    f"{fault.year}, expected at least {fault.count}"
                )
            order = stream(self.seed, "feil", fault.number, fault.year).permutation(len(free))
            found = sorted(np.array(free)[order[: fault.count]].tolist())
            self.taken |= {(fault.year, domain, unit) for unit in found}
        self.chosen[fault.number, fault.year] = found
        return found


def entry(fault: Fault, **values: object) -> dict[str, object]:
    """A ledger row; rad_nr is filled in when the file's order is known."""
    row: dict[str, object] = dict.fromkeys(LEDGER, "")
    row |= {
        "feil_nr": fault.number,
        "aargang": fault.year,
        "kilde": fault.source,
        "felt": fault.felt,
        "operasjon": fault.operation,
        "lag": fault.layer,
        "beskrivelse": fault.text,
    }
    return row | values


def _years(text: str) -> list[int]:
    years: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        years += range(int(first), int(last or first) + 1)
    return years


def read_plan(seed: int) -> Plan:
    """feilplan.csv, one Fault per row and year."""
    faults = []
    for row in read_csv(DEMO / "feilplan.csv").itertuples():
        if row.operasjon not in OPERATIONS or row.lag not in LAYERS:
            raise UserError(
                f"feilplan.csv, feil_nr {row.feil_nr}: found operasjon '{row.operasjon}' and "
                f"lag '{row.lag}', expected one of {', '.join(OPERATIONS)} and one of {', '.join(LAYERS)}"
            )
        for year in _years(row.aargang):
            faults.append(
                Fault(
                    number=row.feil_nr,
                    year=year,
                    source=row.kilde,
                    select=row.velg,
                    count=int(row.antall) if row.antall else None,
                    felt=row.felt,
                    operation=row.operasjon,
                    value=row.verdi,
                    layer=row.lag,
                    text=row.beskrivelse,
                )
            )
    return Plan(seed, faults)
