"""A small delivery folder to try ingest on, made from the field catalogues."""

import csv
import hashlib
from io import BytesIO, StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from scripts.catalogue import read_catalogue
from scripts.ingest.note import COLUMNS, NOTE

CSV_2017 = "skjema13/svar_2017.csv"
XLSX_2017 = "kmd/svar.xlsx"
PARQUET_2017 = "iplos/vedtak.parquet"
UNITS = ("0101", "0301", "1103")


def header(source: str, year: int) -> list[str]:
    return [field.felt for field in read_catalogue(source).delivered(year)]


def rows(source: str, year: int, units: tuple[str, ...] = UNITS) -> list[list[str]]:
    """One valid row per unit: text where the catalogue says text, and a number elsewhere."""
    samples = {"aar": str(year), "dato": f"{year}-02-03", "tekst": "Åmot", "ja_nei": "ja", "avkryssing": ""}
    table = []
    for unit in units:
        known = {"aargang": str(year), "enhet_nr": unit, "komm_nr": unit}
        fields = read_catalogue(source).delivered(year)
        table.append([known.get(field.felt, samples.get(field.datatype, "12")) for field in fields])
    return table


def as_csv(names: list[str], table: list[list[str]], separator: str = ";") -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([names, *table])
    return out.getvalue().encode()


def as_parquet(names: list[str], table: list[list[str]]) -> bytes:
    out = BytesIO()
    columns = [pa.array(column, pa.string()) for column in zip(*table, strict=True)]
    pq.write_table(pa.Table.from_arrays(columns, names=names), out)
    return out.getvalue()


def workbook(names: list[str], table: list[list[object]]) -> Workbook:
    """A workbook with the sheets 'svar' and 'om'."""
    book = Workbook()
    sheet = book.active
    sheet.title = "svar"
    for row in [names, *table]:
        sheet.append(row)
    book.create_sheet("om").append(["syntetisk"])
    return book


def as_xlsx(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class DeliveryFolder:
    """<root>/kildedata with a delivery note that can be changed row by row."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kildedata = root / "kildedata"
        self.kildedata.mkdir(parents=True)
        self.note: list[dict[str, str]] = []

    def add(
        self, fil: str, data: bytes, kilde: str = "skjema13", aargang: str = "2017", **other: str
    ) -> None:
        """Put a file in the folder and in the note; other: cells of its row in the note."""
        path = self.kildedata / fil
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        defaults = {"leveranse": "2019-06-15", "publiseringsstatus": "revidert", "syntetisk": "ja"}
        self.note.append({"fil": fil, "kilde": kilde, "aargang": aargang, **defaults, **other})
        self.write_note()

    def write_note(self) -> None:
        table = [[row[name] for name in COLUMNS] for row in self.note]
        (self.kildedata / NOTE).write_bytes(as_csv(list(COLUMNS), table, ","))

    def set_file(self, fil: str, data: bytes) -> None:
        (self.kildedata / fil).write_bytes(data)

    def read(self, name: str) -> list[dict[str, str | None]]:
        """The rows of one file of inndata."""
        return pq.read_table(self.root / "inndata" / f"{name}.parquet").to_pylist()

    def fingerprint(self) -> dict[str, str]:
        """Every file of inndata with its hash; nothing else may lie beside kildedata."""
        inndata = self.root / "inndata"
        beside = {path.name for path in self.root.iterdir()} - {"kildedata", "inndata"}
        assert not beside, f"left behind: {beside}"
        return {
            path.relative_to(inndata).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(inndata.rglob("*.parquet"))
        }


def complete(root: Path) -> DeliveryFolder:
    """A folder with one valid file of each source."""
    folder = DeliveryFolder(root)
    folder.add(CSV_2017, as_csv(header("skjema13", 2017), rows("skjema13", 2017)))
    folder.add(XLSX_2017, as_xlsx(workbook(header("kmd", 2017), rows("kmd", 2017))), "kmd")
    folder.add(PARQUET_2017, as_parquet(header("iplos", 2017), rows("iplos", 2017)), "iplos")
    return folder
