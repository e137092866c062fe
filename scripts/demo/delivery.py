"""One complete delivery in memory: every file's bytes, and the ledger of what was planted."""

import sys

import pandas as pd

from scripts.demo import answers, writing
from scripts.demo.broken import broken_files
from scripts.demo.faults import Form
from scripts.demo.husbanken import state_allowance
from scripts.demo.iplos import Register
from scripts.demo.plan import LEDGER, Plan, read_plan
from scripts.demo.regions import Regions
from scripts.demo.targets import YEARS, Targets
from scripts.demo.truth import Truth

ABOUT = [
    ("Syntetiske data", "Synthetic data"),
    (
        "Ingen kommune eller bydel har gitt disse svarene. De er laget av en generator med fast frø.",
        "No municipality or city district gave these answers. A generator with a fixed seed made them.",
    ),
    (
        "Kommuner, folketall og landstall er virkelige og publisert av SSB; alt annet er oppdiktet.",
        "Municipalities, populations and national totals are real, published by SSB; the rest is made up.",
    ),
    ("Undersøkelse", "KMD-undersøkelsen om bruk av kommunale boliger, utgangen av 2017 (etterligning)"),
]
ROOT_FOLDER = "kildedata"
# The delivery note: when each source arrived, days and months of the year after.
ARRIVAL = {"skjema13": "06-15", "kmd": "03-01", "iplos": "06-15", "husbanken": "02-01"}
IPLOS_YEARS = range(2017, 2024)
DELIVERED = {
    "husbanken": YEARS,
    "iplos": IPLOS_YEARS,
    "kmd": [answers.SURVEY_YEAR],
    "skjema13": YEARS,
}


def file_of(source: str, year: int) -> str:
    """Path of a delivery below kildedata."""
    ending = {"skjema13": "csv", "kmd": "xlsx", "iplos": "parquet", "husbanken": "csv"}[source]
    return f"{source}/syntetisk_{source}_{year}.{ending}"


class Delivery:
    """The truth, the plan, and the files built from them."""

    def __init__(self) -> None:
        self.regions, self.targets = Regions(), Targets()
        self.truth = Truth(self.regions, self.targets)
        self.plan: Plan = read_plan(self.truth.seed)
        self.files: dict[str, bytes] = {}
        self.ledger: list[dict] = []
        self.survey_truth = answers.survey_truth(self.truth)

    def survey(self) -> bytes:
        """The survey. It comes before the register: a unit gets a fault in one of the two only."""
        truth = self.survey_truth
        return self._form("kmd", answers.SURVEY_YEAR, truth, answers.survey_rows(truth))

    def forms(self) -> None:
        """Skjema 13 and Husbanken's figures of every year, the survey, and the files that must be refused."""
        clean = {}
        for year in YEARS:
            truth = answers.form_truth(self.truth, year)
            clean[year] = answers.form_rows(truth, year)
            self._form("skjema13", year, truth, clean[year].copy())
            rows = state_allowance(self.truth, year)
            self.files[f"{ROOT_FOLDER}/{file_of('husbanken', year)}"] = writing.csv_bytes(rows, ";")
        broken, ledger = broken_files(self.plan, clean, self.survey())
        self.files |= broken
        self.ledger += ledger

    def _form(self, source: str, year: int, truth: pd.DataFrame, rows: pd.DataFrame) -> bytes:
        numbers = answers.number_fields(source, year)
        form = Form(source, year, f"{ROOT_FOLDER}/{file_of(source, year)}", truth, rows, numbers)
        form.plant(self.plan)
        self.ledger += form.ledger
        if source == "kmd":
            content = writing.xlsx_bytes(form.rows, numbers, ABOUT)
        else:
            content = writing.csv_bytes(form.rows, ";")
        self.files[form.file] = content
        return content

    def iplos(self) -> None:
        """The register's files, one per year."""
        register = Register(self.truth, self.survey_truth, self.plan)
        for year in IPLOS_YEARS:
            print(f"IPLOS {year}", file=sys.stderr)
            file = f"{ROOT_FOLDER}/{file_of('iplos', year)}"
            table, ledger = register.deliver(year, file)
            self.files[file] = writing.parquet_bytes(table)
            self.ledger += ledger

    def notes(self) -> None:
        """The delivery note and the ledger, from all that was planted."""
        lines = [
            (file_of(source, year), source, year, f"{year + 1}-{ARRIVAL[source]}", "revidert", "ja")
            for source, years in DELIVERED.items()
            for year in years
        ]
        columns = ["fil", "kilde", "aargang", "leveranse", "publiseringsstatus", "syntetisk"]
        self.files[f"{ROOT_FOLDER}/leveranser.csv"] = writing.csv_bytes(pd.DataFrame(lines, columns=columns))
        ledger = pd.DataFrame(self.ledger, columns=LEDGER).astype(str)
        order = ledger.feil_nr.astype(int).rename("nr")
        ledger = ledger.assign(_nr=order).sort_values(["_nr", "aargang"], kind="stable").drop(columns="_nr")
        self.files["fasit.csv"] = writing.csv_bytes(ledger)
