"""XLSX files: sheet 'svar', the header in row 1, values only."""

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from io import BytesIO

import pyarrow as pa
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.worksheet.worksheet import Worksheet

from scripts.ingest.contents import Contents, text_table
from scripts.ingest.problems import Problems, counted, listed, quoted, shortened

SHEET = "svar"
# A character that XML cannot hold is written as its number. Half of a pair is none, and stays as written.
ESCAPED = re.compile(r"_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
FIRST_SURE_DATE = (1900, 3, 1)
SURE_HEADER = "aargang"
HEADER_SEARCH = 20


def read_xlsx(data: bytes, problems: Problems) -> Contents:
    """The sheet as text: 12.0 becomes 12 and a date YYYY-MM-DD; empty rows at the end are left out."""
    sheet = _sheet(data, problems)
    # The cells that the file holds; asking for rows would make a cell for every place in between.
    cells = [cell for _, cell in sorted(sheet._cells.items()) if not _blank(cell)]
    if not cells:
        raise problems.stop("the sheet is empty; expected a header and data rows", f"sheet '{SHEET}'")
    width, last = max(cell.column for cell in cells), cells[-1].row
    _check_cells(sheet, cells, problems)
    rows: dict[int, dict[int, str]] = {}
    for cell in cells:
        rows.setdefault(cell.row, {})[cell.column] = cell_text(cell.value)
    header = _padded(rows.get(1, {}), width)
    if SURE_HEADER not in header:
        for number in range(2, HEADER_SEARCH + 1):
            if SURE_HEADER in rows.get(number, {}).values():
                raise problems.stop(
                    f"found the header in row {number}; expected it in row 1", f"sheet '{SHEET}'"
                )
    _check_gaps([number for number in rows if number > 1], last, problems)

    def parts() -> Iterator[pa.Table]:
        yield text_table(header, [_padded(rows[number], width) for number in range(2, last + 1)])

    return Contents(header, parts, lambda row: f"sheet '{SHEET}', row {row + 2}")


def _padded(row: dict[int, str], width: int) -> list[str]:
    return [row.get(column, "") for column in range(1, width + 1)]


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
            return ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _sheet(data: bytes, problems: Problems) -> Worksheet:
    if not data:
        raise problems.stop("the file is empty (0 bytes); expected an XLSX workbook")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
            workbook = load_workbook(BytesIO(data))
    except Exception as error:  # a damaged workbook makes openpyxl raise almost anything
        raise problems.stop(
            "the file cannot be read as an XLSX workbook (it may be cut off, damaged, locked with a password "
            "or of another format); expected a workbook that opens in a spreadsheet program"
        ) from error
    for sheet in workbook.worksheets:
        if sheet.title == SHEET:
            return sheet
    found = listed(shortened(quoted(name) for name in workbook.sheetnames))
    raise problems.stop(f"found the sheets {found}; expected a sheet '{SHEET}'")


def _check_cells(sheet: Worksheet, cells: list[Cell], problems: Problems) -> None:
    """What does not show which value was meant: formulas, merged cells, numbers formatted as dates."""
    for cell in cells:
        where = f"sheet '{SHEET}', cell {cell.coordinate}"
        if cell.data_type == "f":
            formula = cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", None) or ""
            problems.add(
                f"found the formula {quoted(formula)}, whose result is not known; expected a value", where
            )
        elif _is_no_date(cell):
            problems.add(
                "found a number that is formatted as a date or a time, and is no date after February 1900; "
                "expected a date, or the number without that format",
                where,
            )
        elif isinstance(cell.value, str) and "\x00" in cell_text(cell.value):
            problems.add("found a NUL character; expected text", where)
    last_row, last_column = cells[-1].row, max(cell.column for cell in cells)
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= last_row and merged.min_col <= last_column:
            problems.add(
                "found merged cells; expected one value in each cell",
                f"sheet '{SHEET}', cells {merged.coord}",
            )


def _is_no_date(cell: Cell) -> bool:
    """Whether openpyxl gave something else than the cell holds.

    A number that no date has becomes #VALUE!, 0.5 a time of day, and both 59 and 60 become 28 February 1900,
    because Excel's calendar has a 29th.
    """
    if cell.data_type == "e" and cell.value == "#VALUE!":
        return is_date_format(cell.number_format) or is_timedelta_format(cell.number_format)
    if cell.data_type != "d":
        return False
    value = cell.value
    return not isinstance(value, dt.date) or value.timetuple()[:3] < FIRST_SURE_DATE


def _check_gaps(filled: list[int], last: int, problems: Problems) -> None:
    """The data rows stand without gaps from row 2 on."""
    empty = last - 1 - len(filled)
    if empty <= 0:
        return
    first = next(number for number, found in enumerate([*filled, None], start=2) if number != found)
    others = f" ({counted(empty - 1, 'other row')} too)" if empty > 1 else ""
    problems.add(
        f"the row is empty{others}, and there are values below it; expected no empty row between the rows",
        f"sheet '{SHEET}', row {first}",
    )


def _blank(cell: Cell) -> bool:
    return cell.value is None or cell.value == ""
