"""The small valid deliveries that broken ones are made from, and the ways to write them."""

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO, StringIO
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from delivery_folder import header, rows
from openpyxl import Workbook
from openpyxl.cell import Cell

from scripts.catalogue import IDENTITY, read_catalogue, warehouse_years
from scripts.demo.writing import frozen_zip
from scripts.ingest.note import COLUMNS

UNITS = ("0301", "1103", "1149", "1833")  # municipalities of every year
Rows = list[list[str]]
T = TypeVar("T")

# The sources that the statistic is made of; the reference (husbanken) is read like form 13.
SOURCES = ("skjema13", "kmd", "iplos")


class Dice:
    """What is chosen for one case, from a seed of its own.

    Not hypothesis: its choices also depend on the constants of the modules that happen to be loaded.
    """

    def __init__(self, number: int, turn: int) -> None:
        """turn: how many cases of this kind there are before this one."""
        self._random = random.Random(number)
        self.turn = turn

    def one_of(self, values: Sequence[T]) -> T:
        return self._random.choice(values)

    def in_turn(self, values: Sequence[T]) -> T:
        """The first for the first case of its kind, the second for the second, and so on."""
        return values[self.turn % len(values)]

    def some(self, values: Sequence[T], least: int, most: int) -> list[T]:
        return self._random.sample(values, self.number(least, most))

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def coin(self) -> bool:
        return self.number(0, 1) == 1


@dataclass(frozen=True)
class Draft:
    """A small valid delivery, and the ways to write it."""

    fil: str
    kilde: str
    aargang: int
    names: list[str]
    rows: Rows
    quote_all: bool = True

    @property
    def suffix(self) -> str:
        return self.fil[self.fil.rindex(".") :]

    @property
    def unit_column(self) -> int:
        return self.names.index(IDENTITY[self.kilde][1])

    @property
    def free_columns(self) -> list[int]:
        """The columns whose value decides neither year nor unit."""
        return [place for place, name in enumerate(self.names) if name not in IDENTITY[self.kilde]]

    @property
    def number_columns(self) -> list[int]:
        """The columns of whole numbers and, in the register, of codes."""
        datatypes = valid(self.kilde, self.aargang)[2]
        kind = "heltall" if "heltall" in datatypes else "kode"
        return [place for place in self.free_columns if datatypes[place] == kind]

    def with_cell(self, row: int, column: int, text: str) -> "Draft":
        changed = [list(cells) for cells in self.rows]
        changed[row][column] = text
        return replace(self, rows=changed)

    def write(self, names: list[str] | None = None, table: Sequence[Sequence[object]] | None = None) -> bytes:
        """The file, with other columns or rows where given."""
        names = self.names if names is None else names
        table = self.rows if table is None else table
        if self.suffix == ".csv":
            return csv_bytes(names, table, self.quote_all)
        if self.suffix == ".xlsx":
            return xlsx_bytes(workbook(names, table))
        return parquet_bytes(names, [pa.array(column, pa.string()) for column in columns(names, table)])


@dataclass(frozen=True)
class Damaged:
    """The files of a folder kildedata, and the rows that must be read; no rows: it must be refused."""

    files: dict[str, bytes]
    rows: Rows | None = None
    note: bytes | None = None
    links: dict[str, str] = field(default_factory=dict)


# Writing files


def columns(names: Sequence[str], table: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*table, strict=True)] if table else [[] for _ in names]


def csv_bytes(names: Sequence[str], table: Sequence[Sequence[object]], quote_all: bool = True) -> bytes:
    """Semicolons and line feeds; quotes around every cell, or only where they are needed."""
    lines = [";".join(csv_cell(str(cell), quote_all) for cell in cells) for cells in [names, *table]]
    return "".join(f"{line}\n" for line in lines).encode()


def csv_cell(text: str, quote: bool) -> str:
    quote = quote or not set(text).isdisjoint(';"\r\n')
    return '"' + text.replace('"', '""') + '"' if quote else text


def put(cell: Cell, value: object) -> None:
    """Text as text, also where it looks like a formula; what XML cannot hold is written as Excel does."""
    if not isinstance(value, str):
        cell.value = value
    elif value:
        cell.value = re.sub(r"[\x00-\x08\x0b-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", value)
        cell.data_type = "s"


def workbook(names: Sequence[str], table: Sequence[Sequence[object]], title: str = "svar") -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row, cells in enumerate([names, *table], start=1):
        for column, value in enumerate(cells, start=1):
            put(sheet.cell(row, column), value)
    book.create_sheet("om").append(["syntetisk"])
    return book


def xlsx_bytes(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return frozen_zip(out.getvalue())


def parquet_bytes(names: Sequence[str], arrays: Sequence[pa.Array]) -> bytes:
    out = BytesIO()
    pq.write_table(pa.Table.from_arrays(list(arrays), names=list(names)), out)
    return out.getvalue()


def note_row(draft: Draft) -> dict[str, str]:
    return {
        "fil": draft.fil,
        "kilde": draft.kilde,
        "aargang": str(draft.aargang),
        "leveranse": f"{draft.aargang + 1}-06-15",
        "publiseringsstatus": "revidert",
        "syntetisk": "ja",
    }


def note_bytes(table: Sequence[dict[str, str]], names: Sequence[str] = COLUMNS) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([names, *([row[name] for name in names] for row in table)])
    return out.getvalue().encode()


# The valid delivery that each case starts from


@cache
def valid(kilde: str, year: int) -> tuple[list[str], Rows, list[str]]:
    """The names, rows and datatypes of a valid delivery."""
    datatypes = [row.datatype for row in read_catalogue(kilde).delivered(year)]
    return header(kilde, year), rows(kilde, year, UNITS), datatypes


@cache
def years_of(kilde: str) -> list[str]:
    return warehouse_years(kilde)


def draft_of(dice: Dice, kilde: str, fil: str) -> Draft:
    """A valid delivery of some year."""
    year = int(dice.one_of(years_of(kilde)))
    names, table, datatypes = valid(kilde, year)
    table = [list(cells) for cells in table]
    first = dice.number(1, 400)
    quote_all = dice.coin()
    register = {"id_type": "1", "foedselsaar": "1950", "kjoenn": "2", "doedsdato": "", "sluttdato": ""}
    register["tjenestetype"] = "12" if year < 2019 else "29"
    for place, cells in enumerate(table):
        for column, name in enumerate(names):
            if datatypes[column] == "heltall":  # no two alike, so that a cell that moved is seen
                cells[column] = str(first + place * len(names) + column)
            elif name in ("person_id", "bruker_nr"):
                cells[column] = f"S{first + place}"
            elif kilde == "iplos" and name in register:
                cells[column] = register[name]
    return Draft(fil, kilde, year, names, table, quote_all)


def a_row(draft: Draft, dice: Dice) -> int:
    return dice.number(0, len(draft.rows) - 1)


def a_free_column(draft: Draft, dice: Dice) -> int:
    return dice.one_of(draft.free_columns)


def refused(draft: Draft, data: bytes) -> Damaged:
    return Damaged({draft.fil: data})


def read_as(draft: Draft, changed: Draft | None = None, data: bytes | None = None) -> Damaged:
    """Damage of values only: the file must be read, and every value kept."""
    changed = changed or draft
    return Damaged({draft.fil: changed.write() if data is None else data}, changed.rows)
