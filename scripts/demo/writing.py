"""Files with the same bytes every time: CSV, XLSX, Parquet and the manifest."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ZIP_TIME = (2018, 3, 1, 12, 0, 0)
STAMP = b"2018-03-01T12:00:00Z"


def put(path: Path, content: bytes) -> None:
    """Write a whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".tmp")
    beside.write_bytes(content)
    beside.replace(path)


def csv_bytes(rows: pd.DataFrame, separator: str = ",") -> bytes:
    """UTF-8, LF, header."""
    return rows.to_csv(index=False, sep=separator, lineterminator="\n").encode("utf-8")


def xlsx_bytes(rows: pd.DataFrame, numbers: list[str], about: list[tuple[str, str]]) -> bytes:
    """A workbook with the sheets svar and om; numbers are number cells, everything else text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "svar"
    sheet.append(list(rows.columns))
    for row in rows.itertuples(index=False):
        sheet.append(
            [
                int(value) if felt in numbers and re.fullmatch(r"-?\d+", value) else value or None
                for felt, value in zip(rows.columns, row, strict=True)
            ]
        )
    info = book.create_sheet("om")
    for line in about:
        info.append(line)
    book.properties.creator = "syntetisk demonstrasjonsleveranse"
    raw = io.BytesIO()
    book.save(raw)
    return frozen_zip(raw.getvalue())


def frozen_zip(content: bytes) -> bytes:
    """The same archive without the time of writing, in its entries and in the document's properties."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + STAMP, data)
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, data)
    return result.getvalue()


def parquet_bytes(table: pa.Table) -> bytes:
    """One row group, dictionary encoded."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", use_dictionary=True, row_group_size=len(table) or 1)
    return sink.getvalue()


def digest(path: Path) -> str:
    """sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_bytes(root: Path, paths: list[str]) -> bytes:
    """path, sha256 and size of every generated file, sorted by path."""
    lines = [(path, digest(root / path), (root / path).stat().st_size) for path in sorted(paths)]
    return csv_bytes(pd.DataFrame(lines, columns=["path", "sha256", "bytes"]))
