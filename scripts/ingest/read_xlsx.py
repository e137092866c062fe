"""XLSX files: sheet 'svar', the header in row 1, values only."""

import datetime as dt
import warnings
from collections.abc import Iterator
from io import BytesIO

import pyarrow as pa
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from scripts.ingest.contents import Contents, text_table
from scripts.ingest.problems import Problems, listed, quoted

SHEET = "svar"
SURE_HEADER = "aargang"
HEADER_SEARCH = 20


def read_xlsx(data: bytes, problems: Problems) -> Contents:
    """The sheet as text: 12.0 becomes 12 and a date YYYY-MM-DD; empty rows at the end are left out."""
    sheet = _sheet(data, problems)
    rows = [list(row) for row in sheet.iter_rows()]
    while rows and all(_blank(cell) for cell in rows[-1]):
        rows.pop()
    width = max(
        (number for row in rows for number, cell in enumerate(row, start=1) if not _blank(cell)), default=0
    )
    rows = [row[:width] for row in rows]
    if not rows:
        raise problems.stop("the sheet is empty; expected a header and data rows", f"sheet '{SHEET}'")
    _check_cells(sheet, rows, problems)
    texts = [[cell_text(cell.value) for cell in row] for row in rows]
    header = texts[0]
    if SURE_HEADER not in header:
        for number, cells in enumerate(texts[:HEADER_SEARCH], start=1):
            if SURE_HEADER in cells:
                raise problems.stop(
                    f"found the header in row {number}; expected it in row 1", f"sheet '{SHEET}'"
                )

    def parts() -> Iterator[pa.Table]:
        yield text_table(header, texts[1:])

    return Contents(header, parts, lambda row: f"sheet '{SHEET}', row {row + 2}")


def cell_text(value: object) -> str:
    """The text of a cell value; blank for an empty cell."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _sheet(data: bytes, problems: Problems) -> Worksheet:
    if not data:
        raise problems.stop("the file is empty (0 bytes); expected an XLSX workbook")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
            workbook = load_workbook(BytesIO(data))
    except Exception as error:  # a damaged workbook makes openpyxl raise almost anything
        raise problems.stop(
            f"the file cannot be read as an XLSX workbook ({type(error).__name__}); "
            "it may be cut off, damaged or of another format"
        ) from error
    for sheet in workbook.worksheets:
        if sheet.title == SHEET:
            return sheet
    found = listed(f"'{name}'" for name in workbook.sheetnames)
    raise problems.stop(f"found the sheets {found}; expected a sheet '{SHEET}'")


def _check_cells(sheet: Worksheet, rows: list[list[Cell]], problems: Problems) -> None:
    """Formulas and merged cells: what they stand for is not known."""
    for row in rows:
        for cell in row:
            if cell.data_type == "f":
                formula = (
                    cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", None) or ""
                )
                problems.add(
                    f"found the formula {quoted(formula)}, whose result is not known; expected a value",
                    f"sheet '{SHEET}', cell {cell.coordinate}",
                )
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= len(rows) and merged.min_col <= len(rows[0]):
            problems.add(
                "found merged cells; expected one value in each cell",
                f"sheet '{SHEET}', cells {merged.coord}",
            )


def _blank(cell: Cell) -> bool:
    return cell.value is None or cell.value == ""
