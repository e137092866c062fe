"""Write the work list as a workbook, with the same bytes for the same figures and register."""

import datetime as dt
import io
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scripts.demo.writing import frozen_zip
from scripts.errors import UserError
from scripts.worklist.columns import (
    ABOUT,
    BEFORE,
    COLUMNS,
    FILLED_IN,
    HEADER_ROW,
    PROTECTED,
    QUESTIONS,
    SHEET,
    SOURCES,
    STATUSES,
    cell_value,
)
from scripts.worklist.register import Register

SYNTHETIC = "SYNTETISKE DATA: ingen tall nedenfor gjelder en virkelig kommune"
ROWS = f"""
    select {", ".join(column.name for column in PROTECTED)}
    from marts.avvik_oppfolging where aargang = $year order by prioritet
"""
YEARS = "select distinct aargang from marts.avvik_oppfolging order by aargang"
IS_SYNTHETIC = "select bool_or(syntetisk = 'ja') from staging.stg_leveranse__fil where aargang = $year"
ASKED = "select retning, spoersmaal_nb, aarsak_kode from referanse.avvik_spoersmaal order by spoersmaal_nr"
CAUSES = """
    select aarsak_kode, navn_nb from referanse.taksonomi_avvik where aarsak_kode <> 'U' order by aarsak_kode
"""
DIRECTIONS = {"pluss": "flere boliger enn personer", "minus": "flere personer enn boliger", "begge": "alltid"}
HELP = (
    "Fyll ut de gule kolonnene. Er et avvik uforklart, still spørsmålene i arket «spørsmål».",
    "status: ikke_kontaktet, kontaktet (med dato), besvart eller avsluttet (med dato og svar).",
    "Bekreftet årsak er en kode fra listen under, og krever et svar. Z: uforklart etter kontakt.",
    "Nytt tall er det kommunen mener er riktig 31. desember; «gjelder» sier om det er undersøkelsens "
    "omsorgsboliger (kmd) eller personene i IPLOS (iplos).",
    "Ingen formler; de andre kolonnene skal ikke endres. Rader kan sorteres og slettes; en slettet rad "
    "endrer ingenting.",
)
FILL, HEAD = PatternFill("solid", fgColor="FFF2CC"), PatternFill("solid", fgColor="D9E1F2")


def listed(connection: duckdb.DuckDBPyConnection, register: Register, year: int) -> list[dict[str, object]]:
    """The rows of the year: figures from the warehouse, follow-up from the register."""
    own, common = register.own(year), register.common(year)
    rows = []
    for values in connection.execute(ROWS, {"year": year}).fetchall():
        row = dict(zip((c.name for c in PROTECTED), values, strict=True))
        follow_up = own.get(row["enhet_nr"], common)
        rows.append(row | {c.name: cell_value(c, follow_up[c.name]) for c in FILLED_IN})
    return rows


def years(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """The years that have a work list."""
    return [year for (year,) in connection.sql(YEARS).fetchall()]


def is_synthetic(connection: duckdb.DuckDBPyConnection, year: int) -> bool:
    """Whether figures of the year are made up."""
    [(synthetic,)] = connection.execute(IS_SYNTHETIC, {"year": year}).fetchall()
    return bool(synthetic)


def workbook(connection: duckdb.DuckDBPyConnection, register: Register, year: int) -> bytes:
    """The work list of the year as an XLSX file."""
    found = years(connection)
    if year not in found:
        raise UserError(f"the year is {year}; expected one of {', '.join(map(str, found))}")
    rows, synthetic = listed(connection, register, year), is_synthetic(connection, year)
    causes = connection.sql(CAUSES).fetchall()
    book = Workbook()
    _work(book.active, rows, year, synthetic, [code for code, _ in causes])
    asked = book.create_sheet(QUESTIONS)
    _append(asked, [("Når", "Spørsmål", "Et ja taler for årsaken")], bold=True)
    _append(asked, [(DIRECTIONS[d], text, code) for d, text, code in connection.sql(ASKED).fetchall()])
    about = book.create_sheet(ABOUT)
    _append(about, [("aargang", year), ("syntetisk", "ja" if synthetic else "nei")])
    _append(about, [("utfylling", line) for line in HELP])
    _append(about, [("Årsak", "Betydning")], bold=True)
    _append(about, causes)
    before = book.create_sheet(BEFORE)
    before.sheet_state = "hidden"
    _append(before, [("enhet_nr", *(c.name for c in FILLED_IN))])
    _append(before, [(row["enhet_nr"], *(_as_text(row[c.name]) for c in FILLED_IN)) for row in rows])
    for sheet, widths in ((asked, (30, 110, 24)), (about, (14, 110))):
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
    book.properties.creator = "syntetisk arbeidsliste" if synthetic else "arbeidsliste"
    book.properties.title = f"Arbeidsliste for avvik {year}{', syntetiske data' if synthetic else ''}"
    raw = io.BytesIO()
    book.save(raw)
    return frozen_zip(raw.getvalue())


def _as_text(value: object) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def _append(sheet: Worksheet, lines: list[tuple], bold: bool = False) -> None:
    first = 1 if sheet.cell(1, 1).value is None else sheet.max_row + 1
    for row, line in enumerate(lines, start=first):
        for number, value in enumerate(line, start=1):
            _put(sheet, row, number, value)
            if bold:
                sheet.cell(row, number).font = Font(bold=True)


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """A value as it is: a text that begins with = is no formula."""
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"


def _work(sheet: Worksheet, rows: list[dict], year: int, synthetic: bool, causes: list[str]) -> None:
    sheet.title = SHEET
    title = f"Store avvik mellom undersøkelsen og IPLOS {year}"
    _put(sheet, 1, 1, f"{SYNTHETIC}. {title}" if synthetic else title)
    sheet.cell(1, 1).font = Font(bold=True, color="C00000" if synthetic else "000000")
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        _put(sheet, HEADER_ROW, number, column.label)
        head = sheet.cell(HEADER_ROW, number)
        head.font, head.fill = Font(bold=True), HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].width = column.width
        for offset, row in enumerate(rows, start=HEADER_ROW + 1):
            _put(sheet, offset, number, row[column.name])
            cell = sheet.cell(offset, number)
            cell.alignment = Alignment(wrap_text=column.kind == "text", vertical="top")
            if column.filled_in:
                cell.fill, cell.protection = FILL, Protection(locked=False)
                cell.number_format = {"date": "yyyy-mm-dd", "number": "0"}.get(column.kind, "@")
        choices = {"status": STATUSES, "source": SOURCES, "cause": causes}.get(column.kind)
        if choices and rows:
            choice = DataValidation("list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + len(rows)}")
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 5)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(COLUMNS))}{HEADER_ROW + len(rows)}"
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.sort = protection.autoFilter = False


def save(path: Path, content: bytes) -> None:
    """A new file, whole or not at all; one that is there may have answers in it and is never replaced."""
    if path.suffix.lower() != ".xlsx":
        raise UserError(f"the file is called {path.name}; expected a name that ends with .xlsx")
    if path.exists():
        raise UserError(f"{path} is already there, perhaps with answers; expected the name of a new file")
    if not path.parent.is_dir():
        raise UserError(f"there is no folder {path.parent}; expected one to write {path.name} in")
    beside = path.with_name(f".{path.name}.ny")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
