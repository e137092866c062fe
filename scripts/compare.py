"""Compare the public marts of the warehouse file with those on a PostgreSQL server, cell by cell.

Both sides are written as sorted CSV first, so that a difference can also be looked at with other tools.
"""

import argparse
import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import duckdb
from psycopg2 import sql

from scripts import paths
from scripts.errors import UserError
from scripts.ingest.problems import counted
from scripts.postgres.server import Server, connect, from_environment, one_sentence

HELP = "Compare the public marts of the published warehouse file with those on a PostgreSQL server."
FOLDER = paths.ROOT / "target" / "sammenligning"
SCHEMA = "marts"
SHOWN = 20

# The engines' names of the types that contracts use.
TYPES = {
    "VARCHAR": "string",
    "text": "string",
    "character varying": "string",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
}

COLUMNS = """
    select table_name, column_name, data_type, numeric_precision, numeric_scale, is_nullable
    from information_schema.columns
    where table_schema = 'marts'
    order by table_name, ordinal_position
"""

DUCKDB_KEYS = """
    select table_name, constraint_column_names from duckdb_constraints()
    where schema_name = 'marts' and constraint_type = 'PRIMARY KEY'
"""

POSTGRES_KEYS = """
    select
        pg_class.relname,
        (
            select array_agg(cast(pg_attribute.attname as text) order by keys.position)
            from unnest(pg_index.indkey) with ordinality as keys (number, position)
            inner join pg_attribute
                on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum = keys.number
        )
    from pg_index
    inner join pg_class on pg_index.indrelid = pg_class.oid
    where pg_index.indisprimary and pg_class.relnamespace = to_regnamespace('marts')
"""

Cell = str | int | Decimal | bool | date | None


@dataclass(frozen=True)
class Mart:
    """One mart as one engine holds it: its columns with types, its key, and its rows sorted by key."""

    columns: dict[str, str]
    key: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    def by_key(self) -> dict[tuple[Cell, ...], dict[str, Cell]]:
        """The rows as column → value, found by key."""
        places = [list(self.columns).index(name) for name in self.key]
        return {
            tuple(row[place] for place in places): dict(zip(self.columns, row, strict=True))
            for row in self.rows
        }


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: both sides are the published ones."""
    parser.epilog = "The server is the one that PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE name."


def run(args: argparse.Namespace) -> int:
    """Compare, and fail where anything differs."""
    print(compare(paths.WAREHOUSE, from_environment(), FOLDER))
    return 0


def compare(warehouse: Path, server: Server, folder: Path) -> str:
    """Write both sides into `folder`; a UserError names the differences, the text says how much is equal."""
    left, right = of_file(warehouse), of_server(server)
    shutil.rmtree(folder, ignore_errors=True)
    for name, marts in (("duckdb", left), ("postgres", right)):
        for mart, contents in marts.items():
            write(contents, folder / name / f"{mart}.csv")
    found = list(differences(left, right))
    if found:
        more = f"\nand {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise UserError(
            f"{counted(len(found), 'difference')} between {warehouse.name} and {server} "
            f"(both sides are in {folder}):\n" + "\n".join(found[:SHOWN]) + more
        )
    rows = sum(len(mart.rows) for mart in left.values())
    cells = sum(len(mart.rows) * len(mart.columns) for mart in left.values())
    return (
        f"The same in {warehouse.name} and {server}: {counted(len(left), 'public mart')}, "
        f"{counted(rows, 'row')}, {counted(cells, 'cell')}."
    )


def of_file(warehouse: Path) -> dict[str, Mart]:
    """The marts of a warehouse file."""
    if not warehouse.exists():
        raise UserError(f"found no warehouse at {warehouse}; run `make build` first")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        keys = dict(connection.sql(DUCKDB_KEYS).fetchall())
        columns = connection.sql(COLUMNS).fetchall()
        return {
            name: _mart(kinds, keys.get(name), connection.sql(f'from {SCHEMA}."{name}"').fetchall())
            for name, kinds in _columns(columns).items()
        }


def of_server(server: Server) -> dict[str, Mart]:
    """The published marts on a server."""
    marts = {}
    with closing(connect(server)) as connection, one_sentence(server, "reading the marts"):
        cursor = connection.cursor()
        cursor.execute(POSTGRES_KEYS)
        keys = dict(cursor.fetchall())
        cursor.execute(COLUMNS)
        for name, kinds in _columns(cursor.fetchall()).items():
            cursor.execute(sql.SQL("select * from {}").format(sql.Identifier(SCHEMA, name)))
            marts[name] = _mart(kinds, keys.get(name), cursor.fetchall())
    if not marts:
        raise UserError(
            f"{server} has no schema {SCHEMA} with tables that {server.user} may read; "
            "run `python -m scripts postgres-build` first"
        )
    return marts


def _columns(rows: list[tuple]) -> dict[str, dict[str, str]]:
    """Table → column → type in the words of the contracts, with `not null` where that is so."""
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind, precision, scale, nullable in rows:
        if kind.lower().startswith(("numeric", "decimal")):
            kind = f"numeric({precision},{scale})"
        kind = TYPES.get(kind, kind)
        tables.setdefault(table, {})[column] = kind if nullable == "YES" else f"{kind} not null"
    return tables


def _mart(columns: dict[str, str], key: list[str] | None, rows: list[tuple]) -> Mart:
    """The mart with its rows sorted by key."""
    names = list(columns)
    places = [names.index(name) for name in key or []]
    return Mart(columns, tuple(key or ()), sorted(rows, key=lambda row: [_text(row[p]) for p in places]))


def _text(value: Cell) -> str:
    """A value in full: an empty text is not a missing one, 1 is not true, 0.5 is not 0.500000."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def differences(left: dict[str, Mart], right: dict[str, Mart]) -> Iterator[str]:
    """One sentence per difference: mart, key, column and both values, the file's first."""
    for name in sorted(left.keys() | right.keys()):
        if name not in left or name not in right:
            yield f"{name}: only {'on the server' if name not in left else 'in the file'}"
        elif not left[name].key and not right[name].key:
            yield f"{name}: no primary key, so its rows cannot be matched"
        elif left[name].columns != right[name].columns or left[name].key != right[name].key:
            yield from _shape(name, left[name], right[name])
        else:
            yield from _cells(name, left[name], right[name])


def _shape(name: str, left: Mart, right: Mart) -> Iterator[str]:
    if left.key != right.key:
        keys = [f"({', '.join(mart.key)})" for mart in (left, right)]
        yield f"{name}: primary key {keys[0]} in the file, {keys[1]} on the server"
    columns = zip_longest(left.columns.items(), right.columns.items(), fillvalue=("no column", ""))
    for number, (here, there) in enumerate(columns, start=1):
        if here != there:
            yield (
                f"{name}, column {number}: {' '.join(here).strip()} in the file, "
                f"{' '.join(there).strip()} on the server"
            )


def _cells(name: str, left: Mart, right: Mart) -> Iterator[str]:
    here, there = left.by_key(), right.by_key()
    for key in sorted(here.keys() | there.keys(), key=lambda key: [_text(part) for part in key]):
        place = f"{name} ({', '.join(map(_text, key))})"
        if key not in here or key not in there:
            yield f"{place}: row only {'on the server' if key not in here else 'in the file'}"
            continue
        for column, value in here[key].items():
            other = there[key][column]
            if _text(value) != _text(other):
                yield f"{place} {column}: {_text(value)} in the file, {_text(other)} on the server"


def write(mart: Mart, file: Path) -> None:
    """Write a mart as CSV: texts in quotes, missing values as nothing at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(mart.columns)
    for row in mart.rows:
        cells = (
            '"' + v.replace('"', '""') + '"' if isinstance(v, str) else "" if v is None else str(v)
            for v in row
        )
        text.write(",".join(cells) + "\n")
    file.write_text(text.getvalue(), encoding="utf-8")
