"""The shape of inndata: forms long (one row per delivered row and field), IPLOS wide; every value text."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.catalogue import Catalogue
from scripts.ingest.note import Delivery

PROVENANCE = ("fil", "fil_sha256", "rad_nr", "leveranse", "publiseringsstatus", "syntetisk")
FORM_KEYS = ("aargang", "enhet_nr")
FORM_COLUMNS = (*PROVENANCE, *FORM_KEYS, "felt", "verdi")
NOTE_COLUMNS = tuple(field.name for field in fields(Delivery))
NO_DELIVERY = "ingen_leveranse"


def columns_of(catalogue: Catalogue) -> tuple[str, ...]:
    """The columns of a source in inndata; IPLOS has those of every version, so that files can be stacked."""
    if catalogue.source == "iplos":
        return (*PROVENANCE, *dict.fromkeys(field.felt for field in catalogue.fields))
    return FORM_COLUMNS


def schema_of(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in columns])


def form_part(delivery: Delivery, part: pa.Table, first_row: int, field_names: list[str]) -> pa.Table:
    """Long: the rows in delivered order and, within a row, the fields in the order of the form."""
    rows, width = part.num_rows, len(field_names)
    row_of = np.repeat(np.arange(rows), width)
    stacked = pa.chunked_array([chunk for name in field_names for chunk in part[name].chunks], pa.string())
    values = stacked.take(pa.array(np.tile(np.arange(width), rows) * rows + row_of))
    fields_in_order = pa.array(field_names, pa.string()).take(pa.array(np.tile(np.arange(width), rows)))
    columns = {
        **_provenance(delivery, row_of + first_row),
        **{key: part[key].take(pa.array(row_of)) for key in FORM_KEYS},
        "felt": fields_in_order,
        "verdi": values,
    }
    return pa.table([columns[name] for name in FORM_COLUMNS], schema=schema_of(FORM_COLUMNS))


def wide_part(delivery: Delivery, part: pa.Table, first_row: int, columns: Sequence[str]) -> pa.Table:
    """Wide: the delivered rows with their provenance; a field the year does not have is NULL."""
    provenance = _provenance(delivery, np.arange(part.num_rows) + first_row)
    nothing = pa.nulls(part.num_rows, pa.string())
    arrays = [
        provenance[name] if name in provenance else part[name] if name in part.column_names else nothing
        for name in columns
    ]
    return pa.table(arrays, schema=schema_of(columns))


def write_note(deliveries: list[Delivery], path: Path) -> None:
    """leveranser.parquet: the delivery note with what was found in each file."""
    columns = zip(*([str(value) for value in astuple(row)] for row in deliveries), strict=True)
    named = dict(zip(NOTE_COLUMNS, columns, strict=True))
    order = ("fil", "fil_sha256", *(name for name in NOTE_COLUMNS if name not in ("fil", "fil_sha256")))
    write_table(pa.table([pa.array(named[name]) for name in order], schema=schema_of(order)), path)


def write_nothing(catalogue: Catalogue, path: Path) -> None:
    """A source without deliveries is a table without rows, not a missing table."""
    write_table(schema_of(columns_of(catalogue)).empty_table(), path)


def write_table(table: pa.Table, path: Path) -> None:
    with writer(path, table.schema) as out:
        out.write_table(table)


def writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """The one way a Parquet file of inndata is written: the same values give the same bytes."""
    return pq.ParquetWriter(path, schema, compression="zstd", store_schema=False)


def _provenance(delivery: Delivery, rows: np.ndarray) -> dict[str, pa.Array]:
    constant = {
        name: pa.repeat(pa.scalar(getattr(delivery, name), pa.string()), len(rows))
        for name in PROVENANCE
        if name != "rad_nr"
    }
    return {**constant, "rad_nr": pa.array(rows + 1).cast(pa.string())}
