"""Read a filled-in work list: every cell is checked before the register is changed."""

import datetime as dt
import re
import warnings
from io import BytesIO
from pathlib import Path

import duckdb
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from scripts.errors import UserError
from scripts.ingest.problems import Problems, quoted
from scripts.ingest.read_xlsx import cell_text
from scripts.worklist import write
from scripts.worklist.columns import (
    ABOUT,
    BEFORE,
    COLUMNS,
    FILLED_IN,
    HEADER_ROW,
    LARGEST,
    LONGEST,
    SHEET,
    SOURCES,
    STATUSES,
    Column,
)
from scripts.worklist.register import MEASURE, NAMES, ORIGIN, Register, contradiction, is_date, text

UNIT = next(number for number, column in enumerate(COLUMNS) if column.name == "enhet_nr")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FIRST_DATE = dt.date(2018, 1, 1)


def merged(
    path: Path, connection: duckdb.DuckDBPyConnection, register: Register
) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of the register with what the sheet says, and the units that changed.

    A UserError lists every wrong cell.
    """
    problems = Problems(path.name)
    book = _open(path, problems)
    year = _year(book, connection, problems)
    sheet = book[SHEET]
    _header(sheet, problems)
    known = {row["enhet_nr"]: row for row in write.listed(connection, register, year)}
    causes = {code for code, _ in connection.sql(write.CAUSES).fetchall()}
    before = _before(book[BEFORE], problems)
    found = _rows(sheet, known, causes, problems)
    problems.check()
    own, common, changed = register.own(year), register.common(year), []
    result = [dict(row) for row in register.rows]
    for unit, (number, answer) in sorted(found.items()):
        now = own.get(unit, common)
        row = _merge(unit, number, answer, before.get(unit), now, problems)
        if row == {name: now[name] for name in row}:
            continue
        changed.append(unit)
        if problem := contradiction(row):
            _contradicted(problems, number, row, *problem)
        elif unit in own:
            next(r for r in result if r["tiltak_nr"] == own[unit]["tiltak_nr"]).update(row)
        else:
            new = dict.fromkeys(NAMES, "") | row
            new |= {"tiltak_nr": f"{year}-{unit}", "aargang": str(year), "enhet_nr": unit, "gjelder": "enhet"}
            result.append(new | {"tiltak": MEASURE, "kilde": ORIGIN})
    problems.check()
    return result, changed


def save(register: Register, rows: list[dict[str, str]]) -> None:
    """Replace the register in one step; nobody else may have changed it meanwhile."""
    if register.path.read_bytes() != register.content:
        raise UserError(f"{register.path} was changed while the sheet was read; read it once more")
    beside = register.path.with_name(f".{register.path.name}.ny")
    try:
        beside.write_text(text(rows), encoding="utf-8", newline="")
        beside.replace(register.path)
    finally:
        beside.unlink(missing_ok=True)


def _open(path: Path, problems: Problems) -> Workbook:
    if not path.is_file():
        raise UserError(f"there is no file {path}; expected a filled-in work list (.xlsx)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(path.read_bytes()))
    except Exception as error:  # a damaged workbook makes openpyxl raise almost anything
        raise problems.stop(
            "the file cannot be read as an XLSX workbook; expected the work list, saved as .xlsx"
        ) from error
    sheets = {sheet.title for sheet in book.worksheets}
    missing = [name for name in (SHEET, ABOUT, BEFORE) if name not in sheets]
    if missing:
        raise problems.stop(f"found no sheet '{missing[0]}'; expected the sheets of the work list as written")
    return book


def _year(book: Workbook, connection: duckdb.DuckDBPyConnection, problems: Problems) -> int:
    about = {row[0].value: row[1].value for row in book[ABOUT].iter_rows(max_col=2) if row[0].value}
    year, years = about.get("aargang"), write.years(connection)
    if year not in years:
        raise problems.stop(
            f"found the year {year!r}; expected one of {', '.join(map(str, years))}",
            f"sheet '{ABOUT}', row 1",
        )
    synthetic = "ja" if write.is_synthetic(connection, year) else "nei"
    if about.get("syntetisk") != synthetic:
        raise problems.stop(
            f"found syntetisk = {about.get('syntetisk')!r}; expected {synthetic!r}, as in the published "
            "warehouse: synthetic and real follow-up are never mixed",
            f"sheet '{ABOUT}', row 2",
        )
    return year


def _header(sheet: Worksheet, problems: Problems) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEADER_ROW, number)
        if cell.value != column.label:
            raise problems.stop(
                f"found {_shown(cell)}; expected the column {column.label!r}", _place(HEADER_ROW, number - 1)
            )
    # Asking for cells would make one for every place up to the last that is only formatted.
    for (row, number), cell in sorted(sheet._cells.items()):
        if number > len(COLUMNS) and not _blank(cell):
            where = f"sheet '{SHEET}', row {row}, column {cell.column_letter}"
            problems.add(f"found {_shown(cell)}; expected nothing beside the list", where)
    for area in sheet.merged_cells.ranges:
        if area.max_row > HEADER_ROW:
            problems.add(
                "found merged cells; expected one value in each cell",
                f"sheet '{SHEET}', row {area.min_row}, cells {area.coord}",
            )


def _before(sheet: Worksheet, problems: Problems) -> dict[str, dict[str, str]]:
    """What stood in the yellow columns when the list was written."""
    names = ["enhet_nr", *(column.name for column in FILLED_IN)]
    rows = [[cell_text(cell.value) for cell in row] for row in sheet.iter_rows(max_col=len(names))]
    if not rows or rows[0] != names:
        raise problems.stop(
            "found other columns; expected the hidden sheet as it was written", f"sheet '{BEFORE}'"
        )
    return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in rows[1:]}


def _rows(
    sheet: Worksheet, known: dict[str, dict], causes: set[str], problems: Problems
) -> dict[str, tuple[int, dict[str, str]]]:
    """The answers by unit, each with its row in the sheet."""
    found: dict[str, tuple[int, dict[str, str]]] = {}
    filled = {
        row for (row, number), cell in sheet._cells.items() if number <= len(COLUMNS) and not _blank(cell)
    }
    for number in sorted(row for row in filled if row > HEADER_ROW):
        cells = [sheet.cell(number, place) for place in range(1, len(COLUMNS) + 1)]
        unit = cells[UNIT].value
        if unit not in known:
            hint = f", perhaps '{unit:04d}' as text" if isinstance(unit, int) and unit >= 0 else ""
            problems.add(
                f"found {_shown(cells[UNIT])}; expected the number of a unit of the list, as text{hint}",
                _place(number, UNIT),
            )
            continue
        if unit in found:
            problems.add(
                f"found '{unit}', which is in row {found[unit][0]} too; expected each unit once",
                _place(number, UNIT),
            )
            continue
        answer = {}
        for place, (column, cell) in enumerate(zip(COLUMNS, cells, strict=True)):
            if column.filled_in:
                value, expected = _answer(column, cell, causes)
                answer[column.name] = value
            else:
                expected = _unchanged(column, cell, known[unit][column.name])
            if expected:
                problems.add(f"found {_shown(cell)}; expected {expected}", _place(number, place))
        found[unit] = (number, answer)
    return found


def _unchanged(column: Column, cell: Cell, value: object) -> str:
    """What was expected in a protected cell; blank where it is as it was written."""
    found = None if _blank(cell) else cell.value
    same = found == value and isinstance(found, str) == isinstance(value, str) and cell.data_type != "f"
    if same:
        return ""
    shown = "a blank cell" if value is None else repr(value)
    return (
        f"{shown}: the column {column.label!r} is not to be changed (or the figures are newer than the list)"
    )


def _answer(column: Column, cell: Cell, causes: set[str]) -> tuple[str, str]:
    """The answer as text of the register, and what was expected where it is none."""
    value = cell.value
    if cell.data_type == "f":
        return "", "a value, not a formula"
    if cell.data_type == "e":
        # A number that no day has, in a cell formatted as a date, becomes an error too.
        return "", "a date, not an error or a number" if column.kind == "date" else "a value, not an error"
    if isinstance(value, str):
        value = cell_text(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if _blank(cell) or value == "":
        return ("", "a status: " + ", ".join(STATUSES)) if column.kind == "status" else ("", "")
    if column.kind == "date":
        return _date(value)
    if column.kind == "number":
        number = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if number and not isinstance(value, bool) and 0 <= value <= LARGEST:
            return str(int(value)), ""
        return "", f"a whole number from 0 to {LARGEST}"
    if not isinstance(value, str):
        return "", "text"
    if column.kind == "text":
        if CONTROL.search(value) or len(value) > LONGEST:
            return "", f"a text of at most {LONGEST} characters, without control characters"
        return value, ""
    allowed = {"status": STATUSES, "source": SOURCES, "cause": tuple(sorted(causes))}[column.kind]
    return (value, "") if value in allowed else ("", f"one of {', '.join(allowed)}")


def _date(value: object) -> tuple[str, str]:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, str) and is_date(value):
        value = dt.date.fromisoformat(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value >= FIRST_DATE:
        return value.isoformat(), ""
    return "", f"a date from {FIRST_DATE} on, without a time of day"


def _merge(
    unit: str,
    number: int,
    answer: dict[str, str],
    before: dict[str, str] | None,
    now: dict[str, str],
    problems: Problems,
) -> dict[str, str]:
    """Cell by cell: what the case worker changed; else what the register says now."""
    row = {}
    for place, column in enumerate(COLUMNS):
        if not column.filled_in:
            continue
        name = column.name
        new, old = answer[name], now[name]
        was = old if before is None else before[name]
        if new in (was, old):
            row[name] = old
        elif old != was:
            problems.add(
                f"found {new!r}; expected {old!r}: somebody else has changed the register since the list was "
                f"written (then it was {was!r})",
                _place(number, place),
            )
            row[name] = old
        else:
            row[name] = new
    return row


def _contradicted(problems: Problems, number: int, row: dict[str, str], name: str, expected: str) -> None:
    place = next(place for place, column in enumerate(COLUMNS) if column.name == name)
    found = quoted(row[name]) if row[name] else "a blank cell"
    problems.add(f"found {found}; expected {expected}", _place(number, place))


def _place(row: int, column: int) -> str:
    return f"sheet '{SHEET}', row {row}, column '{COLUMNS[column].label}'"


def _blank(cell: Cell) -> bool:
    return cell.value is None or cell.value == ""


def _shown(cell: Cell) -> str:
    if _blank(cell):
        return "a blank cell"
    if cell.data_type == "f":
        formula = cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", None) or "="
        return f"the formula {quoted(formula)}"
    value = cell.value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return quoted(value) if isinstance(value, str) else str(value)
