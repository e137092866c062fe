"""Expected row counts and sums of the public marts for the demonstration delivery, kept in git.

A figure that moves shows up as a changed line, which the commit has to explain.
"""

import argparse
import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb

from scripts.errors import UserError
from scripts.paths import ROOT, WAREHOUSE

HELP = "Compare the published marts of the demonstration delivery with the expected counts and sums in git."
EXPECTED = ROOT / "tests" / "forventet.csv"
HEADER = ("tabell", "aargang", "kolonne", "verdi")
SUMMED = ("BIGINT", "INTEGER", "DECIMAL(18,6)", "BOOLEAN")
NOT_SUMMED = ("aargang", "forste_aar", "siste_aar", "gyldig_fra", "gyldig_til")

Key = tuple[str, str, str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Command-line options."""
    parser.add_argument("--write", action="store_true", help=f"write {EXPECTED.relative_to(ROOT)} anew")


def _figures(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Key, str]]:
    tables = connection.sql(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    for (table,) in tables:
        columns = {name: kind for name, kind, *_ in connection.sql(f"describe marts.{table}").fetchall()}
        year = "cast(aargang as varchar)" if "aargang" in columns else "''"
        summed = [n for n, kind in columns.items() if kind in SUMMED and n not in NOT_SUMMED]
        sums = "".join(f", sum(cast({name} as decimal(38, 6)))" for name in summed)
        yield (table, "", "sha256"), _hash(connection, table)
        for found, rows, *values in connection.sql(
            f"select {year} as aar, count(*){sums} from marts.{table} group by aar order by aar"
        ).fetchall():
            yield (table, found, ""), str(rows)
            for name, value in zip(summed, values, strict=True):
                yield (table, found, name), "" if value is None else f"{value.normalize():f}"


def _hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Of the sorted export: the same deliveries must give the same bytes."""
    rows = sorted(map(repr, connection.sql(f"select * from marts.{table}").fetchall()))
    return hashlib.sha256("\n".join(rows).encode("utf-8")).hexdigest()


def figures(path: Path = WAREHOUSE) -> dict[Key, str]:
    """A hash of each public mart; its rows (column blank) and sums by year, true counting as one."""
    if not path.exists():
        raise UserError(f"found no warehouse at {path}; run `make build` first")
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(_figures(connection))


def read(path: Path = EXPECTED) -> dict[Key, str]:
    """The expected figures in git."""
    if not path.exists():
        raise UserError(f"found no expected figures at {path}; run `python -m scripts expected --write`")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or tuple(rows[0]) != HEADER:
        raise UserError(f"{path}, line 1: expected the header {','.join(HEADER)}")
    return {(table, year, column): value for table, year, column, value in rows[1:]}


def differences(found: dict[Key, str], expected: dict[Key, str]) -> list[str]:
    """One sentence per figure that is not as expected, sorted."""
    return [
        f"{table} {year} {column or 'rows'}: found {found.get(key, 'nothing')}, "
        f"expected {expected.get(key, 'nothing')}"
        for key in sorted(found.keys() | expected.keys())
        if found.get(key) != expected.get(key)
        for table, year, column in [key]
    ]


def _write(found: dict[Key, str]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((*key, value) for key, value in sorted(found.items()))
    new = EXPECTED.with_suffix(".ny")
    new.write_text(text.getvalue(), encoding="utf-8")
    new.replace(EXPECTED)


def run(args: argparse.Namespace) -> int:
    """Compare, or write with --write."""
    found = figures()
    if args.write:
        _write(found)
        print(
            f"Wrote {len(found)} expected figures to {EXPECTED.relative_to(ROOT)}; explain the changed lines."
        )
        return 0
    wrong = differences(found, read())
    if wrong:
        more = f"\nand {len(wrong) - 20} more" if len(wrong) > 20 else ""
        raise UserError(
            f"{len(wrong)} figures of the marts are not as expected "
            "(if that is intended: python -m scripts expected --write):\n" + "\n".join(wrong[:20]) + more
        )
    print(f"All {len(found)} figures of the marts are as expected.")
    return 0
