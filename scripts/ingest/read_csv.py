"""CSV files: UTF-8 (with or without byte order mark), one known separator, double quotes."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import pyarrow as pa

from scripts.ingest.contents import Contents, text_table
from scripts.ingest.problems import Problems, counted, quoted

SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}
OTHER_FORMATS = {
    b"PK\x03\x04": "an XLSX or ZIP file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an XLS file",
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvRows:
    """Header and rows, all of the same length, and the line each row starts on."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_csv(data: bytes, problems: Problems) -> Contents:
    """A delivery: separated by semicolon."""
    found = csv_rows(data, ";", problems)

    def parts() -> Iterator[pa.Table]:
        yield text_table(found.header, found.rows)

    return Contents(found.header, parts, lambda row: f"line {found.lines[row]}")


def csv_rows(data: bytes, separator: str, problems: Problems) -> CsvRows:
    """Split into cells; rows with too few or too many cells are problems, as is broken quoting."""
    records = _records(_text(data, problems), separator, problems)
    while records and records[-1][1] in ([], [""]):
        records.pop()
    if not records or not any(records[0][1]):
        raise problems.stop("found no header; expected the column names", "line 1")
    header = records[0][1]
    _check_separator(header, separator, problems)
    rows, lines = [], []
    for line, cells in records[1:]:
        if len(cells) != len(header):
            found = counted(len(cells), "cell") if cells else "an empty line"
            problems.add(f"found {found}; expected {len(header)} as in the header", f"line {line}")
            continue
        swallows = next(
            (i for i, cell in enumerate(cells) if _swallows_a_row(cell, i, header, separator)), None
        )
        if swallows is not None:
            problems.add(
                f"the cell of column {quoted(header[swallows])} holds a line break and as many cells "
                "as a row; expected every quote to be closed in its own cell",
                f"line {line}",
            )
        rows.append(cells)
        lines.append(line)
    return CsvRows(header, rows, lines)


def _swallows_a_row(cell: str, place: int, header: list[str], separator: str) -> bool:
    """Whether a quote opened here and closed in the same column of a later row, so that rows are in the cell.

    The cell then begins with the rest of the first row and ends with the beginning of the last. The number of
    cells is right, so nothing else would show that rows are lost.
    """
    if "\n" not in cell and "\r" not in cell:
        return False
    first, *between, last = (line.count(separator) for line in re.split(r"\r\n|\r|\n", cell))
    width = len(header) - 1
    return width > 0 and (first, last) == (width - place, place) and all(count == width for count in between)


def _text(data: bytes, problems: Problems) -> str:
    if not data:
        raise problems.stop("the file is empty (0 bytes); expected a header and data rows")
    for start, kind in OTHER_FORMATS.items():
        if data.startswith(start):
            raise problems.stop(f"the contents are those of {kind}; expected CSV text as the name says")
    if data.startswith(UTF_16):
        raise problems.stop("the encoding is UTF-16; expected UTF-8")
    if b"\x00" in data:
        line = _line_of(data, data.index(b"\x00"))
        raise problems.stop("found a NUL byte; expected UTF-8 text (the file may be damaged)", f"line {line}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_of(error.object, error.start)
        if error.reason == "unexpected end of data":
            raise problems.stop(
                "the file ends in the middle of a character; expected whole UTF-8 text (it may be cut off)",
                f"line {line}",
            ) from error
        raise problems.stop(
            f"found the byte 0x{error.object[error.start]:02x}, which is not UTF-8; expected UTF-8 "
            "(the file may be saved as ISO 8859-1 or Windows-1252)",
            f"line {line}",
        ) from error


def _records(text: str, separator: str, problems: Problems) -> list[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    records = []
    line = 1
    try:
        for cells in reader:
            records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise problems.stop(
            f"the row that starts here is not valid CSV ({error}); expected every quote to be closed",
            f"line {line}",
        ) from error
    return records


def _check_separator(header: list[str], separator: str, problems: Problems) -> None:
    if len(header) > 1:
        return
    for other, name in SEPARATORS.items():
        if other in header[0]:
            raise problems.stop(
                f"the cells are separated by {name}; expected {SEPARATORS[separator]} ({separator})", "line 1"
            )


def _line_of(data: bytes, position: int) -> int:
    before = data[:position]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1
