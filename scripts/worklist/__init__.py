"""The work list of large deviations: to the case workers as a workbook, and back into the register."""

import argparse
from pathlib import Path

import duckdb

from scripts import paths
from scripts.errors import UserError

HELP = "Write the work list of large deviations as a workbook, or read a filled-in one into the register."
REGISTER = paths.SEEDS / "register" / "oppfolging.csv"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Either write or read."""
    direction = parser.add_mutually_exclusive_group(required=True)
    direction.add_argument("--out", type=Path, metavar="FILE", help="write the list to a new .xlsx file")
    direction.add_argument(
        "--read", type=Path, metavar="FILE", help="read a filled-in list into the register"
    )
    parser.add_argument("--year", type=int, help="with --out: statistical year (default: the newest survey)")
    parser.epilog = (
        "The case worker fills in the yellow columns. Reading checks every cell, and changes "
        "seeds/register/oppfolging.csv only if all are right; cells that were not filled in stay as the "
        "register has them. Build again to see the answers in avvik_oppfolging and avvik_kmd_iplos."
    )


def run(args: argparse.Namespace) -> int:
    """Write or read, and say what happened."""
    if args.out is not None:
        count, synthetic = write_list(paths.WAREHOUSE, REGISTER, args.out, args.year)
        print(f"Wrote {_units(count)} to {args.out}{' (syntetiske data)' if synthetic else ''}")
        return 0
    if args.year is not None:
        raise UserError("--year is only for --out; a filled-in list knows its year")
    changed = read_list(paths.WAREHOUSE, REGISTER, args.read)
    names = f": {', '.join(changed)}" if changed else ""
    print(f"Read {args.read}: the follow-up of {_units(len(changed))} changed{names}")
    return 0


def write_list(warehouse: Path, register: Path, out: Path, year: int | None = None) -> tuple[int, bool]:
    """Write the workbook; the number of units, and whether the figures are synthetic."""
    # openpyxl takes a while to import, which the other commands need not wait for.
    from scripts.worklist import register as registers
    from scripts.worklist import write

    with _warehouse(warehouse) as connection:
        years = write.years(connection)
        if not years:
            raise UserError(f"{warehouse} has no year with a survey; expected at least one")
        year = years[-1] if year is None else year
        known = registers.read(register)
        content = write.workbook(connection, known, year)
        write.save(out, content)
        return len(write.listed(connection, known, year)), write.is_synthetic(connection, year)


def read_list(warehouse: Path, register: Path, file: Path) -> list[str]:
    """Read the workbook into the register; the units whose follow-up changed."""
    from scripts.worklist import read
    from scripts.worklist import register as registers

    with _warehouse(warehouse) as connection:
        known = registers.read(register)
        rows, changed = read.merged(file, connection, known)
    if changed:
        read.save(known, rows)
    return changed


def _warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise UserError(f"found no warehouse at {path}; run `make build` first")
    connection = duckdb.connect(str(path), read_only=True)
    tables = {name for (name,) in connection.sql("select table_name from duckdb_tables()").fetchall()}
    if "avvik_oppfolging" not in tables:
        connection.close()
        raise UserError(f"{path} has no table avvik_oppfolging; run `make build` first")
    return connection


def _units(number: int) -> str:
    return f"{number} unit{'' if number == 1 else 's'}"
