"""Parquet files: read in parts, so that memory use does not grow with the number of rows."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types

from scripts.ingest.contents import Contents, blank_to_null
from scripts.ingest.problems import DeliveryError, Problems, quoted

ROWS_AT_A_TIME = 131_072
WHOLE_BELOW = 1e15  # beyond this a floating-point number no longer tells whole numbers apart

NO_DATE = "<value out of range"  # Arrow's text of a day that no calendar has

TEXT = (
    types.is_string,
    types.is_large_string,
    types.is_string_view,
    types.is_binary,
    types.is_large_binary,
)
READABLE = (
    *TEXT,
    types.is_integer,
    types.is_floating,
    types.is_decimal,
    types.is_boolean,
    types.is_date,
    types.is_timestamp,
    types.is_time,
    types.is_null,
)


def read_parquet(data: bytes, problems: Problems) -> Contents:
    """Every column as text: 12.0 becomes 12 and a date YYYY-MM-DD, as for XLSX."""
    if not data:
        raise problems.stop("the file is empty (0 bytes); expected a Parquet file")
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        schema = file.schema_arrow
    except Exception as error:  # a damaged file makes pyarrow raise errors of several kinds
        raise _unreadable(problems) from error
    for field in schema:
        kind = _value_type(field.type)
        if not any(readable(kind) for readable in READABLE):
            problems.add(
                f"column {quoted(field.name)} has the type {quoted(str(kind))}; "
                "expected text, numbers or dates"
            )
    problems.check()

    def parts() -> Iterator[pa.Table]:
        first_row = 0
        batches = file.iter_batches(ROWS_AT_A_TIME)
        while True:
            try:
                batch = next(batches, None)
            except Exception as error:
                raise _unreadable(problems) from error
            if batch is None:
                return
            columns = [
                _column(column, name, first_row, problems)
                for name, column in zip(schema.names, batch.columns, strict=True)
            ]
            problems.check()
            yield pa.Table.from_arrays(columns, names=schema.names)
            first_row += batch.num_rows

    return Contents(list(schema.names), parts, lambda row: f"row {row + 1}")


def column_text(column: pa.Array) -> pa.Array:
    """The text of every value; blank becomes NULL."""
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if types.is_floating(kind):
        wide = column.cast(pa.float64())
        whole = pc.and_(pc.equal(wide, pc.floor(wide)), pc.less(pc.abs(wide), WHOLE_BELOW))
        integers = pc.if_else(whole, wide, pa.scalar(None, pa.float64())).cast(pa.int64())
        # The text of the type itself: 0.1 of 32 bits is 0.10000000149011612 of 64.
        return pc.coalesce(integers.cast(pa.string()), column.cast(pa.string()))
    if types.is_decimal(kind):
        # Arrow's own text of a small decimal is 1E-8, and of zero 0E-8.
        text = pa.array(
            [None if value is None else f"{value:f}" for value in column.to_pylist()], pa.string()
        )
        text = pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1")
        return pc.replace_substring_regex(text, r"\.$", "")
    text = column.cast(pa.string())
    if types.is_timestamp(kind):
        text = pc.replace_substring_regex(text, r"\.0+(Z?)$", r"\1")
        return pc.replace_substring_regex(text, r" 00:00:00Z?$", "")
    return blank_to_null(text)


def _column(column: pa.Array, name: str, first_row: int, problems: Problems) -> pa.Array:
    kind = _value_type(column.type)
    try:
        text = column_text(column)
        text.validate(full=True)
    except pa.ArrowException as error:
        of_type = "" if any(is_text(kind) for is_text in TEXT) else f" of the type {quoted(str(kind))}"
        expected = "text, numbers or dates" if of_type else "UTF-8"
        raise problems.stop(
            f"column '{name}'{of_type} cannot be read as text; expected {expected}"
        ) from error
    strange = {"\x00": "a NUL character; expected text"}
    if types.is_temporal(kind):
        strange[NO_DATE] = "a date outside the calendar; expected a date"
    for sign, what in strange.items():
        row = pc.index(pc.match_substring(text, sign), True).as_py()
        if row >= 0:
            problems.add(f"column '{name}' holds {what}", f"row {first_row + row + 1}")
    return text


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if types.is_dictionary(kind) else kind


def _unreadable(problems: Problems) -> DeliveryError:
    return problems.stop(
        "the file cannot be read as Parquet (it may be cut off, damaged or of another format); "
        "expected a Parquet file"
    )
