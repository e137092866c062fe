"""What a reader of one file format hands over: a header and tables of text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, slots=True)
class Contents:
    """A file as text. Nothing is trimmed or changed; an empty cell is NULL.

    header: the column names as delivered, doubled ones included.
    parts: reads the data row by row in tables whose columns stand in header order. It is called once,
    after the header has been found right, and may find problems of its own.
    place: where a data row (counted from 0) stands in the file, for messages.
    """

    header: list[str]
    parts: Callable[[], Iterator[pa.Table]]
    place: Callable[[int], str]


def text_table(header: Sequence[str], rows: Sequence[Sequence[str | None]]) -> pa.Table:
    """Rows of text as one table; an empty text becomes NULL."""
    columns = zip(*rows, strict=True) if rows else [[] for _ in header]
    arrays = [blank_to_null(pa.array(column, pa.string())) for column in columns]
    return pa.Table.from_arrays(arrays, names=list(header))


def blank_to_null(column: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
