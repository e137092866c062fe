"""Check a filled-in form before it is sent: the controls of the warehouse, on a copy of it."""

import argparse
import csv
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from scripts import catalogue, dbt_step, ingest, letter, paths
from scripts.errors import UserError
from scripts.ingest.problems import counted

HELP = "Check a filled-in form before it is sent, against the warehouse, which stays as it is."
FORMS = ("skjema13", "kmd")
HARD_FINDINGS = 3
# A delivery of the day after the newest one is current, whatever was delivered before.
NEW_DELIVERY = "9999-12-31"
FOLDER = Path("target") / "kontroll"
# What the letter reads, made anew from the form, or from all deliveries where the year is new.
READ = ("kontrollutslag", "int_kvalitet__karantene", "int_boliger__tall", "avvik_kmd_iplos")

# What was delivered, and the form in place of its units, as ingest would have left them.
ANSWERS = """
    copy (
        select fil, '' as fil_sha256, cast(rad_nr as varchar) as rad_nr,
            cast(leveranse as varchar) as leveranse, publiseringsstatus, 'nei' as syntetisk,
            cast(aargang as varchar) as aargang, enhet_nr, felt, verdi
        from staging.stg_{source}__svar
        where not (fil = '{current}' and aargang = {year} and enhet_nr in (select trim(enhet_nr) from form))
        union all by name
        select * replace ('{current}' as fil) from form
    ) to '{inndata}/{source}/samlet.parquet'
"""
DELIVERIES = """
    copy (
        select fil, fil_sha256, kilde, cast(aargang as varchar) as aargang,
            cast(leveranse as varchar) as leveranse, publiseringsstatus, syntetisk,
            cast(antall_rader as varchar) as antall_rader, cast(antall_celler as varchar) as antall_celler
        from staging.stg_leveranse__fil
        union all by name
        select * from read_parquet('{inndata}/leveranser/leveranser.parquet')
    ) to '{inndata}/leveranser/samlet.parquet'
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, which form, which year."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the form as CSV or XLSX, one row per unit")
    parser.add_argument("--year", type=int, required=True, help="statistical year of the form")
    parser.add_argument(
        "--source", choices=FORMS, default="skjema13", help="which form it is (default: skjema13)"
    )
    parser.epilog = (
        "Prints the letter to each unit of the file, as if the file had been delivered. Nothing is kept. "
        f"Exit code 0: no hard finding; {HARD_FINDINGS}: at least one; 1: the file cannot be checked."
    )


def run(args: argparse.Namespace) -> int:
    """Check, print, and say by the exit code whether something must be mended."""
    letters, hard = check(paths.ROOT, args.file, args.source, args.year)
    print(f"\n\n{'-' * letter.WIDTH}\n\n".join(letters))
    print(f"{counted(hard, 'hard finding')} in {args.file.name}; nothing was kept", file=sys.stderr)
    return HARD_FINDINGS if hard else 0


def check(root: Path, file: Path, source: str, year: int) -> tuple[list[str], int]:
    """The letters to the units of the file, and the number of hard findings.

    Reads the published warehouse only; a UserError says why a file cannot be checked.
    """
    published = root / "warehouse" / paths.WAREHOUSE.name
    if not published.exists():
        raise UserError(f"found no warehouse at {published}; run `make build` first")
    if not file.is_file():
        raise UserError(f"there is no file {file}; expected a filled-in form as CSV or XLSX")
    years = catalogue.warehouse_years(source)
    if str(year) not in years:
        raise UserError(f"the year is {year}; {source} is expected for one of {', '.join(years)}")
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        inndata = _read(work / "levert", file, source, year)
        copy = work / published.name
        shutil.copyfile(published, copy)
        units, name, is_new = _deliver(copy, inndata, source, year)
        changed = [f"stg_{source}__svar", *(["stg_leveranse__fil"] if is_new else [])]
        print("Running the controls on a copy of the warehouse ...", file=sys.stderr)
        dbt_step.run_dbt(
            root,
            "run",
            [
                "--quiet",
                "--vars",
                f"{{inndata: {inndata}}}",
                "--select",
                *(f"{staged}+,+{model}" for staged in changed for model in READ),
            ],
            target="bygg",
            folder=FOLDER,
            variables={dbt_step.BUILD_FILE_VARIABLE: str(copy)},
        )
        texts = [letter.letter(copy, unit, year) for unit in units]
        # The form stands in for its delivery, whose name a person has never seen.
        return [text.replace(f"({name}, rad", f"({file.name}, rad") for text in texts], _hard(
            copy, source, year, units
        )


def _read(folder: Path, file: Path, source: str, year: int) -> Path:
    """The file through ingest, as a delivery of its own."""
    (folder / "kildedata").mkdir(parents=True)
    shutil.copyfile(file, folder / "kildedata" / file.name)
    with (folder / "kildedata" / "leveranser.csv").open("w", encoding="utf-8", newline="") as note:
        out = csv.writer(note, lineterminator="\n")
        out.writerow(("fil", "kilde", "aargang", "leveranse", "publiseringsstatus", "syntetisk"))
        out.writerow((file.name, source, year, NEW_DELIVERY, "urevidert", "nei"))
    ingest.ingest(folder)
    return folder / "inndata"


def _deliver(warehouse: Path, inndata: Path, source: str, year: int) -> tuple[list[str], str, bool]:
    """Make inndata what was delivered with the form in it; give its units, its name there, and whether the
    year is new.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(
            f"create temp table form as select * from read_parquet('{inndata}/{source}/*.parquet')"
        )
        units = _units(connection, year)
        current = connection.execute(
            "select fil from intermediate.int_leveranse__gjeldende where kilde = $1 and aargang = $2",
            [source, year],
        ).fetchone()
        [(own,)] = connection.sql("select distinct fil from form").fetchall()
        name = current[0] if current else own
        place = {"source": source, "year": year, "inndata": inndata, "current": name.replace("'", "''")}
        connection.execute(ANSWERS.format(**place))
        if current is None:
            connection.execute(DELIVERIES.format(**place))
            (inndata / "leveranser" / "leveranser.parquet").unlink()
    for file in (inndata / source).glob("*.parquet"):
        if file.name != "samlet.parquet":
            file.unlink()
    return units, name, current is None


def _units(connection: duckdb.DuckDBPyConnection, year: int) -> list[str]:
    """The units of the form; a UserError names those that the year does not have."""
    units = [
        row[0] for row in connection.sql("select distinct trim(enhet_nr) from form order by 1").fetchall()
    ]
    known = connection.execute(
        "select list(enhet_nr) from intermediate.int_region__enhet_aar "
        "where aargang = $1 and rapporterer = 'ja'",
        [year],
    ).fetchone()[0]
    unknown = [unit or "(blank)" for unit in units if unit not in known]
    if unknown:
        raise UserError(
            f"enhet_nr {', '.join(unknown)} is not in the division of {year}; expected the four digits of a "
            "municipality or the six of a city district"
        )
    return units


def _hard(warehouse: Path, source: str, year: int, units: list[str]) -> int:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        [(found,)] = connection.execute(
            "select count(*) from marts.kontrollutslag where alvorlighet = 'H' and not unntak "
            "and kilde = $1 and aargang = $2 and list_contains($3, enhet_nr)",
            [source, year, units],
        ).fetchall()
    return found
